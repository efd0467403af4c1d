"""Small trace files, byte by byte, for tests of vitrine-import from outside and for fuzz seeds: our own bytes, nobody's
recording. Written from the public structures (phnt's ntwmi.h), without the reader's code.

Run as a program it writes the seeds of the fuzz targets etl and xpress: etl_build.py SEEDS_DIR
"""
import pathlib
import struct
import sys
import uuid

BUFFER, HEADER = 512, 72
START, BOOT, FIRST, FREQUENCY = 132000000000000000, 131999990000000000, 5000000, 3000000
PROCESS = uuid.UUID("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c")
VOLUME = uuid.UUID("9b79ee91-b5fd-41c0-a243-4248e266e9d0")
OWN = uuid.UUID("04030201-0605-0807-090a-0b0c0d0e0f10")


def align(data):
    return data + bytes(-len(data) % 8)


def system(kind, group, opcode, ticks, payload=b"", version=2):
    """A record of the SYSTEM family: kind 1-4, 16, 17."""
    body = struct.pack("<Q", ticks) if kind in (16, 17) else struct.pack("<IIQ", 44, 22, ticks)
    if kind in (1, 2):
        body += bytes(8)
    size = 8 + len(body) + len(payload)
    return align(struct.pack("<HHHBB", version, 0xc000 | kind, size, opcode, group) + body + payload)


def full(kind, guid, opcode, ticks, payload=b"", version=3):
    """A record of kind 10, 20 (FULL) or 11, 21 (INSTANCE)."""
    tail = bytes(24) if kind in (11, 21) else b""
    body = struct.pack("<BBHIIQ", opcode, 4, version, 44, 22, ticks) + guid.bytes_le + bytes(8) + tail + payload
    return align(struct.pack("<HH", 4 + len(body), 0xc000 | kind) + body)


def event(kind, ident, ticks, payload=b"", items=(), flags=0x40):
    """A record of kind 18 or 19; items: (type, data)."""
    extended = b""
    for i, (item, data) in enumerate(items):
        size = (8 + len(data) + 7) & ~7
        extended += align(struct.pack("<HHHH", size, item, i + 1 < len(items), len(data)) + data)
    body = struct.pack("<HHIIQ", flags | bool(items), 0, 44, 22, ticks) + OWN.bytes_le
    body += struct.pack("<HBBBBHQ", ident, 1, 0, 5, 6, 9, 0x8000000000000010) + bytes(24) + extended + payload
    return align(struct.pack("<HH", 4 + len(body), 0xc000 | kind) + body)


def buffer(records, flags=0, kind=0, size=None, cpu=0):
    """One buffer; flags 0x40: records are packed as literals."""
    size, fill = size or BUFFER, HEADER + len(records)
    if flags & 0x40:
        records = b"".join(bytes(4) + records[i:i + 32] for i in range(0, len(records), 32))
        size = HEADER + len(records)
    head = struct.pack("<III", size, 0, 0) + bytes(0x28 - 12) + struct.pack("<HHIIHH", cpu, 1, 3, fill, flags, kind)
    return (head + bytes(HEADER - len(head)) + records).ljust(size, b"\xff")


def first_buffer(kind=2, clock=1, written=0, events_lost=0, buffers_lost=0, end=0):
    """The header buffer: one EventTrace/Header record."""
    pointer = 4 if kind == 1 else 8
    payload = struct.pack("<IIIIQIIIIIIII", BUFFER, 0x05000106, 20348, 4, end, 0, 0, 0, written, 1, pointer, events_lost, 2)
    payload += bytes(2 * pointer + 176) + struct.pack("<QQQII", BOOT, FREQUENCY, START, clock, buffers_lost)
    return buffer(system(kind, 0, 0, FIRST, payload + "s\0f\0".encode("utf-16-le")), flags=0x21, kind=4)


def text(value):
    return (value + "\0").encode("utf-16-le")


def every_header():
    """Records of every header kind, and of those a reader leaves out."""
    t = FIRST
    out = [system(k, 3, 1, t + k, b"abcd") for k in (1, 2, 3, 4, 16, 17)]
    out += [full(k, PROCESS, 1, t + k, b"abcd") for k in (10, 11, 20, 21)]
    out += [event(k, 7, t + k, b"abcd") for k in (18, 19)]
    out += [struct.pack("<IIQ", 0x90000010, 0, 0), struct.pack("<IIQ", 0xc00d0010, 0, 0), struct.pack("<IIQ", 0xc0630010, 0, 0)]
    return out


def items_event():
    sid = bytes([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0])
    return event(19, 7, FIRST + 9, b"abcd", [
        (1, bytes(16)), (2, sid), (10, bytes(8)), (11, b"\x05\0\0e\0"), (12, b"\x04\0P\0"), (13, bytes(8)),
        (16, b"5a4c1d2e-0b3f-4c6d-8e9f-001122334455")])


def split(records):
    """Records -> buffers, none too full."""
    out, room = [], b""
    for record in records:
        if len(room) + len(record) > BUFFER - HEADER:
            out.append(buffer(room))
            room = b""
        room += record
    return out + [buffer(room)]


def sample():
    """A small file with something of everything."""
    volume = full(20, VOLUME, 35, FIRST, text("\\Device\\HarddiskVolume3\\") + text("C:\\"))
    return first_buffer() + b"".join(split(every_header() + [items_event(), volume]))


def seeds():
    plain = system(17, 15, 46, FIRST + 3, b"12345678") + system(17, 15, 46, FIRST + 6, b"12345678")
    late = buffer(system(17, 15, 46, FIRST + 300, b"12345678"))
    return {
        "etl/sample": sample(),
        "etl/narrow_cycles": first_buffer(kind=1, clock=3) + buffer(plain),
        "etl/packed": first_buffer() + buffer(plain, flags=0x60) + buffer(plain, flags=0x60),
        "etl/lossy": first_buffer(events_lost=7, buffers_lost=1, end=START + 9, written=4) + buffer(plain, flags=2),
        "etl/unordered": first_buffer() + late + buffer(plain),
        "etl/cut": (first_buffer() + buffer(plain))[:-430],
        "etl/hole": first_buffer() + bytes(BUFFER) + buffer(plain) + bytes(BUFFER),
        "xpress/abc": struct.pack("<H", 300) + bytes.fromhex("ffffff1f61626317000fff2601"),
        "xpress/literals": struct.pack("<H", 26) + bytes.fromhex("3f000000") + b"abcdefghijklmnopqrstuvwxyz",
        "xpress/shared_half_byte": struct.pack("<H", 28) + bytes.fromhex("00000060780700520700"),
        "xpress/wide_length": struct.pack("<H", 65535) + bytes.fromhex("000000407a07000fff000070110100"),
    }


if __name__ == "__main__":
    for name, data in seeds().items():
        pathlib.Path(sys.argv[1], name).write_bytes(data)
