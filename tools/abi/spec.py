# SPDX-License-Identifier: GPL-2.0-or-later
"""Documentation/netlink/specs/anchor6.yaml."""
import dataclasses
import pathlib

import yaml

PATH = pathlib.Path("Documentation/netlink/specs/anchor6.yaml")


def c_name(*words):
    """The C name of words of the specification."""
    return "".join(words).upper().replace("-", "_")


@dataclasses.dataclass
class Check:
    """What an attribute in a request must be: its type, bounds, and the attributes of a nest."""
    type: str
    min: int | None = None
    max: int | None = None
    length: int | None = None
    nest: dict | None = None


class Spec:
    """The specification with its names resolved."""

    def __init__(self, root):
        with open(pathlib.Path(root) / PATH, encoding="utf-8") as text:
            self.yaml = yaml.safe_load(text)
        self.family = self.yaml["name"]
        self.sets = {item["name"]: item for item in self.yaml["attribute-sets"]}
        self.operations = self.yaml["operations"]["list"]

    def own_sets(self):
        """The attribute sets that are no subset of another."""
        return [item for item in self.sets.values() if "subset-of" not in item]

    def enumerations(self):
        """The enumerations of the definitions."""
        return [item for item in self.yaml["definitions"] if item["type"] == "enum"]

    def constants(self):
        """C name and value of every constant that the header defines."""
        values = {c_name(self.yaml["c-family-name"]): self.family,
                  c_name(self.yaml["c-version-name"]): self.yaml["version"]}
        for item in self.yaml["definitions"]:
            if item["type"] == "const":
                values[c_name(self.family, "-", item["name"])] = item["value"]
        for group in self.yaml["mcast-groups"]["list"]:
            values[c_name(group["c-define-name"])] = group["name"]
        return values

    def enums(self):
        """For each C enum its enumerators with their values, the private ones of its end included."""
        enums = {}
        for item in self.enumerations():
            enums[c_name(self.family, "-", item["name"]).lower()] = numbered(
                c_name(self.family, "-", item["name"], "-"), item["entries"])
        for item in self.own_sets():
            enums[c_name(item["enum-name"]).lower()] = numbered(
                c_name(item["name-prefix"]), item["attributes"])
        operations = self.yaml["operations"]
        enums[c_name(operations["enum-name"]).lower()] = numbered(
            c_name(operations["name-prefix"]), operations["list"])
        return enums

    def attribute(self, set_name, name):
        """An attribute of a set; what a subset says goes over what its set says."""
        attributes = {item["name"]: item for item in self.sets[set_name]["attributes"]}
        base = self.sets[set_name].get("subset-of")
        return (self.attribute(base, name) if base else {}) | attributes[name]

    def check(self, attribute, nest=None):
        """What a request may have in an attribute; `nest` names the set of a nest."""
        checks = attribute.get("checks", {})
        check = Check(attribute["type"], self.number(checks.get("min")), self.number(checks.get("max")),
                      checks.get("exact-len"))
        if attribute["type"] == "nest":
            nest = nest or attribute["nested-attributes"]
            check.nest = {item["name"]: self.check(self.attribute(nest, item["name"]))
                          for item in self.sets[nest]["attributes"]}
        return check

    def number(self, value):
        """A number, or the value of a constant."""
        if not isinstance(value, str):
            return value
        return self.constants()[c_name(self.family, "-", value)]

    def request(self, operation):
        """What a command takes: attribute names and their checks, of its do and its dump together."""
        names = []
        for mode in ("do", "dump"):
            request = operation.get(mode, {}).get("request", {})
            names += [name for name in request.get("attributes", []) if name not in names]
        narrowed = operation["name"] + "-request"
        checks = {}
        for name in names:
            attribute = self.attribute(operation["attribute-set"], name)
            nest = narrowed if attribute["type"] == "nest" else None
            checks[name] = self.check(attribute, nest)
        return checks

    def c_attribute(self, set_name, name):
        """The C name of an attribute."""
        base = self.sets[self.sets[set_name].get("subset-of", set_name)]
        return c_name(base["name-prefix"], name)


def numbered(prefix, entries):
    """C names and values of the entries of an enum, and the two names of its end."""
    values = {}
    next_value = 0
    for entry in entries:
        next_value = entry.get("value", next_value)
        values[prefix + c_name(entry["name"])] = next_value
        next_value += 1
    values["__" + prefix + "MAX"] = next_value
    values[prefix + "MAX"] = next_value - 1
    return values
