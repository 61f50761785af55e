#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each attribute of each request missing, short, long, out of range or unknown: refused with the
right error and a sentence, and nothing changes."""
import copy
import ctypes
import errno
import os
import socket
import subprocess
import sys

from genetlink import NLM_F_CREATE, NLM_F_EXCL, NUMBER_SIZES, Family, Spec

CLONE_NEWNET = 0x40000000
REQUIRED = {
    "device-set": ["device"],
    "home-prefix-add": ["home-prefix", "home-prefix.address", "home-prefix.length"],
    "home-prefix-del": ["home-prefix", "home-prefix.address", "home-prefix.length"],
    "binding-set": ["binding", "binding.cache", "binding.prefix", "binding.prefix-length",
                    "binding.far-end", "binding.far-end.local", "binding.far-end.remote",
                    "binding.lifetime-ms"],
    "binding-del": ["binding", "binding.cache", "binding.prefix", "binding.prefix-length"],
    "binding-get": ["binding", "binding.cache", "binding.prefix", "binding.prefix-length"],
    "lookup": ["lookup", "lookup.address"],
}
KEY = {"cache": 1, "prefix": "2001:db8:77:1::10", "prefix-length": 128}
FAR_END = {"local": "2001:db8:1::1", "remote": "2001:db8:c::10", "encap": 1}
REST = {"cookie": 7, "owner": 8, "group": 9}
BINDING = {"binding": KEY | {"far-end": FAR_END, "lifetime-ms": 600000} | REST}
VALID = {
    "device-get": {},
    "device-set": {"device": {"reply-mark": 1, "reply-mask": 1, "bindings-max": 100, "mode": 2,
                              "outer-mark": 7, "outer-vrf": 0}},
    "home-prefix-add": {"home-prefix": {"address": "2001:db8:78::", "length": 48}},
    "home-prefix-del": {"home-prefix": {"address": "2001:db8:77::", "length": 48}},
    "binding-set": BINDING,
    "binding-del": {"binding": KEY | {"cookie": 7}},
    "binding-get": {"binding": KEY},
    "binding-flush": {"binding": {"cache": 1, "far-end": {"remote": "2001:db8:c::10"},
                                  "owner": 8, "group": 9}},
    "lookup": {"lookup": {"address": "2001:db8:77:1::10", "mark": 0}},
}
DUMPS = ["device-get", "home-prefix-get", "binding-get", "far-end-get"]


class Report:
    """Prints TAP."""

    def __init__(self):
        self.count = self.failures = 0

    def check(self, text, problem):
        """The check holds when there is no problem."""
        self.count += 1
        if problem:
            self.failures += 1
            print(f"not ok {self.count} - {text}\n# {problem}", flush=True)
        else:
            print(f"ok {self.count} - {text}", flush=True)


def paths(values, prefix=()):
    """The path of every attribute in nested values."""
    for name, value in values.items():
        yield prefix + (name,)
        if isinstance(value, dict):
            yield from paths(value, prefix + (name,))


def replaced(values, path, value):
    """A copy of the values with one attribute replaced, or removed by None."""
    changed = copy.deepcopy(values)
    nest = changed
    for name in path[:-1]:
        nest = nest[name]
    if value is None:
        del nest[path[-1]]
    else:
        nest[path[-1]] = value
    return changed


class Refusals:
    """Sends requests that must be refused and compares the tables before and after."""

    def __init__(self, spec, family, ifindex, report):
        self.spec, self.family, self.report = spec, family, report
        self.ifindex = {"ifindex": ifindex}
        self.before = self.tables()

    def tables(self):
        """Everything that a request could have changed; what runs by itself left out."""
        tables = [self.family.dump(command, self.ifindex) for command in DUMPS]
        for binding in tables[2]:
            del binding["binding"]["lifetime-ms"]
        return tables

    def refuse(self, text, command, values, expected, flags=NLM_F_CREATE):
        """One request that must fail with one of the expected errors."""
        answer = self.family.request(command, values, flags)
        problem = None
        if answer.errno not in expected:
            names = [errno.errorcode[number] for number in expected]
            problem = f"error {errno.errorcode.get(answer.errno, 0)} instead of {names}"
        elif not answer.sentence:
            problem = "no sentence in the extended acknowledgement"
        elif self.tables() != self.before:
            problem = "the tables have changed"
        self.report.check(f"{command}: {text}", problem)

    def item(self, path):
        """The attribute at a path, as the spec has it."""
        set_name = "anchor6"
        for name in path:
            item = self.spec.sets[set_name][name]
            set_name = item.get("nested-attributes")
        return item

    def command(self, command):
        """Every malformation of the valid request of one command."""
        valid = self.ifindex | VALID[command]
        flags = NLM_F_CREATE if command == "binding-set" else 0
        missing = ["ifindex"] + REQUIRED.get(command, [])
        for name in missing:
            self.refuse(f"{name} missing", command, replaced(valid, name.split("."), None),
                        [errno.EINVAL], flags)
        for path in paths(valid):
            self.malformed(command, valid, path, flags)
        self.refuse("an unknown attribute", command, valid | {200: b"\0" * 4}, [errno.EINVAL], flags)

    def malformed(self, command, valid, path, flags):
        """One attribute short, long, out of range, or with an unknown one beside it."""
        item, name = self.item(path), ".".join(path)
        if item["type"] == "nest":
            self.refuse(f"{name} with an unknown attribute", command,
                        replaced(valid, path + (200,), b"\0" * 4), [errno.EINVAL], flags)
            self.refuse(f"{name} cut short", command, replaced(valid, path, b"\x20\0\x01\0"),
                        [errno.EINVAL], flags)
            return
        size = NUMBER_SIZES.get(item["type"], 16)
        for text, data in (("empty", b""), ("short", bytes(size - 1)), ("long", bytes(size + 1))):
            self.refuse(f"{name} {text}", command, replaced(valid, path, data),
                        [errno.EINVAL, errno.ERANGE], flags)
        for bound, step in (("min", -1), ("max", 1)):
            limit = item.get("checks", {}).get(bound)
            if limit is not None:
                limit = self.spec.constants.get(limit, limit)
                self.refuse(f"{name} beyond its {bound}imum", command,
                            replaced(valid, path, limit + step), [errno.EINVAL, errno.ERANGE], flags)


def contradictions(refusals):
    """Requests whose attributes are well-formed and whose sense is wrong."""
    def binding(**changes):
        nest = BINDING["binding"] | changes
        return refusals.ifindex | {"binding": nest}

    def home_prefix(address, length):
        return refusals.ifindex | {"home-prefix": {"address": address, "length": length}}

    far_ends = {"a multicast remote": {"remote": "ff02::1"}, "a link-local remote": {"remote": "fe80::1"},
                "an unspecified remote": {"remote": "::"}, "remote equal to local": {"remote": "2001:db8:1::1"},
                "a multicast local": {"local": "ff02::1"}, "an unspecified local": {"local": "::"}}
    for text, change in far_ends.items():
        refusals.refuse(f"far end with {text}", "binding-set",
                        binding(**{"far-end": FAR_END | change}), [errno.EINVAL])
    refusals.refuse("bits beyond the prefix length", "binding-set",
                    binding(**{"prefix-length": 64}), [errno.EINVAL])
    refusals.refuse("outside every home prefix", "binding-set",
                    binding(prefix="2001:db8:99::1"), [errno.EADDRNOTAVAIL])
    refusals.refuse("the remote inside the bound prefix", "binding-set",
                    binding(**{"far-end": FAR_END | {"remote": "2001:db8:77:1::10"}}), [errno.ELOOP])
    refusals.refuse("replacement without creation of what is not there", "binding-set",
                    binding(cache=2), [errno.ENOENT], 0)
    refusals.refuse("creation of what is there", "binding-set", binding(), [errno.EEXIST],
                    NLM_F_CREATE | NLM_F_EXCL)
    refusals.refuse("what is not there", "binding-del",
                    refusals.ifindex | {"binding": KEY | {"cache": 2}}, [errno.ENOENT], 0)
    refusals.refuse("another cookie", "binding-del",
                    refusals.ifindex | {"binding": KEY | {"cookie": 6}}, [errno.ESTALE], 0)
    refusals.refuse("what is not there", "binding-get",
                    refusals.ifindex | {"binding": KEY | {"cache": 2}}, [errno.ENOENT], 0)
    for text, ifindex in (("an interface that is no VRF", refusals.ifindex["ifindex"]),
                          ("an interface that does not exist", 9999)):
        refusals.refuse(f"{text} for the outer packets", "device-set",
                        refusals.ifindex | {"device": {"outer-vrf": ifindex, "mode": 2}}, [errno.EINVAL], 0)
    refusals.refuse("a prefix that is there", "home-prefix-add",
                    home_prefix("2001:db8:77::", 48), [errno.EEXIST], 0)
    refusals.refuse("a prefix that overlaps", "home-prefix-add",
                    home_prefix("2001:db8:77:1::", 64), [errno.EEXIST], 0)
    refusals.refuse("a multicast prefix", "home-prefix-add", home_prefix("ff00::", 16), [errno.EINVAL], 0)
    refusals.refuse("a link-local prefix", "home-prefix-add", home_prefix("fe80::", 64), [errno.EINVAL], 0)
    refusals.refuse("bits beyond the length", "home-prefix-add",
                    home_prefix("2001:db8:78::1", 48), [errno.EINVAL], 0)
    refusals.refuse("a prefix in use", "home-prefix-del", home_prefix("2001:db8:77::", 48), [errno.EBUSY], 0)
    refusals.refuse("a prefix that is not there", "home-prefix-del",
                    home_prefix("2001:db8:79::", 48), [errno.ENOENT], 0)


def headers(refusals):
    """What is wrong outside the attributes."""
    loopback = socket.if_nametoindex("lo")
    for command, valid in VALID.items():
        refusals.refuse("an interface of another kind", command, valid | {"ifindex": loopback},
                        [errno.ENODEV], NLM_F_CREATE if command == "binding-set" else 0)
        refusals.refuse("an interface that does not exist", command, valid | {"ifindex": 9999},
                        [errno.ENODEV], NLM_F_CREATE if command == "binding-set" else 0)
        refusals.refuse("an unknown flag", command, refusals.ifindex | valid, [errno.EOPNOTSUPP], 0x800)
    answer = refusals.family.request(99, refusals.ifindex)
    refusals.report.check("an unknown command", None if answer.errno == errno.EOPNOTSUPP else
                          f"error {answer.errno}")


def prepare():
    """A network namespace with a device, a home prefix and a binding; returns the device's index."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
    subprocess.run("ip link set lo up && ip link add anchor0 type anchor6 && ip link set anchor0 up",
                   shell=True, check=True)
    return socket.if_nametoindex("anchor0")


def main():
    print("TAP version 13")
    if os.getuid() or not os.path.isdir("/sys/module/anchor6"):
        print("1..0 # SKIP needs root and the module anchor6")
        return 4
    ifindex = prepare()
    spec, report = Spec(), Report()
    family = Family(spec)
    home_prefix = {"ifindex": ifindex, "home-prefix": {"address": "2001:db8:77::", "length": 48}}
    for command, values in (("home-prefix-add", home_prefix), ("binding-set", {"ifindex": ifindex} | BINDING)):
        answer = family.request(command, values, NLM_F_CREATE if command == "binding-set" else 0)
        report.check(f"{command}: the valid request", answer.sentence or answer.errno)
    refusals = Refusals(spec, family, ifindex, report)
    for command in VALID:
        refusals.command(command)
    contradictions(refusals)
    headers(refusals)
    print(f"1..{report.count}")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
