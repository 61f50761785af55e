#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Traffic and changes for the stress test, in the network namespace of the caller. REGION is the first of
256 prefixes of 64 bits.

usage: stress.py down CORRESPONDENT REGION            packets to the nodes, until it is ended
       stress.py up CORRESPONDENT REGION MAG ANCHOR   packets from the nodes in the tunnel of a gateway
       stress.py churn REGION ANCHOR SEED SECONDS     changes of all kinds, no matter what is there
       stress.py keep REGION ANCHOR SEED SECONDS      changes, each of them verified: nobody else has
                                                      bindings in the region
"""
import collections
import errno
import ipaddress
import random
import socket
import struct
import sys
import time

import craft
from genetlink import NLM_F_CREATE, NLM_F_REQUEST, Family, Spec

NODES = 256
HOME, PROXY = 1, 2
DEVICE = "anchor0"
REMOTES = ["2001:db8:a::1", "2001:db8:b::1", "2001:db8:c::10"]
CHURN_GROUP, KEEP_OWNER = 7, 8
BATCH = 64
# The last but one does not fit the tunnel, the last one does not fit the link.
PAYLOADS = [8, 400, 1200, 1420, 1452]


def node(region, index, host=0x10):
    """An address of a node; with 0 its prefix."""
    return ipaddress.IPv6Address(int(ipaddress.IPv6Address(region)) + (index << 64) + host)


def datagram(source, destination, octets):
    """A UDP packet."""
    body = struct.pack("!HHHH", 4000, 5000, 8 + octets, 0) + bytes(octets)
    total = craft.checksum(source, destination, body, socket.IPPROTO_UDP) or 0xffff
    body = body[:6] + struct.pack("!H", total) + body[8:]
    return craft.header(source, destination, body, socket.IPPROTO_UDP, 0, 64)


def send(packets):
    """All of them in turn, for ever; a way that is not there at the moment is nobody's fault."""
    with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        while True:
            for packet, destination in packets:
                try:
                    raw.sendto(packet, (destination, 0))
                except OSError:
                    time.sleep(0.01)


def down(correspondent, region):
    source = ipaddress.IPv6Address(correspondent)
    send([(datagram(source, node(region, index), PAYLOADS[index % 4]), str(node(region, index)))
          for index in range(NODES)])


def up(correspondent, region, mag, anchor):
    destination = ipaddress.IPv6Address(correspondent)
    mag, anchor = ipaddress.IPv6Address(mag), ipaddress.IPv6Address(anchor)
    send([(craft.header(mag, anchor, datagram(node(region, index), destination, PAYLOADS[index % 3]),
                        craft.IPV6, 0, 64), str(anchor)) for index in range(NODES)])


class Changer:
    """Requests about the bindings of a region."""

    def __init__(self, region, anchor, seed):
        self.region, self.anchor = region, anchor
        self.random = random.Random(int(seed))
        self.spec = Spec()
        self.family = None
        self.done = collections.Counter()

    def request(self, command, values, flags=0):
        """The error; without a module or device there is ENODEV, and the family has to be found anew."""
        try:
            self.family = self.family or Family(self.spec)
            ifindex = socket.if_nametoindex(DEVICE)
        except OSError:
            self.family = None
            time.sleep(0.05)
            return errno.ENODEV
        answer = self.family.request(command, {"ifindex": ifindex} | values, flags)
        # A dump of a module that is about to go is refused by generic netlink itself.
        if answer.errno == errno.EPROTONOSUPPORT or (
                answer.errno == errno.ENOENT and "binding" not in answer.sentence):
            self.family = None
            return errno.ENODEV
        return answer.errno

    def key(self, cache, index):
        home = cache == HOME
        return {"cache": cache, "prefix": str(node(self.region, index, 0x10 if home else 0)),
                "prefix-length": 128 if home else 64}

    def binding(self, cache, index, remote, lifetime_ms, **rest):
        return {"binding": self.key(cache, index) | {
            "far-end": {"local": self.anchor, "remote": remote}, "lifetime-ms": lifetime_ms} | rest}

    def anyone(self):
        return self.random.choice((HOME, PROXY)), self.random.randrange(NODES)

    def run(self, seconds, changes):
        """Random ones of the changes, until the time is over; each says which errors are right."""
        names = list(changes)
        end = time.monotonic() + float(seconds)
        while time.monotonic() < end:
            name = self.random.choices(names, [changes[name] for name in names])[0]
            getattr(self, name)()
            self.done[name] += 1
        print(dict(self.done), flush=True)

    def expect(self, what, error, *right):
        if error not in right:
            sys.exit(f"{what}: {errno.errorcode.get(error, error)}")


