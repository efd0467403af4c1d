#!/usr/bin/env python3
"""The collector and policyd as two processes: events through both, either of them killed, and both ledgers compared to the
record. The collector is the real one on ETW in memory (fake_collector.c).

usage: collector.py BIN_FOLDER SOURCE_FOLDER
"""
import collections
import json
import pathlib
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import daemon_process

BIN = SOURCE = None

RULE = """- rule: %s
  desc: d
  condition: evt.type = %s
  output: seen %%proc.name
  priority: NOTICE
  source: windows
  throttle: {max: 1, window: 1h, key: [evt.type]}
"""


class Collector:
    """A fake_collector that runs. Ended by its own process id."""

    def __init__(self, folder, stream, *numbers):
        self.events, self.requests = folder / "events", folder / "requests"
        self.process = subprocess.Popen([BIN / "fake_collector", self.events, self.requests, stream, *map(str, numbers)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.log, self.news = [], queue.Queue()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            self.log.append(line.decode())
            self.news.put(None)

    def go(self):
        self.say("go")

    def say(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def wait_log(self, text):
        end = time.monotonic() + 60
        while not any(text in line for line in list(self.log)):
            if time.monotonic() > end:
                raise AssertionError("not seen: %s\n%s" % (text, "".join(self.log)))
            try:
                self.news.get(timeout=0.05)
            except queue.Empty:
                pass

    def finish(self):
        """Asks it to end; its ledger."""
        self.process.send_signal(signal.SIGINT)
        self.process.stdin.close()
        out = self.process.stdout.read()
        status = self.process.wait(timeout=30)
        if status != 0:
            raise AssertionError("the collector ended with %s\n%s" % (status, "".join(self.log)))
        return json.loads(out)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=30)
        self.reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


class CollectorTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="vt-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.rules = self.folder / "rules.yaml"

    def stream(self, records=20000):
        path = self.folder / "activity.vst"
        subprocess.run([BIN / "vitrine-gen", "--vst", "-o", path, "--records", str(records)], check=True, capture_output=True)
        return path

    def collector(self, stream, *numbers):
        """numbers: records, records a second, MiB of each ring, and whether they happen now."""
        c = Collector(self.folder, stream, *numbers)
        self.addCleanup(c.kill)
        return c

    def policyd(self, *rules):
        inputs = "[{connect: %s, requests: %s}]" % (self.folder / "events", self.folder / "requests")
        d = daemon_process.Daemon(BIN, rules or [self.rules], inputs=inputs, config="log_level: info\noverload: {shed: never}\n")
        self.addCleanup(lambda: d.end(expect=None))
        d.wait_log("the rules need")
        d.wait_log("connected")
        return d

    def ledger(self, d):
        return d.ctl_json("ledger")["streams"][0]["ledger"]

    def assert_collector_balances(self, c):
        self.assertEqual(c["taken"], c["sent"] + c["waiting"] + c["lost"]["not_connected"], c)

    def assert_balances(self, c, p):
        """Every record that the collector took, on both sides."""
        self.assert_collector_balances(c)
        self.assertTrue(p["balances"], p)
        self.assertEqual(c["sent"], p["before"] + p["received"] + self.lost(p, "sequence_gap"), (c, p))
        for reason in ("not_connected", "collector_queue", "etw_events"):
            self.assertEqual(c["lost"][reason], self.lost(p, reason), (c, p))

    @staticmethod
    def lost(p, reason):
        return sum(row["events"] for row in p["lost_by"] if row["reason"] == reason)

    def test_records_through_both_give_the_alerts_of_a_replay(self):
        recording = SOURCE / "tests/scenario/webshell/webshell.vst"
        done = subprocess.run([BIN / "policyd", "replay", "--json", "-r", SOURCE / "rules/windows", recording],
                              capture_output=True, check=True)
        expected = collections.Counter(json.loads(line)["rule"] for line in done.stdout.splitlines())
        c = self.collector(recording, 0, 100000, 16, "now")
        d = self.policyd(SOURCE / "rules/windows")
        c.wait_log("what is collected follows the rules")
        c.wait_log("snapshot: ")
        c.go()
        c.wait_log("records happened")
        mine = c.finish()
        d.wait_log("at its end")
        self.assertGreater(sum(expected.values()), 0)
        d.wait_alerts(sum(expected.values()))
        self.assertEqual(collections.Counter(a["rule"] for a in d.alerts), expected)
        self.assert_balances(mine, self.ledger(d))

    def test_the_rules_decide_what_is_collected(self):
        self.rules.write_text(RULE % ("starts", "process_start"))
        c = self.collector(self.stream(), 400000, 20000, 16, "now")
        d = self.policyd()
        c.go()
        d.wait_alerts(1)
        self.rules.write_text(RULE % ("opens", "file_open"))
        d.ctl("reload")
        d.wait(lambda: any(a["rule"] == "opens" for a in list(d.alerts)), "an event that only the new rules need")
        self.assertEqual(c.finish()["requests_refused"], 0)

    def test_policyd_killed_in_the_middle(self):
        self.rules.write_text(RULE % ("starts", "process_start"))
        c = self.collector(self.stream(), 60000, 20000, 16, "now")
        first = self.policyd()
        c.go()
        first.wait_alerts(1)
        time.sleep(0.7)
        first.process.kill()
        first.process.wait()
        time.sleep(0.5)
        second = self.policyd()
        c.wait_log("records happened")
        mine = c.finish()
        second.wait_log("at its end")
        theirs = self.ledger(second)
        self.assert_balances(mine, theirs)
        self.assertGreater(theirs["before"], 0)
        self.assertEqual(mine["connections"], 2)
        self.assertEqual(self.lost(theirs, "sequence_gap"), 0)    # sent again, since nobody said it had come

    def test_the_collector_killed_in_the_middle(self):
        self.rules.write_text(RULE % ("starts", "process_start"))
        stream = self.stream()
        c = self.collector(stream, 60000, 20000, 16, "now")
        d = self.policyd()
        c.go()
        d.wait_alerts(1)
        time.sleep(0.5)
        c.kill()
        d.wait_log("at its end")
        before = self.ledger(d)
        c = self.collector(stream, 20000, 20000, 16, "now")
        d.wait_log("connected", 2)
        c.go()
        c.wait_log("records happened")
        mine = c.finish()
        d.wait_log("at its end", 2)
        after = self.ledger(d)
        self.assert_collector_balances(mine)
        self.assertTrue(after["balances"])
        self.assertEqual(after["received"], before["received"] + mine["sent"])
        self.assertEqual(self.lost(after, "sequence_gap"), 0)

    def test_a_policyd_that_stands_still_loses_nothing_unseen(self):
        self.rules.write_text(RULE % ("opens", "file_open"))
        c = self.collector(self.stream(), 100000, 50000, 1, "now")
        d = self.policyd()
        c.go()
        d.wait_alerts(1)
        d.process.send_signal(signal.SIGSTOP)
        time.sleep(1)
        d.process.send_signal(signal.SIGCONT)
        c.wait_log("records happened")
        mine = c.finish()
        d.wait_log("at its end")
        self.assertGreater(mine["lost"]["collector_queue"], 0)
        self.assert_balances(mine, self.ledger(d))

    def test_a_session_that_somebody_stops_is_an_alert_and_runs_again(self):
        c = self.collector(self.stream(), 40000, 20000, 16, "now")
        d = self.policyd(SOURCE / "rules/windows")
        c.go()
        c.wait_log("records happened")
        c.say("stop vitrine-process")
        d.wait(lambda: any(a["rule"] == "Tracing Session Tampered With" and "vitrine-process" in a["output"]
                           for a in list(d.alerts)), "an alert of the stopped session")
        c.wait_log("vitrine-process: was stopped")
        mine = c.finish()
        d.wait_log("at its end")
        self.assert_balances(mine, self.ledger(d))
        self.assertEqual(sum("vitrine-process: started" in line for line in c.log), 2)

    def test_nobody_there_for_a_while(self):
        self.rules.write_text(RULE % ("starts", "process_start"))
        c = self.collector(self.stream(), 60000, 30000, 16, "now")
        c.go()
        time.sleep(1)
        d = self.policyd()
        c.wait_log("records happened")
        mine = c.finish()
        d.wait_log("at its end")
        self.assert_balances(mine, self.ledger(d))
        self.assertEqual(self.ledger(d)["before"], 0)


if __name__ == "__main__":
    BIN, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    result = unittest.main(argv=sys.argv[:1] + sys.argv[3:], exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - failed, failed))
    sys.exit(failed > 0)
