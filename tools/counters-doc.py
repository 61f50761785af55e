#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes Documentation/counters.md from the counter lists of the module and the agent."""
import pathlib
import re
import sys

from abi.page import table, write_or_check

ROOT = pathlib.Path(__file__).resolve().parent.parent
KERNEL = ROOT / "kmod/counter_list.h"
AGENT = ROOT / "agent/core/counter.h"
PAGE = ROOT / "Documentation/counters.md"
PROGRAM = "tools/counters-doc.py"
STRING = r'"((?:[^"\\]|\\.)*)"'

INTRODUCTION = f"""<!-- Written by {PROGRAM}; change the lists in kmod/counter_list.h and agent/core/counter.h. -->
# Counters

Each message that is refused and each packet that is dropped or left alone counts once, under the name of
its reason. `anchor6 stats` shows the names with their values and texts, `anchor6 --json stats` is for scripts.

The names are stable. The module counts from the making of the device, the agent from its start.
"""

KINDS = {
    "TOOK": "Packets that the module took",
    "LEFT": "Packets that the module left to the network stack as they were",
    "DROP": "Packets that the module dropped",
    "EVENT": "Events",
}


def kernel_counters():
    """Name, kind and text of the module's counters."""
    text = KERNEL.read_text(encoding="utf-8")
    return re.findall(rf"^ANCHOR6_COUNTER\((\w+),\s*(\w+),\s*{STRING}\)", text, re.M)


def agent_counters():
    """Name and text of the agent's counters."""
    return re.findall(rf"^    X\((\w+),[\s\\]*{STRING}\)", AGENT.read_text(encoding="utf-8"), re.M)


def counter_table(counters):
    """Names and texts as a table."""
    return table(["counter", "what it counts"], [[f"`{name}`", text] for name, text in counters])


def page():
    """The whole page."""
    parts = [INTRODUCTION, "## The module\n"]
    for kind, heading in KINDS.items():
        counters = [(name, text) for name, each, text in kernel_counters() if each == kind]
        parts += [f"### {heading}\n", counter_table(counters)]
    parts += ["## The agent\n", counter_table(agent_counters())]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), PROGRAM))
