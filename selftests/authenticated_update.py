#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends one Binding Update with a Mobility Message Authentication option (RFC 4285) and verifies the
answer's, octet by octet and without the project's own code."""
import argparse
import hashlib
import hmac
import ipaddress
import socket
import struct
import sys
import time

from craft import DESTINATION_OPTIONS, checksum, header, home_address_option

MOBILITY_HEADER, NO_NEXT_HEADER, ROUTING = 135, 59, 43
BINDING_UPDATE, BINDING_ACKNOWLEDGEMENT = 5, 6
PAD1, PADN, AUTHENTICATION, MESSAGE_ID = 0, 1, 9, 10
MN_HA = 1
AUTHENTICATOR_OCTETS = 12
ACKNOWLEDGE_HOME = 0xc000
NTP_EPOCH = 2208988800
ETHERTYPE_IPV6 = 0x86dd


def message_id():
    """The clock, as NTP writes it."""
    seconds, nanoseconds = divmod(time.time_ns(), 10**9)
    return (seconds + NTP_EPOCH) << 32 | nanoseconds * 2**32 // 10**9


def authenticator(arguments, covered):
    """What the option of a message holds; `covered` begins at the Mobility Header and ends with the SPI."""
    data = arguments.care_of.packed + arguments.home.packed + covered
    return hmac.new(arguments.key, data, hashlib.sha1).digest()[:AUTHENTICATOR_OCTETS]


def binding_update(arguments):
    """The message: MESG-ID at 8n+2, the authentication last, at 4n+1."""
    covered = struct.pack("!BBBBHHHH", NO_NEXT_HEADER, 5, BINDING_UPDATE, 0, 0, arguments.sequence,
                          ACKNOWLEDGE_HOME, arguments.lifetime // 4)
    covered += bytes((PADN, 4, 0, 0, 0, 0)) + struct.pack("!BBQ", MESSAGE_ID, 8, message_id())
    covered += bytes((PAD1,)) + struct.pack("!BBBI", AUTHENTICATION, 5 + AUTHENTICATOR_OCTETS, MN_HA, arguments.spi)
    message = covered + authenticator(arguments, covered)
    total = checksum(arguments.home, arguments.anchor, message, MOBILITY_HEADER)
    return message[:4] + struct.pack("!H", total) + message[6:]


def options(message):
    """Type, offset and data of each option of an acknowledgement."""
    offset = 12
    while offset < len(message):
        if message[offset] == PAD1:
            offset += 1
            continue
        kind, size = message[offset], message[offset + 1]
        yield kind, offset, message[offset + 2:offset + 2 + size]
        offset += 2 + size


def acknowledgement(packet):
    """The Binding Acknowledgement in an IPv6 packet, behind a routing header or not, or None."""
    protocol, offset = packet[6], 40
    while protocol == ROUTING:
        protocol, offset = packet[offset], offset + 8 * (packet[offset + 1] + 1)
    if protocol != MOBILITY_HEADER or packet[offset + 2] != BINDING_ACKNOWLEDGEMENT:
        return None
    return packet[offset:offset + 8 * (packet[offset + 1] + 1)]


def verified(arguments, message):
    """The last option is an authentication that holds."""
    kind, offset, data = list(options(message))[-1]
    if kind != AUTHENTICATION or offset + 2 + len(data) != len(message):
        return False
    covered = message[:4] + bytes(2) + message[6:offset + 7]
    return (data[0] == MN_HA and struct.unpack_from("!I", data, 1)[0] == arguments.spi
            and data[5:] == authenticator(arguments, covered))


def exchange(arguments):
    """Sends the update and returns the answer to it, or None."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETHERTYPE_IPV6)) as listener, \
            socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender:
        message = home_address_option(arguments.home, MOBILITY_HEADER) + binding_update(arguments)
        sender.sendto(header(arguments.care_of, arguments.anchor, message, DESTINATION_OPTIONS, 0, 64),
                      (str(arguments.anchor), 0))
        end = time.monotonic() + arguments.wait / 1000
        while (left := end - time.monotonic()) > 0:
            listener.settimeout(left)
            try:
                answer = acknowledgement(listener.recv(2048))
            except TimeoutError:
                break
            if answer:
                return answer
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("home", "care_of", "anchor"):
        parser.add_argument(name, type=ipaddress.IPv6Address)
    for name in ("sequence", "lifetime", "spi"):
        parser.add_argument(name, type=int)
    parser.add_argument("key", type=bytes.fromhex)
    parser.add_argument("--wait", type=int, default=1000, help="milliseconds")
    arguments = parser.parse_args()
    answer = exchange(arguments)
    if answer is None:
        print("no answer")
        return 1
    good = verified(arguments, answer)
    print(f"status {answer[6]}, authenticator {'ok' if good else 'wrong'}")
    return 0 if good and answer[6] < 128 else 1


if __name__ == "__main__":
    sys.exit(main())
