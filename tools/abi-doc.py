#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes Documentation/abi.md from the specification of the netlink ABI."""
import pathlib
import sys

from abi.page import table, write_or_check
from abi.spec import PATH, Spec, c_name

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "Documentation/abi.md"
PROGRAM = "tools/abi-doc.py"
HIDDEN = ("unspec", "pad")


def introduction(spec):
    """What stands before the tables."""
    return f"""<!-- Written by {PROGRAM} from {PATH}. -->
# The netlink ABI

Generic netlink family `{spec.family}`, version {spec.yaml["version"]}; C names are in
[uapi/anchor6.h](../uapi/anchor6.h). The reference is [the specification]({PATH.relative_to("Documentation")}),
in the kernel's own schema; `make check` fails when header, module or command differ from it.

{spec.yaml["doc"]}

Every refusal carries a sentence in the extended acknowledgement (but Linux 6.1 has no room for one when a
dump is refused at its start). Any command can return EINVAL (an attribute is missing, malformed or unknown,
or a value makes no sense), ERANGE (a number is outside its range), ENODEV (no such interface, or not an
anchor6 device), EPERM, EOPNOTSUPP (unknown command or flag) and ENOMEM; none of them changes anything.

64 bit attributes may be preceded by an attribute `pad`.
"""


def attribute_type(spec, attribute):
    """Type and bounds of an attribute, as a person writes them."""
    kind = attribute["type"]
    if kind == "nest":
        return f"nest of [{attribute['nested-attributes']}](#{attribute['nested-attributes']})"
    check = spec.check(attribute)
    if check.length is not None:
        return f"{check.length} octets"
    if "enum" in attribute:
        return f"{kind}, [{attribute['enum']}](#{attribute['enum']}-values)"
    if check.max is not None:
        return f"{kind}, {check.min} to {check.max}"
    return kind if check.min is None else f"{kind}, at least {check.min}"


def names(values):
    """Attribute names for a table cell."""
    return ", ".join(f"`{name}`" for name in values) or "-"


def request_names(spec, operation):
    """What a command takes, with the attributes of its nest."""
    texts = []
    for name, check in spec.request(operation).items():
        inside = f" ({names(check.nest)})" if check.nest else ""
        texts.append(f"`{name}`{inside}")
    return ", ".join(texts)


def commands(spec):
    """Commands and notifications."""
    rows, events = [], []
    for item in spec.operations:
        if "event" in item:
            events.append([f"`{item['name']}`", f"`{item['mcgrp']}`", names(item["event"]["attributes"]), item["doc"]])
        elif item["name"] not in HIDDEN:
            modes = [mode for mode in ("do", "dump") if mode in item]
            rows.append([f"`{item['name']}`", ", ".join(modes), request_names(spec, item),
                         reply_names(item), item["doc"]])
    return "\n".join(["## Commands\n", table(["command", "mode", "request", "reply", "what it does"], rows),
                      "## Notifications\n", table(["notification", "group", "attributes", "when"], events)])


def reply_names(operation):
    """What a command answers with."""
    for mode in ("do", "dump"):
        if "reply" in operation.get(mode, {}):
            return names(operation[mode]["reply"]["attributes"])
    return "-"


def attribute_sets(spec):
    """One table for each set of attributes."""
    parts = ["## Attributes\n"]
    for item in spec.own_sets():
        rows = [[f"`{attribute['name']}`", attribute_type(spec, attribute), attribute["doc"]]
                for attribute in item["attributes"] if attribute["name"] not in HIDDEN]
        parts += [f"### {item['name']}\n", f"{item['doc']} C names begin with `{c_name(item['name-prefix'])}`.\n",
                  table(["attribute", "type", "meaning"], rows)]
    return "\n".join(parts)


def values(spec):
    """One table for each enumeration, and the constants."""
    parts = ["## Values\n"]
    enums = spec.enums()
    for item in spec.enumerations():
        numbers = enums[c_name(spec.family, "-", item["name"]).lower()]
        rows = [[f"`{entry['name']}`", str(numbers[c_name(spec.family, "-", item["name"], "-", entry["name"])]),
                 entry["doc"]] for entry in item["entries"]]
        parts += [f"### {item['name']} values\n", item["doc"] + "\n", table(["name", "value", "meaning"], rows)]
    rows = [[f"`{item['name']}`", f"`{item['value']}`", item["doc"]]
            for item in spec.yaml["definitions"] if item["type"] == "const"]
    parts += ["### Constants\n", table(["name", "value", "meaning"], rows)]
    return "\n".join(parts)


def page():
    """The whole page."""
    spec = Spec(ROOT)
    return "\n".join([introduction(spec), commands(spec), attribute_sets(spec), values(spec)])


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), PROGRAM))
