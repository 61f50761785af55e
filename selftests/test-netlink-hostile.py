#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests that no library would send: without permission, with lengths that lie, to dumps, and at
random. Each is refused, or does what it says; a refused one changes nothing."""
import errno
import importlib
import os
import random
import struct
import sys

from genetlink import NLA_F_NESTED, NLM_F_CREATE, NLM_F_DUMP, Family, Spec, attribute

netlink = importlib.import_module("test-netlink")

NOBODY = 65534
DUMPS = ["home-prefix-get", "far-end-get", "stats-get"]
ROUNDS = 400
SEED = 6612


class Table:
    """The tables of a device, and whether a refused request left them alone."""

    def __init__(self, family, ifindex):
        self.family, self.ifindex = family, ifindex
        self.content = self.read()

    def read(self):
        """Everything that a request can change; what runs by itself left out."""
        tables = [self.family.dump(command, {"ifindex": self.ifindex})
                  for command in ("home-prefix-get", "binding-get", "far-end-get")]
        for entry in tables[1]:
            del entry["binding"]["lifetime-ms"]
        device = self.family.request("device-get", {"ifindex": self.ifindex}).replies
        return tables, device

    def changed(self):
        """True when the content differs from the last time."""
        before, self.content = self.content, self.read()
        return before != self.content


def without_permission(ifindex, spec):
    """What every command answers to nobody; runs in a process of its own."""
    os.setgroups([])
    os.setresuid(NOBODY, NOBODY, NOBODY)
    family = Family(spec)
    problems = []
    for command, valid in netlink.VALID.items():
        answer = family.request(command, {"ifindex": ifindex} | valid)
        if answer.errno != errno.EPERM:
            problems.append(f"{command}: error {answer.errno}")
    for command in DUMPS:
        answer = family.request(command, {"ifindex": ifindex}, NLM_F_DUMP)
        if answer.errno != errno.EPERM or answer.replies:
            problems.append(f"dump of {command}: error {answer.errno}")
    return problems


def in_a_process(function, *arguments):
    """The problems that the function finds when it runs in a child."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.close(reader)
        problems = ["it fell over"]
        try:
            problems = function(*arguments)
        finally:
            os.write(writer, "; ".join(problems).encode())
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as text:
        problems = text.read()
    os.wait()
    return problems


def refused_dumps(report, family, table, spec):
    """Dumps with attributes, devices and flags that are not theirs."""
    binding = spec.encode("anchor6", {"binding": {"cache": 1}})
    requests = {
        "without an interface": (b"", errno.EINVAL, NLM_F_DUMP),
        "of an interface that does not exist": (attribute(1, struct.pack("=I", 9999)), errno.ENODEV, NLM_F_DUMP),
        "of interface 0": (attribute(1, struct.pack("=I", 0)), errno.ERANGE, NLM_F_DUMP),
        "of an interface of another kind": (attribute(1, struct.pack("=I", 1)), errno.ENODEV, NLM_F_DUMP),
        "with a nest that is not its own":
            (attribute(1, struct.pack("=I", table.ifindex)) + binding, errno.EINVAL, NLM_F_DUMP),
        "with an unknown flag":
            (attribute(1, struct.pack("=I", table.ifindex)), errno.EOPNOTSUPP, NLM_F_DUMP | 0x1000),
    }
    for command in DUMPS:
        for text, (data, expected, flags) in requests.items():
            answer = family.request(command, data, flags)
            good = answer.errno == expected and not answer.replies
            report.check(f"dump of {command} {text}", None if good else
                         f"error {errno.errorcode.get(answer.errno, answer.errno)}")
        answer = family.request(command, {"ifindex": table.ifindex})
        report.check(f"{command} without the dump flag",
                     None if answer.errno == errno.EOPNOTSUPP else f"error {answer.errno}")


