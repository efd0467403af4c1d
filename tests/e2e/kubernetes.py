#!/usr/bin/env python3
"""policyd in a cluster: pods behind alerts, where the API is found, and who asks it, over real TLS.

usage: kubernetes.py BIN_FOLDER SOURCE_FOLDER [TEST...]
"""
import base64
import pathlib
import sys

import kube_world
import receivers
from kube_world import NODE, PLACE, KubernetesTest, fake_kube

on = fake_kube.on
POD_RULE = """
- rule: Windows Shell Spawned Inside Container
  desc: d
  condition: evt.type = process_start and container.id != host and proc.name in (cmd.exe, powershell.exe)
  output: pod %k8s.pod.name of %k8s.deployment.name app %k8s.pod.label[app] cwd %proc.cwd in %k8s.ns.name
  priority: critical
  source: windows
"""


class AlertTest(KubernetesTest):
    def test_founding_rules_alert_names_the_pod(self):
        kube = self.fake()
        self.web_pod(kube)
        self.fill(kube, 3, node="other")
        d = self.start(kube)
        self.wait_pods(d, 1, namespaces=1)
        for fields in self.replay(d):
            self.assertEqual({k: v for k, v in fields.items() if k.startswith("k8s.")}, PLACE)
            self.assertIn("servercore/iis", fields["container.image"])
            self.assertNotIn("evt.incomplete", fields)

    def test_api_that_is_down_delays_no_alert(self):
        kube = self.fake()
        kube.stop()
        d = self.start(kube)
        fields = self.replay(d)[0]
        self.assertIs(fields["evt.incomplete"], True)
        self.assertNotIn("k8s.pod.name", fields)
        self.assertEqual(fields["k8s.cluster.name"], "c1")
        status = self.wait(d, lambda s: s["failures"] > 0, "a failure")
        self.assertEqual(status["pods_are"], "waiting for the first list")
        self.assertIn("connect", status["error"])
        kube.start()
        self.web_pod(kube)
        self.wait_pods(d, 1)
        self.assertEqual(self.status(d)["error"], "")

    def test_alerts_of_an_outage_are_completed_in_the_store(self):
        kube = self.fake()
        kube.stop()
        d = self.start(kube, rules=POD_RULE)
        before = self.replay(d, 2)[0]
        self.assertEqual((before["k8s.pod.name"], before["k8s.pod.label[app]"], before["evt.incomplete"]), (None, None, True))
        self.assertEqual(self.wait(d, lambda s: s["alerts_waiting"] == 2, "two alerts that wait")["alerts_incomplete"], 2)
        kube.start()
        self.web_pod(kube)
        self.wait(d, lambda s: s["alerts_found"] == 2 and s["alerts_waiting"] == 0, "two pods found")
        stored = lambda: [a["alert"] for a in d.ctl_json("alerts")["alerts"]]
        d.wait(lambda: all("evt.incomplete" not in a["output_fields"] for a in stored()), "completed alerts")
        self.assertEqual(len(stored()), 2)
        for alert in stored():
            fields = alert["output_fields"]
            self.assertEqual({k: v for k, v in fields.items() if k.startswith("k8s.") and "label" not in k}, PLACE)
            self.assertEqual((fields["k8s.pod.label[app]"], fields["proc.cwd"]), ("shop-web", None))
            self.assertIn("pod shop-web-6c45f8d6f6-x7k2p of shop-web app shop-web cwd <NA> in shop", alert["output"])
            self.assertEqual(list(fields), sorted(fields))
        self.assertIn("pod shop-web-6c45f8d6f6-x7k2p of shop-web", d.ctl("alerts")[1])
        self.assertIn('vitrine_kubernetes_alerts_total{fate="found"} 2\n', d.ctl("metrics")[1])

    def test_metrics_tell_of_it(self):
        kube = self.fake()
        self.web_pod(kube)
        d = self.start(kube)
        self.wait_pods(d, 1)
        metrics = d.ctl("metrics")[1]
        self.assertIn("vitrine_kubernetes_current 1\n", metrics)
        self.assertIn('vitrine_kubernetes_objects{kind="pod"} 1\n', metrics)
        self.assertIn('vitrine_kubernetes_total{what="lists"} 1\n', metrics)


