#!/usr/bin/env python3
"""policyd replay --html from outside: what stands in the file. How it behaves in a browser is report_browser.py's business.

usage: report_html.py BIN_FOLDER SOURCE_FOLDER
"""
import base64
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import report_data

BIN = SOURCE = None
FOUNDING = "Windows Shell Spawned Inside Container"


def policyd(*arguments, stdin=b""):
    return subprocess.run([BIN / "policyd", *map(str, arguments)], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          cwd=SOURCE, timeout=120)


def elements(page, tag):
    """[(attributes, text)] as a browser takes them apart: text ends at the first end tag."""
    return re.findall(r"<%s\b([^>]*)>(.*?)</%s" % (tag, tag), page, re.S)


class Report:
    def __init__(self, path):
        self.page = path.read_bytes().decode("utf-8")
        self.scripts = elements(self.page, "script")
        self.raw = self.scripts[0][1]
        self.data = json.loads(self.raw)
        self.text = lambda n: self.data["strings"][n]

    def rule(self, name):
        return next(r for r in self.data["rules"] if self.text(r["name"]) == name)

    def name_of(self, proc):
        return self.text(self.data["procs"][proc][9])


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.file = self.path / "report.html"
        (self.path / "rules.yaml").write_text(report_data.RULES)

    def tearDown(self):
        self.folder.cleanup()

    def replay(self, *arguments, rules="rules/windows", status=0):
        done = policyd("replay", "-r", rules, "--html", self.file, *arguments)
        self.assertEqual(done.returncode, status, done.stderr)
        return Report(self.file)

    def replay_text(self, text, *options):
        (self.path / "events.jsonl").write_text(text)
        return self.replay(*options, self.path / "events.jsonl", rules=self.path / "rules.yaml")

    def webshell(self):
        return self.replay("tests/scenario/webshell/webshell.vst")

    def test_policy_admits_this_script_and_this_style_and_nothing_else(self):
        report = self.webshell()
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', report.page).group(1)
        directives = dict(d.strip().split(" ", 1) for d in policy.split(";"))
        digest = lambda text: "'sha256-%s'" % base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        self.assertEqual(len(report.scripts), 2)
        self.assertIn('type="application/json"', report.scripts[0][0])
        self.assertEqual(directives["script-src"], digest(report.scripts[1][1]))
        self.assertEqual(directives["style-src"], digest(elements(report.page, "style")[0][1]))
        self.assertEqual((directives["default-src"], directives["base-uri"], directives["form-action"]), ("'none'",) * 3)
        self.assertEqual(directives["img-src"], "data:")

    def test_nothing_in_the_page_is_fetched(self):
        page = self.webshell().page
        shell = page.replace(Report(self.file).raw, "")
        self.assertNotRegex(shell, r"""(?:src|href)\s*=\s*["']?(?!#|data:)[a-z/]""")
        self.assertNotRegex(shell, r"@import|url\(|XMLHttpRequest|fetch\(|WebSocket|innerHTML|outerHTML|insertAdjacentHTML|\beval\(")
        self.assertNotRegex(shell, r"<[a-z][^>]*\son[a-z]+\s*=|<[a-z][^>]*\sstyle\s*=")

    def test_alerts_hang_on_the_processes_that_caused_them(self):
        report = self.webshell()
        found = [a for a in report.data["alerts"] if report.text(report.data["rules"][a[1]]["name"]) == FOUNDING]
        self.assertEqual([report.name_of(a[3]) for a in found], ["cmd.exe", "powershell.exe"])
        chain, at = [], found[1][3]
        while at >= 0:
            chain.append(report.name_of(at))
            at = report.data["procs"][at][3]
        self.assertEqual(chain[:3], ["powershell.exe", "cmd.exe", "w3wp.exe"])
        self.assertEqual(report.text(report.data["hosts"][found[0][2]]) != "", True)

    def test_counts_are_those_that_replay_prints(self):
        done = policyd("replay", "-r", "rules/windows", "--html", self.file, "tests/scenario/webshell/webshell.vst").stdout.decode()
        report = Report(self.file)
        printed = dict(re.findall(r"^   (.+): (\d+)$", done.split("Triggered rules by rule name:\n")[1].split("Ledger")[0], re.M))
        self.assertEqual({report.text(r["name"]): str(r["seen"]) for r in report.data["rules"]}, printed)
        self.assertEqual(len(report.data["alerts"]), sum(map(int, printed.values())))
        self.assertTrue(report.data["ledger"]["balances"])
        self.assertEqual(sum(n for _, n in report.data["histogram"]["counts"]), report.data["events"])

    def test_techniques_have_names_and_stand_under_the_rules_tactics(self):
        report = self.webshell()
        tactics = {report.data["tactics"][i][1] for i in report.rule(FOUNDING)["tactics"]}
        self.assertIn("Execution", tactics)
        for rule in report.data["rules"]:
            for technique, below in rule["techniques"]:
                self.assertIn(technique, report.data["techniques"])
                self.assertTrue(below)

    def test_same_input_gives_the_same_bytes(self):
        self.assertEqual(self.webshell().page, self.webshell().page)

    def test_hostile_texts_stay_in_their_element_and_come_back_as_they_were(self):
        report = self.replay_text(report_data.hostile())
        self.assertNotRegex(report.raw, "[<>&\u2028\u2029]")
        commands = {report.text(p[11]) for p in report.data["procs"]}
        for text in report_data.HOSTILE:
            self.assertIn("cmd.exe /c " + text.replace("\r\n", "\n"), {c.replace("\r\n", "\n") for c in commands})
        self.assertEqual(len(report.data["alerts"]), len(report_data.HOSTILE) + 4)

    def test_times_and_other_long_numbers_are_exact(self):
        report = self.replay_text(report_data.many(3))
        self.assertEqual(report.data["base"], report_data.BASE_NS // 10**9 * 1000)
        for alert in report.data["alerts"]:
            exact = int(alert[6]["evt.time"])
            self.assertEqual(alert[0], (exact - report.data["base"] * 10**6) // 1000)

    def test_what_is_left_out_is_least_severe_and_is_counted(self):
        report = self.replay_text(report_data.many(400), "--html-alerts", "150")
        severe = report.rule("Account Made")["seen"]
        kept = [report.text(report.data["rules"][a[1]]["name"]) for a in report.data["alerts"]]
        self.assertLess(severe, 150)
        self.assertEqual((report.data["alerts_seen"], report.data["alerts_kept"], len(kept)), (400 + severe, 150, 150))
        self.assertEqual(kept.count("Account Made"), severe)
        times = [a[0] for a in report.data["alerts"]]
        self.assertEqual(times, sorted(times))
        first = [a[0] for a in self.replay_text(report_data.many(400)).data["alerts"] if a[1] != report.data["alerts"][0][1]]
        self.assertEqual(min(times) <= min(first), True)

    def test_gaps_and_losses_are_told(self):
        report = self.replay("tests/golden/wire/v1/every_frame.vst")
        self.assertEqual(report.data["ledger"]["lost"], 1009)
        gaps = [(events, buffers, report.text(reason)) for _, events, buffers, reason, _ in report.data["gaps"]]
        self.assertEqual(gaps, [(997, 0, "sequence_gap"), (12, 2, "realtime_buffers")])

    def test_an_input_cut_off_is_told_in_the_report(self):
        whole = (SOURCE / "tests/scenario/webshell/webshell.vst").read_bytes()
        (self.path / "cut.vst").write_bytes(whole[:-3])
        report = self.replay(self.path / "cut.vst", status=1)
        self.assertTrue(report.data["failed"])
        self.assertEqual(report.data["ledger"]["streams_without_end"], 1)

    def test_processes_started_by_one_with_alerts_are_part_of_it(self):
        events = [report_data.start(10, 4, "net.exe", "net.exe user a /add", report_data.BASE_NS),
                  report_data.start(11, 10, "quiet.exe", "quiet.exe", report_data.BASE_NS + 10**9),
                  report_data.start(12, 11, "deep.exe", "deep.exe", report_data.BASE_NS + 2 * 10**9),
                  report_data.start(13, 4, "other.exe", "other.exe", report_data.BASE_NS + 3 * 10**9)]
        (self.path / "rules.yaml").write_text(report_data.RULES.split("- rule: Account Made")[0].replace(
            "evt.type = process_start", "evt.type = process_start and proc.name = net.exe"))
        report = self.replay_text(report_data.lines(events))
        names = {report.text(p[9]) for p in report.data["procs"]}
        self.assertLessEqual({"net.exe", "quiet.exe", "deep.exe"}, names)
        self.assertNotIn("other.exe", names)

    def test_a_report_that_cannot_be_written_fails_and_leaves_the_old_one(self):
        done = policyd("replay", "-r", "rules/windows", "--html", "/nonexistent/r.html", "tests/scenario/webshell/webshell.vst")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"/nonexistent/r.html", done.stderr)
        folder = self.path / "taken.html"
        folder.mkdir()
        done = policyd("replay", "-r", "rules/windows", "--html", folder, "tests/scenario/webshell/webshell.vst")
        self.assertEqual((done.returncode, folder.is_dir(), (self.path / "taken.html.part").exists()), (1, True, False))

    def test_wrong_usage_is_status_2(self):
        for line in (["--html", "-"], ["--html", self.file, "--html-alerts", "0"], ["--html", self.file, "--html-alerts", "x"],
                     ["--html", self.file, "--html-alerts", "99999999"]):
            self.assertEqual(policyd("replay", "-r", "rules/windows", *line, "tests/scenario/webshell/webshell.vst").returncode, 2)
        self.assertFalse(self.file.exists())

    def test_a_recording_without_alerts_gives_a_report_too(self):
        (self.path / "rules.yaml").write_text(report_data.RULES.replace("process_start", "process_exit"))
        report = self.replay_text(report_data.many(3))
        self.assertEqual((report.data["alerts"], report.data["procs"], report.data["events"]), ([], [], 3))


if __name__ == "__main__":
    BIN, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    bad = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - bad, bad))
    sys.exit(bad != 0)
