"""An empty registry hive: a root key, nothing in it. Windows Server 2025 takes no layer whose hives are not valid ones.

Source of the layout: the public descriptions of regf (libregf, "Windows NT Registry File (REGF) format"; msuhanov/regf).
"""
import struct

BLOCK = 4096
NO_CELL = 0xFFFFFFFF
# Owner and group SYSTEM; SYSTEM and administrators: everything. A self-relative descriptor, [MS-DTYP] 2.4.6.
SYSTEM = bytes([1, 1, 0, 0, 0, 0, 0, 5]) + struct.pack("<I", 18)
ADMINISTRATORS = bytes([1, 2, 0, 0, 0, 0, 0, 5]) + struct.pack("<II", 32, 544)
KEY_ALL_ACCESS = 0xF003F
CONTAINER_INHERIT = 2


def descriptor():
    entries = b"".join(struct.pack("<BBHI", 0, CONTAINER_INHERIT, 8 + len(sid), KEY_ALL_ACCESS) + sid for sid in (SYSTEM, ADMINISTRATORS))
    acl = struct.pack("<BBHHH", 2, 0, 8 + len(entries), 2, 0) + entries
    owner = 20
    group = owner + len(SYSTEM)
    dacl = group + len(SYSTEM)
    return struct.pack("<BBHIIII", 1, 0, 0x8004, owner, group, 0, dacl) + SYSTEM + SYSTEM + acl


def cell(body):
    """An allocated cell: its size is negative, and a multiple of eight."""
    size = (4 + len(body) + 7) // 8 * 8
    return struct.pack("<i", -size) + body.ljust(size - 4, b"\0")


def root_key(security_at, name=b"ROOT"):
    flags = 0x04 | 0x08 | 0x20                     # root of a hive, not to be deleted, its name in one byte a character
    return cell(b"nk" + struct.pack("<HQIIIIIIIIIIIIIIIHH", flags, 0, 0, NO_CELL, 0, 0, NO_CELL, NO_CELL, 0, NO_CELL, security_at, NO_CELL,
                                    0, 0, 0, 0, 0, len(name), 0) + name)


def security_key(at):
    body = descriptor()
    return cell(b"sk" + struct.pack("<HIIII", 0, at, at, 1, len(body)) + body)


def hive():
    """The bytes of a hive file; cells count from the first bin, which begins after the base block."""
    root_at = 32
    security_at = root_at + len(root_key(0))
    cells = root_key(security_at) + security_key(security_at)
    free = BLOCK - 32 - len(cells)
    bins = b"hbin" + struct.pack("<IIIIQI", 0, BLOCK, 0, 0, 0, 0) + cells + struct.pack("<i", free) + bytes(free - 4)
    head = b"regf" + struct.pack("<IIQIIIIIII", 1, 1, 0, 1, 5, 0, 1, root_at, BLOCK, 1)
    head = head.ljust(508, b"\0")
    check = 0
    for word, in struct.iter_unpack("<I", head):
        check ^= word
    check = {0: 1, 0xFFFFFFFF: 0xFFFFFFFE}.get(check, check)
    return (head + struct.pack("<I", check)).ljust(BLOCK, b"\0") + bins