class Churn(Changer):
    """Changes that others may have been faster with."""

    CHANGES = {"set": 40, "batch": 20, "delete": 10, "get": 10, "dump": 4, "far_ends": 4, "flush": 3,
               "mode": 2, "prefix": 2, "stats": 2}

    def values(self):
        cache, index = self.anyone()
        return self.binding(cache, index, self.random.choice(REMOTES), self.random.randint(1, 300),
                            group=CHURN_GROUP)

    def set(self):
        """A device that has just come has no home prefix yet."""
        self.expect("set", self.request("binding-set", self.values(), NLM_F_CREATE),
                    0, errno.EADDRNOTAVAIL, errno.ENODEV)

    def batch(self):
        """Many sets in one datagram; the set after them reads past what they say."""
        try:
            ifindex = {"ifindex": socket.if_nametoindex(DEVICE)}
        except OSError:
            return
        if self.family:
            bodies = [struct.pack("=BBH", self.spec.commands["binding-set"], 1, 0) +
                      self.spec.encode("anchor6", ifindex | self.values()) for _ in range(BATCH)]
            self.family.socket.send(b"".join(
                struct.pack("=IHHII", 16 + len(body), self.family.id, NLM_F_REQUEST | NLM_F_CREATE, 0, 0) +
                body for body in bodies))
        self.set()

    def delete(self):
        self.expect("delete", self.request("binding-del", {"binding": self.key(*self.anyone())}),
                    0, errno.ENOENT, errno.ENODEV)

    def get(self):
        self.expect("get", self.request("binding-get", {"binding": self.key(*self.anyone())}),
                    0, errno.ENOENT, errno.ENODEV)

    def dump(self):
        self.expect("dump", self.request("binding-get", {}, 0x300), 0, errno.ENODEV)

    def far_ends(self):
        self.expect("dump of far ends", self.request("far-end-get", {}, 0x300), 0, errno.ENODEV)

    def stats(self):
        self.expect("counters", self.request("stats-get", {}, 0x300), 0, errno.ENODEV)

    def flush(self):
        self.expect("flush", self.request("binding-flush", {"binding": {"group": CHURN_GROUP}}),
                    0, errno.ENODEV)

    def mode(self):
        self.expect("mode", self.request("device-set", {"device": {"mode": self.random.choice((1, 2))}}),
                    0, errno.ENODEV)

    def prefix(self):
        values = {"home-prefix": {"address": "2001:db8:78::", "length": 48}}
        self.expect("home prefix", self.request(self.random.choice(("home-prefix-add", "home-prefix-del")),
                                                values),
                    0, errno.EEXIST, errno.ENOENT, errno.ENODEV)


class Keep(Changer):
    """Changes of bindings that nobody else touches: everything is as it was left."""

    CHANGES = {"set": 60, "delete": 20, "all": 1}

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.model = {}

    def found(self, cache, index):
        """The far end of a binding, None without one."""
        answer = self.family.request("binding-get", {"ifindex": socket.if_nametoindex(DEVICE),
                                                     "binding": self.key(cache, index)})
        if answer.errno == errno.ENOENT:
            return None
        self.expect("get", answer.errno, 0)
        return self.spec.decode("anchor6", answer.replies[0])["binding"]["far-end"]["remote"]

    def verify(self, cache, index):
        found, left = self.found(cache, index), self.model.get((cache, index))
        if found != left:
            sys.exit(f"{self.key(cache, index)} leads to {found}, not {left}")

    def set(self):
        cache, index = self.anyone()
        remote = self.random.choice(REMOTES)
        self.expect("set", self.request("binding-set", self.binding(cache, index, remote, 600_000,
                                                                    owner=KEEP_OWNER), NLM_F_CREATE), 0)
        self.model[cache, index] = remote
        self.verify(cache, index)
        self.verify(*self.anyone())

    def delete(self):
        cache, index = self.anyone()
        right = 0 if self.model.pop((cache, index), None) else errno.ENOENT
        self.expect("delete", self.request("binding-del", {"binding": self.key(cache, index)}), right)
        self.verify(cache, index)

    def all(self):
        """A dump has each of them once, whatever the others do meanwhile."""
        entries = self.family.dump("binding-get", {"ifindex": socket.if_nametoindex(DEVICE),
                                                   "binding": {"owner": KEEP_OWNER}})
        found = sorted((entry["binding"]["cache"], entry["binding"]["prefix"],
                        entry["binding"]["far-end"]["remote"]) for entry in entries)
        left = sorted((cache, self.key(cache, index)["prefix"], remote)
                      for (cache, index), remote in self.model.items())
        if found != left:
            sys.exit(f"the dump has {len(found)} bindings, not {len(left)}, or other ones")

    def run(self, seconds, changes):
        self.set()
        super().run(seconds, changes)
        self.all()


def main():
    kind, *rest = sys.argv[1:]
    if kind in ("down", "up"):
        {"down": down, "up": up}[kind](*rest)
    changer = {"churn": Churn, "keep": Keep}[kind](*rest[:3])
    changer.run(rest[3], changer.CHANGES)


main()
