#!/usr/bin/env python3
"""policyd from outside: replay, dump, validate, list and explain on the shipped recording and the shipped rules.

usage: policyd_cli.py BIN_FOLDER SOURCE_FOLDER
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

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

    def test_explain_tells_event_types_and_providers(self):
        text = policyd("explain", FOUNDING, "-r", "rules/windows").stdout.decode()
        self.assertIn("event types: process_start\n", text)
        self.assertIn("MSNT_SystemTrace/Process opcodes 1", text)


if __name__ == "__main__":
    BIN, SOURCE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    bad = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - bad, bad))
    sys.exit(bad != 0)
