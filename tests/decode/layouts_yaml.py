#!/usr/bin/env python3
"""The layout tables of policyd/decode equal the collected layouts (reference/layouts.yaml), both ways: every event and
version there is in the tables, and nothing is in the tables that is not there.

usage: layouts_yaml.py DUMP_TABLES SOURCE_DIR
What differs on purpose is written here as a rule, not as a list of exceptions by event, except ADDED.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys

import yaml

# Layouts that stand in the tables besides those collected, each seen in recordings: image loads written in group
# Process, and old versions of image unloads and rundown, which the MOF has for loads only.
PROCESS, IMAGE = "3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c", "2cb15d1d-5fc1-11d2-abe1-00a0c911f518"
ADDED = {(PROCESS, 10, version): (IMAGE, 10, version) for version in (2, 3)}
ADDED.update({(IMAGE, opcode, version): (IMAGE, 10, version) for opcode in (2, 3, 4) for version in (0, 1)})
# Classes that are not collected: the payload samples alone are their source (decode_oracle.py compares them).
SAMPLED = {"ce1dbfb4-137e-4da6-87b0-3f59aa102cbc"}
TIME_ZONE_BYTES = 176


def build(text):
    return int(text.split("/")[1])


def wanted_field(field, names):
    """(name, type, length) as the tables say them; length: ("field", index), ("bytes", n) or None."""
    kind, length = field["type"], field.get("length")
    if kind == "nop":                                   # the time zone of the trace header
        return field["name"], "bytes", ("bytes", TIME_ZONE_BYTES)
    if kind == "bool":                                  # MOF boolean: one byte
        kind = "u8"
    if field.get("intype") in ("HexInt32", "HexInt64"):
        kind = {"u32": "hex32", "u64": "hex64"}[kind]
    if isinstance(length, int):
        return field["name"], kind, ("bytes", length)
    if isinstance(length, str):
        name = field["name"] + "Size" if length == "unknown" else length.replace(" ", "")
        return field["name"], "wstr_counted" if kind == "wstrz" else kind, ("field", names.index(name))
    return field["name"], kind, None


def wanted_fields(event):
    """Fields up to the first whose size nobody can tell: an array of structures, or a stack; that one is the rest."""
    out, names = [], []
    for field in event["fields"]:
        if field["type"] == "struct_array" or field["name"] == "Stack1":
            return out + [(field["name"].rstrip("1"), "rest", None)]
        out.append(wanted_field(field, names))
        names.append(field["name"])
    return out


def wanted_layouts(providers):
    """{(guid, id, version): [(first build, fields)]} in the order of builds."""
    out = collections.defaultdict(list)
    for provider in providers:
        for event in provider["events"]:
            version = 0 if event["version"] == "unknown" else event["version"]
            first = build(event["seen_in"]["first"]) if "seen_in" in event else 0
            for ident in [event["id"]] if "id" in event else event["opcodes"]:
                out[provider["guid"].lower(), ident, version].append((first, wanted_fields(event)))
    for layouts in out.values():
        layouts.sort(key=lambda item: item[0])
        layouts[0] = (0, layouts[0][1])                 # the oldest layout holds for older builds too
    return out


def table_field(field):
    length = None
    if field["len_field"] >= 0:
        length = ("field", field["len_field"])
    elif field["len"]:
        length = ("bytes", field["len"])
    return field["name"], field["type"], length


def table_layouts(providers):
    out = collections.defaultdict(list)
    for provider in providers:
        for layout in provider["layouts"]:
            fields = [table_field(field) for field in layout["fields"]]
            out[provider["guid"], layout["id"], layout["version"]].append((layout["first"], fields))
    return out


def optional_fields(providers):
    return {(provider["guid"].lower(), ident, event["version"], field["name"])
            for provider in providers for event in provider["events"] for ident in event.get("opcodes", [event.get("id")])
            for field in event["fields"] if field.get("optional")}


def broken_builds(providers):
    """Layouts of one version must leave no build without a layout, and no build with two."""
    out = []
    for provider in providers:
        groups = collections.defaultdict(list)
        for layout in provider["layouts"]:
            groups[layout["id"], layout["version"]].append(layout)
        for key, layouts in groups.items():
            bounded = [layout for layout in layouts if layout["first"] or layout["last"]]
            for older, newer in zip(bounded, bounded[1:]):
                if older["last"] + 1 != newer["first"]:
                    out.append("%s %s: builds" % (provider["name"], key))
    return out


def main():
    tool, source = sys.argv[1], pathlib.Path(sys.argv[2])
    shared = pathlib.Path(os.environ.get("VITRINE_SHARED", source / ".." / "shared")) / "reference" / "layouts.yaml"
    if not shared.exists():
        print("skipped: no %s" % shared)
        return 77
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    collected = yaml.load(shared.read_text(encoding="utf-8"), Loader=loader)["providers"]
    tables = json.loads(subprocess.run([tool], check=True, stdout=subprocess.PIPE).stdout)
    tables = [provider for provider in tables if provider["guid"] not in SAMPLED]
    want, have = wanted_layouts(collected), table_layouts(tables)
    for added, original in ADDED.items():
        want[added] = [(first, fields) for first, fields in want[original]]
    wrong = broken_builds(tables)
    for key in sorted(set(want) | set(have), key=str):
        if [fields for _, fields in want.get(key, [])] != [fields for _, fields in have.get(key, [])]:
            wrong.append("%s: collected %s, table %s" % (key, want.get(key), have.get(key)))
        elif any(first for first, _ in have[key]) and [f for f, _ in want[key]] != [f for f, _ in have[key]]:
            wrong.append("%s: first builds %s, table %s" % (key, [f for f, _ in want[key]], [f for f, _ in have[key]]))
    optional = {(p["guid"], layout["id"], layout["version"], field["name"])
                for p in tables for layout in p["layouts"] for field in layout["fields"] if field["optional"]}
    wrong += ["optional: %s" % (item,) for item in optional ^ optional_fields(collected)]
    for line in wrong[:40]:
        print(line)
    print("layouts: %d collected, %d in the tables, %d providers" % (len(want), len(have), len(tables)))
    print("%d passed, %d failed" % (len(set(want) | set(have)) - len(wrong), len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
