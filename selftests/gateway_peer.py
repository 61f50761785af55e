#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Heartbeats (RFC 5847) and Binding Revocations (RFC 5846) of an access gateway, without the project's
own code: answers those of the anchor and prints each, or sends one and prints the answer."""
import argparse
import socket
import struct
import sys

MOBILITY_HEADER, NO_NEXT_HEADER = 135, 59
BINDING_ERROR, HEARTBEAT, REVOCATION = 7, 13, 16
INDICATION, ACKNOWLEDGEMENT = 1, 2
PADN, MN_IDENTIFIER, HOME_NETWORK_PREFIX, RESTART_COUNTER = 1, 8, 22, 28
NAI = 1
RESPONSE, UNSOLICITED = 1, 2
PROXY, GLOBAL = 0x8000, 0x2000
UNRECOGNIZED_TYPE = 2


def message(kind, data, options=b""):
    """A Mobility Header whose options begin at octet 12; the kernel fills the checksum in."""
    body = struct.pack("!BBBBH", NO_NEXT_HEADER, 0, kind, 0, 0) + data + options
    rest = -len(body) % 8
    if rest:
        body += bytes(1) if rest == 1 else struct.pack("!BB", PADN, rest - 2) + bytes(rest - 2)
    return body[:1] + bytes([len(body) // 8 - 1]) + body[2:]


def options_of(octets):
    """The options of a message as (type, data)."""
    found, at = [], 12
    while at < len(octets):
        kind = octets[at]
        if kind == 0:
            at += 1
            continue
        length = octets[at + 1]
        found.append((kind, octets[at + 2:at + 2 + length]))
        at += 2 + length
    return found


def option(kind, data):
    return struct.pack("!BB", kind, len(data)) + data


def restart_counter(number):
    """At 4n+2 behind the fixed part of a heartbeat."""
    return option(PADN, b"") + option(RESTART_COUNTER, struct.pack("!I", number))


def heartbeat(flags, sequence, options=b""):
    return message(HEARTBEAT, struct.pack("!HI", flags, sequence), options)


def revocation(kind, code, sequence, flags, options=b""):
    return message(REVOCATION, struct.pack("!BBHH", kind, code, sequence, flags), options)


def text_of_heartbeat(octets):
    flags, sequence = struct.unpack_from("!HI", octets, 6)
    kind = "response" if flags & RESPONSE else "request"
    counter = dict(options_of(octets)).get(RESTART_COUNTER)
    return " ".join(["heartbeat"] + ["unsolicited"] * bool(flags & UNSOLICITED) + [kind]
                    + ([f"sequence={sequence}"])
                    + ([f"restart={int.from_bytes(counter, 'big')}"] if counter else []))


def text_of_revocation(octets):
    kind, code, _sequence, flags = struct.unpack_from("!BBHH", octets, 6)
    identifier = dict(options_of(octets)).get(MN_IDENTIFIER, b" ")[1:].decode()
    name = "indication trigger" if kind == INDICATION else "acknowledgement status"
    return f"revocation {name}={code} flags={flags:04x} node={identifier}"


def text_of(octets):
    kind = octets[2]
    if kind == HEARTBEAT:
        return text_of_heartbeat(octets)
    if kind == REVOCATION:
        return text_of_revocation(octets)
    return f"type={kind}"


def answer_to(octets, arguments):
    """What a gateway answers; nothing to what is an answer itself."""
    if octets[2] == HEARTBEAT and not octets[7] & RESPONSE:
        sequence = struct.unpack_from("!I", octets, 8)[0]
        return heartbeat(RESPONSE, sequence, restart_counter(arguments.restart_counter))
    if octets[2] != REVOCATION or octets[6] != INDICATION:
        return None
    if arguments.ignorant:
        return message(BINDING_ERROR, struct.pack("!BB", UNRECOGNIZED_TYPE, 0) + bytes(16))
    sequence, flags = struct.unpack_from("!HH", octets, 8)
    return revocation(ACKNOWLEDGEMENT, arguments.status, sequence, flags)


def serve(link, arguments):
    print("ready", flush=True)
    while True:
        octets, peer = link.recvfrom(2048)
        print(text_of(octets), flush=True)
        answer = answer_to(octets, arguments)
        if answer:
            link.sendto(answer, peer)


def ask(link, arguments, octets, kind):
    """Sends a message and prints the first of that type that comes back."""
    link.settimeout(arguments.wait)
    link.sendto(octets, (arguments.anchor, 0))
    while True:
        answer, _peer = link.recvfrom(2048)
        if answer[2] == kind:
            print(text_of(answer))
            return


def ask_heartbeat(link, arguments):
    ask(link, arguments, heartbeat(0, arguments.sequence), HEARTBEAT)


def ask_revocation(link, arguments):
    options = b""
    if arguments.node:
        options += option(MN_IDENTIFIER, bytes([NAI]) + arguments.node.encode())
    flags = PROXY | (GLOBAL if arguments.trigger >= 128 else 0)
    ask(link, arguments,
        revocation(INDICATION, arguments.trigger, arguments.sequence, flags, options), REVOCATION)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["serve", "heartbeat", "revocation"])
    parser.add_argument("--source", required=True)
    parser.add_argument("--anchor")
    parser.add_argument("--sequence", type=int, default=1)
    parser.add_argument("--wait", type=float, default=30)
    parser.add_argument("--restart-counter", type=int, default=1)
    parser.add_argument("--status", type=int, default=0)
    parser.add_argument("--ignorant", action="store_true")
    parser.add_argument("--node")
    parser.add_argument("--trigger", type=int, default=6)
    arguments = parser.parse_args()
    do = {"serve": serve, "heartbeat": ask_heartbeat, "revocation": ask_revocation}
    with socket.socket(socket.AF_INET6, socket.SOCK_RAW, MOBILITY_HEADER) as link:
        link.bind((arguments.source, 0))
        try:
            do[arguments.what](link, arguments)
        except TimeoutError:
            sys.exit("no answer")


if __name__ == "__main__":
    main()
