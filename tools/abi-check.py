#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the specification of the netlink ABI with the header, the module's policies and the
command's policies. Prints TAP; the exit status is 1 when anything differs."""
import argparse
import dataclasses
import pathlib
import re
import sys

import yaml

from abi import csource
from abi.module import Module
from abi.spec import PATH, Spec, c_name

HEADER = "uapi/anchor6.h"
COMMAND = "tools/anchor6/attribute.cpp"
COMMAND_TYPES = {"u8": "u8", "u32": "u32", "u64": "u64", "string": "string", "nest": "nest",
                 "binary": "address"}
UNDOCUMENTED = ("unspec", "pad")


class Report:
    """TAP on the standard output."""

    def __init__(self):
        self.tests = 0
        self.failed = 0

    def test(self, text, problems):
        """One test, which holds when there are no problems."""
        self.tests += 1
        self.failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.tests} - {text}")
        for problem in problems:
            print(f"# {problem}")

    def end(self):
        """The plan; returns the exit status."""
        print(f"1..{self.tests}")
        return 1 if self.failed else 0


def differences(expected, actual, where):
    """What differs between two dictionaries, in sentences."""
    problems = [f"{name} is missing in {where}" for name in expected if name not in actual]
    problems += [f"{name} in {where} is not in the specification" for name in actual if name not in expected]
    problems += [f"{name} is {actual[name]!r} in {where} and {value!r} in the specification"
                 for name, value in expected.items() if name in actual and actual[name] != value]
    return problems


# --- the header -----------------------------------------------------------------------------------

def check_header(report, spec, text):
    """Constants, enums, and that kernel-doc has a text for every enumerator."""
    code = csource.without_comments(text)
    report.test("constants of the header", differences(spec.constants(), csource.defines(code), HEADER))
    enums = csource.enums(code)
    expected = spec.enums()
    report.test("enums of the header", differences(dict.fromkeys(expected), dict.fromkeys(enums), HEADER))
    for name, values in expected.items():
        report.test(f"enum {name}", differences(values, enums.get(name, {}), HEADER))
    documented = set(re.findall(r"@(\w+):", text))
    report.test("the header documents every enumerator",
                [f"{name} has no text" for values in enums.values() for name in values
                 if name not in documented and not name.endswith("_MAX") and not name.startswith("__")])


def check_documentation(report, spec):
    """Every name in the specification has a text."""
    problems = []
    for item in spec.enumerations() + spec.own_sets():
        for entry in item.get("entries", []) + item.get("attributes", []):
            if entry["name"] not in UNDOCUMENTED and not entry.get("doc"):
                problems.append(f"{item['name']}: {entry['name']} has no text")
    report.test("the specification documents every name", problems)


# --- the module -----------------------------------------------------------------------------------

def compare_checks(spec, set_name, expected, actual, path=""):
    """Compares what attributes may be, nests included."""
    by_c_name = {spec.c_attribute(set_name, name): name for name in expected}
    problems = [f"{path}{name} is not taken by the module" for c, name in by_c_name.items() if c not in actual]
    problems += [f"{path}{c} is taken by the module only" for c in actual if c not in by_c_name]
    for c, name in by_c_name.items():
        if c in actual:
            problems += compare_check(spec, set_name, name, expected[name], actual[c], path + name)
    return problems


def compare_check(spec, set_name, name, expected, actual, path):
    """Compares what one attribute may be."""
    problems = [f"{path}: {field.name} is {getattr(actual, field.name)} in the module and "
                f"{getattr(expected, field.name)} in the specification"
                for field in dataclasses.fields(expected) if field.name != "nest"
                and getattr(expected, field.name) != getattr(actual, field.name)]
    if expected.nest is not None and actual.nest is not None:
        nest = spec.attribute(set_name, name)["nested-attributes"]
        problems += compare_checks(spec, nest, expected.nest, actual.nest, path + ".")
    return problems


