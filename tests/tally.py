#!/usr/bin/env python3
"""Adds up what ctest's JUnit files report, down to the single claim, and prints "N passed, N failed, N skipped".

usage: tally.py [--list] JUNIT...     --list: name what failed or was skipped, with the output of what failed
Exit status: 0 when something passed and nothing failed, else 1. A missing or empty file is a failure.

A cmocka program counts by its tests, a runner that closes with "N passed, N failed[, N skipped]" by that line,
any other program as one. A program that ctest calls failed never counts less than one failure.
"""
import re
import sys
import xml.etree.ElementTree as ET

CLOSING = re.compile(r"^(?:\w+: *)?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M)
CMOCKA = {key: re.compile(r"^\[ +%s +\] (?!.*test\(s\))(\S+)" % word, re.M)
          for key, word in (("passed", "OK"), ("failed", "FAILED"), ("skipped", "SKIPPED"))}


def count_output(text):
    """(passed, failed, skipped) by the program's own words, or None when it says nothing countable."""
    names = {key: set(pattern.findall(text)) for key, pattern in CMOCKA.items()}
    if any(names.values()):
        return tuple(len(names[key]) for key in ("passed", "failed", "skipped"))
    closing = CLOSING.findall(text)
    if closing:
        return tuple(int(n or 0) for n in closing[-1])
    return None


def count_case(case):
    """One testcase element -> ((passed, failed, skipped), output)."""
    output = case.findtext("system-out") or ""
    status = case.get("status")
    if status == "disabled" or case.find("skipped") is not None:
        return (0, 0, 1), output
    failed = status != "run" or case.find("failure") is not None or case.find("error") is not None
    counts = count_output(output)
    if counts is None:
        return ((0, 1, 0) if failed else (1, 0, 0)), output
    if failed and counts[1] == 0:
        counts = (counts[0], 1, counts[2])
    return counts, output


def report_case(name, counts, output):
    if counts[1]:
        print("FAILED  %s\n%s" % (name, "\n".join("    " + line for line in output.splitlines()[-60:])))
    for skipped in CMOCKA["skipped"].findall(output):
        print("skipped %s: %s" % (name, skipped))
    if counts[2] and not CMOCKA["skipped"].search(output):
        print("skipped %s: %d" % (name, counts[2]))


def tally(paths, verbose):
    total = [0, 0, 0]
    for path in paths:
        try:
            cases = list(ET.parse(path).getroot().iter("testcase"))
        except (OSError, ET.ParseError) as why:
            print("no test results: %s" % why)
            cases = []
        if not cases:
            total[1] += 1
        for case in cases:
            counts, output = count_case(case)
            total = [a + b for a, b in zip(total, counts)]
            if verbose:
                report_case(case.get("name"), counts, output)
    return total


def main(arguments):
    verbose = "--list" in arguments
    passed, failed, skipped = tally([a for a in arguments if a != "--list"], verbose)
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
