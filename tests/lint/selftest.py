#!/usr/bin/env python3
"""Every lint catches its bad snippets and passes the good ones. usage: selftest.py [COMPILER]"""
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import banned      # noqa: E402
import globals as globals_lint      # noqa: E402
import headers     # noqa: E402
import layers      # noqa: E402
import links       # noqa: E402
import marks       # noqa: E402
import names       # noqa: E402
import rules       # noqa: E402
import sizes       # noqa: E402
import tally       # noqa: E402

COMPILER = "cc"


def function(body, parameters="int a"):
    return "static int f(%s)\n{\n%s\n}\n" % (parameters, body)


class Sizes(unittest.TestCase):
    def test_a_function_of_60_lines_passes_and_61_is_caught(self):
        self.assertEqual(sizes.check("a.c", function("\n".join(["\ta++;"] * 57))), [])
        self.assertIn("61 lines", sizes.check("a.c", function("\n".join(["\ta++;"] * 58)))[0])

    def test_a_file_of_501_lines_is_caught(self):
        self.assertEqual(sizes.check("a.py", "x = 1\n" * 500), [])
        self.assertIn("501 lines", sizes.check("a.py", "x = 1\n" * 501)[0])

    def test_six_parameters_are_caught_and_function_pointers_count_once(self):
        five = "int a, int b, int c, void (*d)(int, int), int e[static 2]"
        self.assertEqual(sizes.check("a.c", function("", five)), [])
        self.assertIn("6 parameters", sizes.check("a.c", function("", five + ", int f"))[0])

    def test_four_levels_are_caught_with_or_without_braces(self):
        self.assertEqual(sizes.check("a.c", function("if (a) { for (;;) { while (a) { a--; } } }")), [])
        for body in ("if (a) { for (;;) { while (a) { if (a) { a--; } } } }",
                     "if (a) for (;;) while (a) if (a) a--;",
                     "switch (a) { case 1: if (a) { do { if (a) a--; } while (a); } break; default: break; }"):
            self.assertIn("4 levels", sizes.check("a.c", function(body))[0], body)

    def test_an_else_if_chain_and_initialisers_are_no_nesting(self):
        chain = "if (a) { if (a) a++; } else if (a) { if (a) a++; } else if (a) { a--; } else { if (a) a++; }"
        self.assertEqual(sizes.check("a.c", function(chain)), [])
        table = "struct x t[] = { { { { { 1 } } } } };\n\tuse((struct x){ .a = { { { 1 } } } });\n\treturn a;"
        self.assertEqual(sizes.check("a.c", function(table)), [])

    def test_braces_in_strings_comments_and_macros_do_not_count(self):
        text = '#define BEGIN(x) if (x) { \\\n\tfor (;;) {\nint g(void)\n{\n\treturn "{{{"[0] + \'{\'; /* { */ // {\n}\n'
        found = sizes.source.functions(text)
        self.assertEqual([(f.name, f.first, f.last, f.parameters) for f in found], [("g", 3, 6, 0)])


class Banned(unittest.TestCase):
    def test_each_banned_call_is_caught(self):
        for name in list(banned.EVERYWHERE) + list(banned.PRODUCT) + list(banned.NOT_MAIN):
            self.assertEqual(len(banned.check("proto/a.c", "\t%s (x);\n" % name)), 1, name)

    def test_members_longer_names_strings_and_comments_pass(self):
        text = 's->exit(x); snprintf(b, 2, ""); static_assert(1, "abort()"); my_system(1); /* gets(b) */ s.abort();\n'
        self.assertEqual(banned.check("proto/a.c", text), [])

    def test_main_may_exit_and_tests_may_abort(self):
        self.assertEqual(banned.check("policyd/main.c", "exit(1);"), [])
        self.assertEqual(banned.check("tests/unit/test_a.c", "abort(); setjmp(x);"), [])
        self.assertEqual(len(banned.check("tests/unit/test_a.c", "strcpy(a, b);")), 1)


    def test_a_build_that_looks_for_python_is_caught(self):
        self.assertEqual(len(banned.check("tests/CMakeLists.txt", "find_package(Python3 REQUIRED)\n")), 1)
        self.assertEqual(banned.check("tests/CMakeLists.txt", "find_package(PkgConfig REQUIRED)\nexit(1)\n"), [])


