#!/usr/bin/env python3
"""Links in Markdown pages: the file stands where the link says, and so does the heading. And every path that a recipe of
CONTRIBUTING.md names is there."""
import os
import re
import sys

import source

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.M)
FENCE = re.compile(r"^```.*?^```", re.M | re.S)


def anchor(heading):
    """A heading's anchor, as GitHub makes it."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def check_link(path, target, exists, read):
    """exists and read take a path from the root; read gives None when there is no such text."""
    name, _, wanted = target.partition("#")
    file = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
    if file.startswith("..") or not exists(file):
        return "%s: link to %s, which is not there" % (path, target)
    if wanted and file.endswith(".md"):
        headings = HEADING.findall(FENCE.sub("", read(file) or ""))
        if wanted not in [anchor(h) for h in headings]:
            return "%s: link to %s, but %s has no such heading" % (path, target, file)
    return None


def check_recipes(path, text, exists):
    named = re.findall(r"`((?:cmake|collector|docs|packaging|policyd|proto|rules|tests)/[\w./-]+)`", text)
    return ["%s: names %s, which is not there" % (path, n) for n in named if not exists(n)]


def check(path, text, exists, read):
    targets = LINK.findall(FENCE.sub("", text))
    found = [check_link(path, t, exists, read) for t in targets if not re.match(r"[a-z]+:", t)]
    recipes = check_recipes(path, text, exists) if path == "CONTRIBUTING.md" else []
    return [f for f in found if f] + recipes


def main():
    paths = [p for p in source.tree_files() if p.endswith(".md")]
    found = []
    for path in paths:
        found += check(path, source.read_text(path), lambda p: os.path.exists(os.path.join(source.ROOT, p)),
                       source.read_text)
    return source.finish("links", found, len(paths))


if __name__ == "__main__":
    sys.exit(main())
