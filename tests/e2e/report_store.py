#!/usr/bin/env python3
"""policyd report from outside: a running policyd fills its store, reports are made of it, also while it runs.

usage: report_store.py BIN_FOLDER SOURCE_FOLDER
"""
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import unittest

import daemon_process
import report_html

BIN = SOURCE = None
FOUNDING = report_html.FOUNDING
RECORDING = "tests/scenario/webshell/webshell.vst"


def policyd(*arguments):
    return subprocess.run([BIN / "policyd", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=SOURCE, timeout=120)


class StoreReportTest(unittest.TestCase):
    def setUp(self):
        self.d = daemon_process.Daemon(BIN, [SOURCE / "rules/windows"])
        self.addCleanup(lambda: self.d.end(expect=None))
        self.d.wait_log("rules run")
        self.d.send(SOURCE / RECORDING)
        self.d.wait_log("at its end")
        self.stored = self.d.ctl_json("status")["alerts"]
        self.d.wait(lambda: self.d.ctl_json("spool")["store"]["alerts"] >= self.stored, "all alerts stored")
        self.store = self.d.folder / "alerts.db"
        self.file = self.d.folder / "report.html"

    def report(self, *arguments, store=None, status=0):
        done = policyd("report", *(["--store", store or self.store]), "-o", self.file, *arguments)
        self.assertEqual(done.returncode, status, done.stderr)
        return report_html.Report(self.file)

    def names(self, report):
        return [report.text(report.data["rules"][a[1]]["name"]) for a in report.data["alerts"]]

    def chain(self, report, rule):
        out = []
        for alert in report.data["alerts"]:
            if report.text(report.data["rules"][alert[1]]["name"]) != rule:
                continue
            at, names = alert[3], []
            while at >= 0:
                names.append(report.name_of(at))
                at = report.data["procs"][at][3]
            out.append(names)
        return out

    def test_the_tree_is_that_of_a_replay(self):
        stored = self.report()
        self.assertEqual(len(stored.data["alerts"]), self.stored)
        policyd("replay", "-r", "rules/windows", "--html", self.d.folder / "replay.html", RECORDING)
        replayed = report_html.Report(self.d.folder / "replay.html")
        self.assertEqual(sorted(self.names(stored)), sorted(self.names(replayed)))
        for rule in set(self.names(stored)):
            self.assertEqual(sorted(self.chain(stored, rule)), sorted(self.chain(replayed, rule)), rule)
        self.assertEqual(stored.data["kind"], "store")
        self.assertIsNone(stored.data["ledger"])

    def test_messages_and_fields_are_those_of_a_replay(self):
        stored = self.report()
        policyd("replay", "-r", "rules/windows", "--html", self.d.folder / "replay.html", RECORDING)
        replayed = report_html.Report(self.d.folder / "replay.html")
        told = lambda r: sorted((a[0] + r.data["base"] * 1000, a[5], json.dumps(a[6], sort_keys=True)) for a in r.data["alerts"])
        self.assertEqual(told(stored), told(replayed))

    def test_what_is_asked_for_narrows_it(self):
        self.assertEqual(set(self.names(self.report("--rule", "Windows Shell*"))), {FOUNDING})
        self.assertEqual({r["priority"] for r in self.report("--priority", "Critical").data["rules"]}, {2})
        self.assertEqual(len(self.report("--max-alerts", "3").data["alerts"]), 3)
        self.assertEqual(len(self.report("--since", "1h").data["alerts"]), 0)
        self.assertEqual(len(self.report("--since", "2025-03-04T08:14", "--until", "2025-03-04 08:14:59Z").data["alerts"]) > 0, True)
        self.assertEqual(len(self.report("--until", "2025-03-03").data["alerts"]), 0)

    def test_the_configuration_names_the_store_and_rules_give_their_descriptions(self):
        done = policyd("report", "-c", self.d.config, "-r", "rules/windows", "-o", self.file)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = report_html.Report(self.file)
        rule = report.rule(FOUNDING)
        self.assertTrue(report.text(rule["desc"]))
        self.assertTrue(report.text(rule["condition"]))
        self.assertTrue(rule["techniques"] or rule["tactics"])

    def test_a_store_of_the_version_before_is_read_and_taken_over(self):
        self.d.process.terminate()
        self.d.process.wait(timeout=60)
        old = self.d.folder / "old.db"
        shutil.copy(self.store, old)
        with sqlite3.connect(old) as db:
            db.execute("ALTER TABLE alert DROP COLUMN story")
            db.execute("PRAGMA user_version = 1")
        report = self.report(store=old)
        self.assertEqual(len(report.data["alerts"]), self.stored)
        self.assertIn("no process is known", report.data["note"])
        d = daemon_process.Daemon(BIN, [SOURCE / "rules/windows"], "-o", "store.path=%s" % old)
        self.addCleanup(lambda: d.end(expect=None))
        d.wait_log("rules run")
        d.send(SOURCE / RECORDING)
        d.wait_log("at its end")
        d.wait(lambda: d.ctl_json("spool")["store"]["alerts"] >= 2 * self.stored, "all alerts stored")
        self.assertEqual(len([a for a in self.report(store=old).data["alerts"] if a[3] >= 0]) > 0, True)

    def test_hostile_documents_of_a_store_are_told_and_harmless(self):
        self.d.process.terminate()
        self.d.process.wait(timeout=60)
        bad = ["{", "[]", "</script>", '{"output_fields":[]}', '{"output_fields":{"a":"</script><script>"},"tags":[1,{},"T1059.001"]}']
        stories = ['{"actor":[{}]}', '{"actor":[{"pid":-1,"born":1}]}', '{"actor":{"pid":1}}', "[" * 5000,
                   '{"actor":[{"pid":7,"born":1,"name":"</script>"},{"pid":7,"born":1},{"pid":7,"born":1}]}']
        with sqlite3.connect(self.store) as db:
            for i, (document, story) in enumerate(zip(bad, stories)):
                db.execute("UPDATE alert SET json = ?, story = ? WHERE id = (SELECT id FROM alert ORDER BY id LIMIT 1 OFFSET ?)",
                           (document, story, i))
        report = self.report()
        self.assertNotRegex(report.raw, "[<>&]")
        self.assertEqual(len(report.data["alerts"]), self.stored)
        self.assertIn("Of 3 alerts the fields cannot be read.", report.data["note"])

    def test_no_store_is_an_error_and_wrong_usage_is_status_2(self):
        self.assertEqual(policyd("report", "--store", "/nonexistent.db", "-o", self.file).returncode, 1)
        (self.d.folder / "text.db").write_text("no database at all, but long enough to be looked at " * 40)
        self.assertEqual(policyd("report", "--store", self.d.folder / "text.db", "-o", self.file).returncode, 1)
        self.assertFalse(self.file.exists())
        for line in ([], ["-o", self.file, "--since", "yesterday"], ["-o", self.file, "--priority", "x"], ["-o", self.file, "--max-alerts", "0"]):
            self.assertEqual(policyd("report", "--store", self.store, *line).returncode, 2)


if __name__ == "__main__":
    BIN, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    bad = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - bad, bad))
    sys.exit(bad != 0)
