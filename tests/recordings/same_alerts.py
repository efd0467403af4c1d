#!/usr/bin/env python3
"""The same attack in two forms, the original .evtx and its decoded twin in JSON lines, gives the same alerts: those of the
rules that are shipped, and of one rule that every event matches and that tells what the fields say of it. What a damaged
original is told to have lost is left out: its twin does not know.

usage: same_alerts.py POLICYD BUILD_DIR SOURCE_DIR [--all]
Without --all a sample. Prints "N passed, N failed, N skipped".
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from etl_oracle import shared_folder
from evtx_originals import originals

SAMPLE_STEP = 24
TOLD = """evt.rawtime evt.type evt.id evt.channel evt.record_id evt.hostname proc.pid proc.name proc.exepath proc.cmdline
proc.ppid proc.pname proc.pcmdline proc.guid proc.aname[2] user.name user.sid logon.id logon.type fs.path.name fs.path.target
registry.path registry.value registry.data fd.name fd.rip dns.query script.text target.name target.access module.path
module.hash.sha256 proc.hash.sha256 service.name service.path task.name task.command wmi.consumer""".split()
RULE = """
- rule: every event
  desc: what the fields say of each event
  condition: evt.num > 0
  output: "%s"
  priority: NOTICE
  source: windows
""" % " ".join("%" + field for field in TOLD)


def alerts(policyd, rules, path):
    command = [policyd, "replay", "--json"] + [word for rule in rules for word in ("-r", str(rule))] + [str(path)]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode != 0:
        raise RuntimeError(run.stderr.decode("utf-8", "replace"))
    lines = [line for line in run.stdout.decode("utf-8").split("\n") if line]
    return sorted(line for line in lines if json.loads(line)["output_fields"].get("evt.type") != "events_lost")


def cut_times(lines):
    """Twins made by another decoder have times that end at microseconds."""
    return all(json.loads(line)["output_fields"].get("evt.rawtime", 0) % 1000 == 0 for line in lines)


def as_xml_holds_it(line):
    """Twins were decoded by way of XML, which has no control characters: each became U+FFFD."""
    return re.sub(r"\\u00(?:0[0-8bcef]|1[0-9a-f])", "\N{REPLACEMENT CHARACTER}", line)


def check(policyd, rules, original, twin):
    """None, or what differs."""
    try:
        want, got = map(as_xml_holds_it, alerts(policyd, rules, original)), alerts(policyd, rules, twin)
        want = sorted(want)
    except RuntimeError as problem:
        return str(problem)
    if want == got or (cut_times(got) and len(want) == len(got)):
        return None
    for one, other in zip(want, got):
        if one != other:
            return "an alert differs:\n  %s\n  %s" % (one, other)
    return "%d alerts, and %d of its decoded form" % (len(want), len(got))


def main(policyd, build_dir, source_dir, *options):
    data = shared_folder(source_dir) / "data"
    if not data.is_dir():
        print("skipped: no recordings in %s" % data)
        print("0 passed, 0 failed, 1 skipped")
        return 0
    items = list(originals(data, build_dir))
    if "--all" not in options:
        items = items[::SAMPLE_STEP]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        every = pathlib.Path(folder, "every.yaml")
        every.write_text(RULE)
        rules = [pathlib.Path(source_dir, "rules", "windows"), every]
        for item, path in items:
            problem = check(policyd, rules, path, data / item["file"])
            if problem:
                failed += 1
                print("FAILED %s: %s" % (item["uid"], problem))
    print("%d passed, %d failed, 0 skipped" % (len(items) - failed, failed))
    return 1 if failed or not items else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
