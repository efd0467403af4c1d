#!/usr/bin/env python3
"""The store of a policyd that is started again: what is damaged is repaired or set aside, and told; judging goes on in any case.

usage: daemon_store.py BIN_FOLDER SOURCE_FOLDER
"""
import pathlib
import sqlite3
import sys
import tempfile
import unittest

import daemon_process
import receivers

BIN = SOURCE = None


class StoreTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vt-")))
        self.store = self.folder / "alerts.db"

    def start(self, config="", *options):
        d = daemon_process.Daemon(BIN, [SOURCE / "rules/windows"], *options, store=self.store,
                                  config="watch_config_files: false\n" + config)
        self.addCleanup(lambda: d.end(expect=None))
        d.wait_log("rules run")
        return d

    def judge(self, d, before=0):
        d.send(SOURCE / "tests/scenario/webshell/webshell.vst")
        d.wait_log("at its end")
        count = d.ctl_json("status")["alerts"]
        d.wait(lambda: d.ctl_json("spool")["store"]["alerts"] == before + count, "all alerts in the store")
        return count

    def alerts(self, d):
        return len(d.ctl_json("alerts", "--limit", "1000")["alerts"])

    def tamper(self, script):
        with sqlite3.connect(self.store) as db:
            db.executescript("PRAGMA writable_schema = ON;" + script)
        db.close()

    def test_an_index_that_lacks_rows_is_made_anew(self):
        d = self.start()
        first = self.judge(d)
        d.end()
        with sqlite3.connect(self.store) as db:
            row = db.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema WHERE name = 'alert_time'").fetchone()
        db.close()
        self.tamper("DELETE FROM sqlite_schema WHERE name = 'alert_time';")
        self.tamper("INSERT INTO alert SELECT id + 1000, uid || 'x', time_ns, observed_ns, priority, rule, source, hostname, text, json,"
                    " bytes, story FROM alert;")
        self.tamper("INSERT INTO sqlite_schema VALUES('%s', '%s', '%s', %d, '%s');" % row)
        d = self.start()
        d.wait_log("made anew")
        self.assertEqual(self.alerts(d), 2 * first)
        self.judge(d, 2 * first)

    def test_a_damaged_store_is_set_aside_and_a_new_one_begun(self):
        d = self.start()
        self.judge(d)
        d.end()
        data = bytearray(self.store.read_bytes())
        data[4096:] = b"\xa5" * (len(data) - 4096)
        self.store.write_bytes(data)
        d = self.start()
        d.wait_log("is damaged; set aside as")
        self.assertEqual(self.alerts(d), 0)
        self.judge(d)
        aside = [p for p in self.folder.iterdir() if ".damaged-" in p.name]
        self.assertEqual(aside[0].read_bytes(), data)

    def test_a_store_of_a_newer_version_is_left_alone(self):
        d = self.start()
        self.judge(d)
        d.end()
        self.tamper("PRAGMA user_version = 99;")
        before = self.store.read_bytes()
        d = self.start()
        d.wait_log("written by a newer version (99)")
        self.assertIn("only in memory", d.ctl_json("spool")["store"]["error"])
        self.assertIn("\nvitrine_store_ok 0\n", d.ctl("metrics")[1])
        d.wait_alerts(self.judge(d))
        d.end()
        self.assertEqual(self.store.read_bytes(), before)

    def test_over_the_cap_of_an_output_the_most_severe_are_kept(self):
        away = "http://127.0.0.1:%d/" % receivers.free_port()
        d = self.start("outputs: [{name: h, kind: http, url: %s, max_pending_mb: 1}]\n" % away)
        # Far more than a MiB of alerts; all of one recording's are sent again.
        for turn in range(1, 120):
            d.send(SOURCE / "tests/scenario/webshell/webshell.vst")
            d.wait_log("at its end", turn)
        by_priority = d.ctl_json("status")["alerts_by_priority"]
        d.wait(lambda: d.ctl_json("spool")["store"]["stored"] == sum(by_priority.values()), "all alerts in the store")
        output = next(o for o in d.ctl_json("spool")["outputs"] if o["name"] == "h")
        self.assertLessEqual(output["pending_bytes"], 1 << 20)
        self.assertEqual(output["pending"] + sum(output["evicted"].values()), sum(by_priority.values()))
        order = ["Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug"]
        lost = [p for p in order if output["evicted"].get(p)]
        self.assertTrue(lost)
        for milder in order[order.index(lost[0]) + 1:]:
            self.assertEqual(output["evicted"].get(milder, 0), by_priority[milder])
        self.assertIn('\nvitrine_output_evicted_total{output="h"} %d\n' % sum(output["evicted"].values()), d.ctl("metrics")[1])


if __name__ == "__main__":
    BIN, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    result = unittest.main(argv=sys.argv[:1] + sys.argv[3:], exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - failed, failed))
    sys.exit(failed > 0)
