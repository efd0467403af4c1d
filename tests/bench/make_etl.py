#!/usr/bin/env python3
"""A trace file of any size for measuring vitrine-import: four processors, 64 KiB buffers flushed out of order, classic
and manifest records of 24 to 400 bytes. Our own bytes; the payloads mean nothing.

usage: make_etl.py MIB OUT.etl
"""
import pathlib
import random
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import etl_build  # noqa: E402

BUFFER, PROCESSORS, ROUND_BUFFERS = 64 * 1024, 4, 64
STEP = 30    # ticks between events: 10 microseconds
TICKS_AT = {16: 8, 17: 8}    # in the record; 16 in every other kind


def records(dice, ticks):
    """One record of a mix like that of a system trace."""
    kind = dice.random()
    if kind < 0.35:
        return etl_build.system(17, 0x0f, 46, ticks, dice.randbytes(16))
    if kind < 0.55:
        return etl_build.system(2, 0x05, dice.choice((1, 2)), ticks, dice.randbytes(dice.randrange(60, 90)), 3)
    if kind < 0.60:
        return etl_build.system(2, 0x03, dice.choice((1, 2)), ticks, dice.randbytes(dice.randrange(150, 350)), 4)
    items = ((13, dice.randbytes(8)),) if kind < 0.70 else ()
    return etl_build.event(19, dice.randrange(1, 30), ticks, dice.randbytes(dice.randrange(20, 200)), items)


def one_round(dice):
    """Buffers of one round and where their time stamps stand; the processors run at different speeds."""
    rooms = [b""] * PROCESSORS
    buffers, ticks = [], etl_build.FIRST
    while len(buffers) < ROUND_BUFFERS:
        ticks += STEP
        processor = min(int(dice.expovariate(1.0)), PROCESSORS - 1)
        record = records(dice, ticks)
        if len(rooms[processor]) + len(record) > BUFFER - etl_build.HEADER:
            buffers.append((processor, rooms[processor]))
            rooms[processor] = b""
        rooms[processor] += record
    buffers += [(n, room) for n, room in enumerate(rooms) if room]
    return [etl_build.buffer(room, size=BUFFER, cpu=n) for n, room in buffers], ticks - etl_build.FIRST + STEP


def stamp_places(buffer):
    fill, = struct.unpack_from("<I", buffer, 0x30)
    places, at = [], etl_build.HEADER
    while at < fill:
        kind = buffer[at + 2]
        places.append(at + TICKS_AT.get(kind, 16))
        size, = struct.unpack_from("<H", buffer, at + (0 if kind in (10, 18, 19, 20) else 4))
        at += (size + 7) & ~7
    return places


def main(mib, out):
    buffers, span = one_round(random.Random(1))
    places = [stamp_places(b) for b in buffers]
    left, turn = int(mib) << 20, 0
    etl_build.BUFFER = BUFFER
    with open(out, "wb") as f:
        left -= f.write(etl_build.first_buffer())
        while left > 0:
            for buffer, at in zip(buffers, places):
                copy = bytearray(buffer)
                for place in at:
                    struct.pack_into("<Q", copy, place, struct.unpack_from("<Q", copy, place)[0] + turn * span)
                left -= f.write(copy)
            turn += 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
