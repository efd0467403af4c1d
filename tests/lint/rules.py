#!/usr/bin/env python3
"""The shipped rules: each says what it is about, begins with an event type, and has a rule test that alerts and one that
stays silent. Whether a rule loads and what it matches is the loader's and the tests' business."""
import os
import re
import sys

import yaml

import source

FOLDER = "rules/windows"
PRIORITIES = {"EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "INFORMATIONAL", "DEBUG"}
TACTIC = re.compile(r"MITRE_TA\d{4}_[a-z_]+")
TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")
# The rule of the project's founding document stands as it is there: no maturity, no technique.
FOUNDING = "Windows Shell Spawned Inside Container"


def begins_with_event_type(condition, macros):
    """True when the first check is a positive one of evt.type, in place or through a macro."""
    first = condition.split()[0].strip("()")
    if first == "evt.type":
        return condition.split()[1] in ("=", "in")
    return first in macros and begins_with_event_type(macros[first].strip("( "), macros)


def check_tags(where, rule):
    tags, found = rule.get("tags") or [], []
    if not any(TACTIC.fullmatch(t) for t in tags):
        found.append(where + "no tactic tag (MITRE_TAnnnn_name)")
    if rule["rule"] != FOUNDING:
        if not tags or not tags[0].startswith("maturity_"):
            found.append(where + "the first tag is not its maturity")
        if not any(TECHNIQUE.fullmatch(t) for t in tags):
            found.append(where + "no technique tag (Tnnnn or Tnnnn.nnn)")
    return found


def check_rule(path, rule, macros):
    where = "%s: %s: " % (path, rule["rule"])
    found = check_tags(where, rule)
    if not rule.get("desc", "").strip().endswith("."):
        found.append(where + "the description is no full sentence")
    if str(rule.get("priority", "")).upper() not in PRIORITIES:
        found.append(where + "no such priority")
    if rule.get("source") != "windows":
        found.append(where + "its source is not windows")
    if not begins_with_event_type(rule["condition"], macros):
        found.append(where + "the condition does not begin with a positive check of evt.type")
    return found


def check_tests(rules, tests):
    """rules: {name: path}. Each has a test that expects it once, and one named for it that expects nothing."""
    fires = {e["rule"] for t in tests for e in t["expect"] if e["count"]}
    silent = {t["test"].rpartition(":")[0] for t in tests if not t["expect"]}
    found = ["%s: %s: no rule test expects an alert" % (path, name) for name, path in rules.items() if name not in fires]
    found += ["%s: %s: no rule test expects silence" % (path, name) for name, path in rules.items() if name not in silent]
    found += ["a rule test expects %s, which is no rule" % name for name in sorted(fires - set(rules) - {"*"})]
    return found


def check(documents):
    """documents: {path: parsed YAML list}."""
    items = [(path, item) for path, document in documents.items() for item in document]
    macros = {item["macro"]: item["condition"] for _, item in items if "macro" in item}
    rules, found = {}, []
    for path, item in items:
        if "rule" not in item or path.endswith("_test.yaml"):
            continue
        if item["rule"] in rules:
            found.append("%s: %s: the name stands in %s too" % (path, item["rule"], rules[item["rule"]]))
        rules[item["rule"]] = path
        found += check_rule(path, item, macros)
    return found + check_tests(rules, [item for path, item in items if path.endswith("_test.yaml")])


def main():
    paths = [p for p in source.tree_files() if p.startswith(FOLDER + "/") and p.endswith(".yaml")]
    documents = {}
    for path in paths:
        with open(os.path.join(source.ROOT, path), encoding="utf-8") as file:
            documents[path] = yaml.safe_load(file)
    return source.finish("rules", check(documents), len(documents))


if __name__ == "__main__":
    sys.exit(main())
