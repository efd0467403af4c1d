#!/usr/bin/env python3
"""policyd from outside: replay, dump, validate, test, list and explain on the shipped recording and the shipped rules.

usage: policyd_cli.py BIN_FOLDER SOURCE_FOLDER
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
from xml.etree import ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import etl_build  # noqa: E402

BIN = SOURCE = None


def policyd(*arguments, stdin=b""):
    return subprocess.run([BIN / "policyd", *map(str, arguments)], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=SOURCE, timeout=120)


def recording(kind):
    return SOURCE / "tests/scenario/webshell" / ("webshell." + kind)


FOUNDING = "Windows Shell Spawned Inside Container"


class ReplayTest(unittest.TestCase):
    def alerts(self, kind, *options):
        done = policyd("replay", "-r", "rules/windows", "--json", *options, recording(kind))
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()

    def founding(self, kind):
        return [a for a in self.alerts(kind)[0] if a["rule"] == FOUNDING]

    def test_founding_rule_fires_once_for_each_shell_in_the_container(self):
        found = self.founding("vst")
        self.assertEqual([a["output_fields"]["proc.name"] for a in found], ["cmd.exe", "powershell.exe"])
        cmd, powershell = (a["output_fields"] for a in found)
        self.assertEqual(cmd["proc.pname"], "w3wp.exe")
        self.assertEqual(powershell["proc.pname"], "cmd.exe")
        self.assertEqual(powershell["proc.aname[2]"], "w3wp.exe")
        self.assertIn("CommandLine=", powershell["evt.args"])
        for fields in (cmd, powershell):
            self.assertRegex(fields["container.id"], "^[0-9a-f]{12}$")
            self.assertIn("iis", fields["container.image"])
        self.assertEqual({a["priority"] for a in found}, {"Critical"})

    def test_founding_rule_names_the_pod_that_a_file_tells(self):
        pods = SOURCE / "tests/scenario/webshell/pods.json"
        lines, errors = self.alerts("vst", "--pods", pods, "--cluster", "c1")
        found = [a["output_fields"] for a in lines if a["rule"] == FOUNDING]
        self.assertEqual(len(found), 2, errors)
        for fields in found:
            self.assertEqual({k: v for k, v in fields.items() if k.startswith("k8s.")}, {
                "k8s.cluster.name": "c1", "k8s.node.name": "akswin000002", "k8s.ns.name": "shop",
                "k8s.pod.name": "shop-web-6c45f8d6f6-x7k2p", "k8s.pod.uid": "5a4e0f3d-9d0b-4a55-8a43-7f1c6d0e2b91",
                "k8s.deployment.name": "shop-web"})
            self.assertEqual(fields["container.image"],
                             "mcr.microsoft.com/windows/servercore/iis:windowsservercore-ltsc2022")
            self.assertNotIn("evt.incomplete", fields)
        elsewhere = [a["output_fields"] for a in lines if a["output_fields"].get("container.id") == "host"]
        self.assertFalse([f for f in elsewhere if "k8s.pod.name" in f])

    def test_pods_file_that_is_none_is_refused(self):
        for text in ("NAME READY", '{"items":[', "{}"):
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                file.write(text)
                file.flush()
                done = policyd("replay", "-r", "rules/windows", "--pods", file.name, recording("vst"))
                self.assertEqual((done.returncode, done.stdout), (1, b""))
                self.assertIn(file.name, done.stderr.decode())

    def test_etl_twin_gives_the_founding_alerts_with_the_silo_as_container(self):
        found = self.founding("etl")
        self.assertEqual([a["output_fields"]["proc.name"] for a in found], ["cmd.exe", "powershell.exe"])
        for alert in found:
            self.assertRegex(alert["output_fields"]["container.id"], "^[0-9a-f]{12}$")

    def test_shells_outside_containers_are_there_and_silent(self):
        done = policyd("dump", "--fields", "evt.type,proc.name,container.id", recording("vst"))
        self.assertEqual(done.returncode, 0, done.stderr)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        outside = [e for e in events if e["evt.type"] == "process_start" and e.get("container.id") == "host"
                   and e.get("proc.name", "").lower() in ("cmd.exe", "powershell.exe")]
        self.assertGreaterEqual(len(outside), 2)

    def test_same_input_gives_the_same_bytes(self):
        first, second = (policyd("replay", "-r", "rules/windows", recording("vst")) for _ in range(2))
        self.assertEqual(first.stdout, second.stdout)

    def test_an_event_without_a_layout_is_told_by_its_id(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            records = etl_build.event(19, 4242, etl_build.FIRST + 10, b"payload") + etl_build.event(19, 7, etl_build.FIRST + 20)
            (folder / "x.etl").write_bytes(etl_build.first_buffer() + etl_build.buffer(records))
            (folder / "r.yaml").write_text(
                "- rule: R\n  desc: d\n  condition: evt.type = log and etw.provider = \"%s\" and evt.id = 4242\n"
                "  output: \"id=%%evt.id pid=%%evt.args\"\n  priority: INFO\n  source: windows\n" % etl_build.OWN)
            text = policyd("replay", "-r", folder / "r.yaml", folder / "x.etl").stdout.decode()
            self.assertIn("Events detected: 1\n", text)
            self.assertIn("\nTold by id: 2 of those evaluated", text)
            self.assertIn("{%s} id 4242 version 1\n" % etl_build.OWN, text)
            shown = [json.loads(line) for line in policyd("dump", folder / "x.etl").stdout.splitlines()]
            self.assertEqual([(e["evt.type"], e["evt.id"]) for e in shown], [("log", 4242), ("log", 7)])

    def test_dump_prints_every_field_as_its_type_says(self):
        fields = json.loads(policyd("list", "fields", "--json").stdout)
        text = {"CHARBUF", "FSPATH", "BYTEBUF", "IPADDR", "IPNET"}
        types = {f["field"]: str if f["type"] in text else bool if f["type"] == "BOOL" else (int, float) for f in fields}
        seen = set()
        for line in policyd("dump", recording("vst")).stdout.splitlines():
            for name, value in json.loads(line).items():
                seen.add(name)
                for one in value if isinstance(value, list) else [value]:
                    self.assertIsInstance(one, types[name], name)
                    self.assertEqual(isinstance(one, bool), types[name] is bool, name)
        self.assertLessEqual({"evt.time", "evt.datetime", "evt.rawtime", "proc.duration", "proc.pid"}, seen)

    def test_frames_on_standard_input(self):
        piped = policyd("replay", "-r", "rules/windows", "-", stdin=recording("vst").read_bytes())
        named = policyd("replay", "-r", "rules/windows", recording("vst"))
        self.assertEqual(piped.stdout, named.stdout)

    def test_ledger_balances_and_counts_every_record(self):
        text = policyd("replay", "-r", "rules/windows", "--stats", recording("vst")).stdout.decode()
        dumped = policyd("dump", recording("vst"))
        self.assertNotIn("DOES NOT BALANCE", text)
        self.assertRegex(text, r"Ledger: \d+ records in = \d+ evaluated \+ \d+ undecodable \+ 0 lost")
        shown = int(text.split("Evaluated: ")[1].split(" ")[0])
        self.assertEqual(shown, len(dumped.stdout.splitlines()))

    def test_rule_stats_name_every_rule_and_agree_with_the_alerts(self):
        done = policyd("replay", "-r", "rules/windows", "--rule-stats", recording("vst"))
        self.assertEqual(done.returncode, 0, done.stderr)
        table = done.stdout.decode().split("Rules by time:\n")[1].split("Ledger: ")[0].splitlines()
        rows = [line.split(None, 4) for line in table[1:] if len(line.split(None, 4)) == 5 and line.split()[0].isdigit()]
        times = [int(row[0]) for row in rows]
        self.assertEqual(times, sorted(times, reverse=True))
        shipped = json.loads(policyd("list", "rules", "-r", "rules/windows", "--json").stdout)
        self.assertEqual({row[4] for row in rows}, {rule["rule"] for rule in shipped if rule.get("enabled", True)})
        for _, hits, evaluations, matches, _ in rows:
            self.assertGreaterEqual(int(hits), int(evaluations))
            self.assertGreaterEqual(int(evaluations), int(matches))
        founding = next(row for row in rows if row[4] == FOUNDING)
        self.assertEqual(int(founding[3]), len(self.founding("vst")))

    def test_cut_stream_is_told_and_what_came_before_counts(self):
        done = policyd("replay", "-r", "rules/windows", "-", stdin=recording("vst").read_bytes()[:-3])
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"offset", done.stderr)
        self.assertIn(FOUNDING.encode(), done.stdout)
        self.assertIn(b"Ledger: ", done.stdout)

    def test_missing_input_and_broken_rules_fail(self):
        self.assertEqual(policyd("replay", "-r", "rules/windows", "/nonexistent.vst").returncode, 1)
        self.assertEqual(policyd("replay", "-r", "/nonexistent.yaml", recording("vst")).returncode, 1)

    def test_wrong_usage_is_status_2(self):
        for line in (["replay"], ["replay", "--nonsense"], ["dump", "--fields"], ["nonsense"], [], ["list", "things"]):
            self.assertEqual(policyd(*line).returncode, 2, line)


class RulesTest(unittest.TestCase):
    def check(self, text, *options):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as rules:
            rules.write(text)
            rules.flush()
            return policyd("validate", *options, rules.name)

    def test_shipped_rules_are_valid(self):
        done = policyd("validate", "rules/windows")
        self.assertEqual(done.returncode, 0, done.stdout.decode())
        self.assertNotIn(b"Invalid", done.stdout)
        self.assertNotRegex(done.stdout, rb"warning:|hint:")

    def test_error_has_place_and_caret(self):
        done = self.check("- rule: R\n  desc: d\n  condition: evt.type = process_start and proc.nam = x\n"
                          "  output: o\n  priority: INFO\n  source: windows\n")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout.decode(), r":3:\d+: error: .*proc\.nam")
        self.assertIn("^", done.stdout.decode())
        self.assertIn("did you mean 'proc.name'", done.stdout.decode())

    def test_hints_tell_what_never_matches_what_is_shadowed_and_what_has_no_guard(self):
        rule = ("- rule: %s\n  desc: d\n  condition: evt.type = process_start and %s\n  output: o\n  priority: INFO\n"
                "  source: windows\n")
        text = self.check(rule % ("A", "proc.name = a.exe") + rule % ("B", "proc.name = a.exe and proc.pname = b.exe") +
                          rule % ("C", "proc.name = c.exe and proc.name in (d.exe, e.exe)") +
                          rule % ("D", "not proc.name = x.exe") + rule % ("E", "evt.type = file_create") +
                          rule % ("F", "proc.name = f.exe")).stdout.decode()
        self.assertEqual(text.count("hint:"), 4, text)
        self.assertIn("what matches here matches rule 'A' above too", text)
        self.assertIn("no value of 'proc.name' passes all of its checks", text)
        self.assertIn("tried on every event of the types: process_start", text)
        self.assertIn("no event type passes all of its checks", text)

    def test_json_has_falcos_shape(self):
        done = self.check("- rule: R\n", "--json")
        result = json.loads(done.stdout)["falco_load_results"][0]
        self.assertFalse(result["successful"])
        self.assertEqual(result["errors"][0]["code"], "LOAD_ERR_YAML_VALIDATE")

    def test_lists_are_json_arrays(self):
        for what in ("fields", "events"):
            rows = json.loads(policyd("list", what, "--json").stdout)
            self.assertGreater(len(rows), 30)
        rows = json.loads(policyd("list", "rules", "-r", "rules/windows", "--json").stdout)
        self.assertIn(FOUNDING, [row["rule"] for row in rows])

    def test_lists_hold_arrays_and_numbers(self):
        rule = next(r for r in json.loads(policyd("list", "rules", "-r", "rules/windows", "--json").stdout)
                    if r["rule"] == FOUNDING)
        self.assertIn("Container", rule["tags"])
        self.assertEqual((rule["events"], rule["all_events"], rule["state"]), (["process_start"], False, "runs"))
        self.assertIsInstance(rule["line"], int)
        named = {r["list"]: r for r in json.loads(policyd("list", "lists", "-r", "rules/windows", "--json").stdout)}
        self.assertIn("cmd.exe", named["windows_shell_binaries"]["items"])
        macro = json.loads(policyd("list", "macros", "-r", "rules/windows", "--json").stdout)[0]
        self.assertIsInstance(macro["used"], bool)

    def test_lists_with_coverage_count_rules_and_name_providers(self):
        rows = {r["event"]: r for r in json.loads(
            policyd("list", "events", "--coverage", "--json", "-r", "rules/windows").stdout)}
        self.assertGreater(rows["process_start"]["rules"], 10)
        self.assertEqual(rows["thread_start"]["rules"], 0)
        kernel = [p for p in rows["process_start"]["providers"] if p["provider"] == "Microsoft-Windows-Kernel-Process"]
        self.assertEqual((kernel[0]["by"], 1 in kernel[0]["ids"]), ("ids", True))
        fields = {r["field"]: r for r in json.loads(
            policyd("list", "fields", "--coverage", "--json", "-r", "rules/windows").stdout)}
        self.assertGreater(fields["proc.name"]["rules"], 10)

    def test_explain_as_json_tells_the_same(self):
        done = policyd("explain", "Shell That Connects After Discovery", "-r", "tests/scenario/correlation", "--json")
        rule = json.loads(done.stdout)
        self.assertEqual(rule["sequence"]["within_s"], 10)
        self.assertEqual([step["by"] for step in rule["sequence"]["steps"]], [["proc.pid"]] * 3)
        self.assertEqual([g["guarded"] for g in rule["guards"]], [False, True, True])
        self.assertEqual(rule["guards"][1]["step"], 1)
        self.assertEqual([e["event"] for e in rule["events"]], ["process_start", "net_connect", "dns_query"])
        self.assertEqual(rule["exceptions"], [{"name": "known", "fields": ["fd.rip"], "values": 1}])

    def test_a_rule_that_is_not_there_gets_a_suggestion(self):
        done = policyd("explain", "Shell That Connects After Discovry", "-r", "tests/scenario/correlation")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"did you mean 'Shell That Connects After Discovery'?", done.stderr)

    def test_rules_that_do_not_load_are_told_once_for_all_tests_of_them(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "a.yaml").write_text("- rule: R\n  desc: d\n  condition: proc.nam = x\n  output: o\n  priority: INFO\n"
                                         "  source: windows\n")
            (path / "a_test.yaml").write_text("".join(
                "- {test: t%d, events: [], expect: []}\n" % i for i in range(3)))
            done = policyd("test", folder)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stdout.count(b"nonexistent field"), 1)
            self.assertEqual(done.stdout.count(b"do not load, as told before"), 2)
            self.assertIn(b"0 passed, 3 failed", done.stdout)

    def test_explain_tells_guards_sequence_and_its_steps(self):
        text = policyd("explain", "Shell That Connects After Discovery", "-r", "tests/scenario/correlation").stdout.decode()
        self.assertIn("event types: process_start, net_connect, dns_query\n", text)
        self.assertIn("desc: Three steps of one process, the last with an exception.\n", text)
        self.assertRegex(text, r"sequence: 3 steps within 10 s\n    step 1: .*\n        by proc\.pid\n    step 2: ")
        self.assertRegex(text, r"guard of step 1: proc\.name in \(")
        self.assertIn("exceptions: known (1)\n", text)
        text = policyd("explain", "Encoded PowerShell Command", "-r", "rules/windows").stdout.decode()
        self.assertRegex(text, r"\nguard: proc\.cmdline contains anyof \(")

    def test_explain_tells_event_types_and_providers(self):
        text = policyd("explain", FOUNDING, "-r", "rules/windows").stdout.decode()
        self.assertIn("event types: process_start\n", text)
        self.assertIn("MSNT_SystemTrace/Process opcodes 1", text)


RULES = """
- rule: Child of a Web Server
  desc: d
  condition: evt.type = process_start and proc.aname = w3wp.exe
  output: started (%proc.name)
  priority: INFO
  source: windows
