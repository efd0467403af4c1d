#!/usr/bin/env python3
"""Outputs of a running policyd that are added, changed and removed by a reload, without a restart and without losing or
doubling an alert.

usage: daemon_outputs.py BIN_FOLDER SOURCE_FOLDER
"""
import gzip
import json
import pathlib
import sys
import unittest

import daemon_process
import outputs
import receivers

BIN = SOURCE = None


class OutputsTest(unittest.TestCase):
    def start(self, config=""):
        self.d = daemon_process.Daemon(BIN, [SOURCE / "rules/windows"], config="watch_config_files: false\n" + config)
        self.addCleanup(lambda: self.d.end(expect=None))
        self.d.wait_log("rules run")
        self.first = self.d.config.read_text()[:-len(config)] if config else self.d.config.read_text()

    def reload(self, config, status=0):
        self.d.config.write_text(self.first + config)
        code, out, err = self.d.ctl("reload")
        self.assertEqual(code, status, out + err)
        return out

    def send(self):
        ended = sum("at its end" in line for line in self.d.log)
        self.d.send(SOURCE / "tests/scenario/webshell/webshell.vst")
        self.d.wait_log("at its end", ended + 1)
        return self.d.ctl_json("status")["alerts"]

    def output(self, name):
        return next((o for o in self.d.ctl_json("spool")["outputs"] if o["name"] == name), None)

    def drained(self, name):
        self.d.wait(lambda: (self.output(name) or {}).get("pending") == 0, "nothing pending for " + name)

    def server(self, plan=lambda n: "ok"):
        return self.enterContext(receivers.Server(plan))

    def test_outputs_come_and_go_with_a_reload(self):
        self.start()
        first = self.send()
        path = self.d.folder / "alerts.log"
        self.reload("outputs: [{name: f, kind: file, filename: %s}]\n" % path)
        self.d.wait_log("output f: added")
        both = self.send()
        self.drained("f")
        self.assertEqual(len(path.read_text().splitlines()), both - first)
        self.reload("stdout_output: {enabled: false}\n")
        self.d.wait_log("output f: removed")
        self.d.wait_log("output stdout: removed")
        every = self.send()
        self.assertGreater(every, both)
        self.d.wait(lambda: self.d.ctl_json("spool")["store"]["alerts"] == every, "all alerts in the store")
        self.assertEqual(self.d.ctl_json("spool")["outputs"], [])
        self.assertEqual((len(path.read_text().splitlines()), len(self.d.alerts)), (both - first, both))

    def test_what_one_output_had_pending_goes_where_the_new_configuration_says(self):
        away = "http://127.0.0.1:%d/" % receivers.free_port()
        self.start("outputs: [{name: h, kind: http, url: %s}]\n" % away)
        count = self.send()
        self.d.wait(lambda: self.output("h")["pending"] == count, "all of them pending")
        server = self.server()
        self.reload("outputs: [{name: h, kind: http, url: %s}]\n" % server.url)
        self.drained("h")
        uids = self.uids(server)
        self.assertEqual((len(uids), len(set(uids))), (count, count))
        self.assertNotIn("restart", "".join(self.d.log))

    @staticmethod
    def documents(server):
        texts = [gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
                 for _, headers, body in server.behaviour.accepted]
        return [json.loads(text) for text in texts]

    def uids(self, server):
        return [document["uuid"] for document in self.documents(server)]

    def test_falcosidekick_takes_the_alerts_of_the_shipped_rules(self):
        server = self.server()
        self.start("http_output: {enabled: true, url: %s}\n" % server.url)
        count = self.send()
        self.d.wait(lambda: len(server.behaviour.accepted) == count, "all alerts")
        for document in self.documents(server):
            outputs.falcosidekick_accepts(document)

    def test_an_output_that_stays_is_not_disturbed(self):
        server = self.server(lambda n: "503" if n == 0 else "ok")
        same = "{name: h, kind: http, url: %s}" % server.url
        self.start("outputs: [%s]\n" % same)
        count = self.send()
        self.d.wait(lambda: self.output("h")["failures"] >= 1, "a first attempt that failed")
        self.reload("outputs: [%s, {name: g, kind: file, filename: %s}]\n" % (same, self.d.folder / "g"))
        self.drained("h")
        self.assertEqual(len(set(self.uids(server))), count)
        self.assertFalse(any("output h: changed" in line for line in self.d.log))
        self.reload("outputs: [%s]\nlog_level: debug\n" % same)
        self.d.wait_log("output g: removed")

    def test_an_output_that_cannot_work_keeps_those_before(self):
        self.start()
        for bad, text in (("outputs: [{name: s, kind: syslog}]\n", "no host"),
                          ("outputs: [{name: s, kind: otlp, url: 'ftp//x'}]\n", "not a URL"),
                          ("outputs: [{name: stdout, kind: file, filename: /tmp/x}]\n", "two outputs are named stdout")):
            self.assertIn(text, self.reload(bad, status=1))
        self.assertEqual([o["name"] for o in self.d.ctl_json("spool")["outputs"]], ["stdout"])
        self.assertEqual(self.d.ctl_json("status")["reload"]["failures_total"], 3)
        count = self.send()
        self.d.wait_alerts(count)

    def test_many_changes_in_a_row_lose_and_double_nothing(self):
        servers = [self.server() for _ in range(3)]
        self.start("outputs: [{name: h, kind: http, url: %s}]\n" % servers[0].url)
        for i in range(12):
            self.d.send(SOURCE / "tests/scenario/webshell/webshell.vst")
            self.reload("outputs: [{name: h, kind: http, url: %s, timeout: %ds}]\n" % (servers[i % 3].url, 20 + i))
        self.send()
        self.d.wait_log("at its end", 13)
        count = self.d.ctl_json("status")["alerts"]
        self.d.wait(lambda: sum(len(s.behaviour.accepted) for s in servers) >= count, "all alerts")
        self.drained("h")
        uids = [uid for s in servers for uid in self.uids(s)]
        self.assertEqual((len(uids), len(set(uids))), (count, count))
        self.assertEqual(self.output("h")["delivered"], count)


if __name__ == "__main__":
    BIN, SOURCE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    result = unittest.main(argv=sys.argv[:1] + sys.argv[3:], exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - failed, failed))
    sys.exit(failed > 0)
