#!/usr/bin/env python3
"""The engine's matches on generated rules and events, byte for byte those of the generator's own evaluator.
usage: engine_expected.py ENGINE_BENCH [--seeds 1,2] [--events N] [--counts 10,100]
The generator is bench/gen_workload.py in $VITRINE_SHARED, else ../shared; exit status 77 ("skipped") without it."""
import argparse
import filecmp
import os
import subprocess
import sys
import tempfile


def compare(bench, folder, profile, count):
    name = "%s_%d" % (profile, count)
    path = lambda kind, end: os.path.join(folder, "%s_%s.%s" % (kind, name, end))
    got = path("got", "txt")
    subprocess.run([bench, path("rules", "yaml"), path("events", "jsonl"), "--seconds", "0", "--dump-matches", got],
                   check=True, stdout=subprocess.DEVNULL)
    same = filecmp.cmp(got, path("expected", "txt"), shallow=False)
    print("%s: %d events with matches, %s" % (name, sum(1 for _ in open(got)), "as expected" if same else "DIFFERENT"))
    return same


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("bench")
    ap.add_argument("--seeds", default="1")
    ap.add_argument("--events", type=int, default=3000)
    ap.add_argument("--match-rate", default=".1")
    ap.add_argument("--counts", default="10,100,300")
    a = ap.parse_args()
    generator = os.path.join(os.environ.get("VITRINE_SHARED", os.path.join("..", "shared")), "bench", "gen_workload.py")
    if not os.path.exists(generator):
        print("skipped: %s is not there" % generator)
        return 77
    wrong = 0
    for seed in a.seeds.split(","):
        for profile in ("mixed", "sigma"):
            with tempfile.TemporaryDirectory() as folder:
                subprocess.run([sys.executable, generator, "--seed", seed, "--profile", profile, "--counts", a.counts,
                                "--events", str(a.events), "--match-rate", a.match_rate, "--out", folder],
                               check=True, stdout=subprocess.DEVNULL)
                wrong += sum(not compare(a.bench, folder, profile, int(n)) for n in a.counts.split(","))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