- rule: Connection to One Address
  desc: d
  condition: evt.type = net_connect and fd.ip = 203.0.113.9
  output: connected (%fd.rip)
  priority: INFO
  source: windows
"""


class RuleTestTest(unittest.TestCase):
    def run_tests(self, text):
        with tempfile.TemporaryDirectory() as folder:
            junit = pathlib.Path(folder) / "junit.xml"
            (pathlib.Path(folder) / "a.yaml").write_text(RULES)
            (pathlib.Path(folder) / "a_test.yaml").write_text(text)
            done = policyd("test", "--junit", junit, folder)
            return done.returncode, done.stdout.decode(), ElementTree.parse(junit).getroot()

    def check_fails(self, test, *wanted):
        status, text, _ = self.run_tests(test)
        self.assertEqual((status, text.splitlines()[-1]), (1, "0 passed, 1 failed"), text)
        for part in wanted:
            self.assertIn(part, text)

    def test_events_as_maps_ancestors_as_list_or_by_index(self):
        status, text, _ = self.run_tests("""
- test: t
  events:
    - {evt.type: process_start, proc.name: cmd.exe, proc.aname: [x.exe, W3WP.exe]}
    - {evt.type: process_start, proc.name: cmd.exe, 'proc.aname[3]': w3wp.exe}
    - {evt.type: process_start, proc.exepath: 'C:\\W\\cmd.exe', proc.pname: w3wp.exe}
    - {evt.type: process_start, proc.name: cmd.exe, proc.pname: explorer.exe}
    - {evt.type: net_connect, fd.rip: 203.0.113.9, fd.rport: 443}
  expect:
    - {rule: Child of a Web Server, count: 3, match: {proc.name: cmd.exe, container.id: host}}
    - {rule: Child of a Web Server, match: {proc.pname: x.exe}}
    - {rule: Connection to One Address, match: {fd.rport: 443, proc.name: ~}}
    - {rule: '*', count: 4}