def compare_operation(spec, module, operation):
    """Compares one command: its handlers, permissions and policy."""
    implemented = module.operations.get(c_name(spec.yaml["operations"]["name-prefix"], operation["name"]))
    if implemented is None:
        return ["the module does not implement it"]
    problems = []
    if implemented.do != ("do" in operation):
        problems.append("do is in one of specification and module only")
    if implemented.dump != ("dump" in operation):
        problems.append("dump is in one of specification and module only")
    flags = " | ".join(c_name("genl-", flag)
                       for flag in operation.get("flags", []))
    if implemented.flags != flags:
        problems.append(f"flags are {implemented.flags} in the module and {flags} in the specification")
    policy = module.policy(implemented.policy)
    last = max(module.names[name] for name in policy)
    if implemented.last_attribute != last:
        problems.append(f"maxattr is {implemented.last_attribute}, the policy ends with {last}")
    return problems + compare_checks(spec, operation["attribute-set"], spec.request(operation), policy)


def check_module(report, spec, module):
    """Operations with their policies, and multicast groups."""
    requests = [item for item in spec.operations if "do" in item or "dump" in item]
    prefix = spec.yaml["operations"]["name-prefix"]
    expected = dict.fromkeys(c_name(prefix, item["name"]) for item in requests)
    report.test("commands of the module", differences(expected, dict.fromkeys(module.operations), "the module"))
    for operation in requests:
        report.test(f"command {operation['name']}", compare_operation(spec, module, operation))
    groups = [c_name(item["c-define-name"]) for item in spec.yaml["mcast-groups"]["list"]]
    report.test("multicast groups of the module",
                differences(dict.fromkeys(groups), dict.fromkeys(module.groups), "the module"))
    known = [item["name"] for item in spec.yaml["mcast-groups"]["list"]]
    report.test("notifications have a group",
                [f"{item['name']} has no known group" for item in spec.operations
                 if "event" in item and item.get("mcgrp") not in known])


# --- the command ----------------------------------------------------------------------------------

def check_command(report, spec, text):
    """The types by which the command reads answers."""
    actual = dict(re.findall(r"policies\[(\w+)\] = (\w+)_policy;", text))
    expected = {spec.c_attribute(item["name"], attribute["name"]): COMMAND_TYPES[attribute["type"]]
                for item in spec.own_sets() for attribute in item["attributes"]
                if attribute["type"] not in ("unused", "pad")}
    report.test("policies of the command", differences(expected, actual, COMMAND))


def check_schema(report, schema_path, root):
    """The specification against the kernel's own schema."""
    import jsonschema  # pylint: disable=import-outside-toplevel
    schema = yaml.safe_load(pathlib.Path(schema_path).read_text(encoding="utf-8"))
    spec = yaml.safe_load((pathlib.Path(root) / PATH).read_text(encoding="utf-8"))
    errors = jsonschema.Draft7Validator(schema).iter_errors(spec)
    report.test("the kernel's schema", [f"{error.json_path}: {error.message}" for error in errors])


def main():
    """Runs every comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", default=pathlib.Path(__file__).resolve().parent.parent, type=pathlib.Path,
                        help="the tree to check")
    parser.add_argument("--schema", help="Documentation/netlink/genetlink-legacy.yaml of a kernel's source")
    options = parser.parse_args()
    spec = Spec(options.root)
    header = (options.root / HEADER).read_text(encoding="utf-8")
    code = csource.without_comments(header)
    names = csource.defines(code) | {name: value for values in csource.enums(code).values()
                                     for name, value in values.items()}
    report = Report()
    print("TAP version 13")
    if options.schema:
        check_schema(report, options.schema, options.root)
    check_documentation(report, spec)
    check_header(report, spec, header)
    try:
        check_module(report, spec, Module(options.root, names))
    except (AttributeError, KeyError, ValueError) as error:
        report.test("the module's sources can be read", [repr(error)])
    check_command(report, spec, (options.root / COMMAND).read_text(encoding="utf-8"))
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