class Names(unittest.TestCase):
    def test_two_files_of_one_name_are_caught_in_any_case(self):
        self.assertEqual(len(names.check(["a/x.c", "b/X.c"])), 1)

    def test_readme_and_fixtures_may_repeat(self):
        self.assertEqual(names.check(["a/README.md", "b/README.md", "tests/scenario/a/in.vst", "tests/scenario/b/in.vst"]), [])


class Marks(unittest.TestCase):
    def test_unfinished_marks_are_caught(self):
        for mark in ("TO" "DO", "FIX" "ME", "X" "XX", "not imple" "mented", "place" "holder"):
            self.assertEqual(len(marks.check("a.c", "/* %s: later */" % mark)), 1, mark)
        self.assertEqual(marks.check("a.c", "TO" "DOS is fine, so is a list of things to do"), [])

    def test_machine_paths_are_caught(self):
        self.assertEqual(len(marks.check("a.md", "see /ho" "me/someone/x")), 1)
        self.assertEqual(len(marks.check("a.md", "see /srv/checkouts/x", "/srv/checkouts/")), 1)
        self.assertEqual(marks.check("a.md", "C:/Users/bob/x and docs/home/x", "/srv/checkouts/"), [])

    def test_a_test_that_cannot_fail_is_caught(self):
        self.assertEqual(len(marks.check("tests/unit/test_a.c", "\tassert_true(" "1);")), 1)
        self.assertEqual(marks.check("tests/unit/test_a.c", "\tassert_true(one);"), [])


class Links(unittest.TestCase):
    FILES = {"docs/a.md": "# A b: `c`, d\n", "docs/b.md": ""}

    def found(self, text):
        return links.check("docs/b.md", text, lambda p: p in self.FILES or p == "docs", self.FILES.get)

    def test_a_link_to_nothing_is_caught(self):
        self.assertEqual(len(self.found("[x](gone.md)")), 1)
        self.assertEqual(len(self.found("[x](../../gone.md)")), 1)

    def test_a_heading_that_is_not_there_is_caught(self):
        self.assertEqual(len(self.found("[x](a.md#a-c)")), 1)
        self.assertEqual(self.found("[x](a.md#a-b-c-d) [y](../docs) [z](https://example.com/x)"), [])

    def test_a_recipe_that_names_a_file_that_is_gone_is_caught(self):
        text = "1. `docs/a.md`, `docs/gone.c`, `docs/<name>.c`, `gone/x.c`"
        self.assertEqual(len(links.check("CONTRIBUTING.md", text, lambda p: p in self.FILES, self.FILES.get)), 1)
        self.assertEqual(self.found(text), [])

    def test_links_in_code_fences_are_text(self):
        self.assertEqual(self.found("```\n[x](gone.md)\n```\n"), [])


LAYERS = """proto_base|layer|proto/base|a.c|||
proto_wire|layer|proto/wire|w.c||proto_base|
policyd_event|layer|policyd|event.c|event.h|proto_base
policyd_engine|layer|policyd/engine|e.c||proto_base
policyd|program|policyd|main.c||policyd_engine,policyd_event
""".replace("|||\n", "||\n").replace("proto_base|\n", "proto_base\n")
HEADERS = {"proto/base/a.h": "", "proto/wire/w.h": "", "policyd/event.h": "", "policyd/engine/e.h": ""}