""")
        self.assertEqual((status, text), (0, "1 passed, 0 failed\n"))

    def test_unmet_expectation_tells_expected_and_got(self):
        self.check_fails("""
- test: t
  events: [{evt.type: net_connect, fd.rip: 203.0.113.9}]
  expect: [{rule: Connection to One Address, count: 2}]
""", "a_test.yaml:2: FAIL t", "line 4: expected 2 of 'Connection to One Address', got 1",
                         "1 x Connection to One Address")

    def test_empty_expectation_allows_no_alert(self):
        self.check_fails("- {test: t, events: [{evt.type: net_connect, fd.rip: 203.0.113.9}], expect: []}",
                         "expected no alert, got 1")

    def test_mistakes_are_told_with_their_place(self):
        for event, wanted in (("{evt.type: net_connect, fd.rippp: 1.2.3.4}", "did you mean 'fd.rip'"),
                              ("{evt.type: net_connect, fd.rport: 65536}", "not a value of this field's type"),
                              ("{evt.type: net_conect}", "no event type net_conect"),
                              ("{proc.name: x}", "needs an evt.type")):
            self.check_fails("- {test: t, events: [%s], expect: []}" % event, "a_test.yaml:1:", wanted)
        self.check_fails("- {test: t, events: [], expect: [{rule: Connection to One Addres}]}", "did you mean")
        self.check_fails("- {test: t, rules: [none.yaml], events: [], expect: []}", "cannot open the file")
        self.check_fails("- {test: t, input: none.vst, expect: []}", "none.vst")
        self.check_fails("- {test: t, evnts: [], expect: []}", "no evnts")
        self.check_fails("- {", "(the file)")

    def test_junit_has_every_case_and_the_reason_of_a_failure(self):
        root = self.run_tests("- {test: 'a <b> & c', events: [{evt.type: net_connect, fd.rip: 203.0.113.9}], expect: []}\n"
                              "- {test: d, events: [], expect: []}\n")[2]
        suite = root.find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("2", "1"))
        cases = suite.findall("testcase")
        self.assertEqual([c.get("name") for c in cases], ["a <b> & c", "d"])
        self.assertIn("expected no alert", cases[0].find("failure").get("message"))
        self.assertIsNone(cases[1].find("failure"))


if __name__ == "__main__":
    BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    bad = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - bad, bad))
    sys.exit(bad != 0)
