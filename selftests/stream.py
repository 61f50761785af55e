#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends or receives octets by TCP over IPv6. The receiver prints "listening", then how many came, and
whether they were those that the sender makes.

usage: stream.py receive PORT
       stream.py send ADDRESS PORT OCTETS [SOURCE]
"""
import socket
import sys

PERIOD = bytes(range(251)) * 251


def pattern(offset, length):
    """The octets of the stream from an offset on."""
    start = offset % len(PERIOD)
    return (PERIOD * (length // len(PERIOD) + 2))[start:start + length]


def receive(port):
    """Takes one connection to its end."""
    with socket.create_server(("::", int(port)), family=socket.AF_INET6) as server:
        print("listening", flush=True)
        connection, _ = server.accept()
    received, intact = 0, True
    while data := connection.recv(1 << 18):
        intact = intact and data == pattern(received, len(data))
        received += len(data)
    print(f"received {received} {'intact' if intact else 'damaged'}", flush=True)


def send(address, port, octets, source=None):
    """Opens one connection and sends all."""
    with socket.create_connection((address, int(port)), timeout=120,
                                  source_address=(source, 0) if source else None) as connection:
        for offset in range(0, int(octets), len(PERIOD)):
            connection.sendall(pattern(offset, min(len(PERIOD), int(octets) - offset)))


if __name__ == "__main__":
    {"receive": receive, "send": send}[sys.argv[1]](*sys.argv[2:])