def lying_lengths(report, family, table):
    """Attributes and nests whose length says more or less than there is."""
    ifindex = attribute(1, struct.pack("=I", table.ifindex))
    nest = 4 | NLA_F_NESTED
    cases = {
        "an attribute of length 3": struct.pack("=HH", 3, 4),
        "an attribute of length 0": struct.pack("=HH", 0, 4),
        "an attribute longer than the message": struct.pack("=HH", 4000, nest),
        "a nest that ends inside an attribute": struct.pack("=HHHH", 8, nest, 20, 2),
        "a nest inside a number": attribute(nest, attribute(1, attribute(1, b"\0"))),
        "a nest without the flag of one": attribute(4, attribute(1, b"\1")),
        "a nest in a nest in a nest": attribute(nest, attribute(nest, attribute(nest, attribute(nest, b"")))),
        "octets behind the last attribute": attribute(nest, b"") + b"\xff",
    }
    for text, data in cases.items():
        answer = family.request("binding-set", ifindex + data, NLM_F_CREATE)
        problem = None
        if answer.errno not in (errno.EINVAL, errno.ERANGE):
            problem = f"error {answer.errno}"
        elif not answer.sentence:
            problem = "no sentence in the extended acknowledgement"
        elif table.changed():
            problem = "the tables have changed"
        report.check(f"binding-set: {text}", problem)


def mutate(data, chance):
    """A copy with a few octets changed, cut out or put in."""
    octets = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        place = chance.randrange(len(octets) + 1)
        action = chance.randrange(4)
        if action == 0 and place < len(octets):
            octets[place] = chance.choice([0, 1, 0x7f, 0x80, 0xff, chance.randrange(256)])
        elif action == 1:
            del octets[place:place + chance.randint(1, 8)]
        elif action == 2:
            octets[place:place] = chance.randbytes(chance.randint(1, 8))
        elif place < len(octets):
            octets[place] ^= 1 << chance.randrange(8)
    return bytes(octets)


def at_random(report, family, table, spec):
    """Mutations of valid requests: those that are refused must change nothing."""
    chance = random.Random(SEED)
    refused, problems = 0, []
    for turn in range(ROUNDS):
        command = chance.choice(list(netlink.VALID))
        data = mutate(spec.encode("anchor6", {"ifindex": table.ifindex} | netlink.VALID[command]), chance)
        flags = NLM_F_CREATE if command == "binding-set" else 0
        if chance.random() < 0.2:
            flags = chance.choice([NLM_F_DUMP, chance.randrange(0x10000)])
        answer = family.request(command, data, flags)
        changed = table.changed()
        if not answer.errno:
            populate(family, table.ifindex)
            table.changed()
            continue
        refused += 1
        if changed:
            problems.append(f"turn {turn}: {command} was refused ({answer.errno}) and changed something")
    report.check(f"{refused} of {ROUNDS} random requests were refused and changed nothing",
                 "\n# ".join(problems) or (None if 0 < refused < ROUNDS else "the mutations are too tame or too wild"))


def populate(family, ifindex):
    """One binding, and its home prefix unless that is there; nothing is left that ends by itself."""
    family.request("binding-flush", {"ifindex": ifindex})
    home_prefix = {"home-prefix": {"address": "2001:db8:77::", "length": 48}}
    family.request("home-prefix-add", {"ifindex": ifindex} | home_prefix)
    family.request("binding-set", {"ifindex": ifindex} | netlink.BINDING, NLM_F_CREATE)


def main():
    print("TAP version 13")
    if os.getuid() or not os.path.isdir("/sys/module/anchor6"):
        print("1..0 # SKIP needs root and the module anchor6")
        return 4
    ifindex = netlink.prepare()
    spec, report = Spec(), netlink.Report()
    family = Family(spec)
    populate(family, ifindex)
    table = Table(family, ifindex)
    report.check("nobody may do or read anything", in_a_process(without_permission, ifindex, spec))
    refused_dumps(report, family, table, spec)
    lying_lengths(report, family, table)
    at_random(report, family, table, spec)
    print(f"1..{report.count}")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