class Layers(unittest.TestCase):
    def found(self, path, text, declared=LAYERS):
        return layers.check(layers.read_layers(declared), {**HEADERS, path: text})

    def test_own_layer_and_needed_layers_may_be_included(self):
        self.assertEqual(self.found("policyd/engine/e.c",
                                    '#include "policyd/engine/e.h"\n#include "proto/base/a.h"\n#include <stdio.h>\n'), [])

    def test_a_layer_that_is_not_needed_is_caught(self):
        self.assertIn("NEEDS", self.found("policyd/engine/e.c", '#include "policyd/engine/e.h"\n#include "policyd/event.h"\n')[0])
        self.assertIn("NEEDS", self.found("policyd/main.c", '#include "proto/base/a.h"\n')[0])

    def test_a_header_in_a_comment_is_not_included(self):
        self.assertEqual(self.found("proto/base/a.c", '#include "proto/base/a.h"\n/*\n#include "proto/wire/w.h"\n*/\n'), [])

    def test_a_file_of_no_layer_and_a_path_not_from_the_root_are_caught(self):
        self.assertIn("belongs to no layer", self.found("policyd/stray.c", "")[0])
        self.assertIn("no header of the tree", self.found("policyd/engine/e.c", '#include "e.h"\n')[0])

    def test_own_header_comes_first(self):
        self.assertIn("comes first", self.found("proto/base/a.c", '#include <stdio.h>\n#include "proto/base/a.h"\n')[0])

    def test_libraries_and_os_headers_stay_in_their_places(self):
        for header in ("yaml.h", "pcre2.h", "uv.h", "unistd.h", "windows.h", "sys/stat.h", "openssl/ssl.h"):
            self.assertEqual(len(self.found("policyd/event.c", '#include "policyd/event.h"\n#include <%s>\n' % header)), 1, header)
        self.assertIn("protobuf-c", self.found("policyd/event.c", '#include "policyd/event.h"\n#include "stream.pb-c.h"\n')[0])
        self.assertIn("protobuf-c", self.found("proto/wire/w.c", '#include "proto/wire/w.h"\n#include "stream.pb-c.h"\n')[0])
        self.assertEqual(self.found("proto/wire/frame_codec.c", '#include "stream.pb-c.h"\n',
                                    LAYERS.replace("w.c", "frame_codec.c")), [])

    def test_os_macros_outside_the_seams_are_caught(self):
        self.assertIn("_WIN32", self.found("policyd/event.c", '#include "policyd/event.h"\n#ifdef _WIN32\n#endif\n')[0])

    def test_a_ring_and_a_wall_are_caught(self):
        with_ring = "a|layer|proto/a|||b\nb|layer|proto/b|||a\n"
        self.assertIn("ring", layers.check(layers.read_layers(with_ring), {})[0])
        through = "proto_base|layer|proto/base|||\nx|layer|policyd/state|||\npolicyd_engine|layer|policyd/engine|||x,proto_base\n"
        self.assertIn("wall", layers.check(layers.read_layers(through), {})[0])
        self.assertIn("no layer", layers.check(layers.read_layers("a|layer|proto/a|||gone\n"), {})[0])

    def test_a_layer_that_the_picture_leaves_out_is_caught(self):
        declared = layers.read_layers("a|layer|proto/a|||\nb|layer|proto/b|||\nmain|program|policyd|||\n")
        self.assertEqual(len(layers.check_picture(declared, "| `proto/a` | a |")), 1)
        self.assertEqual(layers.check_picture(declared, "| `proto/a/x.h` | | `proto/b` |"), [])


class Headers(unittest.TestCase):
    def test_a_header_that_leans_on_others_is_caught(self):
        self.assertNotEqual(headers.check("size_t f(void);\n", COMPILER, []), "")
        self.assertEqual(headers.check("#include <stddef.h>\nsize_t f(void);\n", COMPILER, []), "")


