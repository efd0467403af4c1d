#!/usr/bin/env python3
"""Log records and their events: hand-checked records field by field, and how many records of each event id have a type.

usage: named_records.py POLICYD BUILD_DIR SOURCE_DIR [--all]
Expected values stand in named_records.txt; letter case does not count in names and paths of Windows. The types of all records are counted in the files of that list; with --all in
every original .evtx. Prints "N passed, N failed, N skipped".
"""
import collections
import json
import pathlib
import subprocess
import sys

from etl_oracle import shared_folder
from evtx_originals import originals, unpacked

SYSMON, SECURITY = "Microsoft-Windows-Sysmon", "Microsoft-Windows-Security-Auditing"
# Every event id that has a type of its own. 4656 and 4663 have one for files, keys and processes only.
TYPED = {
    SYSMON: {1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 26, 29},
    SECURITY: {4624, 4625, 4657, 4688, 4689, 4697, 4698, 4702, 5156},
    "Microsoft-Windows-Eventlog": {104, 1102},
    "Service Control Manager": {7036, 7040, 7045},
    "Microsoft-Windows-TaskScheduler": {106, 140, 200},
    "Microsoft-Windows-WMI-Activity": {5857, 5858, 5859, 5860, 5861},
    "Microsoft-Windows-PowerShell": {4104},
}
# A process keeps the spelling of the record that told of it first.
WINDOWS_NAMES = ("path", "proc.name", "proc.pname")
OBJECTS = {(SECURITY, 4656), (SECURITY, 4663)}
OBJECT_TYPES = {"File", "Key", "Process"}


def expectations(path):
    """(archive, file, record id, provider, event id) -> {field: text}"""
    wanted, fields = {}, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            archive, name, number, provider, event = line[2:].split(" | ")
            fields = wanted.setdefault((archive, name, int(number), provider, int(event)), {})
        elif line and not line.startswith("#"):
            field, value = line.split(":", 1)
            fields[field] = value[1:]
    return wanted


def dump(policyd, path, fields):
    command = [policyd, "dump", "--fields", ",".join(fields), str(path)]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for line in run.stdout.splitlines():
        yield json.loads(line)


def as_text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def same(field, got, wanted):
    if field.endswith(WINDOWS_NAMES):
        return got.lower() == wanted.lower()
    return got == wanted


def check_values(policyd, folders, wanted):
    files = collections.defaultdict(dict)
    for (archive, name, number, provider, event), fields in wanted.items():
        files[archive, name][number, provider, event] = fields
    problems, checked = [], 0
    for (archive, name), records in files.items():
        names = sorted({field for fields in records.values() for field in fields})
        seen = set()
        for got in dump(policyd, folders[archive] / name, ["evt.id", "evt.record_id", "etw.provider"] + names):
            key = (got.get("evt.record_id"), got.get("etw.provider"), got.get("evt.id"))
            if key not in records or key in seen:
                continue
            seen.add(key)
            checked += 1
            for field, value in records[key].items():
                if not same(field, as_text(got.get(field, "")), value):
                    problems.append("%s %s: %s is '%s', not '%s'" % (name, key, field, got.get(field), value))
        problems.extend("%s has no record %s" % (name, key) for key in records.keys() - seen)
    return checked, problems


def must_have_type(provider, event, got):
    if (provider, event) in OBJECTS:
        return got.get("evt.data[ObjectType]") in OBJECT_TYPES
    return event in TYPED.get(provider, ())


def count_types(policyd, paths):
    total, typed, missing = collections.Counter(), collections.Counter(), collections.Counter()
    for path in paths:
        for got in dump(policyd, path, ["evt.id", "etw.provider", "evt.type", "evt.data[ObjectType]"]):
            key = (got.get("etw.provider", ""), got["evt.id"])
            total[key] += 1
            if got["evt.type"] != "log":
                typed[key] += 1
            elif must_have_type(*key, got):
                missing[key] += 1
    return total, typed, missing


def main(policyd, build_dir, source_dir, *options):
    data = shared_folder(source_dir) / "data"
    if not data.is_dir():
        print("skipped: no recordings in %s" % data)
        print("0 passed, 0 failed, 1 skipped")
        return 0
    wanted = expectations(pathlib.Path(__file__).with_name("named_records.txt"))
    folders = unpacked(data, build_dir)
    checked, problems = check_values(policyd, folders, wanted)
    paths = {folders[archive] / name for archive, name, *_ in wanted}
    if "--all" in options:
        paths |= {path for _, path in originals(data, build_dir)}
    total, typed, missing = count_types(policyd, sorted(paths))
    for key in sorted(total):
        if typed[key]:
            print("%6.2f %% of %6d records have a type: %s %d" % (100.0 * typed[key] / total[key], total[key], *key))
    problems.extend("%s %d: %d records without a type" % (*key, n) for key, n in missing.items())
    for problem in problems:
        print("FAILED %s" % problem)
    print("%d records in %d ids, of them %d ids with a type; %d records checked field by field" %
          (sum(total.values()), len(total), len(typed), checked))
    print("%d passed, %d failed, 0 skipped" % (checked + len(total) - len(problems), len(problems)))
    return 1 if problems or not checked else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
