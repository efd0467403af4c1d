#!/usr/bin/env python3
"""policyd run from outside: streams over sockets, several at once, and rules that change while it runs.

usage: daemon_reload.py BIN_FOLDER SOURCE_FOLDER
"""
import json
import os
import pathlib
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import unittest

import daemon_process

BIN = SOURCE = None

RULE = """- rule: %s
  desc: d
  condition: evt.type = process_start and proc.name = %s
  output: started %%proc.name
  priority: NOTICE
  source: windows
"""


def recording():
    return SOURCE / "tests/scenario/webshell/webshell.vst"


class DaemonTest(unittest.TestCase):
    def start(self, *rules, **options):
        daemon = daemon_process.Daemon(BIN, rules, **options)
        self.addCleanup(lambda: daemon.end(expect=None))
        return daemon

    def rules_file(self, daemon_folder, text):
        path = daemon_folder / "rules.yaml"
        path.write_text(text)
        return path

    def folder(self):
        holder = tempfile.TemporaryDirectory(prefix="vt-")
        self.addCleanup(holder.cleanup)
        return pathlib.Path(holder.name)

    def replayed(self):
        done = subprocess.run([BIN / "policyd", "replay", "--json", "-r", SOURCE / "rules/windows", recording()],
                              capture_output=True, check=True)
        return done.stdout.splitlines()

    def test_a_stream_over_the_socket_gives_the_alerts_of_a_replay(self):
        d = self.start(SOURCE / "rules/windows")
        d.send(recording())
        expected = [json.loads(line) for line in self.replayed()]
        d.wait_alerts(len(expected))
        d.wait_log("at its end")
        d.end()
        self.assertEqual(d.alerts, expected)

    def test_sockets_are_for_the_owner_only(self):
        d = self.start(SOURCE / "rules/windows")
        d.connect().close()
        self.assertEqual(stat.S_IMODE(os.stat(d.events).st_mode), 0o600)

    def test_several_streams_at_once_are_kept_apart(self):
        d = self.start(SOURCE / "rules/windows")
        data = recording().read_bytes()
        streams = [d.connect() for _ in range(4)]
        for at in range(0, len(data), 5000):
            for s in streams:
                s.sendall(data[at:at + 5000])
        for s in streams:
            s.close()
        d.wait_alerts(4 * len(self.replayed()))
        d.wait_log("at its end", 4)
        d.end()
        self.assertEqual(len(d.alerts), 4 * len(self.replayed()))

    def test_garbage_ends_its_own_stream_only(self):
        d = self.start(SOURCE / "rules/windows")
        with d.connect() as s:
            s.sendall(b"GET / HTTP/1.1\r\n\r\n" * 10)
            self.assertEqual(s.recv(1), b"")
        d.wait_log("closed:")
        d.send(recording())
        d.wait_alerts(len(self.replayed()))
        d.end()

    def test_a_socket_that_is_not_there_yet_is_waited_for(self):
        folder = self.folder()
        path = folder / "their.sock"
        d = self.start(SOURCE / "rules/windows", inputs="[{connect: %s}]" % str(path).replace("%", "%%"))
        d.wait_log("tried again")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()
            for _ in range(2):
                s, _ = listener.accept()
                s.sendall(recording().read_bytes())
                s.close()
        d.wait_alerts(2 * len(self.replayed()))

    def test_signal_reloads_and_says_what_changed(self):
        folder = self.folder()
        rules = self.rules_file(folder, RULE % ("one", "cmd.exe") + RULE % ("two", "a") + RULE % ("three", "b"))
        d = self.start(rules, config="watch_config_files: false\n")
        d.wait_log("3 rules run")
        rules.write_text(RULE % ("one", "cmd.exe") + RULE % ("three", "c") + RULE % ("four", "powershell.exe"))
        d.process.send_signal(signal.SIGHUP)
        d.wait_log("3 rules run; 1 added, 1 removed, 1 changed")
        d.send(recording())
        d.wait_log("at its end")
        d.end()
        self.assertEqual({a["rule"] for a in d.alerts}, {"one", "four"})

    def test_a_bad_file_keeps_the_rules_before_and_says_why(self):
        folder = self.folder()
        rules = self.rules_file(folder, RULE % ("one", "cmd.exe"))
        d = self.start(rules)
        d.wait_log("1 rules run")
        rules.write_text(RULE.replace("proc.name =", "proc.nam =") % ("two", "cmd.exe"))
        d.wait_log("the rules before stay")
        d.wait_log("did you mean 'proc.name'?")
        d.send(recording())
        d.wait_log("at its end")
        d.end()
        self.assertEqual({a["rule"] for a in d.alerts}, {"one"})

    def test_a_file_renamed_into_place_is_seen(self):
        folder = self.folder()
        rules = self.rules_file(folder, RULE % ("one", "a"))
        d = self.start(rules)
        d.wait_log("1 rules run")
        for count in (2, 3):
            new = folder / ".rules.yaml.swp"
            new.write_text("".join(RULE % ("rule %d" % i, "a") for i in range(count)))
            new.rename(rules)
            d.wait_log("%d rules run;" % count)

    def test_a_config_map_whose_link_switches_is_seen(self):
        folder = self.folder()
        for version, count in (("v1", 1), ("v2", 2), ("v3", 3)):
            (folder / version).mkdir()
            (folder / version / "rules.yaml").write_text("".join(RULE % ("rule %d" % i, "a") for i in range(count)))
        (folder / "..data").symlink_to("v1")
        (folder / "rules.yaml").symlink_to("..data/rules.yaml")
        d = self.start(folder / "rules.yaml")
        d.wait_log("1 rules run")
        for version, count in (("v2", 2), ("v3", 3)):
            (folder / "..data_tmp").symlink_to(version)
            (folder / "..data_tmp").rename(folder / "..data")
            d.wait_log("%d rules run;" % count)

    def test_configuration_is_reread_and_what_needs_a_restart_is_named(self):
        d = self.start(SOURCE / "rules/windows")
        d.wait_log("rules run")
        d.config.write_text(d.config.read_text() + "priority: critical\nwebserver: {enabled: true}\n")
        d.wait_log("a restart is needed for: webserver.enabled")
        d.send(recording())
        d.wait_log("at its end")
        d.end()
        self.assertEqual({a["priority"] for a in d.alerts}, {"Critical"})

    def test_a_bad_configuration_does_not_start(self):
        done = subprocess.run([BIN / "policyd", "run", "-r", SOURCE / "rules/windows", "-o", "priority=loud"],
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"'loud' is no priority", done.stderr)

    def test_the_doctor_names_what_is_missing(self):
        folder = self.folder()
        here = ["-o", "inputs=[{listen: %s/e}]" % folder, "-o", "control.path=%s/c" % folder, "-o", "store.path=''"]
        for more, status, text in (([], 0, "ok    control socket"), (["-o", "store.path=/no/such/folder/x"], 1, "BAD   alert store")):
            done = subprocess.run([BIN / "policyd", "doctor", "-r", SOURCE / "rules/windows", *here, *more],
                                  capture_output=True, timeout=60)
            self.assertEqual(done.returncode, status, done.stdout)
            self.assertIn(text, done.stdout.decode())
        self.assertEqual(list(folder.iterdir()), [])

    def test_standard_input_that_ends_ends_the_daemon(self):
        for how in ("pipe", "file"):
            with self.subTest(how), open(recording(), "rb") as f:
                feed = {"input": f.read()} if how == "pipe" else {"stdin": f}
                done = subprocess.run([BIN / "policyd", "run", "-r", SOURCE / "rules/windows", "-o", "inputs=[{stdin: true}]",
                                       "-o", "control.path=''", "-o", "store.path=''", "-o", "json_output=true"],
                                      capture_output=True, timeout=60, **feed)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stdout.splitlines(), self.replayed())


if __name__ == "__main__":
    BIN, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    result = unittest.main(argv=sys.argv[:1] + sys.argv[3:], exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - failed, failed))
    sys.exit(failed > 0)
