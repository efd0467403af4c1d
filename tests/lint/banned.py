#!/usr/bin/env python3
"""Calls that may not stand in the code: unbounded writes, parsers that cannot fail, shells, jumps, and in the product
anything that ends the process on input. In the build: looking for what only tests need."""
import re
import sys

import source

EVERYWHERE = {
    "strcpy": "unbounded", "strcat": "unbounded", "strncpy": "leaves text without its NUL", "strncat": "bound is not the size",
    "sprintf": "unbounded", "vsprintf": "unbounded", "gets": "unbounded", "strtok": "hidden state",
    "atoi": "cannot fail", "atol": "cannot fail", "atoll": "cannot fail", "atof": "cannot fail",
    "scanf": "unbounded", "fscanf": "unbounded", "sscanf": "overflows silently", "vscanf": "unbounded",
    "vfscanf": "unbounded", "vsscanf": "overflows silently",
    "system": "runs a shell", "popen": "runs a shell", "alloca": "unbounded stack",
}
PRODUCT = {"setjmp": "hidden control flow", "longjmp": "hidden control flow"}
NOT_MAIN = {"abort": "ends the process", "exit": "ends the process", "_exit": "ends the process",
            "_Exit": "ends the process", "quick_exit": "ends the process", "assert": "ends the process, or is gone in a release"}
CALL = re.compile(r"(?<![\w.>])([A-Za-z_]\w*)\s*\(")


def banned_in(path):
    banned = dict(EVERYWHERE)
    if not path.startswith("tests/"):
        banned.update(PRODUCT)
        if path.rsplit("/", 1)[-1] != "main.c":
            banned.update(NOT_MAIN)
    return banned


def check_cmake(path, text):
    """Building Vitrine needs no Python; agent_python_test looks for it when the test runs."""
    return [path + ": find_package(Python...): use agent_python_test"] if re.search(r"find_package\s*\(Python", text) else []


def check(path, text):
    if not path.endswith((".c", ".h")):
        return check_cmake(path, text)
    banned, found = banned_in(path), []
    for number, line in enumerate(source.code_only(text).split("\n"), 1):
        for name in CALL.findall(line):
            if name in banned:
                found.append("%s:%d: %s() is banned: %s" % (path, number, name, banned[name]))
    return found


def main():
    paths = [p for p in source.tree_files() if p.endswith((".c", ".h", ".cmake", "CMakeLists.txt"))]
    found = [f for p in paths for f in check(p, source.read_text(p) or "")]
    return source.finish("banned", found, len(paths))


if __name__ == "__main__":
    sys.exit(main())
