#!/usr/bin/env python3
"""Every recording in etl/ of the shared data against its oracle, event by event: identity, header fields, time, processor,
payload (length and CRC-32), extended items, order; then `vitrine-import --summary --json` against the same counts.

usage: etl_oracle.py IMPORT_LINES VITRINE_IMPORT SOURCE_DIR
Prints one line for each recording and "N passed, N failed, N skipped".
"""
import collections
import json
import os
import pathlib
import subprocess
import sys

UNKNOWN = "4294967295"
# The names headers.tsv uses for kernel groups, and the class each stands for.
GROUPS = {
    "EventTrace": "68fdd900-4a3e-11d1-84f4-0000f80464e3",
    "DiskIo": "3d6fa8d4-fe05-11d0-9dda-00c04fd7ba7c",
    "PageFault": "3d6fa8d3-fe05-11d0-9dda-00c04fd7ba7c",
    "Process": "3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c",
    "FileIo": "90cbdc39-4a3e-11d1-84f4-0000f80464e3",
    "Thread": "3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c",
    "TcpIp": "9a280ac0-c8e0-11d1-84e2-00c04fb998a2",
    "UdpIp": "bf3a50c5-a9c9-4988-a005-2df0b7c80f80",
    "SystemConfig": "01853a65-418f-4f36-aefc-dc0f1d2fd235",
    "PerfInfo": "ce1dbfb4-137e-4da6-87b0-3f59aa102cbc",
    "Image": "2cb15d1d-5fc1-11d2-abe1-00a0c911f518",
    "StackWalk": "def2fe46-7bd6-4b80-bd94-f57fe20d0ce3",
}
EVENT_HEADERS = ("18", "19")
NARROW_HEADERS = ("1", "3", "10", "11", "16", "18")
KEPT_ITEMS = {11: "schema", 12: "name"}


def decompress(path):
    return subprocess.run(["zstd", "-dc", str(path)], check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")


def expected_records(path):
    """headers.tsv -> (Counter of records as import_lines prints them, extended items it does not keep)."""
    records, skipped = collections.Counter(), 0
    for line in decompress(path).splitlines()[1:]:
        (_, _, _, cpu, kind, guid, ident, opcode, version, level, task, keywords, pid, tid, _, filetime, length, crc,
         extended) = line.split("\t")
        if guid.startswith("group:"):
            guid = GROUPS[guid[len("group:"):]]
        items = [tuple(int(n) for n in item.split(":")) for item in extended.split(",")] if extended else []
        skipped += sum(1 for item in items if item[0] not in KEPT_ITEMS)
        schema = sum(length for item, length in items if item == 11)
        named = any(item == 12 for item, _ in items)
        records[(guid, ident or "0", opcode, version, level or "0", task or "0", str(int(keywords or "0", 16)),
                 pid or UNKNOWN, tid or UNKNOWN, filetime, length, crc, cpu, str(int(kind not in EVENT_HEADERS)),
                 str(schema), named)] += 1
    return records, skipped


def imported_records(tool, path):
    records, times, other, narrow = collections.Counter(), [], [], 0
    lines = subprocess.run([tool, str(path)], check=True, stdout=subprocess.PIPE).stdout.decode("utf-8").splitlines()
    for line in lines:
        kind, *values = line.split("\t")
        if kind != "record":
            other.append((kind, values))
            continue
        records[tuple(values[:14]) + (values[15], values[16] != "")] += 1
        narrow += values[14] == "4"
        times.append(int(values[9]))
    return records, times, other, narrow


def expected_narrow(path):
    return sum(line.split("\t")[4] in NARROW_HEADERS for line in decompress(path).splitlines()[1:])


def check_records(tool, folder, name):
    headers = folder / (name + ".headers.tsv.zst")
    want, items = expected_records(headers)
    got, times, other, narrow = imported_records(tool, folder / (name + ".etl.zst"))
    problems = []
    if want != got:
        problems.append("missing %s, unexpected %s" % (list((want - got).items())[:3], list((got - want).items())[:3]))
    if times != sorted(times):
        problems.append("times go backward")
    end = [values for kind, values in other if kind == "end"]
    if end != [[str(sum(want.values())), "0", str(items), "0", "0"]]:
        problems.append("counters %s, expected %d records, 0 late, %d items" % (end, sum(want.values()), items))
    if any(kind == "damage" for kind, _ in other):
        problems.append("damage reported in a whole file")
    if narrow != expected_narrow(headers):
        problems.append("%d records with 4-byte pointers, expected %d" % (narrow, expected_narrow(headers)))
    problems += check_hello(folder, name, other)
    return problems, want


def check_hello(folder, name, tool_output):
    header = json.loads((folder / (name + ".inventory.json")).read_text())["header"]
    lost = sum(int(values[1]) + int(values[2]) for kind, values in tool_output if kind == "loss")
    hello = [values for kind, values in tool_output if kind == "hello"]
    problems = []
    if lost != header["EventsLost"] + header["BuffersLost"]:
        problems.append("lost %d" % lost)
    if [h[0] for h in hello] != [str(header["ProviderVersion"])] or hello[0][2] != str(header["PointerSize"]):
        problems.append("hello %s" % hello)
    return problems


def check_summary(program, folder, name, want):
    run = subprocess.run([program, "--summary", "--json", str(folder / (name + ".etl.zst"))], check=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    summary = json.loads(run.stdout)
    counts = {(c["provider"], c["id"], c["opcode"], c["version"]): c["count"] for c in summary["counts"]}
    expected = collections.Counter()
    for record, count in want.items():
        ident = None if record[13] == "1" else int(record[1])
        expected[(record[0], ident, int(record[2]), int(record[3]))] += count
    if counts != dict(expected) or summary["events"] != sum(want.values()) or summary["damage"] != 0:
        return ["summary differs"]
    return []


def shared_folder(source_dir):
    return pathlib.Path(os.environ.get("VITRINE_SHARED") or pathlib.Path(source_dir).parent / "shared")


def main(tool, program, source_dir):
    folder = shared_folder(source_dir) / "data" / "etl"
    if not folder.is_dir():
        print("skipped: no recordings in %s" % folder)
        print("0 passed, 0 failed, 1 skipped")
        return 0
    failed = 0
    names = sorted(path.name[:-len(".etl.zst")] for path in folder.glob("*.etl.zst"))
    for name in names:
        problems, want = check_records(tool, folder, name)
        problems += check_summary(program, folder, name, want)
        failed += bool(problems)
        print("%-6s %s: %d records %s" % ("FAILED" if problems else "ok", name, sum(want.values()), "; ".join(problems)))
    print("%d passed, %d failed, 0 skipped" % (len(names) - failed, failed))
    return 1 if failed or not names else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
