#!/usr/bin/env python3
"""The Windows programs under Wine: they do what the native ones do, and the daemon lives on named pipes.

usage: windows_programs.py DIST_FOLDER TEST_PROGRAMS_FOLDER NATIVE_FOLDER
"""
import json
import os
import pathlib
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import wine_prefix
from wine_prefix import windows_path

DIST = TESTS = NATIVE = PREFIX = None
SOURCE = wine_prefix.SOURCE
SCENARIO = SOURCE / "tests/scenario/webshell/webshell.vst"
RULES = SOURCE / "rules/windows"
SHARED = pathlib.Path(os.environ.get("VITRINE_SHARED", SOURCE.parent / "shared")) / "data"
MAX_RECORDINGS, MAX_BYTES = 12, 3 << 20


def native(program, *arguments):
    return subprocess.run([NATIVE / program, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, check=False)


def evenly(paths, count):
    step = max(1, len(paths) // count)
    return paths[::step][:count]


class ReplayTest(unittest.TestCase):
    def same_alerts(self, recording):
        for options in ([], ["--json"]):
            arguments = ["replay", "-r", RULES, *options, recording]
            wanted = native("policyd", *arguments)
            status, out, err = PREFIX.run(DIST / "policyd.exe", *arguments)
            self.assertEqual(wanted.returncode, 0, wanted.stderr)
            self.assertEqual(status, 0, err)
            self.assertTrue(out == wanted.stdout, "%s %s: other alerts than natively" % (recording, options))
        return len(wanted.stdout.splitlines())

    def test_the_shipped_scenario_gives_the_same_bytes(self):
        self.assertGreater(self.same_alerts(SCENARIO), 0)

    def test_real_recordings_give_the_same_bytes(self):
        found = sorted(p for p in SHARED.rglob("*") if p.is_file() and 0 < p.stat().st_size < MAX_BYTES
                       and p.name.endswith((".json", ".jsonl", ".etl", ".zst", ".gz")) and p.name != "INDEX.jsonl")
        if not found:
            self.skipTest("no recordings in %s" % SHARED)
        total = 0
        with tempfile.TemporaryDirectory() as folder:
            for number, path in enumerate(evenly(found, MAX_RECORDINGS)):
                stream = pathlib.Path(folder) / ("%d.vst" % number)
                if native("vitrine-import", "-o", stream, path).returncode == 0:
                    total += self.same_alerts(stream)
        self.assertGreater(total, 0)

    def test_an_etl_file_is_imported_by_the_child_process(self):
        arguments = ["replay", "-r", RULES, SCENARIO.with_suffix(".etl")]
        status, out, err = PREFIX.run(DIST / "policyd.exe", *arguments)
        self.assertEqual(status, 0, err)
        self.assertTrue(out == native("policyd", *arguments).stdout)

    def test_wrong_usage_and_bad_rules_have_their_exit_status(self):
        self.assertEqual(PREFIX.run(DIST / "policyd.exe", "nonsense")[0], 2)
        with tempfile.TemporaryDirectory() as folder:
            bad = pathlib.Path(folder) / "bad.yaml"
            bad.write_text(RULE.replace("evt.type", "proc.nme") % "Bad")
            status, out, _ = PREFIX.run(DIST / "policyd.exe", "validate", windows_path(bad))
        self.assertEqual(status, 1)
        self.assertIn(b"proc.nme", out)


class Daemon:
    """policyd.exe run on the console of nobody, with pipes of its own names."""
    number = 0

    def __init__(self, inputs, config=""):
        Daemon.number += 1
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-daemon-", dir=PREFIX.path))
        self.events = r"\\.\pipe\vitrine-test-events-%d-%d" % (os.getpid(), Daemon.number)
        self.control = r"\\.\pipe\vitrine-test-control-%d-%d" % (os.getpid(), Daemon.number)
        self.rules = self.folder / "rules.d"
        self.rules.mkdir()
        self.config = self.folder / "policyd.yaml"
        self.config.write_text("rules_files: ['%s']\ninputs: %s\ncontrol: {path: '%s'}\nstore: {path: '%s'}\njson_output: true\n%s"
                               % (windows_path(self.rules), inputs.replace("EVENTS", "'%s'" % self.events), self.control,
                                  windows_path(self.folder / "alerts.db"), config))
        self.alerts, self.log, self.news = [], [], queue.Queue()
        self.process = None

    def start(self):
        self.process = PREFIX.start(DIST / "policyd.exe", "run", "-c", windows_path(self.config), stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.threads = [threading.Thread(target=self.read, args=(self.process.stdout, self.alerts, json.loads)),
                        threading.Thread(target=self.read, args=(self.process.stderr, self.log, bytes.decode))]
        for thread in self.threads:
            thread.start()
        return self

    def read(self, stream, to, parse):
        for line in stream:
            to.append(parse(line))
            self.news.put(None)

    def wait(self, true, what, seconds=60):
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise AssertionError("not seen: %s\n%s" % (what, "".join(self.log)))
            try:
                self.news.get(timeout=0.1)
            except queue.Empty:
                pass

    def wait_log(self, text):
        self.wait(lambda: any(text in line for line in list(self.log)), text)

    def ctl(self, *arguments):
        return PREFIX.run(DIST / "policyctl.exe", "--socket", self.control, *arguments)

    def ctl_json(self, *arguments):
        status, out, err = self.ctl(*arguments, "--json")
        if status != 0:
            raise AssertionError("policyctl %s: %d %s" % (arguments, status, err.decode()))
        return json.loads(out)

    def received(self):
        return sum(int(n) for n in re.findall(rb"^ *received +(\d+)\s*$", self.ctl("ledger")[1], re.M))

    def end(self):
        self.process.kill()
        self.process.wait()
        for thread in self.threads:
            thread.join()
        self.process.stdout.close()
        self.process.stderr.close()


RULE = """- rule: %s
  desc: of a test
  condition: evt.type = process_start
  output: started %%proc.name
  priority: notice
  source: windows
"""


class DaemonTest(unittest.TestCase):
    def feeder(self, daemon):
        process = PREFIX.start(TESTS / "feed_pipe.exe", daemon.events, SCENARIO, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.addCleanup(lambda: (process.kill(), process.wait(), process.stdout.close()))
        self.assertEqual(process.stdout.readline().strip(), b"waiting")
        return process

    def test_events_come_over_the_pipe_and_again_when_their_server_was_away(self):
        stats = native("policyd", "replay", "-r", RULES, "--stats", SCENARIO).stdout
        records = int(re.search(rb"^Ledger: ([1-9][0-9]*) records in", stats, re.M).group(1))
        d = Daemon("[{connect: EVENTS, check_server: false}]")
        (d.rules / "a.yaml").write_text(RULE % "First")
        d.start()
        self.addCleanup(d.end)
        d.wait_log("tried again until it is there")
        feeder = self.feeder(d)
        self.assertRegex(feeder.stdout.readline(), b"wrote [1-9][0-9]* bytes, all")
        d.wait(lambda: len(d.alerts) > 0, "an alert")
        d.wait(lambda: d.received() == records, "every record")
        feeder.kill()
        feeder.wait()
        again = self.feeder(d)
        self.assertRegex(again.stdout.readline(), b"wrote [1-9][0-9]* bytes, all")
        d.wait(lambda: d.received() == 2 * records, "every record once more")

    def test_a_server_that_is_no_service_is_not_trusted(self):
        d = Daemon("[{connect: EVENTS}]")
        (d.rules / "a.yaml").write_text(RULE % "First")
        self.feeder(d)
        d.start()
        self.addCleanup(d.end)
        d.wait_log("not the service VitrineCollector")
        self.assertEqual(d.ctl_json("status")["events"], 0)

    def test_rules_are_reloaded_by_request_and_by_a_changed_file(self):
        d = Daemon("[]", "watch_config_files: false\n")
        (d.rules / "a.yaml").write_text(RULE % "First")
        d.start()
        self.addCleanup(d.end)
        d.wait_log("1 rules run")
        (d.rules / "b.yaml").write_text(RULE % "Second")
        status, out, err = d.ctl("reload")
        self.assertEqual(status, 0, err)
        self.assertIn(b"Second", d.ctl("rules")[1])
        (d.rules / "c.yaml").write_text("- rule: Third\n  condition: nonsense\n")
        status, out, err = d.ctl("reload")
        self.assertEqual(status, 1)
        self.assertIn(b"c.yaml", out + err)
        self.assertIn(b"Second", d.ctl("rules")[1])

        watching = Daemon("[]")
        (watching.rules / "a.yaml").write_text(RULE % "First")
        watching.start()
        self.addCleanup(watching.end)
        watching.wait_log("1 rules run")
        (watching.rules / "b.yaml").write_text(RULE % "Second")
        watching.wait_log("changed on disk")
        watching.wait_log("2 rules run")

    def test_many_policyctl_at_once_are_all_answered(self):
        d = Daemon("[]")
        (d.rules / "a.yaml").write_text(RULE % "First")
        d.start()
        self.addCleanup(d.end)
        d.wait_log("1 rules run")
        command = PREFIX.command(DIST / "policyctl.exe", "--socket", d.control, "status", "--json")
        asking = [subprocess.Popen(command, env=PREFIX.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
                  for _ in range(6)]
        answers = [(process.communicate(timeout=120)[0], process.returncode) for process in asking]
        for out, status in answers:
            self.assertEqual(status, 0)
            self.assertEqual(json.loads(out)["events"], 0)

    def test_nobody_there_is_exit_status_3(self):
        status, _, err = PREFIX.run(DIST / "policyctl.exe", "--socket", r"\\.\pipe\vitrine-nobody", "status")
        self.assertEqual(status, 3)
        self.assertIn(b"vitrine-nobody", err)

    def test_standard_input_is_a_stream_and_its_end_the_daemons_with_status_0(self):
        d = Daemon("[{stdin: true}]")
        (d.rules / "a.yaml").write_text(RULE % "First")
        with open(SCENARIO, "rb") as stream:
            done = subprocess.run(PREFIX.command(DIST / "policyd.exe", "run", "-c", windows_path(d.config)), stdin=stream,
                                  env=PREFIX.environment, capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(len(done.stdout.splitlines()), 0)


if __name__ == "__main__":
    DIST, TESTS, NATIVE = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(3))
    PREFIX = wine_prefix.Prefix()
    try:
        result = unittest.main(verbosity=2, exit=False).result
    finally:
        PREFIX.close()
    bad, skipped = len(result.failures) + len(result.errors), len(result.skipped)
    print("%d passed, %d failed, %d skipped" % (result.testsRun - bad - skipped, bad, skipped))
    sys.exit(1 if bad else 0)
