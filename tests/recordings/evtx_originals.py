#!/usr/bin/env python3
"""Every original .evtx of the shared data: as many records as evtxexport gives, and as many as the index says where evtxexport
stops at a record it cannot decode; and the same records as its decoded twin in JSON lines gives.

usage: evtx_originals.py IMPORT_LINES BUILD_DIR SOURCE_DIR [--all]
Without --all a sample. The archives are unpacked once, into BUILD_DIR. Prints "N passed, N failed, N skipped".
"""
import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys

from etl_oracle import shared_folder

SAMPLE_STEP = 24
CONTROLS = re.compile("[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f]")


def unpacked(data, build_dir):
    """folder of the archives' contents, by archive name"""
    folders = {}
    for archive in sorted(data.glob("*/evtx_originals/*.tar.zst")):
        name = str(archive.relative_to(data))
        folder = pathlib.Path(build_dir, "recordings", "evtx", name.replace("/", "_"))
        done = folder.with_suffix(".unpacked")
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            subprocess.run(["tar", "--zstd", "-xf", str(archive), "-C", str(folder)], check=True)
            done.touch()
        folders[name] = folder
    return folders


def originals(data, build_dir):
    """(index item, path of its .evtx)"""
    folders = unpacked(data, build_dir)
    for line in (data / "INDEX.jsonl").read_text().splitlines():
        item = json.loads(line)
        if item.get("original_in"):
            yield item, folders[item["original_in"]] / item["path"]


def exported_count(path):
    run = subprocess.run(["evtxexport", "-f", "xml", str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return run.stdout.count(b"<Event "), run.returncode == 0


def imported(tool, path):
    """(records, undecoded, damaged places)"""
    run = subprocess.run([tool, str(path)], check=True, stdout=subprocess.PIPE)
    lines = run.stdout.decode("utf-8").split("\n")
    end = [line for line in lines if line.startswith("end\t")][0].split("\t")
    records = [json.loads(line[len("named\t"):]) for line in lines if line.startswith("named\t")]
    assert len(records) == int(end[1])
    return records, int(end[4]), sum(line.startswith("damage\t") for line in lines)


def comparable(record):
    """What both forms say. The twin has U+FFFD for control characters, no attributes, and repeated names side by side: so
    values are compared as a set, and the original may have more."""
    values = {(name, CONTROLS.sub("\ufffd", value)) for name, value in record.pop("values")}
    return record, values


def differs(original, twin):
    want, want_values = comparable(twin)
    got, got_values = comparable(original)
    return want != got or want_values - got_values


def check_twin(tool, data, item, records):
    """None, or what differs. Twins made by another decoder, whose times end at microseconds, are left out."""
    twins = imported(tool, data / item["file"])[0]
    if any(twin["time"] % 10 == 0 for twin in twins) and all(twin["time"] % 10 == 0 for twin in twins):
        return None
    by_key = collections.defaultdict(list)
    for record in records:
        by_key[record["record"], record["time"]].append(record)
    for twin in twins:
        found = by_key[twin["record"], twin["time"]]
        if not found or differs(found.pop(0), twin):
            return "record %d is not as in the decoded form" % twin["record"]
    return None


def check(tool, data, item, path):
    want, whole = exported_count(path)
    records, undecoded, damaged = imported(tool, path)
    if not whole:
        want = item["events"]
    if len(records) != want or undecoded != item.get("undecoded", 0) or damaged < undecoded:
        return "%d records and %d undecoded in %d places, expected %d and %d" % (len(records), undecoded, damaged, want,
                                                                               item.get("undecoded", 0))
    return check_twin(tool, data, item, records)


def main(tool, build_dir, source_dir, *options):
    data = shared_folder(source_dir) / "data"
    if not data.is_dir() or not shutil.which("evtxexport"):
        print("skipped: no recordings in %s, or no evtxexport" % data)
        print("0 passed, 0 failed, 1 skipped")
        return 0
    items = list(originals(data, build_dir))
    if "--all" not in options:
        items = items[::SAMPLE_STEP]
    failed = 0
    for item, path in items:
        problem = check(tool, data, item, path)
        if problem:
            failed += 1
            print("FAILED %s: %s" % (item["uid"], problem))
    print("%d passed, %d failed, 0 skipped" % (len(items) - failed, failed))
    return 1 if failed or not items else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
