#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends one IPv6 packet with chosen headers: an echo request or a Neighbor Solicitation, plain, with
a Home Address option, with extension headers, or inside another IPv6 header."""
import argparse
import ipaddress
import socket
import struct

ICMPV6, IPV6, DESTINATION_OPTIONS = 58, 41, 60
FRAGMENT = 44
EXTENSIONS = {"hop": 0, "fragment": FRAGMENT, "destination": DESTINATION_OPTIONS}
PADN, HOME_ADDRESS = 1, 201
ECHO_REQUEST, NEIGHBOUR_SOLICITATION = 128, 135


def header(source, destination, payload, protocol, traffic_class, hop_limit):
    """An IPv6 header and its payload."""
    return (struct.pack("!IHBB", 6 << 28 | traffic_class << 20, len(payload), protocol, hop_limit)
            + source.packed + destination.packed + payload)


def checksum(source, destination, message, protocol=ICMPV6):
    """The Internet checksum of an ICMPv6 message."""
    data = source.packed + destination.packed + struct.pack("!II", len(message), protocol) + message
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def icmp(source, destination, kind):
    """An ICMPv6 message of the kind."""
    body = (destination.packed if kind == NEIGHBOUR_SOLICITATION
            else struct.pack("!HH", 1, 1) + b"anchor6 ")
    reserved = bytes(4) if kind == NEIGHBOUR_SOLICITATION else b""
    message = struct.pack("!BBH", kind, 0, 0) + reserved + body
    total = checksum(source, destination, message)
    return message[:2] + struct.pack("!H", total) + message[4:]


def home_address_option(home, protocol):
    """A Destination Options header with a Home Address option (RFC 6275 section 6.3)."""
    return struct.pack("!BBBBHBB", protocol, 2, PADN, 2, 0, HOME_ADDRESS, 16) + home.packed


def extended(names, payload, protocol):
    """The payload behind extension headers without effect, and the protocol of the first."""
    for name in reversed(names):
        number = EXTENSIONS[name]
        body = struct.pack("!HI", 0, 7) if name == "fragment" else struct.pack("!BBI", PADN, 4, 0)
        payload = struct.pack("!BB", protocol, 0) + body + payload
        protocol = number
    return payload, protocol


def packet(arguments):
    """The octets that the arguments describe."""
    kind = NEIGHBOUR_SOLICITATION if arguments.solicitation else ECHO_REQUEST
    protocol = ICMPV6
    payload = icmp(arguments.home_address or arguments.source, arguments.destination, kind)
    if arguments.home_address:
        payload = home_address_option(arguments.home_address, protocol) + payload
        protocol = DESTINATION_OPTIONS
    payload, protocol = extended(arguments.extensions, payload, protocol)
    inner = header(arguments.source, arguments.destination, payload, protocol,
                   arguments.traffic_class, arguments.hop_limit)
    if arguments.inner_octets is not None:
        inner = inner[:arguments.inner_octets]
    if not arguments.outer:
        return inner, arguments.destination
    source, destination = arguments.outer
    return header(source, destination, inner, IPV6, arguments.outer_class, 64), destination


def fragments(whole, size):
    """The packet in fragments, of so many octets of its payload each."""
    payload = whole[40:]
    for offset in range(0, len(payload), size):
        piece = payload[offset:offset + size]
        more = offset + size < len(payload)
        data = struct.pack("!BBHI", whole[6], 0, offset | more, 0xa6) + piece
        yield whole[:4] + struct.pack("!HB", len(data), FRAGMENT) + whole[7:40] + data


def main():
    number = lambda text: int(text, 0)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=ipaddress.IPv6Address)
    parser.add_argument("destination", type=ipaddress.IPv6Address)
    parser.add_argument("--class", dest="traffic_class", type=number, default=0)
    parser.add_argument("--hop-limit", type=number, default=64)
    parser.add_argument("--solicitation", action="store_true")
    parser.add_argument("--home-address", type=ipaddress.IPv6Address)
    parser.add_argument("--extensions", nargs="+", choices=EXTENSIONS, default=[])
    parser.add_argument("--outer", nargs=2, type=ipaddress.IPv6Address)
    parser.add_argument("--outer-class", type=number, default=0)
    parser.add_argument("--inner-octets", type=number)
    parser.add_argument("--fragments", type=number, help="octets in each fragment, a multiple of 8")
    arguments = parser.parse_args()
    data, destination = packet(arguments)
    with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for piece in fragments(data, arguments.fragments) if arguments.fragments else [data]:
            raw.sendto(piece, (str(destination), 0))


if __name__ == "__main__":
    main()
