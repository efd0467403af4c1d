#!/usr/bin/env python3
"""Rules made to stall or to break the loader: each load ends in time, with a ruleset or with errors that say why.

usage: hostile_rules.py BIN_FOLDER SOURCE_FOLDER
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

BIN = SOURCE = None
SECONDS = 100       # a stall, not a slow machine: all of these take a second or two


def run(*arguments):
    return subprocess.run([BIN / "policyd", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          cwd=SOURCE, timeout=SECONDS)


def rule(condition, name="R"):
    return (f"- rule: {name}\n  desc: d\n  condition: >-\n    {condition}\n  output: o\n  priority: INFO\n"
            "  source: windows\n")


class HostileRules(unittest.TestCase):
    def load(self, text, *command):
        with tempfile.TemporaryDirectory() as folder:
            rules = pathlib.Path(folder) / "rules.yaml"
            rules.write_bytes(text if isinstance(text, bytes) else text.encode())
            if command:
                done = run(command[0], "-r", rules, *command[1:])
            else:
                done = run("validate", rules)
        self.assertIn(done.returncode, (0, 1), done.stderr[-2000:])
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")

    def refused(self, text, why):
        status, said = self.load(text)
        self.assertEqual(status, 1)
        self.assertTrue(why in said, why + " is not in: " + said[:300])
        self.assertLess(len(said), 2 << 20)

    def loads(self, text):
        status, said = self.load(text)
        self.assertEqual(status, 0, said[-2000:])

    def test_nested_parentheses_are_refused(self):
        self.refused(rule("(" * 10000 + "proc.name = a" + ")" * 10000), "max depth")

    def test_nested_not_is_refused_or_read(self):
        self.load(rule("not (" * 10000 + "proc.name = a" + ")" * 10000))
        self.load(rule("not " * 200000 + "proc.name = a"))

    def test_nested_transformers_are_refused(self):
        self.refused(rule("tolower(" * 10000 + "proc.name" + ")" * 10000 + " = a"), "depth")

    def test_condition_of_a_mebibyte(self):
        part = "proc.cmdline contains abcdefgh or "
        self.load(rule(part * ((1 << 20) // len(part)) + "proc.name = a"))
        self.load(rule("proc.name = " + "a" * (1 << 20)))
        self.load(rule("a" * (1 << 20)))
        self.load(rule("proc.name in (" + "a," * (1 << 19) + "a)"))

    def test_list_of_100000_items(self):
        items = ", ".join(f"n{i:06}.exe" for i in range(100000))
        self.loads(f"- list: l\n  items: [{items}]\n" + rule("evt.type = process_start and proc.name in (l)"))

    def test_rules_that_each_take_a_list_of_100000_items(self):
        items = ", ".join(f"n{i:06}.exe" for i in range(100000))
        self.load(f"- list: l\n  items: [{items}]\n" +
                  "".join(rule("evt.type = process_start and proc.cmdline contains anyof (l)", f"R{i}")
                          for i in range(4)))

    def test_macro_bomb_is_refused(self):
        text = "- macro: m0\n  condition: proc.name = a\n"
        for i in range(1, 40):
            text += f"- macro: m{i}\n  condition: m{i - 1} or m{i - 1}\n"
        self.refused(text + rule("m39"), "expands to more than")

    def test_list_bomb_is_refused(self):
        text = "- list: l0\n  items: [a, b]\n"
        for i in range(1, 40):
            text += f"- list: l{i}\n  items: [l{i - 1}, l{i - 1}]\n"
        self.refused(text + rule("proc.name in (l39)"), "more than")

    def test_a_large_macro_in_many_rules_is_refused_and_the_rule_named(self):
        text = "- macro: big\n  condition: " + " or ".join("proc.cmdline contains x%d" % i for i in range(30000)) + "\n"
        text += "".join(rule("evt.type = process_start and big", "R%d" % i) for i in range(40))
        self.refused(text, " checks and constants: with it, rules have more than 2097152 together")
        self.assertIn("in rule 'R34'", self.load(text)[1])
        self.assertNotIn("in rule 'R33'", self.load(text)[1])

    def test_lists_within_lists_are_refused_and_the_list_named(self):
        text = "- list: l0\n  items: [%s]\n" % ", ".join("x%d" % i for i in range(100000))
        text += "".join("- list: l%d\n  items: [l0, y]\n" % i for i in range(1, 30))
        self.refused(text, "list 'l20' expands to 100001 items: with it, lists have more than 2097152 together")

    def test_a_text_appended_to_very_often_is_refused_when_it_is_too_long(self):
        text = "- macro: m\n  condition: proc.name = a\n"
        text += "".join("- macro: m\n  condition: or proc.name = %s\n  append: true\n" % ("b%d" % i * 20) for i in range(20000))
        self.refused(text, "What is appended makes the text longer than 2 MiB")

    def test_a_text_appended_to_very_often_is_read(self):
        text = "- macro: m\n  condition: proc.name = a\n"
        text += "".join("- macro: m\n  condition: or proc.name = b%d\n  append: true\n" % i for i in range(20000))
        self.loads(text + rule("evt.type = process_start and m"))

    def test_macros_and_lists_in_a_circle_end(self):
        self.load("- macro: a\n  condition: b\n- macro: b\n  condition: a\n" + rule("a"))
        self.load("- list: a\n  items: [b]\n- list: b\n  items: [a]\n" + rule("proc.name in (a)"))

    def test_yaml_bomb_is_refused(self):
        text = "- list: l0\n  items: &a0 [x, y]\n"
        for i in range(1, 60):
            text += f"- list: l{i}\n  items: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n"
        self.refused(text, "YAML")

    def test_yaml_nesting_is_refused(self):
        self.refused("[" * 100000, "deep")

    def test_huge_regexes_are_refused(self):
        for pattern in ("(a{1,1000}){1,1000}", "((((a{100}){100}){100}){100})", "(" * 5000 + "a" + ")" * 5000):
            self.refused(rule(f"proc.name regex {pattern!r}".replace('"', "'")), "regex")

    def test_costly_regexes_match_in_bounded_time(self):
        text = "".join(rule(f"evt.type = process_start and proc.cmdline regex '{pattern}'", f"R{i}")
                       for i, pattern in enumerate(("(a+)+$", "(a|a)*b", "(.*)*x", "([a-zA-Z]+)*[0-9]{9}",
                                                    ".*a.*b.*c.*d.*e.*f.*g.*h.*i.*j.*k.*l",
                                                    "(x+x+)+y", "(a?){60}a{60}", "((a*)*)*b", "(.{1,30}){1,30}z")))
        status, said = self.load(text, "replay", "tests/scenario/webshell/webshell.vst")
        self.assertEqual(status, 0, said[-2000:])

    def test_many_errors_are_told_within_bounds(self):
        text = "".join(rule("proc.nam = a and prc.name = b", f"R{i}") for i in range(20000))
        self.refused(text, "did you mean 'proc.name'")

    def test_many_errors_of_many_conditions_are_told_within_bounds(self):
        wrong = " and ".join(f"proc.nme{i} = x" for i in range(60))
        self.refused("".join(rule(wrong, f"R{i}") for i in range(5000)), "more are not shown")
        self.refused(f"- macro: m\n  condition: {wrong}\n" + "".join(rule("m", f"R{i}") for i in range(20000)), "did you mean")
        self.refused(rule(" and ".join(f"proc.nme{i} = x" for i in range(30000))), "did you mean")

    def test_names_that_are_nearly_right_are_compared_within_bounds(self):
        lists = "".join(f"- list: some_list_{i:05}\n  items: [a]\n" for i in range(5000))
        words = ", ".join(f"some_lisk_{i:05}" for i in range(5000))
        self.loads(lists + "".join(rule(f"proc.name in ({words})", f"R{i}") for i in range(20)))
        macros = "".join(f"- macro: some_macro_{i:05}\n  condition: proc.name = a\n" for i in range(5000))
        self.refused(macros + "".join(rule(f"some_nacro_{i:05}", f"R{i}") for i in range(5000)), "Undefined macro")
        self.refused("".join(rule("proc.name = a", f"Rule {i:05}") for i in range(5000)) +
                     "".join(f"- rule: Rile {i:05}\n  enabled: false\n" for i in range(5000)), "no rule by that name")

    def test_exceptions_of_100000_values(self):
        values = ", ".join(f"n{i}" for i in range(100000))
        tuples = ", ".join(f"[n{i}, x]" for i in range(50000))
        self.load(rule("evt.type = process_start") + "  exceptions:\n"
                  f"  - {{name: a, fields: proc.name, values: [{values}]}}\n")
        self.load(rule("evt.type = process_start") + "  exceptions:\n"
                  f"  - {{name: a, fields: [proc.name, proc.pname], values: [{tuples}]}}\n")
        self.refused(rule("evt.type = process_start") + "  exceptions:\n" +
                     "".join(f"  - {{name: a{i}, fields: proc.name, values: [x]}}\n" for i in range(10000)), "too many")

    def test_macros_on_macros_are_refused_when_they_get_deep(self):
        text = "- macro: m0\n  condition: proc.name = a\n"
        for i in range(1, 20000):
            text += f"- macro: m{i}\n  condition: (m{i - 1} and not proc.pname = b{i})\n"
        self.refused(text + rule("m19999"), "more than")
        text = "".join(f"- macro: m{i}\n  condition: m{i + 1}\n" for i in range(1000))
        self.refused(text + rule("m0"), "Undefined macro")

    def test_outputs_are_bounded(self):
        def output(text):
            return rule("evt.type = process_start").replace("output: o", "output: " + text)
        self.refused(output("a" * (1 << 20)), "output is longer than")
        self.refused(output('"' + "%proc.name" * 6000 + '"'), "too many fields")
        self.refused(output('"%' + "toupper(" * 5000 + "proc.name" + ")" * 5000 + '"'), "unknown filter")
        self.refused(output('"' + "%" * 30000 + '"'), "unknown filter")

    def test_names_tags_and_texts_are_bounded(self):
        self.load(rule("evt.type = process_start", "R" * (1 << 20)))
        self.load(rule("evt.type = process_start").replace("desc: d", "desc: " + "d" * (1 << 20)))
        self.refused(rule("evt.type = process_start") + "  tags: [" + ", ".join(f"t{i}" for i in range(100000)) + "]\n",
                     "too many tags")

    def test_appending_again_and_again_is_bounded(self):
        self.load(rule("evt.type = process_start") +
                  "- {rule: R, condition: or proc.name = a, override: {condition: append}}\n" * 20000)

    def test_correlation_is_bounded(self):
        keys = ", ".join(["proc.name"] * 1000)
        self.refused(rule("evt.type = process_start") + f"  throttle: {{key: [{keys}], window: 1s}}\n", "at most 8")
        steps = "".join("    - evt.type = process_start\n" for _ in range(10000))
        self.refused(rule("evt.type = process_start") + "  sequence:\n" + steps + "  within: 1s\n", "steps")

    def test_bytes_that_are_no_text_are_refused(self):
        self.refused(b"- rule: \xff\xfe\n", "UTF-8")
        self.refused(b"\xff\xfe-\0 \0", "UTF-16")
        self.load(b"\0" * 100000)


if __name__ == "__main__":
    BIN, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    result = unittest.main(argv=sys.argv[:1], exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(failed > 0)
