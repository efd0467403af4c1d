#!/usr/bin/env python3
"""File names are unique in the whole tree, so that a name says which file. Fixtures, where the folder is the name, apart."""
import sys

import source

MAY_REPEAT = {"run", "build.sh", "README.md", "CMakeLists.txt", "main.c", ".gitignore"}
FIXTURES = ("tests/fuzz/seeds/", "tests/golden/", "tests/scenario/")


def check(paths):
    seen, found = {}, []
    for path in paths:
        name = path.rsplit("/", 1)[-1]
        if name in MAY_REPEAT or path.startswith(FIXTURES):
            continue
        if name.lower() in seen:
            found.append("%s: %s has the same file name" % (path, seen[name.lower()]))
        seen.setdefault(name.lower(), path)
    return found


def main():
    paths = source.tree_files()
    return source.finish("names", check(paths), len(paths))


if __name__ == "__main__":
    sys.exit(main())
