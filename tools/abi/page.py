# SPDX-License-Identifier: GPL-2.0-or-later
"""Pages of Documentation/ that a program writes."""
import argparse
import sys


def table(headings, rows):
    """A table in Markdown."""
    lines = ["| " + " | ".join(cells) + " |" for cells in [headings, ["---"] * len(headings)] + rows]
    return "\n".join(lines) + "\n"


def write_or_check(path, text, program):
    """Writes the page, or with --check only says whether it is what would be written."""
    parser = argparse.ArgumentParser(description=f"Writes {path.name}.")
    parser.add_argument("--check", action="store_true", help="fail when the page is out of date")
    if not parser.parse_args().check:
        path.write_text(text, encoding="utf-8")
        return 0
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    print(f"{path} is out of date: run {program}", file=sys.stderr)
    return 1
