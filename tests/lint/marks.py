#!/usr/bin/env python3
"""Marks of unfinished work, paths of one machine, and tests that cannot fail: none may be committed."""
import os
import re
import sys

import source

# The words are put together here so that this file does not find itself.
UNFINISHED = re.compile(r"\b(%s)\b" % "|".join(
    ("TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK", "not imple" "mented", "unimple" "mented", "place" "holder")))
PERSONAL = re.compile("(?<![\\w.])/(?:home|root)/" "[\\w.-]+")
CANNOT_FAIL = re.compile(r"assert_true\((?:1|true)\)|assert_false\((?:0|false)\)")
MAY_NAME_MARKS = ("docs/adr/", "CHANGELOG")


def here():
    """The folder that this checkout stands in, when it says something about the machine."""
    parent = os.path.dirname(source.ROOT)
    return parent + "/" if parent not in ("/", "/tmp", "/usr/src") else None


def check(path, text, parent=None):
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        where = "%s:%d: " % (path, number)
        if UNFINISHED.search(line) and not path.startswith(MAY_NAME_MARKS):
            found.append(where + "unfinished: " + UNFINISHED.search(line).group(1))
        if PERSONAL.search(line) or (parent and parent in line):
            found.append(where + "a path of one machine")
        if path.startswith("tests/") and CANNOT_FAIL.search(line):
            found.append(where + "a test that cannot fail")
    return found


def main():
    texts = [(p, source.read_text(p)) for p in source.tree_files()]
    found = [f for p, text in texts if text is not None for f in check(p, text, here())]
    return source.finish("marks", found, len(texts))


if __name__ == "__main__":
    sys.exit(main())