class Globals(unittest.TestCase):
    def writable(self, text, *flags):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.c")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            subprocess.run([COMPILER, "-c", "-fPIE", *flags, "-o", path + ".o", path], check=True)
            return globals_lint.writable(subprocess.run(["objdump", "-t", path + ".o"], capture_output=True,
                                                        text=True, check=True).stdout)

    def test_writable_data_is_caught_with_and_without_sanitizers(self):
        text = "int a = 1; static int b; int f(void) { static int c; _Thread_local static int d; return b++ + c++ + d++; }\n"
        for flags in ((), ("-fsanitize=address,undefined",), ("-O2",)):
            found = " ".join(name for _, name in self.writable(text, *flags))
            for name in "abcd":
                self.assertRegex(found, r"\b%s\b" % name, flags)

    def test_const_tables_pass(self):
        text = 'extern int x; const int a[] = {1}; static const char *const b[] = {"x"}; const int *const c = &x;\n' \
               'const char *f(int i) { return b[i]; }\n'
        for flags in ((), ("-fsanitize=address,undefined",), ("-O2",)):
            self.assertEqual(self.writable(text, *flags), [])


class Rules(unittest.TestCase):
    RULE = {"rule": "A", "desc": "It happened.", "condition": "spawned and proc.name = x", "priority": "NOTICE", "source": "windows",
            "tags": ["maturity_stable", "MITRE_TA0002_execution", "T1059.001"]}
    MACRO = {"macro": "spawned", "condition": "(evt.type = process_start)"}
    TESTS = [{"test": "A: alerts", "expect": [{"rule": "A", "count": 1}, {"rule": "*", "count": 1}]},
             {"test": "A: stays silent", "expect": []}]

    def found(self, tests=None, **changes):
        return rules.check({"a.yaml": [self.MACRO, {**self.RULE, **changes}],
                            "a_test.yaml": self.TESTS if tests is None else tests})

    def test_a_whole_rule_passes(self):
        self.assertEqual(self.found(), [])

    def test_what_is_missing_is_caught(self):
        for changes in ({"desc": "no stop"}, {"priority": "LOUD"}, {"source": "syscall"}, {"tags": ["T1059", "MITRE_TA0002_execution"]},
                        {"tags": ["maturity_stable", "T1059"]}, {"tags": ["maturity_stable", "MITRE_TA0002_execution"]},
                        {"condition": "proc.name = x and spawned"}, {"condition": "not evt.type = x"}, {"condition": "evt.type != x"}):
            self.assertEqual(len(self.found(**changes)), 1, changes)

    def test_missing_tests_and_tests_of_nothing_are_caught(self):
        self.assertEqual(len(self.found(tests=[])), 2)
        self.assertEqual(len(self.found(tests=self.TESTS + [{"test": "x", "expect": [{"rule": "Gone", "count": 1}]}])), 1)

    def test_a_name_given_twice_is_caught(self):
        self.assertEqual(len(rules.check({"a.yaml": [self.MACRO, self.RULE, self.RULE], "a_test.yaml": self.TESTS})), 1)


class Tally(unittest.TestCase):
    def test_claims_closing_lines_and_plain_programs_are_counted(self):
        self.assertEqual(tally.count_output("[ RUN ] a\n[       OK ] a\n[  SKIPPED ] b\n[  PASSED  ] 1 test(s).\n"), (1, 0, 1))
        self.assertEqual(tally.count_output("[  FAILED  ] a\n[  FAILED  ] tests: 1 test(s), listed below:\n[  FAILED  ] a\n"
                                            "\n 1 FAILED TEST(S)\n")[1], 1)
        self.assertEqual(tally.count_output("x\n12 passed, 0 failed, 3 skipped\n"), (12, 0, 3))
        self.assertIsNone(tally.count_output("replayed 3 seeds\n"))

    def test_a_missing_file_is_a_failure(self):
        with open(os.devnull, "w", encoding="utf-8") as null:
            keep, sys.stdout = sys.stdout, null
            try:
                self.assertEqual(tally.tally(["gone.xml"], False), [0, 1, 0])
            finally:
                sys.stdout = keep


def main():
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]))
    bad = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - bad, bad))
    return 1 if bad or not result.testsRun else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        COMPILER = sys.argv[1]
    sys.exit(main())
