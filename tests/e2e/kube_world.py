"""What tests of policyd and the Kubernetes API share: a server that is ours, a policyd that asks it, and the waiting."""
import concurrent.futures
import json
import pathlib
import ssl
import sys
import tempfile
import time
import unittest

import daemon_process
import receivers

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import fake_kube  # noqa: E402

SIDE_BY_SIDE = 6
NODE = "akswin000002"
CONTAINER = "4f2a8c1be77d3096a4515b0d9e3f62c8817f40d2956ce3ab1d0874e5f9b6320c"
FOUNDING = "Windows Shell Spawned Inside Container"
PLACE = {"k8s.cluster.name": "c1", "k8s.node.name": NODE, "k8s.ns.name": "shop", "k8s.pod.name": "shop-web-6c45f8d6f6-x7k2p",
         "k8s.pod.uid": "uid-shop-shop-web-6c45f8d6f6-x7k2p", "k8s.deployment.name": "shop-web"}


# The founding document's rule, with the macros that are shipped behind it.
RULES = """
- macro: process_execute
  condition: evt.type = process_start
- macro: container_windows
  condition: container.id != host and container.type = windows
- list: windows_shell_binaries
  items: [cmd.exe, powershell.exe, putty.exe, git-cmd.exe, pwsh.exe]
- rule: Windows Shell Spawned Inside Container
  desc: Detects when the command shell is spawned inside a container.
  condition: process_execute and container_windows and proc.name in (windows_shell_binaries)
  output: >-
    Shell Spawned in Container (evt.type=%evt.type evt.args=%evt.args proc.name=%proc.name proc.pname=%proc.pname
    gparent=%proc.aname[2] ggparent=%proc.aname[3] gggparent=%proc.aname[4] container.id=%container.id
    container.name=%container.name container.image=%container.image)
  priority: critical
  tags: [Windows, Container, MITRE_TA0002_execution]
  source: windows
"""


class KubernetesTest(unittest.TestCase):
    binaries = source = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vt-kube-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.authority = receivers.Authority(folder.name)
        self.authority.issue("api")
        self.token = self.folder / "token"
        self.token.write_text("secret\n")

    def fake(self, client_certificates=False, **options):
        context = self.authority.server_context("api")
        if client_certificates:
            context.verify_mode = ssl.CERT_OPTIONAL
            context.load_verify_locations(self.authority.path("ca.pem"))
        kube = fake_kube.FakeKube(context, **options)
        self.addCleanup(kube.stop)
        return kube

    def start(self, kube, config="", place=None, node=NODE, rules=RULES, **options):
        if place is None:
            place = "server: %s\n  ca_file: %s\n  token_file: %s" % (kube.url, self.authority.path("ca.pem"), self.token)
        text = "kubernetes:\n  enabled: true\n  cluster_name: c1\n  node_name: %s\n  %s\n%s" % (json.dumps(node), place, config)
        path = self.folder / "rules.yaml"
        path.write_text(rules)
        d = daemon_process.Daemon(self.binaries, [path], config=text, **options)
        self.addCleanup(d.end)             # a sanitizer's complaint is another status
        d.wait_log("rules run")
        return d

    def status(self, d):
        return d.ctl_json("status")["kubernetes"]

    def wait(self, d, true, what, seconds=30):
        """Until true(status of Kubernetes)."""
        end = time.monotonic() + seconds
        while not true(self.status(d)):
            if time.monotonic() > end:
                self.fail("not seen: %s\n%s\n%s" % (what, json.dumps(self.status(d), indent=1), "".join(d.log)))
            time.sleep(0.05)
        return self.status(d)

    def replay(self, d, count=2):
        """The web shell in a container of this node; its two alerts."""
        d.send(self.source / "tests/scenario/webshell/webshell.vst")
        d.wait(lambda: sum(a["rule"] == FOUNDING for a in list(d.alerts)) == count, "%d alerts" % count)
        return [a["output_fields"] for a in d.alerts if a["rule"] == FOUNDING]

    def wait_pods(self, d, count, **more):
        return self.wait(d, lambda s: s["pods"] == count and s["pods_are"] == "current" and
                         all(s[k] >= v for k, v in more.items()), "%d pods, %s" % (count, more))

    def fill(self, kube, count, node=NODE, start=0):
        for i in range(start, start + count):
            kube.put_pod("p%05d" % i, node, container="%064x" % i)

    def web_pod(self, kube):
        kube.put_namespace("shop", tier="front")
        kube.put_pod("shop-web-6c45f8d6f6-x7k2p", NODE, container=CONTAINER, owner=("ReplicaSet", "shop-web-6c45f8d6f6"),
                     labels={"app": "shop-web", "pod-template-hash": "6c45f8d6f6"})


def flat(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flat(test)
        else:
            yield test


def run_one(test):
    result = unittest.TestResult()
    test.run(result)
    return test, result


def main(here):
    """Runs the tests of a module. Most of a test's time is waiting: several run side by side, each with a server and a policyd
    of its own."""
    KubernetesTest.binaries, KubernetesTest.source = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
    loader = unittest.defaultTestLoader
    tests = list(flat(loader.loadTestsFromNames(sys.argv[3:], here) if sys.argv[3:] else loader.loadTestsFromModule(here)))
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        results = list(pool.map(run_one, tests))
    bad = [(t, text) for t, r in results for _, text in r.failures + r.errors]
    for test, text in bad:
        print("FAIL: %s\n%s" % (test.id(), text))
    failed = len({t.id() for t, _ in bad})
    print("%d passed, %d failed" % (len(tests) - failed, failed))
    sys.exit(failed != 0)
