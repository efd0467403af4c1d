#!/usr/bin/env python3
"""`policyd relay` between an API server and agents: real sockets, TLS and processes; kubectl as one of the agents.

usage: relay.py BIN_FOLDER SOURCE_FOLDER
"""
import base64
import http.client
import json
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import daemon_process
import receivers
import relay_upstream

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import foreign_tools

BIN = SOURCE = None
MINE = "/api/v1/pods?fieldSelector=spec.nodeName%3Dwin-1"


def until(true, what, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError("not seen: " + what)
        time.sleep(0.02)


class Watch:
    """A watch of an agent; what it was told, as it came."""

    def __init__(self, connection, path, token):
        self.connection = connection
        connection.request("GET", path, headers={"Authorization": "Bearer " + token})
        self.answer = connection.getresponse()
        self.status = self.answer.status
        self.events = []
        self.ended = False
        self.thread = threading.Thread(target=self.read)
        if self.status == 200:
            self.thread.start()
        else:
            self.body = json.loads(self.answer.read())

    def read(self):
        try:
            for line in self.answer:
                self.events.append(json.loads(line))
        except (OSError, http.client.HTTPException, ValueError):
            pass
        self.ended = True

    def seen(self):
        return ["%s %s" % (e["type"], e["object"]["metadata"].get("name", "")) for e in list(self.events)]

    def close(self):
        if self.connection.sock:
            try:
                self.connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        if self.status == 200:
            self.thread.join()
        self.connection.close()


class RelayTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="vt-relay-"))
        cls.authority = receivers.Authority(cls.folder)
        cls.authority.issue("server")
        (cls.folder / "token").write_text("relay-token")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def setUp(self):
        self.up = relay_upstream.Upstream(self.authority.server_context("server"))
        self.addCleanup(self.up.stop)
        self.log = []
        for name, node in (("a", "win-1"), ("b", "win-1"), ("c", "win-2")):
            self.up.put_pod_on(name, node)
        self.up.put_pod_on("d", "win-2", ns="private")
        self.up.put_namespace("shop", team="blue")
        self.up.put_namespace("private")
        self.up.token("one", "win-1")
        self.up.token("two", "win-2")

    def command(self, *options):
        return [str(BIN / "policyd"), "relay", "--server", self.up.url, "--ca-file", self.authority.path("ca.pem"),
                "--token-file", str(self.folder / "token"), *options]

    def start(self, ready=True, cert="server"):
        process = subprocess.Popen(self.command("--listen", "127.0.0.1:0", "--web", "127.0.0.1:0", "--agent", "vt:agent", "--log-level", "debug",
                                                "--cert", self.authority.path(cert + ".pem"), "--key", self.authority.path(cert + ".key")),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        thread = threading.Thread(target=lambda: self.log.extend(line.decode() for line in process.stderr))
        thread.start()

        def end():
            process.terminate()
            self.assertEqual(process.wait(timeout=30), 0, "".join(self.log))
            thread.join()
            process.stderr.close()
            self.assertNotRegex("".join(self.log), "Sanitizer|runtime error|relay-token|\\bone\\b")
        self.addCleanup(end)
        until(lambda: re.search(r"webserver: listening on 127.0.0.1 port (\d+)", "".join(self.log)), "".join(self.log))
        self.port = int(re.search(r"agents are served on 127.0.0.1 port (\d+)", "".join(self.log)).group(1))
        self.web = int(re.search(r"webserver: listening on 127.0.0.1 port (\d+)", "".join(self.log)).group(1))
        if ready:
            until(lambda: self.page("/readyz")[0] == 200, "ready")
        return process

    def page(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.web, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def metric(self, name):
        return int(re.search(r"^vitrine_relay_%s (\d+)$" % re.escape(name), self.page("/metrics")[1], re.M).group(1))

    def connect(self):
        context = ssl.create_default_context(cafile=self.authority.path("ca.pem"))
        return http.client.HTTPSConnection("localhost", self.port, timeout=60, context=context)

    def get(self, path, token="one", connection=None, method="GET"):
        own = connection or self.connect()
        own.request(method, path, headers={"Authorization": "Bearer " + token} if token else {})
        answer = own.getresponse()
        body = answer.read()
        if not connection:
            own.close()
        return answer.status, json.loads(body) if body else None

    def watch(self, path=MINE, version=None, token="one", more="&allowWatchBookmarks=true"):
        watch = Watch(self.connect(), path + "&watch=1" + more + ("&resourceVersion=" + version if version else ""), token)
        self.addCleanup(watch.close)
        return watch

    def names(self, listed):
        return sorted(p["metadata"]["name"] for p in listed["items"])

    # -- what a node is told --

    def test_a_node_lists_its_own_pods_slim(self):
        self.start()
        status, listed = self.get(MINE)
        self.assertEqual((status, listed["kind"], self.names(listed)), (200, "PodList", ["a", "b"]))
        text = json.dumps(listed)
        self.assertNotIn("hunter2", text)
        self.assertNotIn("managedFields", text)
        one = listed["items"][0]
        self.assertEqual(one["status"]["containerStatuses"][0]["containerID"], "containerd://" + one["metadata"]["name"])

    def test_a_node_is_told_of_nobody_elses_pods(self):
        self.start()
        for path in ("/api/v1/pods?fieldSelector=spec.nodeName%3Dwin-2", "/api/v1/pods", "/api/v1/pods?fieldSelector=spec.nodeName%21%3Dwin-1",
                     "/api/v1/pods?watch=1", "/api/v1/pods?fieldSelector=spec.nodeName%3Dwin-2&watch=1", "/api/v1/namespaces/private"):
            status, body = self.get(path)
            self.assertEqual((status, body["kind"], body["reason"]), (403, "Status", "Forbidden"), path)
        self.assertEqual(self.get("/api/v1/secrets")[0], 404)
        self.assertEqual(self.names(self.get("/api/v1/pods?fieldSelector=spec.nodeName%3Dwin-2", token="two")[1]), ["c", "d"])

    def test_a_namespace_is_told_where_the_node_has_a_pod(self):
        self.start()
        status, ns = self.get("/api/v1/namespaces/shop")
        self.assertEqual((status, ns["metadata"]["labels"]), (200, {"team": "blue"}))
        self.up.put_namespace("shop", team="red")
        until(lambda: self.get("/api/v1/namespaces/shop")[1]["metadata"]["labels"] == {"team": "red"}, "the new label")

    def test_a_watch_tells_each_change_of_the_node_and_no_other(self):
        self.start()
        watch = self.watch(version=self.get(MINE)[1]["metadata"]["resourceVersion"])
        self.up.put_pod_on("a", "win-1")
        self.up.put_pod_on("c", "win-2")
        self.up.put_pod_on("e", "win-1")
        self.up.delete_pod("b")
        until(lambda: len(watch.events) >= 3, "three changes")
        self.assertEqual(watch.seen(), ["MODIFIED a", "ADDED e", "DELETED b"])
        self.assertEqual(watch.events[0]["object"]["kind"], "Pod")
        self.assertEqual(self.names(self.get(MINE)[1]), ["a", "e"])

    def test_a_watch_without_a_version_begins_with_all(self):
        self.start()
        for version in (None, "0"):
            watch = self.watch(version=version)
            until(lambda: len(watch.events) >= 2, "all pods")
            self.assertEqual(sorted(watch.seen()), ["ADDED a", "ADDED b"])

    def test_who_comes_back_goes_on_where_it_was(self):
        self.start()
        first = self.watch(version=self.get(MINE)[1]["metadata"]["resourceVersion"])
        self.up.put_pod_on("e", "win-1")
        until(lambda: len(first.events) == 1, "the change")
        first.close()
        self.up.put_pod_on("f", "win-1")
        self.up.put_pod_on("c", "win-2")
        until(lambda: "f" in self.names(self.get(MINE)[1]), "the relay knows f")
        again = self.watch(version=first.events[-1]["object"]["metadata"]["resourceVersion"])
        until(lambda: again.events, "what was missed")
        self.assertEqual(again.seen(), ["ADDED f"])

    def test_an_unknown_version_is_gone(self):
        self.start()
        watch = self.watch(version="1")
        self.assertEqual((watch.status, watch.body["code"], watch.body["reason"]), (410, 410, "Expired"))

    def test_a_watch_ends_in_time_and_its_connection_serves_on(self):
        self.start()
        connection = self.connect()
        connection.request("GET", MINE + "&watch=1&timeoutSeconds=1&resourceVersion=0", headers={"Authorization": "Bearer one"})
        body = connection.getresponse().read()
        self.assertEqual(body.count(b"\n"), 2)
        self.assertEqual(self.get(MINE, connection=connection)[0], 200)
        connection.close()

    # -- who may ask --

    def test_tokens_of_others_are_refused(self):
        self.start()
        self.up.token("other-user", "win-1", user="system:serviceaccount:vt:intruder")
        self.up.token("other-audience", "win-1", audiences=["https://kubernetes.default.svc"])
        self.up.token("no-pod", None)
        for token in (None, "unknown", "other-user", "other-audience", "no-pod"):
            self.assertEqual(self.get(MINE, token=token)[0], 401, token)
        self.assertEqual(self.metric('refusals_total{reason="unauthorized"}'), 5)

    def test_a_token_is_asked_about_once(self):
        self.start()
        for _ in range(5):
            self.assertEqual(self.get(MINE)[0], 200)
        self.assertEqual([r["spec"] for r in self.up.reviews], [{"token": "one", "audiences": ["vitrine-relay"]}])

    def test_a_node_is_known_by_its_pod_on_older_servers(self):
        self.start()
        self.up.token("old", None, pod_uid="uid-shop-a", pod_name="a")
        self.assertEqual(self.names(self.get(MINE, token="old")[1]), ["a", "b"])
        self.up.token("stranger", None, pod_uid="uid-x")
        self.assertEqual(self.get(MINE, token="stranger")[0], 503)

    def test_an_api_server_in_trouble_is_no_refusal(self):
        self.start()
        self.up.users["one"] = 500
        self.assertEqual(self.get(MINE)[0], 503)
        self.up.token("one", "win-1")
        until(lambda: self.get(MINE)[0] == 200, "the token is asked about again")

    def test_what_is_no_request_is_answered_or_dropped(self):
        self.start()
        self.assertEqual(self.get(MINE, method="DELETE")[0], 405)
        for bytes_sent in (b"\0" * 100, b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + b"\xff" * 2000):
            with socket.create_connection(("127.0.0.1", self.port)) as plain:
                plain.settimeout(30)
                plain.sendall(bytes_sent)
                try:
                    while plain.recv(4096):
                        pass
                except ConnectionResetError:
                    pass
        connection = self.connect()
        connection.connect()
        connection.sock.sendall(b"POST /api/v1/pods HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc")
        self.assertIn(b"400 Bad Request", connection.sock.recv(4096))
        connection.close()
        self.assertEqual(self.get(MINE)[0], 200)

    def test_who_does_not_read_is_dropped_and_the_others_are_told(self):
        self.start()
        listed = self.get(MINE)[1]["metadata"]["resourceVersion"]
        good = self.watch(version=listed)
        lazy = self.connect()
        lazy.connect()
        lazy.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.request("GET", MINE + "&watch=1&resourceVersion=" + listed, headers={"Authorization": "Bearer one"})
        until(lambda: self.metric("watches") == 2, "both watch")
        filler = {"note-%d" % i: "x" * 250 for i in range(60)}
        for _ in range(1200):
            self.up.put_pod_on("a", "win-1", **filler)
        until(lambda: self.metric('refusals_total{reason="slow"}') == 1, "the slow one is dropped")
        until(lambda: len(good.events) == 1200, "the other is told all")
        lazy.close()

    # -- the API server's troubles --

    def test_not_ready_until_the_pods_are_known(self):
        self.up.stop()
        self.start(ready=False)
        self.assertEqual(self.page("/healthz")[0], 200)
        self.assertEqual(self.page("/readyz")[0], 503)
        self.assertEqual(self.get(MINE)[0], 503)

    def test_a_forgotten_version_upstream_means_a_new_list_and_agents_go_on(self):
        self.start()
        watch = self.watch(version=self.get(MINE)[1]["metadata"]["resourceVersion"])
        with self.up.lock:
            del self.up.objects["pods"]["shop", "b"], self.up.objects["pods"]["private", "d"]
        self.up.compact()
        self.up.cut()                              # and only then: a watch that had seen it would go on from there
        self.up.put_pod_on("n", "win-1")
        until(lambda: len(watch.events) >= 2, "what changed meanwhile")
        self.assertEqual(sorted(watch.seen()), ["ADDED n", "DELETED b"])
        self.assertEqual(self.metric("pods"), 3)
        self.up.put_pod_on("o", "win-1")
        until(lambda: len(watch.events) >= 3, "what comes after")

    def test_pages_are_put_together(self):
        for i in range(1203):
            self.up.put_pod_on("p%d" % i, "win-3")
        self.start()
        self.assertEqual(self.metric("pods"), 1207)
        self.up.token("three", "win-3")
        self.assertEqual(len(self.get("/api/v1/pods?fieldSelector=spec.nodeName%3Dwin-3", token="three")[1]["items"]), 1203)

    # -- certificates --

    def test_a_changed_certificate_is_followed(self):
        self.authority.issue("changing")
        self.start(cert="changing")
        before = ssl.get_server_certificate(("127.0.0.1", self.port))
        time.sleep(0.01)
        self.authority.issue("changing")
        until(lambda: ssl.get_server_certificate(("127.0.0.1", self.port)) != before, "the new certificate", seconds=60)
        self.assertEqual(self.get(MINE)[0], 200)

    def make(self, host="relay.vt.svc"):
        done = subprocess.run(self.command("--make-certificate", "vt/relay-tls", "--host", host), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertNotIn(b"PRIVATE", done.stdout + done.stderr)
        return {k: base64.b64decode(v) for k, v in self.up.secrets["vt", "relay-tls"]["data"].items()}

    def test_a_certificate_is_made_once_and_for_its_host(self):
        made = self.make()
        self.assertEqual(set(made), {"ca.crt", "tls.crt", "tls.key"})
        self.assertEqual(self.up.secrets["vt", "relay-tls"]["type"], "kubernetes.io/tls")
        for name, data in made.items():
            (self.folder / name).write_bytes(data)
        said = subprocess.run(["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "relay.vt.svc", "-CAfile",
                               self.folder / "ca.crt", self.folder / "tls.crt"], capture_output=True, check=False)
        self.assertEqual(said.returncode, 0, said.stderr.decode())
        self.assertEqual(self.make(), made)
        self.assertNotEqual(self.make("other.vt.svc"), made)

    # -- clients --

    def test_policyd_asks_the_relay_as_it_would_the_api_server(self):
        self.start()
        token = self.folder / "agent-token"
        token.write_text("one")
        place = "{enabled: true, node_name: win-1, server: 'https://127.0.0.1:%d', server_name: localhost, ca_file: '%s', token_file: '%s'}"
        d = daemon_process.Daemon(BIN, [SOURCE / "rules/windows"],
                                  config="kubernetes: " + place % (self.port, self.authority.path("ca.pem"), token))
        self.addCleanup(d.end)
        d.wait_log("rules run")

        def knows(pods, namespaces):
            found = d.ctl_json("status")["kubernetes"]
            return (found["pods_are"], found["pods"], found["namespaces"]) == ("current", pods, namespaces)
        until(lambda: knows(2, 1), "the node's two pods and their namespace")
        self.up.put_pod_on("e", "win-1", ns="private")
        self.up.put_pod_on("f", "win-2")
        until(lambda: knows(3, 2), "one pod more, in another namespace: %s %s" % (d.log, self.log))
        self.assertEqual(d.ctl_json("status")["kubernetes"]["failures"], 0)


    def test_kubectl_gets_and_watches(self):
        self.start()
        kubectl = [str(foreign_tools.kubectl()), "--server", "https://localhost:%d" % self.port, "--certificate-authority",
                   self.authority.path("ca.pem"), "--token", "one", "--cache-dir", str(self.folder / "kubectl"), "--kubeconfig", "/dev/null"]
        done = subprocess.run([*kubectl, "get", "pods", "-A", "--field-selector", "spec.nodeName=win-1", "-o", "name"], capture_output=True, timeout=120)
        self.assertEqual((done.returncode, sorted(done.stdout.decode().split())), (0, ["pod/a", "pod/b"]), done.stderr.decode())
        watching = subprocess.Popen([*kubectl, "get", "pods", "-A", "--field-selector", "spec.nodeName=win-1", "-o", "name", "--watch-only"],
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        until(lambda: self.metric("watches") == 1, "kubectl watches")
        self.up.put_pod_on("e", "win-1")
        self.assertEqual(watching.stdout.readline(), b"pod/e\n")
        watching.terminate()
        watching.wait()
        watching.stdout.close()
        done = subprocess.run([*kubectl, "get", "namespace", "shop", "-o", "jsonpath={.metadata.labels.team}"], capture_output=True, timeout=120)
        self.assertEqual((done.returncode, done.stdout), (0, b"blue"), done.stderr.decode())

    def test_metrics_are_what_prometheus_reads(self):
        if not shutil.which("promtool"):
            self.skipTest("no promtool")
        self.start()
        text = self.page("/metrics")[1]
        done = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, b""))


def main():
    global BIN, SOURCE
    BIN, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(RelayTest)
    if len(sys.argv) > 3:
        suite = unittest.TestSuite(t for t in suite if sys.argv[3] in t.id())
    try:
        foreign_tools.kubectl()
    except foreign_tools.Missing as why:
        print("without kubectl: %s" % why)
        suite = unittest.TestSuite(t for t in suite if "kubectl" not in t.id())
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
