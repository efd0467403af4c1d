#!/usr/bin/env python3
"""Hard limits of size: files 500 lines, functions 60 lines, 5 parameters, 3 levels of nesting. No exemptions."""
import sys

import source

FILE_LINES, FUNCTION_LINES, PARAMETERS, NESTING = 500, 60, 5, 3
MEASURED = (".c", ".h", ".py", ".sh", ".cmake", ".proto", ".js", ".mjs", ".css", ".html")


class Nesting:
    """Deepest control statement of one function body; a chain of else-ifs is one level."""

    def __init__(self, tokens):
        self.tokens = tokens
        self.deepest = 0

    def text(self, i):
        return self.tokens[i][0] if i < len(self.tokens) else ""

    def after_expression(self, i):
        while i < len(self.tokens) and self.text(i) not in (";", "}"):
            i = source.closing(self.tokens, i) + 1 if self.text(i) in source.PAIRS else i + 1
        return i + 1 if self.text(i) == ";" else i

    def after_label(self, i):
        while i < len(self.tokens) and self.text(i) != ":":
            i += 1
        return i + 1

    def block(self, i, depth):
        i += 1
        while i < len(self.tokens) and self.text(i) != "}":
            i = self.statement(i, depth)
        return i + 1

    def branch(self, i, depth):
        """if (...) one [else two], from the if on."""
        i = self.statement(source.closing(self.tokens, i + 1) + 1, depth)
        if self.text(i) != "else":
            return i
        if self.text(i + 1) == "if":
            return self.branch(i + 1, depth)
        return self.statement(i + 1, depth)

    def statement(self, i, depth):
        word = self.text(i)
        if word == "{":
            return self.block(i, depth)
        if word in ("case", "default"):
            return self.after_label(i)
        if word in ("if", "for", "while", "switch", "do"):
            depth += 1
            self.deepest = max(self.deepest, depth)
        if word == "if":
            return self.branch(i, depth)
        if word in ("for", "while", "switch"):
            return self.statement(source.closing(self.tokens, i + 1) + 1, depth)
        if word == "do":
            return self.after_expression(self.statement(i + 1, depth))
        return self.after_expression(i)


def nesting(body):
    walk = Nesting(body)
    walk.block(0, 0)
    return walk.deepest


def check_function(path, f):
    found = []
    for what, value, limit in (("lines", f.last - f.first + 1, FUNCTION_LINES),
                               ("parameters", f.parameters, PARAMETERS), ("levels of nesting", nesting(f.body), NESTING)):
        if value > limit:
            found.append("%s:%d: %s has %d %s, the limit is %d" % (path, f.first, f.name, value, what, limit))
    return found


def check(path, text):
    found = []
    lines = text.count("\n") + (not text.endswith("\n"))
    if lines > FILE_LINES:
        found.append("%s: %d lines, the limit is %d" % (path, lines, FILE_LINES))
    if path.endswith((".c", ".h")):
        for f in source.functions(text):
            found += check_function(path, f)
    return found


def main():
    paths = [p for p in source.tree_files() if p.endswith(MEASURED) or p.endswith("CMakeLists.txt")]
    found = [f for p in paths for f in check(p, source.read_text(p) or "")]
    return source.finish("sizes", found, len(paths))


if __name__ == "__main__":
    sys.exit(main())
