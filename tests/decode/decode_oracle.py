#!/usr/bin/env python3
"""Real events decode to what independent decoders made of them, field by field: every event with an oracle in the shared
recordings (etl/*.oracle.jsonl.zst) whose provider has layouts here, and the kernel payload samples of
payloads/mof_kernel_payloads.jsonl.

usage: decode_oracle.py DECODE_LINES SOURCE_DIR
Prints one line for each recording and "N passed, N failed".
"""
import collections
import ipaddress
import json
import os
import pathlib
import subprocess
import sys


# Image loads in group Process: the oracle calls them by the class whose layout they have.
PROCESS, IMAGE = "3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c", "2cb15d1d-5fc1-11d2-abe1-00a0c911f518"
# Names the samples or the oracle give to fields of Image by the MOF's oldest version or by its newest.
IMAGE_NAMES = {"BaseAddress": "ImageBase", "ModuleSize": "ImageSize", "ImageCheckSum": "ImageChecksum",
               "ImageFileName": "FileName"}
# In the samples, bytes without a meaning that the layout has within another field, or with another name.
SAMPLE_PADDING = {("EventTraceHeader32bitsV2", "Padding"), ("ThreadAutoBoostClearFloorV2", "Reserved"),
                  ("ThreadSpinLockV2", "Reserved")}


def class_of(event):
    return IMAGE if (event["guid"], event["op"]) == (PROCESS, 10) else event["guid"]


def image_names(guid, fields):
    return {IMAGE_NAMES.get(name, name) if guid == IMAGE else name: value for name, value in fields.items()}


def run(tool, *args, text=None):
    done = subprocess.run([tool, *map(str, args)], input=text, check=True, stdout=subprocess.PIPE)
    return [json.loads(line) for line in done.stdout.decode("utf-8", "surrogatepass").splitlines()]


def key_of(event):
    """What an event is known by in both: the oracle has no id for classic events."""
    return (class_of(event), event["id"] or 0, event["op"], event["ver"], event["ft"], event["cpu"])


def canonical(value):
    if isinstance(value, str) and ":" in value:
        try:
            return ipaddress.ip_address(value).compressed
        except ValueError:
            return value
    return value


def fields_text(event, fields):
    return json.dumps({name: canonical(value) for name, value in image_names(class_of(event), fields).items()},
                      sort_keys=True)


def recorded_fields(event):
    return {name: value for name, value in event["fields"].items() if value is not None}


def check_recording(tool, index, data):
    """(events compared, events without a layout, differences)"""
    name = pathlib.Path(index["file"]).name.split(".")[0]
    oracle_file = data / index["oracle"]
    lines = subprocess.run(["zstd", "-dc", str(oracle_file)], check=True, stdout=subprocess.PIPE).stdout.splitlines()
    oracle = [json.loads(line) for line in lines]
    override = index.get("payload_pointer_override")
    decoded = run(tool, data / index["file"], *([override] if override else []))
    have = collections.defaultdict(collections.Counter)
    known, wrong = set(), []
    for event in decoded:
        event["id"] = 0 if event["classic"] else event["id"]
        if event["status"] == "ok":
            known.add((class_of(event), event["id"], event["op"], event["ver"]))
            have[key_of(event)][fields_text(event, recorded_fields(event))] += 1
        else:
            wrong.append("%s: %s" % (name, event))
    compared, unknown = 0, collections.Counter()
    for event in oracle:
        kind = (class_of(event), event["id"] or 0, event["op"], event["ver"])
        if kind not in known:
            unknown[(event["ev"], "error" if "err" in event else "")] += 1
            continue
        compared += 1
        want = fields_text(event, event["f"])
        found = have[key_of(event)]
        if found[want] > 0:
            found[want] -= 1
        elif "err" not in event:
            wrong.append("%s event %d %s: want %s, decoded %s" % (name, event["n"], event["ev"], want, dict(found)))
    return compared, unknown, wrong


def sample_number(name, value, ours):
    """The samples give addresses and ports as the little-endian numbers of their bytes."""
    if isinstance(ours, str) and ours.count(".") == 3 and isinstance(value, int):
        return str(ipaddress.ip_address(value.to_bytes(4, "little")))
    if name in ("dport", "sport"):
        return int.from_bytes(value.to_bytes(2, "little"), "big")
    return value


def sid_text(sample):
    raw = bytes.fromhex(sample["Sid_hex"])
    parts = [int.from_bytes(raw[i:i + 4], "little") for i in range(8, len(raw), 4)]
    return "-".join(["S-1-%d" % int.from_bytes(raw[2:8], "big")] + ["%d" % part for part in parts])


def same_sample(name, value, ours):
    if isinstance(value, dict) and "Sid_hex" in value:
        return sid_text(value) == ours
    if isinstance(value, list):                         # stack frames
        return ours == "".join(frame.to_bytes(8, "little").hex() for frame in value)
    if isinstance(value, dict):                         # a structure the table keeps as bytes
        return isinstance(ours, str)
    if isinstance(ours, int) and isinstance(value, int):
        return sample_number(name, value, ours) in (ours, ours & 0xff, ours & 0xffffffff)
    return sample_number(name, value, ours) == ours


def check_samples(tool, path):
    samples = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    text = "".join("%s 1 0 %d %d %d 0 %s\n" % (s["guid"], s["opcode"], s["version"], 8 if s["ptr64"] else 4, s["payload_hex"])
                   for s in samples)
    wrong, unknown = [], []
    for sample, event in zip(samples, run(tool, "-", text=text.encode())):
        if event["status"] != "ok":
            unknown.append("%s: %s" % (sample["test"], event["status"]))
            continue
        fields = image_names(event["guid"], event["fields"])
        for name, value in image_names(event["guid"], sample["expected"]).items():
            if (sample["test"], name) in SAMPLE_PADDING:
                continue
            if name not in fields:
                wrong.append("%s: no field %s" % (sample["test"], name))
            elif not same_sample(name, value, fields[name]):
                wrong.append("%s.%s: want %s, decoded %s" % (sample["test"], name, value, fields[name]))
    return len(samples), unknown, wrong


def main():
    tool, source = sys.argv[1], pathlib.Path(sys.argv[2])
    data = pathlib.Path(os.environ.get("VITRINE_SHARED", source / ".." / "shared")) / "data"
    if not (data / "INDEX.jsonl").exists():
        print("skipped: no %s" % data)
        return 77
    failed = passed = 0
    for line in (data / "INDEX.jsonl").read_text(encoding="utf-8").splitlines():
        index = json.loads(line)
        if index["kind"] != "etl":
            continue
        compared, unknown, wrong = check_recording(tool, index, data)
        print("%s: %d compared, %d different, no layout: %s" % (index["uid"], compared, len(wrong), dict(unknown) or "none"))
        for text in wrong[:5]:
            print("  " + text[:1500])
        failed, passed = failed + len(wrong), passed + compared - len(wrong)
    count, unknown, wrong = check_samples(tool, data / "payloads" / "mof_kernel_payloads.jsonl")
    print("payload samples: %d, without a layout: %s" % (count, unknown or "none"))
    for text in wrong:
        print("  " + text)
    failed, passed = failed + len(wrong), passed + count - len(unknown) - len(wrong)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
