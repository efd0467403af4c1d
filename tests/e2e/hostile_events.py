#!/usr/bin/env python3
"""Events made to hide a match, to take a process's place, or to fill the memory: what policyd says of them.

usage: hostile_events.py BIN_FOLDER
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

BIN = None


def policyd(*arguments):
    return subprocess.run([BIN / "policyd", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=240)


def rule(condition):
    return ("- rule: it\n  desc: d\n  condition: %s\n  output: \"%%evt.type\"\n  priority: WARNING\n  source: windows\n" % condition)


class HostileEventsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def replay(self, condition, events):
        """What replay prints of these events and one rule."""
        (self.path / "rules.yaml").write_text(rule(condition))
        (self.path / "events.jsonl").write_text("".join(json.dumps(e) + "\n" for e in events))
        done = policyd("replay", "--stats", "-r", self.path / "rules.yaml", self.path / "events.jsonl")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def test_padding_hides_no_regex_match_and_the_slow_way_is_told(self):
        text = "a" * 20000 + "\nevil"
        out = self.replay("proc.cmdline regex '((a|aa)*x?)*[bc]|a*$\\n^(e|f)vil'",
                          [{"evt.type": "process_start", "proc.name": "x.exe", "proc.cmdline": text}])
        self.assertIn("Events detected: 1\n", out)
        self.assertRegex(out, r"Bounds of the engine:\n   regex_slow: 1  ")
        self.assertNotIn("regex_gave_up", out)

    def test_a_recording_out_of_order_is_told(self):
        times = [1700000000 + n for n in (0, 60, 10, 20, 70)]
        out = self.replay("evt.type = process_exit", [{"evt.type": "process_exit", "evt.rawtime": n * 10**9} for n in times])
        self.assertIn("Not in order of time: 2 of 5 records more than 2 s behind those before them\n", out)

    def test_a_regex_given_up_is_told(self):
        many = "|".join("a" * n for n in range(1, 25))
        out = self.replay("script.text regex '((%s)*x?)*[bc]'" % many,
                          [{"evt.type": "script_block", "script.text": "a" * 100000}])
        self.assertIn("Events detected: 0\n", out)
        self.assertRegex(out, r"   regex_gave_up: 1  \(regex checks given up at a limit: they counted as no match\)")


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv[1])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    bad = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - bad, bad))
    sys.exit(bad != 0)
