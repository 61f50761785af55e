#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Shows that abi-check.py notices: each change of a copy of its inputs must make it fail. TAP."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHECK = ROOT / "tools/abi-check.py"
SPEC = "Documentation/netlink/specs/anchor6.yaml"
HEADER = "uapi/anchor6.h"
POLICIES = "kmod/attribute.c"
COMMANDS = "kmod/netlink.c"
MESSAGES = "kmod/message.c"
COMMAND = "tools/anchor6/attribute.cpp"

# What is changed, in which file, a pattern, and what its first match becomes.
MUTATIONS = [
    ("an attribute removed from the header", HEADER, r"\tANCHOR6_BINDING_A_OWNER,\n", ""),
    ("an attribute added to the header", HEADER, r"(\tANCHOR6_LOOKUP_A_VERDICT,\n)", r"\1\tANCHOR6_LOOKUP_A_NEW,\n"),
    ("two commands of the header swapped", HEADER,
     r"(\tANCHOR6_CMD_BINDING_SET,\n)(\tANCHOR6_CMD_BINDING_DEL,\n)", r"\2\1"),
    ("a constant of the header changed", HEADER, r"(ANCHOR6_LIFETIME_MS_MAX\s+)262140000", r"\g<1>1000"),
    ("a constant added to the header", HEADER, r"(#define ANCHOR6_HOME_PREFIXES_MAX)", r"#define ANCHOR6_NEW_MAX 3\n\1"),
    ("a text removed from the header", HEADER, r" \* @ANCHOR6_BINDING_A_OWNER:[^\n]*\n", ""),
    ("a multicast group renamed in the header", HEADER, r'"events"', '"changes"'),
    ("an attribute removed from the specification", SPEC, r"      -\n        name: cookie\n        type: u64\n        doc:[^\n]*\n", ""),
    ("a text removed from the specification", SPEC, r"        doc: The anchor group; default 0\.\n", ""),
    ("a type changed in the specification", SPEC, r"(name: group\n        type: )u32", r"\1u64"),
    ("a bound changed in the specification", SPEC, r"max: 128", "max: 127"),
    ("a bound removed from the specification", SPEC, r"          min: 1\n          max: lifetime-ms-max\n", "          min: 1\n"),
    ("a command removed from the specification", SPEC, r"    -\n      name: far-end-get\n.*?(?=    -\n      name: lookup)", ""),
    ("a permission removed from the specification", SPEC, r"      flags: \[ uns-admin-perm \]\n", ""),
    ("an attribute added to a request", SPEC, r"(name: lookup-request\n    subset-of: lookup\n    attributes:\n)",
     r"\1      -\n        name: verdict\n"),
    ("a wider nest in a request", SPEC, r"nested-attributes: far-end-remote", "nested-attributes: far-end-request"),
    ("a multicast group removed from the specification", SPEC, r"    -\n      name: events\n      c-define-name: [^\n]*\n", ""),
    ("an attribute removed from a policy", POLICIES, r"\t\[ANCHOR6_BINDING_A_COOKIE\] = [^\n]*\n", ""),
    ("a read-only attribute accepted by a policy", POLICIES,
     r"(\t\[ANCHOR6_DEVICE_A_REPLY_MASK\][^\n]*\n)", r"\1\t[ANCHOR6_DEVICE_A_FAR_ENDS] = { .type = NLA_U32 },\n"),
    ("a type changed in a policy", POLICIES, r"(\[ANCHOR6_LOOKUP_A_MARK\] = \{ \.type = )NLA_U32", r"\1NLA_U16"),
    ("a range widened in a policy", POLICIES, r"NLA_POLICY_RANGE\(NLA_U8, 1, 128\)", "NLA_POLICY_RANGE(NLA_U8, 0, 128)"),
    ("an address of any length in a policy", POLICIES, r"(\[ANCHOR6_LOOKUP_A_ADDRESS\] =\s+)NLA_POLICY_EXACT_LEN\(sizeof\(struct in6_addr\)\)",
     r"\1{ .type = NLA_BINARY }"),
    ("the range of the lifetime changed", POLICIES, r"\.max = ANCHOR6_LIFETIME_MS_MAX", ".max = 5000"),
    ("a command without permission check", COMMANDS, r"GENL_UNS_ADMIN_PERM", "0"),
    ("a command with the policy of another", COMMANDS, r"anchor6_binding_flush_policy", "anchor6_binding_get_policy"),
    ("a command without its dump", COMMANDS, r"\t\t\.dumpit = anchor6_far_end_get_dumpit,\n", ""),
    ("a policy cut short", COMMANDS, r"(ANCHOR6_OP\(LOOKUP, anchor6_lookup_policy, )ANCHOR6_A_LOOKUP", r"\1ANCHOR6_A_IFINDEX"),
    ("a multicast group renamed in the module", MESSAGES, r"\.name = ANCHOR6_MCGRP_EVENTS", ".name = ANCHOR6_MCGRP_BINDINGS"),
    ("an attribute that the command does not read", COMMAND, r" *policies\[ANCHOR6_BINDING_A_UP_BYTES\][^\n]*\n", ""),
    ("a type changed in the command", COMMAND, r"(policies\[ANCHOR6_A_REASON\] = )u8_policy", r"\1u32_policy"),
]


def copy_inputs(folder):
    """What abi-check.py reads, below another root."""
    for name in (SPEC, HEADER, COMMAND):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "kmod", folder / "kmod")


def differs(folder):
    """The check notices, and says so by a failed test rather than by falling over."""
    run = subprocess.run([sys.executable, CHECK, "--root", folder], capture_output=True, text=True, check=False)
    return run.returncode == 1 and "not ok" in run.stdout


def notices(folder, name, pattern, replacement):
    """Makes one change, asks the check, takes the change back."""
    original = (folder / name).read_text(encoding="utf-8")
    mutated, count = re.subn(pattern, replacement, original, count=1, flags=re.S)
    if not count:
        return False
    (folder / name).write_text(mutated, encoding="utf-8")
    noticed = differs(folder)
    (folder / name).write_text(original, encoding="utf-8")
    return noticed


def main():
    """One test for each mutation, and one without."""
    print(f"TAP version 13\n1..{len(MUTATIONS) + 1}")
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        copy_inputs(folder)
        results = [("nothing changed", not differs(folder))]
        results += [(text, notices(folder, *change)) for text, *change in MUTATIONS]
    for number, (text, good) in enumerate(results, 1):
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {text}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
