#!/usr/bin/env python3
"""Writes a stream (.vst) that fills every table of state on many machines: what a hostile stream can make policyd hold.

usage: make_flood.py MACHINES PROCESSES_OF_EACH FILE

The same arguments give the same bytes. Layouts: docs/events; frames and records: docs/protocol.md.
"""
import random
import struct
import sys
import uuid

KERNEL_PROCESS, CLASSIC_PROCESS, KERNEL_FILE, KERNEL_REGISTRY = range(1, 5)
GUIDS = ["22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716", "3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c",
         "edd08927-9cc4-4e65-b970-c2560fb5c289", "70eb4f03-c1de-4f73-a051-33d13d5413bd"]
CLASSIC, HAS_CONTAINER = 1, 8
FRAME_BYTES = 500000


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def number(field, n):
    return varint(field << 3) + varint(n) if n else b""


def fixed(field, n):
    return varint(field << 3 | 1) + struct.pack("<Q", n)


def text(field, b):
    return varint(field << 3 | 2) + varint(len(b)) + b


def wide(s):
    return s.encode("utf-16-le") + b"\0\0"


def frame(kind, body):
    return struct.pack("<IBBH", len(body), kind, 0, 0) + body


def record(provider, time, machine, payload, **more):
    flags = more.get("flags", 0) | (HAS_CONTAINER if "container" in more else 0)
    body = (number(1, 0) + number(2, flags) + fixed(3, time) + number(4, provider) + number(5, more.get("id", 0)) +
            number(6, more.get("version", 0)) + number(7, more.get("opcode", 0)) + number(9, 8) + number(10, 4) +
            number(11, 8) + text(14, payload))
    if "container" in more:
        body += text(15, more["container"])
    return text(5, body + number(22, machine + 1))


def records_of(machine, i, time, dice):
    pid = 4 * i + 8
    line = "c%d-%d-%s" % (machine, pid, "x" * dice.choice((10, 100, 400, 8000)))
    start = struct.pack("<QIIIiQII", 0xffffa00012340000, pid, 4, 1, 259, 0, 0, 0) + b"p%d\0" % pid + wide(line) + wide("") + wide("")
    more = {"container": uuid.UUID(int=(machine << 64) + pid + 1).bytes_le} if i % 64 == 0 else {}
    name = "\\d%d-%d-%s" % (machine, i, "y" * dice.choice((5, 300)))
    key = "\\REGISTRY\\MACHINE\\%d-%d" % (machine, i)
    yield record(CLASSIC_PROCESS, time, machine, start, flags=CLASSIC, version=4, opcode=3 if i % 2 else 1, **more)
    yield record(KERNEL_FILE, time, machine, struct.pack("<QQIIII", 1, 16 * (i + 1), 8, 0, 0, 0) + wide(name), id=12, version=1)
    yield record(KERNEL_REGISTRY, time, machine, struct.pack("<QQII", 0, 16 * (i + 1), 0, 1) + wide("") + wide(key), id=1)
    yield record(KERNEL_PROCESS, time, machine, struct.pack("<II", pid, 4 * i + 1) + bytes(64), id=3, version=1)


def main(machines, processes, path):
    dice, time, first = random.Random(1), 132000000000000000, 1
    hello = number(1, 1) + text(2, b"h") + text(3, b"m") + number(5, 20348) + fixed(6, 1) + number(9, 8)
    hello += b"".join(text(11, text(1, uuid.UUID(g).bytes_le)) for g in GUIDS)
    with open(path, "wb") as out:
        out.write(b"VTRINE\0\1" + frame(1, hello))
        out.write(frame(2, number(1, 1) + b"".join(text(4, b"machine%d" % m) for m in range(machines))))
        body, count = bytearray(), 0
        for i in range(processes):
            for machine in range(machines):
                time += 100
                for r in records_of(machine, i, time, dice):
                    body += r
                    count += 1
                if len(body) > FRAME_BYTES:
                    out.write(frame(2, number(1, first) + bytes(body)))
                    first, count, body = first + count, 0, bytearray()
        if count:
            out.write(frame(2, number(1, first) + bytes(body)))
        out.write(frame(6, number(1, first + count - 1)))


if len(sys.argv) != 4:
    sys.exit(__doc__)
main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
