# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be read from C by its text: defines, enums, expressions and initialisers."""
import ast
import re


def without_comments(text):
    """The text without its comments."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)


def defines(text):
    """The object-like macros whose value is a number or a string."""
    values = {}
    for name, value in re.findall(r"^#define[ \t]+(\w+)[ \t]+(\"[^\"]*\"|\d+)[ \t]*$", text, re.M):
        values[name] = ast.literal_eval(value)
    return values


def enums(text):
    """The named enums: for each its enumerators and their values."""
    found = {}
    for name, body in re.findall(r"\benum\s+(\w+)\s*\{(.*?)\}", text, re.S):
        values = {}
        following = 0
        for item in filter(None, map(str.strip, body.split(","))):
            enumerator, _, expression = map(str.strip, item.partition("="))
            following = number(expression, values) if expression else following
            values[enumerator] = following
            following += 1
        found[name] = values
    return found


def number(expression, names):
    """The value of a sum of numbers and names."""
    def value(node):
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return names[node.id]
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            sign = 1 if isinstance(node.op, ast.Add) else -1
            return value(node.left) + sign * value(node.right)
        raise ValueError(f"cannot read the expression {expression!r}")
    return value(ast.parse(expression.strip(), mode="eval").body)


def split(text):
    """The parts between commas, where brackets of any kind keep together."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def expand(text):
    """The text with the macros that it defines itself replaced by their bodies."""
    pattern = re.compile(r"^#define[ \t]+(\w+)(\([\w, ]*\))?((?:[^\n]*\\\n)*[^\n]*)\n", re.M)
    macros = {}
    for name, parameters, body in pattern.findall(text):
        names = split(parameters[1:-1]) if parameters else None
        macros[name] = (names, body.replace("\\\n", " ").strip())
    text = pattern.sub("", text)
    for name, (names, body) in macros.items():
        text = replace_macro(text, name, names, body)
    return text


def replace_macro(text, name, parameters, body):
    """The text with one macro replaced wherever it is used."""
    if parameters is None:
        return re.sub(rf"\b{name}\b", lambda _: body, text)

    def replacement(match):
        result = body
        for parameter, argument in zip(parameters, split(match[1])):
            result = re.sub(rf"\b{parameter}\b", lambda _, new=argument: new, result)
        return re.sub(r"\s*##\s*", "", result)
    return re.sub(rf"\b{name}\(([^()]*)\)", replacement, text)


def arrays(text, type_pattern):
    """Name and elements of the initialised arrays of a type."""
    pattern = rf"\bconst\s+struct\s+{type_pattern}\s+(\w+)\s*\[[^\]]*\]\s*=\s*\{{(.*?)\n\}};"
    return {name: split(body) for name, body in re.findall(pattern, text, re.S)}


def fields(initialiser):
    """The designated fields of a structure's initialiser, as text."""
    body = initialiser.strip()
    body = body[1:-1] if body.startswith("{") else body
    pairs = (part.partition("=") for part in split(body))
    return {name.strip().lstrip("."): value.strip() for name, _, value in pairs}
