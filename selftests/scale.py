#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Many bindings on anchor0, in the network namespace of the caller; prints the milliseconds. PREFIX is a
home prefix of 32 bits, which each cache fills with nodes of its own.

usage: scale.py set home|proxy PREFIX COUNT [SHIFT]       a day's bindings; another shift, other gateways
       scale.py expire home|proxy PREFIX COUNT SECONDS    all of them end at the same time, so far from now
       scale.py dump                                      reads all, prints how many there are, too
"""
import ipaddress
import socket
import struct
import sys
import time

import genetlink
import netlink_batch

CACHES = {"home": 1, "proxy": 2}
ANCHOR, GATEWAY, GATEWAYS = "2001:db8:1::1", "2001:db8:a:1::", 64
DAY_MS = 86_400_000
# A lifetime for others to be put in the place of.
HOLE_MS = 0x1122334455667788


def number(index):
    """The four octets of a node: no two indices have the same, and no order is left."""
    return struct.pack(">I", index * 2654435761 & 0xFFFFFFFF)


class Bindings:
    """Requests for many bindings."""

    def __init__(self):
        self.spec = genetlink.Spec()
        self.family = genetlink.Family(self.spec)
        self.ifindex = socket.if_nametoindex("anchor0")

    def request(self, cache, prefix, gateway, lifetime_ms):
        """A network of 64 bits in the proxy cache, an address in the home cache."""
        home = cache == "home"
        prefix = (ipaddress.IPv6Address(prefix).packed[:4] + netlink_batch.Form.HOLE + bytes(7) +
                  (b"\x10" if home else b"\0"))
        values = {"ifindex": self.ifindex, "binding": {
            "cache": CACHES[cache], "prefix": prefix, "prefix-length": 128 if home else 64,
            "far-end": {"local": ANCHOR, "remote": f"{GATEWAY}{gateway + 1:x}"},
            "lifetime-ms": lifetime_ms, "cookie": 1}}
        body = struct.pack("=BBH", self.spec.commands["binding-set"], 1, 0) + self.spec.encode("anchor6", values)
        return netlink_batch.message(self.family.id, netlink_batch.NLM_F_CREATE, body)

    def requests(self, cache, prefix, lifetime_ms, shift=0):
        """One for each gateway."""
        return [self.request(cache, prefix, (gateway + shift) % GATEWAYS, lifetime_ms)
                for gateway in range(GATEWAYS)]

    def install(self, requests, indices):
        return netlink_batch.install(self.family.socket, netlink_batch.Form(requests), indices, number)

    def set(self, cache, prefix, count, shift="0"):
        return self.install(self.requests(cache, prefix, DAY_MS, int(shift)), range(int(count)))

    def expire(self, cache, prefix, count, seconds):
        """Few at a time, so that the lifetimes of all end together."""
        requests = self.requests(cache, prefix, HOLE_MS)
        end, spent = time.monotonic() + float(seconds), 0.0
        for start in range(0, int(count), netlink_batch.MESSAGES_A_SEND):
            left = range(start, min(start + netlink_batch.MESSAGES_A_SEND, int(count)))
            lifetime_ms = round(1000 * (end - time.monotonic()))
            if lifetime_ms <= 0:
                sys.exit("scale.py: the first of them ended before the last came")
            spent += self.install([request.replace(struct.pack("=Q", HOLE_MS), struct.pack("=Q", lifetime_ms))
                                   for request in requests], left)
        return spent

    def dump(self):
        begin, count = time.perf_counter(), 0
        body = struct.pack("=BBH", self.spec.commands["binding-get"], 1, 0) + self.spec.encode(
            "anchor6", {"ifindex": self.ifindex})
        self.family.socket.send(netlink_batch.message(self.family.id, genetlink.NLM_F_DUMP, body))
        while True:
            datagram = self.family.socket.recv(1 << 20)
            at = 0
            while at < len(datagram):
                size, kind = struct.unpack_from("=IH", datagram, at)
                if kind == genetlink.NLMSG_DONE:
                    print(count, end=" ")
                    return time.perf_counter() - begin
                count, at = count + 1, at + (size + 3 & ~3)


def main():
    seconds = getattr(Bindings(), sys.argv[1])(*sys.argv[2:])
    print(round(1000 * seconds))


main()
