#!/usr/bin/env python3
"""policyd's probes and metrics over HTTP, and what it gives up under overload.

usage: daemon_web.py BIN_FOLDER SOURCE_FOLDER
"""
import http.client
import json
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import daemon_process

BIN = SOURCE = None

LOST = """- rule: lost
  desc: d
  condition: evt.type = events_lost and evt.arg.reason = shed
  output: lost %evt.arg.events_lost
  priority: NOTICE
  source: windows
"""


class WebTest(unittest.TestCase):
    def start(self, *rules, config="webserver: {enabled: true, listen_port: 0}\n", **options):
        d = daemon_process.Daemon(BIN, rules or [SOURCE / "rules/windows"], config=config, **options)
        self.addCleanup(lambda: d.end(expect=None))
        d.wait_log("rules run")
        found = re.search(r"listening on 127.0.0.1 port (\d+)", "".join(d.log))
        self.port = int(found.group(1)) if found else 0
        return d

    def get(self, path, method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.getheader("Content-Type"), body

    def test_probes_answer(self):
        self.start()
        self.assertEqual(self.get("/healthz"), (200, "application/json", b'{"status": "ok"}'))
        self.assertEqual(self.get("/readyz")[0], 200)
        self.assertIn("vitrine_version", json.loads(self.get("/versions")[2]))
        self.assertEqual(self.get("/healthz", "HEAD"), (200, "application/json", b""))
        self.assertEqual(self.get("/nothing")[0], 404)
        self.assertEqual(self.get("/healthz", "POST")[0], 405)

    def test_metrics_are_what_prometheus_reads(self):
        d = self.start()
        d.send(SOURCE / "tests/scenario/webshell/webshell.vst")
        d.wait_log("at its end")
        status, kind, body = self.get("/metrics?x=1")
        self.assertEqual((status, kind), (200, "text/plain; version=0.0.4; charset=utf-8"))
        text = body.decode()
        seen = set()
        for line in text.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{([a-z_0-9A-Z]+="([^"\\]|\\.)*",?)+\})? [0-9.]+)$')
            if not line.startswith("#"):
                self.assertNotIn(line.rsplit(" ", 1)[0], seen)
                seen.add(line.rsplit(" ", 1)[0])
        self.assertIn('vitrine_events_total{type="process_start"}', text)

    def test_metrics_are_those_of_the_page_about_them(self):
        d = self.start()
        d.send(SOURCE / "tests/scenario/webshell/webshell.vst")
        d.wait_log("at its end")
        text = self.get("/metrics")[2].decode()
        told = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))
        page = dict(re.findall(r"^\| `(\w+)` \| (gauge|counter) \|", (SOURCE / "docs/metrics.md").read_text(), re.M))
        # This policyd asks no Kubernetes; the page says that these rows are there only where one does.
        self.assertEqual(told, {name: kind for name, kind in page.items() if not name.startswith("vitrine_kubernetes_")})
        labels = dict(re.findall(r"^\| `(\w+)` \| \w+ \| ([^|]*) \|", (SOURCE / "docs/metrics.md").read_text(), re.M))
        for name, inside in re.findall(r"^(\w+)\{(.*)\} \S+$", text, re.M):
            for label in re.findall(r'(\w+)="', inside):
                self.assertIn(re.sub("tag_.*", "tag_NAME", label), labels[name])

    def test_promtool_finds_nothing_to_say_but_of_falcos_own_names(self):
        if not shutil.which("promtool"):
            self.skipTest("no promtool here")
        d = self.start()
        d.send(SOURCE / "tests/scenario/webshell/webshell.vst")
        d.wait_log("at its end")
        text = self.get("/metrics")[2].decode()
        ours = "".join(line for line in text.splitlines(True) if "falcosecurity_" not in line)
        done = subprocess.run(["promtool", "check", "metrics"], input=ours, capture_output=True, timeout=60, text=True)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, timeout=60, text=True)
        for line in (done.stdout + done.stderr).splitlines():
            self.assertRegex(line, "^falcosecurity_.* (base unit|suffix)")

    def test_requests_without_end_or_sense_lose_their_connection_only(self):
        self.start()
        for text in (b"\0" * 100 + b"\r\n\r\n", b"GET healthz HTTP/1.1\r\n\r\n", b"GET /healthz\r\n\r\n", b"GET /" + b"a" * 9000):
            with socket.create_connection(("127.0.0.1", self.port), timeout=20) as s:
                try:
                    s.sendall(text)
                    answer = s.recv(1000)
                except ConnectionResetError:
                    answer = b""
                self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 400 "), answer)
        silent = [socket.create_connection(("127.0.0.1", self.port), timeout=20) for _ in range(32)]
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as s:
            self.assertEqual(s.recv(1), b"")
        for s in silent:
            s.close()
        end = time.monotonic() + 20
        while self.get_or_none("/healthz") != 200 and time.monotonic() < end:
            time.sleep(0.1)
        self.assertEqual(self.get("/healthz")[0], 200)

    def get_or_none(self, path):
        try:
            return self.get(path)[0]
        except (OSError, http.client.HTTPException):
            return None

    @staticmethod
    def parts(path, cuts):
        """The bytes of a stream, cut before these frames."""
        data = path.read_bytes()
        ends = [8]
        while ends[-1] < len(data):
            ends.append(ends[-1] + 8 + struct.unpack_from("<I", data, ends[-1])[0])
        at = [0] + [ends[cut] for cut in cuts] + [len(data)]
        return [data[a:b] for a, b in zip(at, at[1:])]

    def test_overload_is_shed_in_steps_that_show_and_taken_back(self):
        holder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="vt-")))
        (holder / "lost.yaml").write_text(LOST)
        d = self.start(holder / "lost.yaml", config="overload: {shed: always, lag: 100ms, recover: 3s}\n")
        first, second, third, rest = self.parts(SOURCE / "tests/scenario/webshell/webshell.vst", (5, 6, 7))
        with d.connect() as s:
            s.sendall(first)
            d.wait_log("step 1: not evaluated: net_send, net_recv")
            self.assertEqual(d.ctl_json("status")["overload"]["level"], 1)
            for step, part in ((2, second), (3, third)):
                time.sleep(1.1)                          # a step is given that long to show
                s.sendall(part)
                d.wait_log("step %d: not evaluated: net_send, net_recv, file_setinfo, reg_open_key, file_open" % step)
            s.sendall(rest)
        d.wait_log("at its end")
        d.wait_alerts(1)
        ledger = d.ctl_json("ledger")["streams"][0]["ledger"]
        self.assertGreater(ledger["shed"], 0)
        self.assertTrue(ledger["balances"])
        self.assertEqual(sum(int(a["output"].rsplit(" ", 1)[1]) for a in d.alerts), ledger["shed"])
        for step in ("step 2: ", "step 1: "):
            d.wait_log(step, 2)                          # taken, and gone back to
        d.wait_log("overload: over")
        self.assertEqual(d.ctl_json("status")["overload"]["level"], 0)
        metrics = d.ctl("metrics")[1]
        self.assertIn('\nvitrine_records_total{fate="shed"} %d\n' % ledger["shed"], metrics)
        self.assertIn("\nvitrine_shed_level 0\n", metrics)
        self.assertIn("\nvitrine_shed_steps_total 3\n", metrics)
        before = d.ctl_json("ledger")["streams"][0]["ledger"]
        d.send(SOURCE / "tests/scenario/webshell/webshell.vst")
        d.wait_log("at its end", 2)
        self.assertGreater(d.ctl_json("ledger")["streams"][0]["ledger"]["evaluated"], before["evaluated"])

    def test_a_recording_is_never_shed_by_default(self):
        d = self.start(config="overload: {lag: 10ms}\n")
        for _ in range(3):
            d.send(SOURCE / "tests/scenario/webshell/webshell.vst")
            time.sleep(0.3)
        d.wait_log("at its end", 3)
        self.assertEqual({s["ledger"]["shed"] for s in d.ctl_json("ledger")["streams"]}, {0})


if __name__ == "__main__":
    BIN, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    result = unittest.main(argv=sys.argv[:1] + sys.argv[3:], exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    print("%d passed, %d failed, %d skipped" % (result.testsRun - failed - skipped, failed, skipped))
    sys.exit(failed > 0)
