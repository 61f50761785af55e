# SPDX-License-Identifier: GPL-2.0-or-later
"""The policies and operations in the module's sources."""
import dataclasses
import pathlib
import re

from . import csource
from .spec import Check

ADDRESS_LENGTH = "sizeof(struct in6_addr)"


@dataclasses.dataclass
class Operation:
    """A command as the module registers it."""
    do: bool
    dump: bool
    flags: str
    policy: str
    last_attribute: int


class Module:
    """The family as the module implements it."""

    def __init__(self, root, names):
        """`names` are the constants and enumerators of the header."""
        sources = [csource.expand(csource.without_comments(path.read_text(encoding="utf-8")))
                   for path in sorted(pathlib.Path(root).glob("kmod/*.c"))]
        text = "\n".join(sources)
        self.names = names
        self.ranges = {name: csource.fields(body) for name, body in re.findall(
            r"struct\s+netlink_range_validation\s+(\w+)\s*=\s*(\{.*?\});", text, re.S)}
        self.policies = csource.arrays(text, "nla_policy")
        self.operations = {}
        for body in only(csource.arrays(text, "genl_ops")):
            item = csource.fields(body)
            self.operations[item["cmd"]] = Operation(
                "doit" in item, "dumpit" in item, item["flags"], item["policy"],
                self.number(item["maxattr"]))
        groups = only(csource.arrays(text, "genl_multicast_group"))
        self.groups = [csource.fields(body.partition("=")[2])["name"] for body in groups]

    def policy(self, name):
        """The attributes that a policy takes, by C name, and their checks."""
        checks = {}
        for entry in self.policies[name]:
            attribute, expression = re.fullmatch(r"\[\s*(\w+)\s*\]\s*=\s*(.*)", entry, re.S).groups()
            checks[attribute] = self.check(expression.strip())
        return checks

    def check(self, expression):
        """What one policy entry asks for."""
        if expression.startswith("{"):
            return Check(type_of(csource.fields(expression)["type"]))
        macro, arguments = re.fullmatch(r"NLA_POLICY_(\w+)\s*\((.*)\)", expression, re.S).groups()
        arguments = csource.split(arguments)
        if macro == "NESTED":
            return Check("nest", nest=self.policy(arguments[0]))
        if macro == "EXACT_LEN":
            return Check("binary", length=16 if arguments[0] == ADDRESS_LENGTH else self.number(arguments[0]))
        low, high = self.bounds(macro, arguments[1:])
        return Check(type_of(arguments[0]), low, high)

    def bounds(self, macro, arguments):
        """Minimum and maximum of a policy with a range."""
        if macro == "FULL_RANGE":
            limits = self.ranges[arguments[0].lstrip("&")]
            return self.number(limits["min"]), self.number(limits["max"])
        if macro == "RANGE":
            return self.number(arguments[0]), self.number(arguments[1])
        if macro == "MIN":
            return self.number(arguments[0]), None
        if macro == "MAX":
            return None, self.number(arguments[0])
        raise ValueError(f"cannot read the policy NLA_POLICY_{macro}")

    def number(self, expression):
        """The value of an expression with names of the header."""
        return csource.number(expression, self.names)


def type_of(name):
    """NLA_U32 as the specification names it."""
    return name.removeprefix("NLA_").lower()


def only(found):
    """The one value of a dictionary."""
    (value,) = found.values()
    return value
