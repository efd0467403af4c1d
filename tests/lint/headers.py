#!/usr/bin/env python3
"""Every header compiles by itself. usage: headers.py BUILD_DIR COMPILER"""
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import source

FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-D_GNU_SOURCE", "-fsyntax-only"]


def check(header_text, compiler, include_folders):
    """What the compiler says against a text that includes nothing but what it must; "" when nothing."""
    done = subprocess.run([compiler, *FLAGS, *("-I" + f for f in include_folders), "-x", "c", "-"],
                          input=header_text, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def main(build, compiler):
    folders = [source.ROOT, build + "/generated"]
    headers = [p for p in source.tree_files() if p.endswith(".h") and not p.endswith("_win.h")]
    with ThreadPoolExecutor(2) as pool:
        said = pool.map(lambda h: check('#include "%s"\n' % h, compiler, folders), headers)
    return source.finish("headers", ["%s does not compile by itself:\n%s" % (h, s) for h, s in zip(headers, said) if s],
                         len(headers))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
