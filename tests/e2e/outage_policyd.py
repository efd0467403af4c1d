#!/usr/bin/env python3
"""Nothing lost by policyd itself: it judges a recording, is killed at random moments and started again, over one store, while
its receivers are in every kind of trouble. usage: outage_policyd.py BIN_DIR SOURCE_DIR [ALERTS KILLS]
Every alert that the store has accepted arrives at each output it is for at least once, one that arrives twice has the same uid,
nothing else arrives, and the counters of the last run agree with what was answered in it."""
import collections
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

from daemon_process import Daemon
from outage import stored, trouble
from receivers import Server, documents

SHARE = 0.16    # of a generated recording's records match
RULES = """- rule: many
  desc: d
  condition: evt.type = image_load
  output: image %module.path
  priority: NOTICE
  source: windows
- rule: few
  desc: d
  condition: evt.type = reg_set_value
  output: value %registry.path
  priority: CRITICAL
  source: windows
"""
OUTPUTS = """stdout_output: {enabled: false}
watch_config_files: false
outputs_queue: {capacity: 1000000}
outputs:
  - {name: all, kind: otlp, url: "%(otlp)sv1/logs", timeout: 5s}
  - {name: few, kind: http, url: "%(http)s", rules: [few], timeout: 5s}
"""


class Run:
    """One life of policyd, and a thread that feeds it."""

    def __init__(self, world):
        self.daemon = Daemon(world["bin"], [world["rules"]], config=world["config"], store=world["store"])
        self.socket = self.daemon.connect()
        self.feeder = threading.Thread(target=self.feed, args=(world["recording"],))
        self.feeder.start()

    def feed(self, recording):
        try:
            self.socket.sendall(recording.read_bytes())
            self.socket.close()
        except OSError:
            pass                   # it was killed meanwhile

    def kill(self):
        self.daemon.process.kill()
        self.feeder.join()
        self.daemon.end(expect=-9)


def uids_at(server):
    return collections.Counter(uid for _, headers, body in server.behaviour.accepted for uid in documents(headers, body))


def settle(run, servers):
    """Everything is judged, stored and delivered."""
    run.feeder.join()
    run.daemon.wait_log("at its end")
    for server in servers:
        server.behaviour.plan = lambda n: "ok"

    def spool():
        return run.daemon.ctl_json("spool")
    run.daemon.wait(lambda: spool()["queue"]["waiting"] == 0 and spool()["store"]["stored"] == spool()["queue"]["pushed"]
                    and all(o["pending"] == 0 for o in spool()["outputs"]), "all delivered", 600)
    return spool()


def campaign(world, servers, kills):
    dice = random.Random(7)
    for k in range(kills):
        gone = servers[k % 2] if k % 3 == 2 else None
        if gone:
            gone.away()
        run = Run(world)
        time.sleep(dice.uniform(0.05, 1.5))
        run.kill()
        if gone:
            gone.back()
    before = [server.behaviour.answered for server in servers]
    run = Run(world)
    last = settle(run, servers)
    answered = [server.behaviour.answered - n for server, n in zip(servers, before)]
    run.daemon.end()
    return last, answered


def check(world, servers, last, answered):
    everything = stored(world["store"])
    for server, output, count in zip(servers, last["outputs"], answered):
        kept = stored(world["store"], None if output["name"] == "all" else output["name"])
        got = uids_at(server)
        print("output %s: %d alerts accepted by the store, %d arrived, %d of them more than once; the last run: %d delivered, %d answered"
              % (output["name"], len(kept), len(got), sum(n > 1 for n in got.values()), output["delivered"], count))
        assert set(kept) == set(got), "%d lost, %d unknown" % (len(set(kept) - set(got)), len(set(got) - set(kept)))
        assert output["delivered"] == count and output["rejected"] == 0, (output, count)
    assert len(everything) == len(set(everything)) >= world["at_least"], (len(everything), world["at_least"])
    assert last["queue"]["dropped"] == {}, last["queue"]


def main(bin_dir, source_dir, alerts=2000, kills=3):
    alerts, kills = int(alerts), int(kills)
    with tempfile.TemporaryDirectory(prefix="vt-") as folder, Server(trouble(random.Random(8), alerts)) as otlp, \
            Server(trouble(random.Random(9), alerts)) as http:
        folder = pathlib.Path(folder)
        part = alerts // (kills + 1)
        world = {"bin": bin_dir, "store": folder / "alerts.db", "rules": folder / "rules.yaml", "at_least": part // 2,
                 "recording": folder / "events.vst", "config": OUTPUTS % {"otlp": otlp.url, "http": http.url}}
        world["rules"].write_text(RULES)
        subprocess.run([bin_dir + "/vitrine-gen", "--vst", "-o", world["recording"], "--records", str(int(part / SHARE))],
                       check=True, capture_output=True)
        try:
            check(world, (otlp, http), *campaign(world, (otlp, http), kills))
        except AssertionError as error:
            print("FAILED: %s" % error)
            print("0 passed, 1 failed")
            return 1
    print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
