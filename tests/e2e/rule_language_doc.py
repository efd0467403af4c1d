#!/usr/bin/env python3
"""Runs every YAML block of docs/rule-language.md. The blocks below one heading belong together: rules go into one file, rule
tests into another, and entries with a condition and the events on which it is true or false become a rule and a test each.
Entries of `wrong` are files of their own, of which `policyd validate` must say all that stands under `says`.

usage: rule_language_doc.py BIN_FOLDER SOURCE_FOLDER
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

# What the page must have an example of.
OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "exists", "contains", "icontains", "bcontains", "startswith", "bstartswith",
             "endswith", "glob", "iglob", "regex", "in", "intersects", "pmatch", "oneof", "anyof", "allof", "val(", "tolower(",
             "toupper(", "b64(", "basename(", "len(", "concat(", "join(", "getopt("]


def sections(text):
    """{heading: [block]}"""
    found, heading, block = {}, "", None
    for line in text.splitlines():
        if block is not None:
            if line == "```":
                block = None
            else:
                found[heading][-1] += line + "\n"
        elif line == "```yaml":
            block = ""
            found.setdefault(heading, []).append("")
        elif line.startswith("#"):
            heading = line.lstrip("# ")
    return found


def short_form(entries, block):
    """Rules and tests of entries with a condition."""
    rules, tests = [], []
    for number, entry in enumerate(entries):
        name = "Condition %s.%d" % (block, number)
        rules.append({"rule": name, "desc": name, "condition": entry["condition"], "output": "o", "priority": "INFO",
                      "source": "windows"})
        for key, count in (("true", 1), ("false", 0)):
            for event in entry.get(key, []):
                tests.append({"test": "%s is %s" % (entry["condition"], key),
                              "events": [dict({"evt.type": "process_start"}, **event)],
                              "expect": [{"rule": name, "count": count}]})
    return rules, tests


def check_wrong(binary, folder, items):
    """Problems of files that are wrong, or not what was meant."""
    problems = []
    for number, item in enumerate(items):
        path = folder / ("wrong%d.yaml" % number)
        path.write_text(item["wrong"])
        said = policyd(binary, "validate", path)[1]
        problems += ["%r is not said of:\n%s\nbut:\n%s" % (words, item["wrong"], said)
                     for words in item["says"] if words not in said]
    return problems


def write(folder, blocks):
    """One rules file for each block of rules, in order, and one file of tests."""
    for number, text in enumerate(blocks):
        items = yaml.load(text, yaml.BaseLoader)    # a plain = is a text
        name = "%02d" % number
        if "condition" in items[0] and not {"rule", "macro"} & set(items[0]):
            rules, tests = short_form(items, name)
            (folder / (name + ".yaml")).write_text(json.dumps(rules))
            (folder / (name + "_test.yaml")).write_text(json.dumps(tests))
        elif "test" in items[0]:
            (folder / (name + "_test.yaml")).write_text(text)
        else:
            (folder / (name + ".yaml")).write_text(text)


def policyd(binary, *arguments):
    done = subprocess.run([binary, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    return done.returncode, done.stdout.decode()


def check(binary, heading, blocks):
    """Problems of one section, and how many tests it ran."""
    wrong = [item for block in blocks for item in yaml.load(block, yaml.BaseLoader) if "wrong" in item]
    if wrong:
        with tempfile.TemporaryDirectory() as name:
            return check_wrong(binary, pathlib.Path(name), wrong), sum(len(item["says"]) for item in wrong)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write(folder, blocks)
        status, text = policyd(binary, "validate", folder)
        if status or "warning:" in text:
            return ["%s: %s" % (heading, text)], 0
        if not list(folder.glob("*_test.yaml")):
            return [], 0
        status, text = policyd(binary, "test", folder)
        passed = int(re.search(r"(\d+) passed", text).group(1))
        return ["%s: %s" % (heading, text)] if status else [], passed


def main():
    binary, source = pathlib.Path(sys.argv[1]) / "policyd", pathlib.Path(sys.argv[2])
    text = (source / "docs/rule-language.md").read_text()
    blocks = sections(text)
    shown = " ".join(" ".join(b) for b in blocks.values())
    problems = ["no example of %s" % o for o in OPERATORS if o not in shown]
    ran = 0
    for heading, section in blocks.items():
        found, passed = check(binary, heading, section)
        problems += found
        ran += passed
    print("\n".join(problems))
    print("%d passed, %d failed" % (ran, len(problems)))
    return bool(problems) or ran == 0


if __name__ == "__main__":
    sys.exit(main())
