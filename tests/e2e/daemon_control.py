#!/usr/bin/env python3
"""policyctl and the control pipe from outside: what it answers, and that no client can harm the daemon.

usage: daemon_control.py BIN_FOLDER SOURCE_FOLDER
"""
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import daemon_process

BIN = SOURCE = None


def frame(kind, body):
    return struct.pack("<IBBH", len(body), kind, 0, 0) + body


def request(kind, number=1):
    """A Request of proto/schema/control.proto: version, id, kind."""
    return frame(32, bytes([8, 1, 16, number, 24, kind]))


HELLO, STATUS = 1, 2


class ControlTest(unittest.TestCase):
    def setUp(self):
        self.d = daemon_process.Daemon(BIN, [SOURCE / "rules/windows"], config="watch_config_files: false\n")
        self.addCleanup(lambda: self.d.end(expect=None))
        # The socket's file is there a moment before somebody listens.
        self.d.wait(lambda: self.d.ctl("status")[0] == 0, "the control socket")

    def connect(self):
        s = socket.socket(socket.AF_UNIX)
        s.connect(str(self.d.control))
        s.settimeout(20)
        return s

    def send_recording(self):
        ended = sum("at its end" in line for line in self.d.log)
        self.d.send(SOURCE / "tests/scenario/webshell/webshell.vst")
        self.d.wait_log("at its end", ended + 1)
        self.d.wait(lambda: len(self.d.alerts) == self.d.ctl_json("status")["alerts"], "all alerts")

    def closed(self, s):
        try:
            while s.recv(65536):
                pass
        except ConnectionResetError:
            pass
        return True

    def test_status_ledger_and_metrics_agree(self):
        self.send_recording()
        status = self.d.ctl_json("status")
        ledger = self.d.ctl_json("ledger")["streams"][0]["ledger"]
        self.assertEqual(status["events"], ledger["evaluated"])
        self.assertTrue(ledger["balances"])
        self.assertEqual(status["alerts"], len(self.d.alerts))
        code, text, _ = self.d.ctl("metrics")
        self.assertEqual(code, 0)
        self.assertIn("\nvitrine_records_received_total %d\n" % ledger["received"], text)
        self.assertIn('\nvitrine_engine_total{bound="regex_gave_up"} 0\n', text)
        self.assertIn('falcosecurity_falco_rules_matches_total{priority="2",rule_name="Windows Shell Spawned Inside Container"',
                      text)

    def test_sockets_mode_is_for_the_owner(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.d.control).st_mode), 0o600)

    def test_rules_are_switched_by_name_and_by_tag(self):
        everything = self.d.ctl_json("rules")
        self.assertTrue(all(r["runs"] for r in everything))
        code, text, _ = self.d.ctl("rules", "disable", "*")
        self.assertEqual(code, 0, text)
        self.assertFalse(any(r["runs"] for r in self.d.ctl_json("rules")))
        self.d.ctl("rules", "enable", "--tag", "container")
        runs = [r for r in self.d.ctl_json("rules") if r["runs"]]
        self.assertTrue(runs)
        self.assertTrue(all("container" in r["tags"] for r in runs))
        self.d.ctl("rules", "enable", "Web Server*")
        self.send_recording()
        self.assertIn("Web Server Started a Shell", {a["rule"] for a in self.d.alerts})

    def test_what_fits_no_rule_is_told_and_switches_nothing(self):
        for arguments in (("disable", "Web Srver*"), ("enable", "--tag", "nosuchtag"), ("disable", "nothing", "--tag", "nosuchtag")):
            code, out, err = self.d.ctl("rules", *arguments)
            self.assertEqual((code, out), (1, ""))
            self.assertIn("no rule fits", err)
        self.assertEqual(self.d.ctl_json("status")["reload"]["number"], 1)

    def test_reload_answers_what_changed_and_what_is_wrong(self):
        text = self.d.config.read_text()
        rules = self.d.folder / "more.yaml"
        rules.write_text("- rule: new one\n  desc: d\n  condition: evt.type = log\n  output: o\n  priority: DEBUG\n  source: windows\n")
        self.d.config.write_text(text.replace('"]', '", "%s"]' % rules))
        code, out, _ = self.d.ctl("reload")
        self.assertEqual(code, 0)
        self.assertIn("+ new one\n", out)
        self.assertIn("1 added, 0 removed, 0 changed", out)
        rules.write_text("- rule: broken\n")
        code, out, _ = self.d.ctl("reload")
        self.assertEqual(code, 1)
        self.assertIn("more.yaml:1", out)
        self.assertIn("the rules before stay", out)
        self.assertGreaterEqual(self.d.ctl_json("status")["reload"]["failures_total"], 1)

    def test_tail_shows_alerts_as_they_come(self):
        tail = subprocess.Popen([BIN / "policyctl", "--socket", self.d.control, "tail", "--json"], stdout=subprocess.PIPE)
        self.addCleanup(tail.stdout.close)
        self.addCleanup(tail.kill)
        self.d.wait(lambda: self.d.ctl_json("status")["control"]["requests"] > 4, "the tail", 10)
        self.send_recording()
        seen = [json.loads(tail.stdout.readline()) for _ in range(len(self.d.alerts))]
        self.assertEqual(seen, self.d.alerts)
        tail.send_signal(signal.SIGINT)
        self.assertEqual(tail.wait(timeout=20), 0)

    def test_alerts_of_the_store_are_found_by_what_is_asked_for(self):
        self.send_recording()
        stored = lambda *more: self.d.ctl_json("alerts", *more)["alerts"]
        self.d.wait(lambda: len(stored()) == len(self.d.alerts), "all alerts in the store")
        self.assertEqual([a["alert"] for a in stored()], self.d.alerts[::-1])
        self.assertEqual(len({a["uid"] for a in stored()}), len(self.d.alerts))
        self.assertEqual({a["alert"]["priority"] for a in stored("--priority", "critical")}, {"Critical"})
        self.assertEqual(stored("--rule", "Web Server*", "--limit", "1")[0]["alert"]["rule"], "Web Server Started a Shell")
        self.assertEqual(stored("--since", "1h"), [])    # the recording is older
        self.assertEqual(self.d.ctl("alerts", "--since", "soon")[0], 1)
        for limit in ("x", "0", "-1", "1x", "99999999999"):
            self.assertEqual(self.d.ctl("alerts", "--limit", limit)[0], 2)
        table = self.d.ctl("alerts")[1].splitlines()
        self.assertRegex(table[0], "^TIME +PRIORITY +POD OR HOST +RULE +MESSAGE$")
        self.assertEqual(len(table), len(self.d.alerts) + 1)
        for line, alert in zip(table[1:], self.d.alerts[::-1]):
            self.assertEqual(line[:23], alert["time"][:23])
            self.assertEqual(line[table[0].index("PRIORITY"):].split()[0], alert["priority"])
            self.assertTrue(line[table[0].index("RULE"):].startswith(alert["rule"]))
        self.assertEqual(self.d.ctl("alerts", "--rule", "none such")[1], "no alert fits\n")
        spool = self.d.ctl_json("spool")
        self.assertEqual(spool["store"]["alerts"], len(self.d.alerts))
        self.assertEqual(spool["outputs"][0]["name"], "stdout")
        self.assertIn("stdout", self.d.ctl("spool")[1])

    def test_top_counts_events_of_types_rules_and_processes(self):
        top = subprocess.Popen([BIN / "policyctl", "--socket", self.d.control, "top", "--once"], stdout=subprocess.PIPE)
        self.addCleanup(top.stdout.close)
        self.d.wait(lambda: self.d.ctl_json("status")["control"]["requests"] > 4, "top", 10)
        self.send_recording()
        text = top.communicate(timeout=30)[0].decode()
        for word in ("EVENTS/S", "RULE", "PROCESS", "events/s"):
            self.assertIn(word, text)

    def test_rule_costs_and_what_correlation_remembers_are_told(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="vt-"))
        self.addCleanup(shutil.rmtree, folder)
        rules = folder / "rules.yaml"
        rules.write_text("- {rule: Once, desc: d, condition: evt.type = process_start, output: o, priority: INFO, source: windows,"
                         " throttle: {key: evt.type, window: 1d}}\n")
        d = daemon_process.Daemon(BIN, [rules], "--rule-stats", config="watch_config_files: false\n")
        self.addCleanup(lambda: d.end(expect=None))
        d.send(SOURCE / "tests/scenario/webshell/webshell.vst")
        d.wait_log("at its end")
        status, top = d.ctl_json("status"), json.loads(d.ctl("top", "--once", "--json")[1])
        figures = status["correlation"]
        self.assertEqual((figures["keys"], figures["keys_evicted"], status["alerts"]), (1, 0, 1))
        self.assertGreater(figures["held_back"], 0)
        self.assertIn("Correlation: 1 keys held, 0 evicted", d.ctl("status")[1])
        self.assertEqual([r["name"] for r in top["rules"]], ["Once"])
        self.assertEqual(top["rules"][0]["evaluations"], figures["held_back"] + 1)
        self.assertGreaterEqual(top["rules"][0]["guard_hits"], top["rules"][0]["evaluations"])
        d.end()
        self.assertTrue(any("Rules by time:" in line for line in d.log))

    def test_nobody_there_is_exit_status_3_and_wrong_usage_2(self):
        for arguments, status in ((["--socket", "/nowhere", "status"], 3), (["frobnicate"], 2), (["rules", "enable"], 2)):
            done = subprocess.run([BIN / "policyctl", "--socket", self.d.control, *arguments], capture_output=True, timeout=30)
            self.assertEqual(done.returncode, status, arguments)

    def test_requests_before_hello_are_refused(self):
        with self.connect() as s:
            s.sendall(request(STATUS))
            self.assertIn(b"HELLO comes first", s.recv(65536))

    def test_garbage_closes_its_own_connection_only(self):
        dice = random.Random(5)
        for _ in range(int(os.environ.get("VITRINE_GARBAGE_CONNECTIONS", 300))):
            with self.connect() as s:
                try:
                    s.sendall(dice.randbytes(dice.randrange(1, 4000)))
                    s.shutdown(socket.SHUT_WR)
                    self.closed(s)
                except (BrokenPipeError, ConnectionResetError):
                    pass
        status = self.d.ctl_json("status")
        self.assertGreater(status["control"]["malformed"], 100)
        self.assertLessEqual(status["control"]["clients"], 2)
        # Refused and told, but no peer fills the log.
        self.assertTrue(any("control client" in line and "closed" in line for line in self.d.log))
        self.assertLess(sum("control client" in line for line in self.d.log), 50)

    def as_nobody(self, what):
        """In a process of its own: 0 when the connection is closed without an answer."""
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        try:
            with self.connect() as s:
                s.sendall(what)
                return len(s.recv(100))
        except (BrokenPipeError, ConnectionResetError):
            return 0
        except OSError:
            return 255

    def test_another_user_is_refused_by_who_it_is_even_where_the_socket_lets_it_in(self):
        if os.geteuid() != 0:
            self.skipTest("only root can be another user")
        os.chmod(self.d.folder, 0o755)
        os.chmod(self.d.control, 0o666)
        for what in (request(HELLO), b""):
            child = os.fork()
            if child == 0:
                os._exit(self.as_nobody(what))
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        self.d.wait_log("refused: it runs as another user (65534)", 2)
        self.assertIn("\nvitrine_control_refused_total 2\n", self.d.ctl("metrics")[1])

    def test_a_request_that_comes_byte_by_byte_and_never_ends_is_closed(self):
        with self.connect() as s:
            s.sendall(request(HELLO))
            self.assertIn(b"version", s.recv(4096))
            start = time.monotonic()
            try:
                for byte in frame(32, bytes(16000)):
                    s.sendall(bytes([byte]))
                    time.sleep(0.1)
                    if time.monotonic() - start > 30:
                        break
            except (BrokenPipeError, ConnectionResetError):
                pass
            self.assertLess(time.monotonic() - start, 30)
        self.assertEqual(self.d.ctl_json("status")["control"]["too_slow"], 1)

    def test_an_oversized_request_is_refused_by_its_header(self):
        with self.connect() as s:
            s.sendall(struct.pack("<IBBH", 17 << 10, 32, 0, 0))
            self.assertTrue(self.closed(s))

    def test_a_client_that_says_nothing_is_closed(self):
        with self.connect() as s:
            start = time.monotonic()
            self.assertTrue(self.closed(s))
            self.assertLess(time.monotonic() - start, 15)
        self.assertEqual(self.d.ctl_json("status")["control"]["too_slow"], 1)

    def test_clients_beyond_the_bound_are_turned_away_and_those_inside_go_on(self):
        inside = [self.connect() for _ in range(16)]
        for s in inside:
            s.sendall(request(HELLO))
            self.assertIn(b"version", s.recv(4096))
        with self.connect() as s:
            self.assertTrue(self.closed(s))
        inside[0].sendall(request(STATUS, 2))
        self.assertIn(b"refused_full\":1", inside[0].recv(65536))
        for s in inside:
            s.close()
        self.d.wait(lambda: self.d.ctl("status")[0] == 0, "room again")

    def test_a_flood_that_reads_nothing_stops_no_event(self):
        with self.connect() as s:
            s.sendall(request(HELLO))
            s.setblocking(False)
            end, flood = time.monotonic() + 3, request(STATUS) * 50
            while time.monotonic() < end:
                try:
                    s.send(flood)
                except (BlockingIOError, BrokenPipeError):
                    time.sleep(0.01)
            self.send_recording()
            self.assertEqual(self.d.ctl_json("status")["alerts"], len(self.d.alerts))
        self.assertIsNone(self.d.process.poll())


if __name__ == "__main__":
    BIN, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    result = unittest.main(argv=sys.argv[:1] + sys.argv[3:], exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    print("%d passed, %d failed, %d skipped" % (result.testsRun - failed - skipped, failed, skipped))
    sys.exit(failed > 0)
