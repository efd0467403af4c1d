#!/usr/bin/env python3
"""policyd coverage from outside: the shipped rules, and rules made to be counted.

usage: coverage.py BIN_FOLDER SOURCE_FOLDER
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import yaml

BIN = SOURCE = None

RULE = """- rule: {name}
  desc: d
  condition: evt.type = process_start and proc.name = {name}
  output: o
  priority: INFO
  source: windows
  tags: [{tags}]
  enabled: {enabled}
"""


def policyd(*arguments):
    return subprocess.run([BIN / "policyd", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          cwd=SOURCE, timeout=120)


def cells(report):
    return {(tactic["name"], t["id"]): t for tactic in report["tactics"] for t in tactic["techniques"]}


class CoverageTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.rules = pathlib.Path(self.folder.name) / "rules.yaml"

    def tearDown(self):
        self.folder.cleanup()

    def cover(self, rules, *options):
        text = "".join(RULE.format(name=name, tags=tags, enabled=enabled) for name, tags, enabled in rules)
        self.rules.write_text(text)
        done = policyd("coverage", "-r", self.rules, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def report(self, rules, *options):
        return json.loads(self.cover(rules, "--json", *options))

    def test_a_technique_stands_under_the_tactics_that_the_rule_names(self):
        found = cells(self.report([("a", "MITRE_TA0003_persistence, T1053.005", "true")]))
        self.assertEqual(found[("Persistence", "T1053.005")]["rules"], ["a"])
        self.assertEqual({tactic for tactic, technique in found if technique == "T1053.005"}, {"Persistence"})

    def test_without_a_fitting_tactic_it_stands_under_all_of_its_own(self):
        for tags in ("T1053.005", "MITRE_TA0040_impact, T1053.005"):
            found = cells(self.report([("a", tags, "true")]))
            self.assertEqual({tactic for tactic, technique in found if technique == "T1053.005"},
                             {"Execution", "Persistence", "Privilege Escalation"})

    def test_rules_of_sub_techniques_count_for_the_technique_above_once(self):
        found = cells(self.report([("a", "T1059.001, T1059.003", "true"), ("b", "T1059", "true")]))
        above = found[("Execution", "T1059")]
        self.assertEqual((above["rules"], above["rules_below"]), (["b"], ["a"]))

    def test_old_and_new_ids_are_one(self):
        found = cells(self.report([("a", "T1086", "true"), ("b", "attack.t1059.001", "true")]))
        self.assertEqual(found[("Execution", "T1059.001")]["rules"], ["a", "b"])

    def test_rules_that_do_not_run_count_only_when_asked_for(self):
        rules = [("a", "T1059.001", "true"), ("b", "T1059.001", "false")]
        self.assertEqual(self.report(rules)["rules_not_running"], 1)
        self.assertEqual(cells(self.report(rules))[("Execution", "T1059.001")]["rules"], ["a"])
        self.assertEqual(cells(self.report(rules, "--all"))[("Execution", "T1059.001")]["rules"], ["a", "b"])

    def test_unknown_tags_are_told_here_and_as_hints_of_validate(self):
        rules = [("a", "T9999, mitre_executoin, host", "true")]
        self.assertEqual([u["tag"] for u in self.report(rules)["unknown_tags"]], ["T9999", "mitre_executoin"])
        self.assertIn("Unknown: T9999 of rule a\n", self.cover(rules))
        told = policyd("validate", self.rules).stdout.decode()
        self.assertIn("hint: ", told)
        self.assertIn("the tag 'T9999' is no technique or tactic of ATT&CK", told)
        self.assertIn("'mitre_executoin'", told)
        self.assertNotIn("'host'", told)

    def test_missing_lists_what_no_rule_names(self):
        text = self.cover([("a", "T1059.001", "true")], "--missing")
        self.assertRegex(text, r"T1047 +Windows Management Instrumentation +-\n")
        self.assertRegex(text, r"\.001 +PowerShell +1  #\n")

    def test_layer_for_navigator_has_its_format(self):
        layer = json.loads(self.cover([("a", "T1059.001", "true"), ("b", "T1059.001, T1687", "true")], "--navigator", "-"))
        self.assertEqual(layer["versions"]["layer"], "4.5")
        self.assertEqual((layer["versions"]["attack"], layer["domain"]), ("18", "enterprise-attack"))
        self.assertGreaterEqual(tuple(map(int, layer["versions"]["navigator"].split("."))), (4, 9, 0))
        self.assertGreater(layer["gradient"]["maxValue"], layer["gradient"]["minValue"])
        techniques = {t["techniqueID"]: t for t in layer["techniques"]}
        self.assertEqual(set(techniques), {"T1059", "T1059.001"})
        self.assertEqual((techniques["T1059.001"]["score"], techniques["T1059.001"]["tactic"]), (2, "execution"))
        self.assertEqual(techniques["T1059.001"]["comment"], "a, b")
        self.assertTrue(techniques["T1059"]["showSubtechniques"])

    def test_layer_goes_into_a_file_and_what_cannot_be_written_fails(self):
        path = pathlib.Path(self.folder.name) / "layer.json"
        self.assertEqual(policyd("coverage", "-r", "rules/windows", "--navigator", path).returncode, 0)
        self.assertGreater(len(json.loads(path.read_text())["techniques"]), 100)
        done = policyd("coverage", "-r", "rules/windows", "--navigator", "/nonexistent/layer.json")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"/nonexistent/layer.json", done.stderr)

    def test_shipped_rules_name_known_techniques_only(self):
        report = json.loads(policyd("coverage", "-r", "rules/windows", "--json").stdout)
        self.assertEqual((report["unknown_tags"], report["rules_untagged"]), ([], 0))
        self.assertGreater(sum(t["techniques_covered"] for t in report["tactics"]), 150)

    def test_every_id_of_the_alias_table_is_known(self):
        aliases = yaml.safe_load((SOURCE / "rules/attack_aliases.yaml").read_text())
        ids = sorted(set(aliases) | {i for many in aliases.values() for i in many})
        self.assertEqual(self.report([("a", ", ".join(ids), "true")])["unknown_tags"], [])


if __name__ == "__main__":
    BIN, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    bad = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - bad, bad))
    sys.exit(bad != 0)
