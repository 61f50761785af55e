# SPDX-License-Identifier: GPL-2.0-or-later
"""Many netlink requests of one form, sent as fast as the kernel takes them."""
import socket
import struct
import time

NLM_F_REQUEST, NLM_F_ACK, NLM_F_CREATE = 0x1, 0x4, 0x400
NLMSG_ERROR = 2
MESSAGES_A_SEND = 256
# So many are encoded before the clock runs.
MESSAGES_A_ROUND = 64 * MESSAGES_A_SEND


def message(kind, flags, body):
    """A request, padded; its sequence number is 0."""
    data = struct.pack("=IHHII", 16 + len(body), kind, NLM_F_REQUEST | flags, 0, 0) + body
    return data + bytes(-len(data) % 4)


class Form:
    """A request with a hole for the four octets of a node, one for each of its peers."""

    HOLE = b"\xa5\x5a\xa5\x5a"

    def __init__(self, requests):
        self.parts = [request.split(self.HOLE) for request in requests]
        if any(len(parts) != 2 for parts in self.parts):
            raise ValueError("no hole in the request, or two")

    def fill(self, index, node):
        head, tail = self.parts[index % len(self.parts)]
        return head + node + tail


def acknowledge(request):
    """The same request with the flag that asks for an answer."""
    flags = struct.unpack_from("=H", request, 6)[0] | NLM_F_ACK
    return request[:6] + struct.pack("=H", flags) + request[8:]


def receive(channel):
    """Reads the one acknowledgement of a round; an error before it is one."""
    datagram = channel.recv(65536)
    _, kind, _, _, _, error = struct.unpack_from("=IHHIIi", datagram)
    if kind != NLMSG_ERROR or error:
        raise OSError(-error, "the kernel refused a request")


def install(channel, form, indices, number):
    """Sends a request for each index; the seconds that the kernel had them."""
    seconds = 0.0
    for start in range(0, len(indices), MESSAGES_A_ROUND):
        requests = [form.fill(index, number(index))
                    for index in indices[start:start + MESSAGES_A_ROUND]]
        requests[-1] = acknowledge(requests[-1])
        datagrams = [b"".join(requests[at:at + MESSAGES_A_SEND])
                     for at in range(0, len(requests), MESSAGES_A_SEND)]
        begin = time.perf_counter()
        for datagram in datagrams:
            channel.send(datagram)
        receive(channel)
        seconds += time.perf_counter() - begin
    return seconds


def route_channel():
    """A socket for routes in the namespace of the caller."""
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
