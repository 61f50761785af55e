# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests to the family "anchor6", encoded by the names of Documentation/netlink/specs/anchor6.yaml."""
import ipaddress
import os
import socket
import struct

import yaml

NLM_F_REQUEST, NLM_F_ACK = 0x1, 0x4
NLM_F_DUMP, NLM_F_CREATE, NLM_F_EXCL = 0x300, 0x400, 0x200
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200
NLMSGERR_ATTR_MSG = 1
SOL_NETLINK, NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK = 270, 10, 11, 12
GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 16, 3, 1, 2
NLA_F_NESTED = 0x8000
NUMBER_SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}


def attribute(number, payload):
    """One attribute on the wire, padded."""
    data = struct.pack("=HH", 4 + len(payload), number) + payload
    return data + bytes(-len(data) % 4)


def attributes(data):
    """The attributes in data as pairs of number and payload."""
    while len(data) >= 4:
        size, number = struct.unpack_from("=HH", data)
        yield number & 0x3fff, data[4:size]
        data = data[(size + 3) & ~3:]


class Spec:
    """The names of the ABI and what stands behind them."""

    def __init__(self):
        here = os.path.dirname(os.path.abspath(__file__))
        path = os.path.join(here, "../Documentation/netlink/specs/anchor6.yaml")
        with open(path, encoding="utf-8") as text:
            spec = yaml.safe_load(text)
        self.subsets = {}
        self.sets = {}
        for entry in spec["attribute-sets"]:
            if "subset-of" in entry:
                self.subsets[entry["name"]] = [item["name"] for item in entry["attributes"]]
                continue
            start = entry["attributes"][0].get("value", 1)
            self.sets[entry["name"]] = {
                item["name"]: item | {"number": start + index}
                for index, item in enumerate(entry["attributes"])}
        self.commands = {item["name"]: index for index, item in enumerate(spec["operations"]["list"])}
        self.operations = {item["name"]: item for item in spec["operations"]["list"]}
        self.constants = {item["name"]: item["value"]
                          for item in spec["definitions"] if item["type"] == "const"}

    def encode(self, set_name, values):
        """A dictionary by attribute name; bytes go as they are, a number is an unknown attribute."""
        data = b""
        for name, value in values.items():
            if isinstance(name, int):
                data += attribute(name, value)
                continue
            item = self.sets[set_name][name]
            number = item["number"]
            if isinstance(value, dict):
                number |= NLA_F_NESTED
                value = self.encode(item["nested-attributes"], value)
            elif isinstance(value, int):
                value = value.to_bytes(NUMBER_SIZES[item["type"]], "little")
            elif isinstance(value, str):
                value = ipaddress.IPv6Address(value).packed
            data += attribute(number, value)
        return data

    def decode(self, set_name, data):
        """The opposite: a dictionary by attribute name."""
        names = {item["number"]: item for item in self.sets[set_name].values()}
        values = {}
        for number, payload in attributes(data):
            item = names[number]
            if item["type"] == "nest":
                values[item["name"]] = self.decode(item["nested-attributes"], payload)
            elif item["type"] in NUMBER_SIZES:
                values[item["name"]] = int.from_bytes(payload, "little")
            elif item["type"] == "string":
                values[item["name"]] = payload.rstrip(b"\0").decode()
            elif item["type"] == "binary":
                values[item["name"]] = str(ipaddress.IPv6Address(payload))
        return values


class Answer:
    """What came back: errno (0 for success), the sentence of the extended acknowledgement, replies."""

    def __init__(self):
        self.errno, self.sentence, self.replies = 0, "", []


class Family:
    """The family in the network namespace of the caller."""

    def __init__(self, spec):
        self.spec = spec
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.socket.settimeout(100)
        for option in (NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK):
            self.socket.setsockopt(SOL_NETLINK, option, 1)
        self.sequence = 0
        name = attribute(CTRL_ATTR_FAMILY_NAME, b"anchor6\0")
        answer = self.exchange(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_REQUEST | NLM_F_ACK, name)
        if answer.errno:
            raise OSError(answer.errno, "no family anchor6")
        self.id = struct.unpack("=H", dict(attributes(answer.replies[0]))[CTRL_ATTR_FAMILY_ID])[0]

    def request(self, command, values, flags=0):
        """One request by the names of the spec; values may also be the raw octets of attributes."""
        data = values if isinstance(values, bytes) else self.spec.encode("anchor6", values)
        number = command if isinstance(command, int) else self.spec.commands[command]
        return self.exchange(self.id, number, NLM_F_REQUEST | NLM_F_ACK | flags, data)

    def dump(self, command, values):
        """The decoded replies of a dump."""
        answer = self.request(command, values, NLM_F_DUMP)
        return [self.spec.decode("anchor6", reply) for reply in answer.replies]

    def exchange(self, family, command, flags, data):
        """Sends a message and reads until its acknowledgement or the end of its dump."""
        self.sequence += 1
        body = struct.pack("=BBH", command, 1, 0) + data
        header = struct.pack("=IHHII", 16 + len(body), family, flags, self.sequence, 0)
        self.socket.send(header + body)
        answer = Answer()
        while not self.receive(answer):
            pass
        return answer

    def receive(self, answer):
        """Reads one datagram into the answer; true when it was the last one."""
        datagram = self.socket.recv(65536)
        while len(datagram) >= 16:
            size, kind, flags, sequence, _ = struct.unpack_from("=IHHII", datagram)
            payload, datagram = datagram[16:size], datagram[(size + 3) & ~3:]
            if sequence != self.sequence:
                continue
            if kind in (NLMSG_ERROR, NLMSG_DONE):
                answer.errno = -struct.unpack_from("=i", payload)[0] if len(payload) >= 4 else 0
                self.read_sentence(answer, kind, flags, payload)
                return True
            answer.replies.append(payload[4:])
        return False

    @staticmethod
    def read_sentence(answer, kind, flags, payload):
        """The text of an extended acknowledgement."""
        if not flags & NLM_F_ACK_TLVS:
            return
        skip = 4
        if kind == NLMSG_ERROR:
            original = struct.unpack_from("=I", payload, 4)[0]
            skip = 20 if flags & NLM_F_CAPPED else 4 + ((original + 3) & ~3)
        text = dict(attributes(payload[skip:])).get(NLMSGERR_ATTR_MSG, b"")
        answer.sentence = text.rstrip(b"\0").decode()
