#!/usr/bin/env python3
"""Every recording of the shared data that the index names (attack, benign, lab, etl): it imports, nothing is refused, and
it has as many events as the index says.

usage: log_index.py IMPORT_LINES BUILD_DIR SOURCE_DIR [--all]
Without --all the smallest of each format. Prints "N passed, N failed, N skipped".
"""
import json
import pathlib
import subprocess
import sys

from etl_oracle import shared_folder

KINDS = ("attack", "benign", "lab", "etl")


def summary(program, path):
    run = subprocess.run([program, "--summary", "--json", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return json.loads(run.stdout) if run.returncode == 0 else {"error": run.stderr.decode("utf-8", "replace")}


def check(program, data, item):
    got = summary(program, data / item["file"])
    if "error" in got:
        return got["error"]
    if got["events"] != item["events"] or got["damage"]:
        return "%d events and %d damaged places, expected %d and none" % (got["events"], got["damage"], item["events"])
    return None


def sample(items):
    """The smallest of each kind, format and folder."""
    smallest = {}
    for item in items:
        key = (item["kind"], item["fmt"], str(pathlib.PurePath(item["file"]).parts[:2]))
        if key not in smallest or item["zsize"] < smallest[key]["zsize"]:
            smallest[key] = item
    return list(smallest.values())


def main(tool, _build_dir, source_dir, *options):
    data = shared_folder(source_dir) / "data"
    if not data.is_dir():
        print("skipped: no recordings in %s" % data)
        print("0 passed, 0 failed, 1 skipped")
        return 0
    program = pathlib.Path(tool).with_name("vitrine-import")
    items = [json.loads(line) for line in (data / "INDEX.jsonl").read_text().splitlines()]
    items = [item for item in items if item["kind"] in KINDS]
    if "--all" not in options:
        items = sample(items)
    failed = 0
    for item in items:
        problem = check(program, data, item)
        if problem:
            failed += 1
            print("FAILED %s: %s" % (item["uid"], problem))
    print("%d passed, %d failed, 0 skipped" % (len(items) - failed, failed))
    return 1 if failed or not items else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
