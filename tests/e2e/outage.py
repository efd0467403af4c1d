#!/usr/bin/env python3
"""Nothing lost: alerts while the receiver is down, slow, answers 503 with Retry-After or cuts connections, while the program
is killed at random moments, and while the disk is full. usage: outage.py BIN_DIR [ALERTS KILLS]
Every alert that the store has accepted arrives at least once, one that arrives twice has the same uid, nothing else arrives."""
import collections
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from receivers import Server, documents


def trouble(dice, alerts):
    """For a few requests in a row in order, or in one kind of trouble; with many alerts there is more order between, since
    each trouble costs seconds of waiting."""
    order = max(3, alerts // 2500)
    now = {"what": "ok", "left": 0}

    def plan(_):
        if now["left"] == 0:
            now["what"] = dice.choice(("ok", "ok", "ok", "ok", "503", "cut", "drop", "slow", "429"))
            now["left"] = dice.randint(1, order if now["what"] == "ok" else 3)
        now["left"] -= 1
        return now["what"]
    return plan


def arrived(server):
    """Uids of all that came, and uid by number where the format tells."""
    uids, by_number = collections.Counter(), collections.defaultdict(set)
    for _, headers, body in server.behaviour.accepted:
        uids.update(documents(headers, body))
        if headers["Content-Type"] == "application/json":
            document = json.loads(body)
            by_number[document["output_fields"]["n"]].add(document["uuid"])
    return uids, by_number


def stored(path, rule=None):
    """Uids in a store, of all rules or of one."""
    with sqlite3.connect("file:%s?mode=ro" % path, uri=True) as db:
        return [row[0] for row in db.execute("SELECT uid FROM alert WHERE ?1 IS NULL OR rule = ?1", (rule,))]


def arguments(probe, server, store, kind, **settings):
    url = server.url + ("v1/logs" if kind == "otlp" else "")
    settings = {"kind": kind, "url": url, "gzip": int(kind == "otlp"), "store": store, **settings}
    return [probe] + ["%s=%s" % pair for pair in settings.items()]


def run(probe, server, store, kind, **settings):
    done = subprocess.run(arguments(probe, server, store, kind, **settings), capture_output=True, text=True, timeout=900,
                          check=True)
    return json.loads(done.stdout.splitlines()[-1])


def kill_once(dice, probe, server, store, settings):
    process = subprocess.Popen(arguments(probe, server, store, **settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(dice.uniform(0.05, 1.0))
    process.kill()
    process.wait()


def killed_and_in_trouble(probe, folder, alerts, kills):
    dice, store = random.Random(5), folder + "/killed.db"
    part = alerts // (kills + 1)
    with Server(trouble(dice, alerts)) as server:
        for k in range(kills):
            kind = "http" if k % 5 == 4 else "otlp"
            kill_once(dice, probe, server, store, {"kind": kind, "count": part, "first": k * part, "rate": 2 * part})
        run(probe, server, store, "otlp", count=alerts - kills * part, first=kills * part, wait_ms=5000)
        server.behaviour.plan = lambda n: "ok"
        stats = run(probe, server, store, "otlp", count=0, wait_ms=300000)
        uids, by_number = arrived(server)
    kept = stored(store)
    print("killed %d times: %d alerts accepted by the store, %d arrived, %d of them more than once"
          % (kills, len(kept), len(uids), sum(1 for n in uids.values() if n > 1)))
    assert stats["pending"] == 0 and stats["rejected"] == 0, stats
    assert len(kept) == len(set(kept)) and len(kept) >= alerts - kills * part
    assert set(kept) == set(uids), "%d lost, %d unknown" % (len(set(kept) - set(uids)), len(set(uids) - set(kept)))
    assert all(len(u) == 1 for u in by_number.values())


def trouble_alone_loses_nothing_and_counts_right(probe, folder, alerts, _):
    store = folder + "/trouble.db"
    with Server(trouble(random.Random(6), alerts)) as server:
        stats = run(probe, server, store, "otlp", count=alerts, rate=min(alerts // 2, 10000), wait_ms=600000)
        uids, _ = arrived(server)
    print("in trouble: %(pushed)d pushed, %(stored)d stored, %(delivered)d delivered, %(failures)d attempts failed" % stats)
    assert stats["stored"] == stats["pushed"] == stats["delivered"] == len(uids) == alerts, stats
    assert stats["failures"] > 0, stats


def a_full_disk_is_counted_and_gets_over(probe, folder, _, __):
    place = folder + "/small"
    os.mkdir(place)
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True, check=False).returncode:
        print("skipped: a small disk cannot be mounted here")
        return False
    try:
        with Server() as server:
            fill_and_free(probe, server, place)
    finally:
        subprocess.run(["umount", place], check=True)
    return True


def fill(path):
    file = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        while os.write(file, b"x" * 4096):
            pass
    except OSError:
        os.close(file)


def fill_and_free(probe, server, place):
    store = place + "/alerts.db"
    process = subprocess.Popen(arguments(probe, server, store, "otlp", count=3000, rate=1000, wait_ms=60000),
                               stdout=subprocess.PIPE, text=True, stderr=subprocess.PIPE)
    time.sleep(0.7)
    fill(place + "/filler")
    time.sleep(2)
    os.remove(place + "/filler")
    out, log = process.communicate(timeout=120)
    stats = json.loads(out.splitlines()[-1])
    uids, _ = arrived(server)
    print("disk full: %(pushed)d pushed, %(stored)d stored, %(delivered)d delivered, %(store_failures)d writes failed" % stats)
    assert stats["store_failures"] > 0 and "alert store: cannot write" in log , log
    assert stats["stored"] == stats["pushed"] == 3000 and stats["dropped"] == 0, stats
    assert len(uids) == 3000


def main(bin_dir, alerts=3000, kills=4):
    counts = collections.Counter()
    for test in (trouble_alone_loses_nothing_and_counts_right, killed_and_in_trouble, a_full_disk_is_counted_and_gets_over):
        with tempfile.TemporaryDirectory() as folder:
            try:
                done = test(os.path.abspath(bin_dir) + "/outputs_probe", folder, int(alerts), int(kills))
                counts["skipped" if done is False else "passed"] += 1
            except (AssertionError, subprocess.SubprocessError) as error:
                print("FAILED %s: %s" % (test.__name__, error))
                counts["failed"] += 1
    print("%d passed, %d failed, %d skipped" % (counts["passed"], counts["failed"], counts["skipped"]))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
