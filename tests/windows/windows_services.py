#!/usr/bin/env python3
"""policyd as a Windows service, in a Wine prefix of its own: made, set up, started, asked, stopped, removed.

usage: windows_services.py DIST_FOLDER

Wine enforces no rights and knows neither service SIDs nor recovery: what it refuses must be told and must stop nothing.
"""
import json
import pathlib
import sys
import time
import unittest

import wine_prefix

DIST = PREFIX = None
SERVICE = "VitrinePolicyd"
RULE = """- rule: Of the service test
  desc: of a test
  condition: evt.type = process_start
  output: started %proc.name
  priority: notice
  source: windows
"""


def policyd(*arguments):
    return PREFIX.run(DIST / "policyd.exe", *arguments)


def sc(*arguments):
    return PREFIX.run("sc", *arguments)[1].decode(errors="replace")


class ServiceTest(unittest.TestCase):
    def data(self):
        return PREFIX.drive / "ProgramData/Vitrine"

    def install(self):
        status, _, err = policyd("service", "install")
        self.assertEqual(status, 0, err)
        self.addCleanup(policyd, "service", "remove")
        (self.data() / "rules.d/a.yaml").write_text(RULE)
        return err

    def running(self):
        end = time.monotonic() + 60
        while True:
            status, out, err = PREFIX.run(DIST / "policyctl.exe", "status", "--json")
            if status == 0:
                return json.loads(out)
            self.assertLess(time.monotonic(), end, err)

    def test_it_is_installed_with_its_folders_and_what_is_refused_is_told(self):
        err = self.install()
        for name in ("rules.d", "secrets", "data", "logs"):
            self.assertTrue((self.data() / name).is_dir(), name)
        self.assertIn("STOPPED", sc("query", SERVICE))
        self.assertIn(b"service SID: not set", err)
        status, _, err = policyd("service", "install")
        self.assertEqual(status, 0, err)

    def test_it_starts_answers_stops_and_leaves_its_log(self):
        self.install()
        self.assertEqual(policyd("service", "start")[0], 0)
        self.assertEqual(self.running()["reload"]["rules"], 1)
        self.assertIn("RUNNING", sc("query", SERVICE))
        status, _, err = policyd("service", "stop")
        self.assertEqual(status, 0, err)
        self.assertIn("STOPPED", sc("query", SERVICE))
        log = (self.data() / "logs/policyd.log").read_text()
        self.assertIn("1 rules run", log)
        self.assertIn("asked to end by the service manager", log)
        self.assertEqual(PREFIX.run(DIST / "policyctl.exe", "status")[0], 3)

    def test_removed_is_gone_while_running_too_and_data_stays(self):
        self.install()
        self.assertEqual(policyd("service", "start")[0], 0)
        self.running()
        self.assertEqual(policyd("service", "remove")[0], 0)
        self.assertEqual(policyd("service", "start")[0], 1)
        self.assertEqual(policyd("service", "configure")[0], 1)
        self.assertTrue((self.data() / "rules.d/a.yaml").is_file())

    def test_run_by_a_person_and_wrong_usage_are_told(self):
        status, _, err = policyd("service", "run")
        self.assertEqual(status, 1)
        self.assertIn(b"did not start this process", err)
        self.assertEqual(policyd("service", "nonsense")[0], 2)
        self.assertEqual(policyd("service")[0], 2)


if __name__ == "__main__":
    DIST = pathlib.Path(sys.argv.pop(1)).resolve()
    PREFIX = wine_prefix.Prefix()
    try:
        result = unittest.main(verbosity=2, exit=False).result
    finally:
        PREFIX.close()
    bad = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - bad, bad))
    sys.exit(1 if bad else 0)