class AccessTest(KubernetesTest):
    def test_token_that_rotates_is_read_again(self):
        kube = self.fake()
        self.fill(kube, 2)
        d = self.start(kube)
        self.wait_pods(d, 2)
        kube.tokens = {"next"}
        kube.cut()
        self.wait(d, lambda s: s["unauthorized"] >= 1 and s["pods_are"] == "stale", "401")
        self.token.write_text("next")
        self.wait_pods(d, 2)
        self.assertEqual(kube.asked("watch")[-1]["authorization"], "Bearer next")
        self.assertNotIn("secret", "".join(d.log))

    def test_authority_that_rotates_is_read_again(self):
        kube = self.fake()
        self.fill(kube, 1)
        d = self.start(kube)
        self.wait_pods(d, 1)
        folder = self.folder / "second"
        folder.mkdir()
        second = receivers.Authority(str(folder))
        second.issue("api")
        kube.context = second.server_context("api")
        kube.cut()
        self.wait(d, lambda s: "certificate" in s["error"].lower(), "a certificate that is refused")
        (self.folder / "ca.pem").write_bytes((folder / "ca.pem").read_bytes())
        self.wait_pods(d, 1)

    def test_server_of_another_name_is_refused(self):
        self.authority.issue("api", host="elsewhere.example")
        kube = self.fake()
        d = self.start(kube)
        self.wait(d, lambda s: s["failures"] >= 1, "a refusal")
        self.assertEqual(kube.requests, [])

    def test_throttling_is_obeyed(self):
        kube = self.fake()
        self.fill(kube, 1)
        kube.fault(on("list"), fake_kube.answer(429, retry_after=3))
        d = self.start(kube)
        self.assertEqual(self.wait_pods(d, 1)["throttled"], 1)
        first, second = kube.asked("list")[:2]
        self.assertGreaterEqual(second["time"] - first["time"], 3)

    def test_forbidden_is_said(self):
        kube = self.fake()
        kube.fault(on("list"), fake_kube.answer(403, 'pods is forbidden: User "x" cannot list resource "pods"'), times=3)
        d = self.start(kube)
        status = self.wait(d, lambda s: s["unauthorized"] >= 1, "403")
        self.assertIn("pods is forbidden", status["error"])
        self.assertIn("pods is forbidden", d.ctl("status")[1])

    def test_namespaces_that_are_forbidden_take_no_pods_away(self):
        kube = self.fake()
        self.web_pod(kube)
        kube.fault(on("namespace"), fake_kube.answer(403, "namespaces is forbidden"), times=9)
        d = self.start(kube)
        self.wait_pods(d, 1)
        status = self.wait(d, lambda s: s["namespace_failures"] == 1, "a failure")
        self.assertEqual((status["namespaces"], status["pods"]), (0, 1))
        self.assertIn("namespaces is forbidden", status["error"])


class PlaceTest(KubernetesTest):
    def kubeconfig(self, user, cluster="", server=None):
        path = self.folder / "kubeconfig"
        path.write_text("apiVersion: v1\nkind: Config\ncurrent-context: a\n"
                        "clusters: [{name: k, cluster: {server: '%s'%s}}]\ncontexts:\n- {name: a, context: {cluster: k, user: u}}\n"
                        "users: [{name: u, user: %s}]\n" % (server, cluster, user))
        return "kubeconfig: %s" % path

    def test_kubeconfig_with_a_token_and_files_beside_it(self):
        kube = self.fake()
        self.fill(kube, 2)
        d = self.start(kube, place=self.kubeconfig("{token: secret}", ", certificate-authority: ca.pem", kube.url))
        self.wait_pods(d, 2)

    def test_kubeconfig_with_certificates_inside(self):
        self.authority.issue("anna")
        kube = self.fake(client_certificates=True)
        kube.tokens, kube.client_names = {"none"}, {"anna"}
        self.fill(kube, 2)

        def inside(name):
            return base64.b64encode(pathlib.Path(self.authority.path(name)).read_bytes()).decode()
        d = self.start(kube, place=self.kubeconfig(
            "{client-certificate-data: %s, client-key-data: %s}" % (inside("anna.pem"), inside("anna.key")),
            ", certificate-authority-data: " + inside("ca.pem"), kube.url))
        self.wait_pods(d, 2)
        self.assertEqual(kube.asked("list")[0]["authorization"], "")

    def test_kubeconfig_with_another_server_name(self):
        self.authority.issue("api", host="api.cluster.example")
        kube = self.fake()
        self.fill(kube, 1)
        d = self.start(kube, place=self.kubeconfig("{token: secret}", ", certificate-authority: ca.pem, "
                                                   "tls-server-name: api.cluster.example", kube.url))
        self.wait_pods(d, 1)

    def test_program_for_credentials_is_unsupported_and_said(self):
        kube = self.fake()
        d = self.start(kube, place=self.kubeconfig("{exec: {command: aws}}", "", kube.url))
        self.assertIn("`exec` is not supported", self.status(d)["error"])
        self.assertEqual(kube.requests, [])
        self.replay(d)

    def test_pod_finds_its_cluster_in_the_environment(self):
        kube = self.fake()
        self.fill(kube, 1)
        account = self.folder / "c/var/run/secrets/kubernetes.io/serviceaccount"
        account.mkdir(parents=True)
        (account / "token").write_text("secret")
        (account / "ca.crt").write_bytes((self.folder / "ca.pem").read_bytes())
        d = self.start(kube, place="page_size: 5", env={
            "KUBERNETES_SERVICE_HOST": "localhost", "KUBERNETES_SERVICE_PORT": str(kube.port),
            "CONTAINER_SANDBOX_MOUNT_POINT": str(self.folder / "c")})
        self.wait_pods(d, 1)

    def test_node_is_the_environments_where_nothing_is_set(self):
        kube = self.fake()
        self.fill(kube, 2, node="elsewhere")
        d = self.start(kube, node="", env={"NODE_NAME": "elsewhere"})
        self.assertEqual(self.wait_pods(d, 2)["node"], "elsewhere")

    def test_without_a_server_policyd_runs_and_says_so(self):
        d = self.start(None, place="page_size: 5", env={})
        self.assertIn("KUBERNETES_SERVICE_HOST", self.status(d)["error"])

    def test_plain_http_gets_no_token(self):
        kube = fake_kube.FakeKube(None, tokens=None)
        self.addCleanup(kube.stop)
        self.fill(kube, 1)
        d = self.start(kube, place="server: %s\n  token_file: %s" % (kube.url, self.token))
        self.wait_pods(d, 1)
        self.assertEqual({r["authorization"] for r in kube.requests}, {""})


if __name__ == "__main__":
    kube_world.main(sys.modules[__name__])
