#!/usr/bin/env python3
"""The API server of our tests, held against the clients that people use: in each scenario kubectl, the informer of
@kubernetes/client-node and policyd's own client must know the same pods. A client that cannot be had counts as skipped.

usage: kubernetes_clients.py BIN_FOLDER SOURCE_FOLDER
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent / "support")]
import fake_kube  # noqa: E402
import foreign_tools  # noqa: E402
import receivers  # noqa: E402

NODE = "win-1"
SECONDS = 40


class Follower:
    """A program that writes a line of JSON whenever the pods it knows have changed."""

    def __init__(self, name, *command):
        self.name, self.last = name, None
        self.process = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            self.last = json.loads(line)

    def knows(self):
        return self.last

    def end(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        finally:
            self.process.kill()
            self.thread.join()
            self.process.stdout.close()


class Kubectl:
    """Asks anew each time; in pages, as it does by itself."""
    name = "kubectl"

    def __init__(self, program, config):
        self.command = [str(program), "--kubeconfig", str(config), "--request-timeout=20s", "get", "pods", "-A", "-o", "json",
                        "--chunk-size=10", "--field-selector", "spec.nodeName=" + NODE]

    def knows(self):
        done = subprocess.run(self.command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              env={**os.environ, "HOME": "/nonexistent", "KUBECACHEDIR": tempfile.gettempdir()})
        if done.returncode != 0:
            return None
        return sorted("%s/%s" % (p["metadata"]["namespace"], p["metadata"]["name"]) for p in json.loads(done.stdout)["items"])

    def end(self):
        pass


class World:
    def __init__(self, binaries, folder, tools):
        self.binaries, self.folder, self.tools = binaries, pathlib.Path(folder), tools
        self.authority = receivers.Authority(folder)
        self.authority.issue("api")
        self.token = self.folder / "token"
        self.token.write_text("secret")

    def clients(self, kube):
        ca = self.authority.path("ca.pem")
        found = [Follower("policyd", self.binaries / "pods_probe", kube.url, ca, self.token, NODE, 10)]
        if "kubectl" in self.tools:
            config = self.folder / "kubeconfig"
            config.write_text(json.dumps({
                "apiVersion": "v1", "kind": "Config", "current-context": "a",
                "clusters": [{"name": "c", "cluster": {"server": kube.url, "certificate-authority": ca}}],
                "users": [{"name": "u", "user": {"tokenFile": str(self.token)}}],
                "contexts": [{"name": "a", "context": {"cluster": "c", "user": "u"}}]}))
            found.append(Kubectl(self.tools["kubectl"], config))
        if "informer" in self.tools:
            found.append(Follower("informer", "node", HERE / "informer.mjs", self.tools["informer"], kube.url, ca, self.token, NODE))
        return found


def fill(kube, count, start=0, node=NODE):
    for i in range(start, start + count):
        kube.put_pod("p%03d" % i, node, namespace="n%d" % (i % 3), container="%064x" % i)


def agree(kube, clients):
    """Until each client knows what there is."""
    want = sorted("%s/%s" % key for key, o in kube.objects["pods"].items() if o["spec"]["nodeName"] == NODE)
    end = time.monotonic() + SECONDS
    while True:
        wrong = [(c.name, c.knows()) for c in clients if c.knows() != want]
        if not wrong:
            return
        if time.monotonic() > end:
            raise AssertionError("want %d pods %s; otherwise: %s" % (len(want), want[:5], [
                (n, k if k is None else (len(k), k[:5])) for n, k in wrong]))
        time.sleep(0.2)


def paging(kube, clients):
    agree(kube, clients)
    fill(kube, 7, start=100)
    agree(kube, clients)


def gone_in_list(kube, clients):
    kube.compact()
    kube.fault(fake_kube.on("page"), fake_kube.answer(410), times=2)
    agree(kube, clients)


def gone_in_watch(kube, clients):
    agree(kube, clients)
    kube.fault(fake_kube.on("watch"), fake_kube.error_event(410), times=2)
    kube.cut()
    kube.delete_pod("p001", "n1")
    fill(kube, 3, start=200)
    kube.compact()
    agree(kube, clients)


def bookmarks_only(kube, clients):
    agree(kube, clients)
    for _ in range(30):
        kube.touch()
    time.sleep(1.5)
    kube.forgotten = kube.version - 5
    kube.cut()
    fill(kube, 2, start=300)
    agree(kube, clients)


def cut_connections(kube, clients):
    agree(kube, clients)
    for i in range(3):
        kube.cut()
        fill(kube, 1, start=400 + i)
        kube.delete_pod("p%03d" % i, "n%d" % (i % 3))
    agree(kube, clients)


def long_list(kube, clients):
    for i in range(300):
        kube.put_pod("big%03d" % i, NODE, container="%064x" % (5000 + i), annotations={"example.com/note": "x" * 34000})
    agree(kube, clients)


def throttled(kube, clients):
    kube.fault(fake_kube.on("list"), fake_kube.answer(429, retry_after=1), times=2)
    agree(kube, clients)


def other_nodes(kube, clients):
    fill(kube, 20, start=500, node="elsewhere")
    agree(kube, clients)
    moved = fake_kube.pod("unbound", "", namespace="n0")
    kube.put("pods", moved)
    moved["spec"]["nodeName"] = NODE
    kube.put("pods", moved)
    agree(kube, clients)


def token_rotation(kube, clients):
    """Both tokens hold for a while, as they do in a cluster; the informer keeps the one it began with."""
    agree(kube, clients)
    kube.tokens = {"secret", "next"}
    kube.token_file.write_text("next")
    kube.cut()
    fill(kube, 2, start=600)
    agree(kube, clients)
    if not any(r["authorization"] == "Bearer next" for r in kube.asked("watch")):
        raise AssertionError("policyd's client goes on with the old token")


SCENARIOS = (paging, gone_in_list, gone_in_watch, bookmarks_only, cut_connections, long_list, throttled, token_rotation, other_nodes)


def play(world, scenario):
    kube = fake_kube.FakeKube(world.authority.server_context("api"), bookmarks=0.3)
    clients = []
    try:
        kube.token_file = world.token
        fill(kube, 35)
        clients = world.clients(kube)
        scenario(kube, clients)
    finally:
        for client in clients:
            client.end()
        kube.stop()


def find_tools():
    tools, skipped = {}, 0
    for name, get in (("kubectl", foreign_tools.kubectl), ("informer", foreign_tools.client_node)):
        try:
            tools[name] = get()
        except foreign_tools.Missing as why:
            print("SKIPPED %s: %s" % (name, why))
            skipped += 1
    return tools, skipped


def main(binaries):
    tools, skipped = find_tools()
    if not tools:
        return 77
    passed = failed = 0
    for scenario in SCENARIOS:
        with tempfile.TemporaryDirectory(prefix="vt-clients-") as folder:
            try:
                play(World(pathlib.Path(binaries), folder, tools), scenario)
                passed += 1
            except AssertionError as why:
                print("FAILED %s: %s" % (scenario.__name__, why))
                failed += 1
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
