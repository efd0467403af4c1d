#!/usr/bin/env python3
"""Every recording of the shared data goes through policyd dump: nothing fails, every line is JSON, and the ledger accounts for
every record.

usage: dump_all.py POLICYD BUILD_DIR SOURCE_DIR [--all]
Without --all the smallest of each format. Prints "N passed, N failed, N skipped".
"""
import json
import re
import subprocess
import sys

from etl_oracle import shared_folder
from log_index import KINDS, sample

LEDGER = re.compile(r"^Ledger: (\d+) records in = (\d+) evaluated \+ (\d+) undecodable \+ (\d+) lost$", re.M)
EVALUATED = re.compile(r"^Evaluated: (\d+) against the rules, (\d+) for state only, (\d+) joined", re.M)


def count_lines(stream):
    """(events, of them made by policyd itself); ValueError where a line is no JSON"""
    events = made = 0
    for line in stream:
        events += 1
        made += json.loads(line).get("evt.is_async", False)
    return events, made


def unbalanced(ledger, events, made):
    whole, parts = LEDGER.search(ledger), EVALUATED.search(ledger)
    if not whole or not parts:
        return "no ledger: " + ledger[-300:]
    came, known, undecodable, lost = map(int, whole.groups())
    judged, state_only, joined = map(int, parts.groups())
    if came != known + undecodable + lost or known != judged + state_only + joined or judged != events - made:
        return "the ledger does not balance with %d events: %s" % (events - made, ledger[:300])
    return None


def check(policyd, path):
    """None, or what is wrong."""
    with subprocess.Popen([policyd, "dump", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        try:
            events, made = count_lines(run.stdout)
        except ValueError as problem:
            run.kill()
            return "a line is no JSON: %s" % problem
        ledger = run.stderr.read().decode("utf-8", "replace")
    return "failed: " + ledger[-300:] if run.returncode else unbalanced(ledger, events, made)


def main(policyd, _build_dir, source_dir, *options):
    data = shared_folder(source_dir) / "data"
    if not data.is_dir():
        print("skipped: no recordings in %s" % data)
        print("0 passed, 0 failed, 1 skipped")
        return 0
    items = [json.loads(line) for line in (data / "INDEX.jsonl").read_text().splitlines()]
    items = [item for item in items if item["kind"] in KINDS]
    if "--all" not in options:
        items = sample(items)
    failed = 0
    for item in items:
        problem = check(policyd, data / item["file"])
        if problem:
            failed += 1
            print("FAILED %s: %s" % (item["uid"], problem))
    print("%d passed, %d failed, 0 skipped" % (len(items) - failed, failed))
    return 1 if failed or not items else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
