#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A Mobile IPv6 node (RFC 6275 section 11) of what every Linux kernel has: route optimisation states
of XFRM for Home Address option and type 2 routing header, an ip6tnl device for the reverse tunnel,
a raw socket for Binding Updates. Each call is one movement; both links may be up meanwhile, so that
nothing is lost before the new way works."""
import argparse
import ipaddress
import json
import os
import random
import socket
import struct
import subprocess
import sys
import time

MOBILITY_HEADER, NO_NEXT_HEADER = 135, 59
BINDING_UPDATE, BINDING_ACKNOWLEDGEMENT = 5, 6
ALTERNATE_CARE_OF_ADDRESS = 3
ACKNOWLEDGE, HOME_REGISTRATION = 0x8000, 0x4000
SEQUENCE_OUT_OF_WINDOW = 135
FIRST_TIMEOUT, MAX_TIMEOUT, PATIENCE = 1.5, 32, 60
LIFETIME_UNIT = 4
NEIGHBOUR_ADVERTISEMENT, OVERRIDE, TARGET_LINK_LAYER_ADDRESS = 136, 0x20000000, 2


class Refused(Exception):
    """The home agent said no, or nothing."""


def ip(*words, must=True):
    """One ip command; one that need not succeed may find nothing to undo."""
    done = subprocess.run(["ip", "-6", *words], capture_output=True, text=True, check=False)
    if must and done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def binding_update(sequence, lifetime, care_of):
    """A Binding Update that registers with the home agent; the kernel writes the checksum."""
    body = struct.pack("!HHH", sequence, ACKNOWLEDGE | HOME_REGISTRATION, lifetime // LIFETIME_UNIT)
    padding = bytes((1, 0))
    option = struct.pack("!BB", ALTERNATE_CARE_OF_ADDRESS, 16) + ipaddress.IPv6Address(care_of).packed
    length = (6 + len(body) + len(padding) + len(option)) // 8 - 1
    return struct.pack("!BBBBH", NO_NEXT_HEADER, length, BINDING_UPDATE, 0, 0) + body + padding + option


def acknowledgement(message):
    """Status, sequence number and lifetime of a Binding Acknowledgement, or None."""
    if len(message) < 12 or message[2] != BINDING_ACKNOWLEDGEMENT:
        return None
    status, _, sequence, units = struct.unpack_from("!BBHH", message, 6)
    return status, sequence, units * LIFETIME_UNIT


class Node:
    """Where the node is: the tunnel it uses and its last sequence number, kept between calls."""

    def __init__(self, arguments):
        self.home, self.anchor, self.file = arguments.home, arguments.anchor, arguments.state
        self.state = {"sequence": random.randrange(0x10000), "tunnels": 0}
        if os.path.exists(self.file):
            with open(self.file, encoding="utf-8") as text:
                self.state = json.load(text)

    def save(self):
        """For the next call."""
        with open(self.file, "w", encoding="utf-8") as text:
            json.dump(self.state, text)

    def away(self, device, gateway, care_of, lifetime):
        """From now on the node is reached at the care-of address."""
        ip("addr", "replace", self.home + "/128", "dev", "lo", "home", "nodad")
        ip("addr", "replace", care_of + "/64", "dev", device, "nodad")
        ip("route", "replace", self.anchor, "via", gateway, "dev", device, "src", care_of)
        old, new = self.tunnel(), self.next_tunnel()
        ip("link", "add", new, "type", "ip6tnl", "mode", "ip6ip6", "local", care_of,
           "remote", self.anchor, "encaplimit", "none")
        ip("link", "set", new, "up")
        self.optimise_route(care_of)
        answer = self.register(lifetime, care_of)
        ip("route", "replace", "default", "dev", new, "src", self.home)
        ip("link", "del", old, must=False)
        return answer

    def return_home(self, device, gateway):
        """The home link is up; the node ends its registration and is reached there."""
        ip("route", "replace", self.anchor, "via", gateway, "dev", device, "src", self.home)
        ip("addr", "replace", self.home + "/64", "dev", device, "nodad", "noprefixroute")
        self.direct_route()
        answer = self.register(0, self.home)
        ip("route", "replace", "default", "via", gateway, "dev", device, "src", self.home)
        self.advertise(device)
        ip("link", "del", self.tunnel(), must=False)
        return answer

    def tunnel(self):
        """The device of the present reverse tunnel."""
        return f"reverse{self.state['tunnels']}"

    def next_tunnel(self):
        """The device of the tunnel to come."""
        self.state["tunnels"] += 1
        return self.tunnel()

    def direct_route(self):
        """Neither Home Address option nor routing header."""
        ip("xfrm", "policy", "flush")
        ip("xfrm", "state", "flush")

    def optimise_route(self, care_of):
        """Mobility messages to the home agent carry a Home Address option, those from it come with a
        type 2 routing header."""
        self.direct_route()
        ways = (("out", self.home, self.anchor, "hao"), ("in", self.anchor, self.home, "route2"))
        for direction, source, destination, protocol in ways:
            ip("xfrm", "state", "add", "src", source, "dst", destination, "proto", protocol,
               "mode", "ro", "coa", care_of)
            ip("xfrm", "policy", "add", "src", source + "/128", "dst", destination + "/128", "proto",
               str(MOBILITY_HEADER), "dir", direction, "tmpl", "src", "::", "dst", "::",
               "proto", protocol, "mode", "ro", "level", "use" if direction == "in" else "required")

    def register(self, lifetime, care_of):
        """Asks until the home agent answers, each time with a new sequence number."""
        with socket.socket(socket.AF_INET6, socket.SOCK_RAW, MOBILITY_HEADER) as messages:
            messages.bind((self.home, 0))
            timeout, end = FIRST_TIMEOUT, time.monotonic() + PATIENCE
            while time.monotonic() < end:
                self.state["sequence"] = (self.state["sequence"] + 1) & 0xffff
                messages.sendto(binding_update(self.state["sequence"], lifetime, care_of), (self.anchor, 0))
                answer = self.await_answer(messages, min(time.monotonic() + timeout, end))
                timeout = min(2 * timeout, MAX_TIMEOUT)
                if answer and answer[0] == SEQUENCE_OUT_OF_WINDOW:
                    self.state["sequence"] = answer[1]
                elif answer and answer[0] < 128:
                    return answer
                elif answer:
                    raise Refused(f"status {answer[0]}")
        raise Refused("no answer")

    def await_answer(self, messages, deadline):
        """The answer to the last Binding Update, or None."""
        while (left := deadline - time.monotonic()) > 0:
            messages.settimeout(left)
            try:
                data, sender = messages.recvfrom(2048)
            except TimeoutError:
                return None
            answer = acknowledgement(data)
            if answer is None or sender[0] != self.anchor:
                continue
            if answer[1] == self.state["sequence"] or answer[0] == SEQUENCE_OUT_OF_WINDOW:
                return answer
        return None

    def advertise(self, device):
        """Tells the home link who has the address now (RFC 6275 section 11.5.5)."""
        with open(f"/sys/class/net/{device}/address", encoding="utf-8") as text:
            hardware = bytes.fromhex(text.read().strip().replace(":", ""))
        message = (struct.pack("!BBHI", NEIGHBOUR_ADVERTISEMENT, 0, 0, OVERRIDE)
                   + ipaddress.IPv6Address(self.home).packed
                   + struct.pack("!BB", TARGET_LINK_LAYER_ADDRESS, 1) + hardware)
        with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as link:
            link.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
            link.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
            link.bind((self.home, 0))
            link.sendto(message, ("ff02::1", 0, 0, socket.if_nametoindex(device)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", required=True, help="home address")
    parser.add_argument("--anchor", required=True, help="the home agent's address")
    parser.add_argument("--state", required=True, help="file that is kept from call to call")
    parser.add_argument("--lifetime", type=int, default=600, help="seconds")
    places = parser.add_subparsers(dest="place", required=True)
    away = places.add_parser("away")
    at_home = places.add_parser("home")
    for place in (away, at_home):
        place.add_argument("device")
        place.add_argument("gateway")
    away.add_argument("care_of")
    arguments = parser.parse_args()
    node = Node(arguments)
    try:
        if arguments.place == "away":
            answer = node.away(arguments.device, arguments.gateway, arguments.care_of, arguments.lifetime)
        else:
            answer = node.return_home(arguments.device, arguments.gateway)
    except (Refused, OSError) as error:
        print(f"mobile_node: {error}", file=sys.stderr)
        return 1
    finally:
        node.save()
    print("status {}, sequence number {}, lifetime {} s".format(*answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
