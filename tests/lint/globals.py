#!/usr/bin/env python3
"""No writable data at file scope: usage: globals.py BUILD_DIR. Looks at the layers' archives, so a table that was meant
to be const and is not shows too. Exceptions: the log sink, which is set once before any thread, and what a signal handler
and the service manager of Windows call back, since they hand over no context."""
import os
import re
import subprocess
import sys

import layers
import source

MAY_WRITE = {"log.c.o", "interrupt_posix.c.o", "interrupt_win.c.o", "service_session_win.c.o"}
MEMBER = re.compile(r"^(\S+\.o):\s+file format", re.M)
SYMBOL = re.compile(r"^[0-9a-f]+ .{7} (\.t?(?:data|bss)(?:\.\S+)?|\*COM\*)\t[0-9a-f]+ +(?:\.hidden )?(\S+)$")


def writable(listing):
    """[(object file, symbol)] of an `objdump -t` listing of an archive; section and sanitizer names apart."""
    found, member = [], ""
    for line in listing.split("\n"):
        header = MEMBER.match(line)
        member = header.group(1) if header else member
        symbol = SYMBOL.match(line)
        if not symbol or symbol.group(1).startswith(".data.rel.ro") or symbol.group(2).startswith((".", "__asan", "__odr")):
            continue
        if member not in MAY_WRITE:
            found.append((member, symbol.group(2)))
    return found


def main(build):
    with open(os.path.join(build, "layers.txt"), encoding="utf-8") as file:
        declared = layers.read_layers(file.read())
    found, looked_at = [], 0
    for layer in declared.values():
        archive = os.path.join(build, layer.folder, "lib%s.a" % layer.name)
        if layer.folder.startswith("tests/") or not layer.sources or layer.kind != "layer":
            continue
        listing = subprocess.run(["objdump", "-t", archive], capture_output=True, text=True, check=True).stdout
        found += ["%s: %s in %s can be written to" % (layer.name, name, member) for member, name in writable(listing)]
        looked_at += 1
    return source.finish("globals", found, looked_at)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
