#!/usr/bin/env python3
"""A day of a busy node in 20 minutes: 1,000 records for each second of the day, on a clock that runs 84 times as fast, from
recordings that differ, over connections that come and go; meanwhile rules and outputs are reloaded, clients of every kind ask, and
the receiver is in trouble at times. Memory must not grow, and no descriptor or thread be left.

usage: soak.py BIN_DIR SOURCE_DIR [MINUTES [no-memory]]
MINUTES: fewer are less of the day. no-memory: a build whose memory says nothing of the program (sanitizers)."""
import http.client
import pathlib
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from daemon_process import Daemon
from outage import trouble
from receivers import Server

SPEED, RATE = 84, 84000
SEGMENTS, SEGMENT_RECORDS = 8, 400000
CONNECTION_S = 10
DRIFT = 0.02

CONFIG = """watch_config_files: false
log_level: info
overload: {shed: never}
webserver: {enabled: true, listen_port: 0}
stdout_output: {enabled: false}
outputs:
  - {name: all, kind: otlp, url: "%sv1/logs", timeout: 5s, max_pending_mb: 4}
  - {name: file, kind: file, filename: %s/alerts.log, max_size_mb: 1, keep: 2}
"""
EXTRA = "  - {name: extra, kind: http, url: %s, rules: [throttled], max_pending_mb: 1}\n"
RULES = """- rule: starts
  desc: d
  condition: evt.type = process_start
  output: started %proc.cmdline by %proc.pname
  priority: NOTICE
  source: windows
- rule: throttled
  desc: d
  condition: evt.type = dns_query
  output: asked for %dns.query
  priority: WARNING
  source: windows
  throttle: {key: [proc.pid], window: 10m}
"""


class Soak:
    def __init__(self, bin_dir, source_dir, folder, server):
        self.bin, self.folder, self.server, self.dice = bin_dir, folder, server, random.Random(3)
        self.segments = [folder / ("segment-%d.vst" % i) for i in range(SEGMENTS)]
        for i, path in enumerate(self.segments):
            subprocess.run([bin_dir + "/vitrine-gen", "--vst", "-o", path, "--records", str(SEGMENT_RECORDS), "--seed", str(i + 1)],
                           check=True, capture_output=True)
        self.rules = folder / "rules.yaml"
        self.rules.write_text(RULES)
        self.config = CONFIG % (server.url, folder)
        self.daemon = Daemon(bin_dir, [pathlib.Path(source_dir) / "rules/windows", self.rules], "-o", "store.max_size_mb=8",
                             config=self.config)
        self.daemon.wait_log("rules run")
        self.port = int(re.search(r"listening on 127.0.0.1 port (\d+)", "".join(self.daemon.log)).group(1))
        self.base = self.daemon.config.read_text()
        self.clock = int(time.time())
        self.sent, self.samples, self.turn = 0, [], 0

    # What people do meanwhile.

    def ask(self):
        for command in self.dice.sample(("status", "metrics", "ledger", "spool", "rules"), 2):
            assert self.daemon.ctl(command)[0] == 0
        assert self.daemon.ctl("alerts", "--limit", "50", "--text", "cmd")[0] == 0
        assert self.daemon.ctl("top", "--once")[0] == 0

    def scrape(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/metrics")
        assert connection.getresponse().read()
        connection.close()

    def tail(self):
        tail = subprocess.Popen([self.bin + "/policyctl", "--socket", str(self.daemon.control), "tail", "--json"],
                                stdout=subprocess.DEVNULL)
        time.sleep(1)
        tail.kill()
        tail.wait()

    def bother(self):
        for place in (self.daemon.control, self.daemon.events):
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(str(place))
                try:
                    s.sendall(self.dice.randbytes(3000))
                except OSError:
                    pass

    def reload(self):
        self.rules.write_text(RULES + RULES.replace("rule: ", "rule: more ").replace("window: 10m", "window: %dm" % self.turn)
                              if self.turn % 2 else RULES)
        self.daemon.config.write_text(self.base + (EXTRA % self.server.url if self.turn % 3 else ""))
        code, out, err = self.daemon.ctl("reload")
        assert code == 0, out + err

    # One connection, then a look.

    def feed(self):
        segment = self.dice.choice(self.segments)
        with subprocess.Popen([self.bin + "/soak_feed", str(self.daemon.events), segment, str(RATE), str(CONNECTION_S),
                               str(self.clock), str(SPEED)], stdout=subprocess.PIPE, text=True) as feeder:
            for what in (self.ask, self.tail, self.reload, self.scrape, self.bother):
                what()
            sent = int(feeder.communicate()[0])
            assert feeder.returncode == 0
        self.turn += 1
        self.sent += sent
        self.clock += sent * SPEED // RATE + 1
        self.server.behaviour.accepted.clear()

    def look(self):
        """When nobody is connected and all is judged."""
        self.daemon.wait(lambda: sum(s["ledger"]["received"] for s in self.daemon.ctl_json("ledger")["streams"]) >= self.sent,
                         "all records", 60)
        time.sleep(0.5)
        process = pathlib.Path("/proc/%d" % self.daemon.process.pid)
        status = dict(re.findall(r"^(\w+):\s+(\d+)", (process / "status").read_text(), re.M))
        self.samples.append((int(status["VmRSS"]), len(list((process / "fd").iterdir())), int(status["Threads"])))

    def run(self, minutes):
        end = time.monotonic() + 60 * minutes
        while time.monotonic() < end:
            self.feed()
            self.look()


def judge(soak, memory):
    quarter = len(soak.samples) // 4
    second, last = soak.samples[quarter:2 * quarter], soak.samples[-quarter:]
    rss = [statistics.median(s[0] for s in part) for part in (second, last)]
    fds, threads = ([max(s[i] for s in part) for part in (second, last)] for i in (1, 2))
    print("%d records, %.1f hours of a day, %d connections, %d reloads; resident: %d KiB in the second quarter, %d in the last "
          "(%+.2f %%); descriptors %d and %d, threads %d and %d"
          % (soak.sent, soak.sent / RATE * SPEED / 3600, soak.turn, soak.turn, *rss, 100 * (rss[1] / rss[0] - 1), *fds, *threads))
    assert quarter >= 1, "too short to compare quarters"
    assert not memory or rss[1] <= rss[0] * (1 + DRIFT), [s[0] for s in soak.samples]
    assert fds[1] <= fds[0] and threads[1] <= threads[0], soak.samples
    ledgers = [s["ledger"] for s in soak.daemon.ctl_json("ledger")["streams"]]
    assert all(ledger["balances"] for ledger in ledgers)


def main(bin_dir, source_dir, minutes=20, memory="memory"):
    with tempfile.TemporaryDirectory(prefix="vt-") as folder, Server(trouble(random.Random(4), 200000)) as server:
        soak = Soak(bin_dir, source_dir, pathlib.Path(folder), server)
        try:
            soak.run(float(minutes))
            judge(soak, memory == "memory")
            soak.daemon.end()
        except AssertionError as error:
            print("FAILED: %s" % error)
            print("0 passed, 1 failed")
            return 1
        finally:
            soak.daemon.end(expect=None)
    print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
