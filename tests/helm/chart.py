#!/usr/bin/env python3
"""The Helm chart, rendered by Helm 3 and Helm 4, held against Kubernetes' own schemas and against policyd.

usage: chart.py BIN_FOLDER SOURCE_FOLDER
"""
import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import foreign_tools

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print("skipped: %s" % missing)
    sys.exit(77)

BIN = SOURCE = CHART = None
KUBERNETES = ("1.26", "1.30", "1.34")    # the oldest that the chart takes, one between, the newest with a schema here

FOUNDING = ["global.sysdig.accessKey=K", "global.sysdig.region=us1", "nodeAnalyzer.enabled=false", "global.clusterConfig.name=c1",
            "agent.windows.enabled=true", "clusterShield.enabled=true", "clusterShield.cluster_shield.log_level=warn",
            "clusterShield.cluster_shield.features.kubernetes_metadata.enabled=true"]
OWN = ["global.vitrine.accessKey=K", "global.vitrine.region=us1", "global.clusterConfig.name=c1", "agent.windows.enabled=true",
       "relay.enabled=true", "relay.logLevel=warning", "relay.kubernetesMetadata.enabled=true"]
EVERYTHING = """
global:
  vitrine: {accessKeySecret: key, region: eu-1, endpoint: "https://in.{region}.example.com:4318/v1/logs", tags: {env: prod, tier: 1}}
  clusterConfig: {name: prod}
  proxy: {httpsProxy: "http://proxy:3128", noProxy: ".svc"}
  ssl: {ca: {existingCaSecret: corporate}}
  image: {registry: registry.example.com, pullSecrets: [pull]}
commonLabels: {team: blue}
agent:
  windows:
    image: {digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000"}
    nodeSelector: {pool: win}
    affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
      {matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [amd64]}]}]}}}
    priorityClassName: system-node-critical
    podAnnotations: {note: "yes"}
    podLabels: {zone: a}
  rules:
    custom:
      site.yaml: |
        - rule: Site Tool Started
          desc: A tool of this site was started
          condition: spawned_process and proc.name = site.exe
          output: site tool (command=%proc.cmdline)
          priority: NOTICE
          source: windows
  outputs: [{name: siem, kind: syslog, host: siem.example.com, port: 6514}]
  config: {priority: notice}
relay:
  enabled: true
  tls: {source: certManager, certManager: {issuerRef: {name: ca, kind: ClusterIssuer}}}
  tolerations: [{operator: Exists}]
  networkPolicy: {from: [{ipBlock: {cidr: 10.0.0.0/8}}]}
serviceAccount: {annotations: {owner: secops}}
monitoring:
  serviceMonitor: {enabled: true, labels: {release: prometheus}}
"""
NO_SCHEMA = {"ServiceMonitor", "Certificate"}    # of other projects

# Fields that the API server refuses in a pod with spec.os.name windows. Source: kubernetes pkg/apis/core/validation, validateWindows.
LINUX_ONLY_POD = {"seLinuxOptions", "seccompProfile", "appArmorProfile", "fsGroup", "fsGroupChangePolicy", "sysctls", "runAsUser", "runAsGroup",
                  "supplementalGroups"}
LINUX_ONLY_CONTAINER = {"seLinuxOptions", "seccompProfile", "appArmorProfile", "capabilities", "readOnlyRootFilesystem", "privileged",
                        "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup"}


def run(*command, **options):
    return subprocess.run([str(c) for c in command], stdin=options.pop("stdin", subprocess.DEVNULL), capture_output=True, timeout=120, **options)


class Schemas:
    """Kubernetes' OpenAPI schemas, strict: what they do not name is refused."""

    def __init__(self, version):
        self.folder = foreign_tools.kube_schemas() / ("v%s.0-local-strict" % version)
        self.definitions = json.loads((self.folder / "_definitions.json").read_text())["$defs"]

    def errors(self, document):
        group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", document["apiVersion"])
        path = self.folder / ("%s-%s.json" % (document["kind"].lower(), group))
        schema = json.loads(path.read_text().replace("/api/_definitions.json#/", "#/"))
        schema["$defs"] = self.definitions
        return ["%s %s: %s: %s" % (document["kind"], document["metadata"]["name"], list(e.path), e.message)
                for e in jsonschema.Draft202012Validator(schema).iter_errors(document)]


class ChartTest(unittest.TestCase):
    maxDiff = None

    def helm(self, *arguments, major=4, fails=False):
        with tempfile.TemporaryDirectory() as home:
            env = dict(os.environ, HELM_CACHE_HOME=home, HELM_CONFIG_HOME=home, HELM_DATA_HOME=home, KUBECONFIG="/dev/null")
            done = run(foreign_tools.helm(major), *arguments, env=env)
        if not fails:
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            return done.stdout.decode()
        self.assertNotEqual(done.returncode, 0, "helm %s should fail" % (arguments,))
        return done.stderr.decode()

    rendered = {}

    def text(self, *settings, values=None, **options):
        """The chart, rendered; once for all tests that ask the same."""
        key = (settings, values, tuple(sorted(options.items())))
        if key not in self.rendered:
            self.rendered[key] = self.render(*settings, values=values, **options)
        return self.rendered[key]

    def render(self, *settings, values=None, chart=None, **options):
        arguments = ["template", "v", chart or CHART, "-n", "vt"]
        for setting in settings:
            arguments += ["--set", setting]
        if values is None:
            return self.helm(*arguments, **options)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(values)
            file.flush()
            return self.helm(*arguments, "-f", file.name, **options)

    def objects(self, *settings, **options):
        return [d for d in yaml.safe_load_all(self.text(*settings, **options)) if d]

    def find(self, objects, kind, part):
        found = [o for o in objects if o["kind"] == kind and part in o["metadata"]["name"]]
        self.assertEqual(len(found), 1, "%s *%s*: %s" % (kind, part, [o["metadata"]["name"] for o in objects]))
        return found[0]

    # -- rendering --

    def test_lint_has_nothing_to_say(self):
        for major in (3, 4):
            for settings in ([], FOUNDING):
                arguments = [a for s in settings for a in ("--set", s)]
                out = self.helm("lint", "--strict", CHART, *arguments, major=major)
                self.assertIn("0 chart(s) failed", out)
                self.assertNotIn("[WARNING]", out)

    def test_rendering_twice_gives_the_same_text_in_helm_3_and_4(self):
        for options in ({}, {"values": EVERYTHING}):
            first = self.text(*([] if options else FOUNDING), **options)
            self.assertEqual(first, self.render(*([] if options else FOUNDING), **options))
            self.assertEqual(first, self.text(*([] if options else FOUNDING), major=3, **options))

    def test_founding_flags_mean_the_same_as_our_own(self):
        self.assertEqual(self.text(*FOUNDING), self.text(*OWN))

    def test_packaged_chart_renders_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            self.helm("package", CHART, "-d", folder)
            packages = list(pathlib.Path(folder).iterdir())
            self.assertEqual(len(packages), 1)
            self.assertEqual(self.text(*FOUNDING), self.text(*FOUNDING, chart=packages[0]))

    def test_chart_and_programs_have_one_version(self):
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
        project = re.search(r"project\(vitrine VERSION ([\d.]+)", (SOURCE / "CMakeLists.txt").read_text()).group(1)
        self.assertEqual((chart["version"], chart["appVersion"]), (project, project))

    def test_notes_warn_of_an_inline_key_and_a_missing_endpoint(self):
        def notes(*settings):
            arguments = [a for s in settings for a in ("--set", s)]
            return self.helm("install", "v", CHART, "-n", "vt", "--dry-run=client", *arguments).split("NOTES:")[1]
        founding = notes(*FOUNDING)
        self.assertIn("WARNING: the access key was given as a value", founding)
        self.assertIn("No endpoint is set", founding)
        self.assertNotIn("global.sysdig.accessKey=K", founding)
        own = notes("global.vitrine.accessKeySecret=k", "global.vitrine.endpoint=https://c:4318/v1/logs")
        self.assertNotIn("WARNING", own)
        self.assertNotIn("No endpoint", own)

    # -- Kubernetes' own judgement --

    def test_objects_fit_the_schemas_of_kubernetes(self):
        seen = set()
        for version in KUBERNETES:
            schemas = Schemas(version)
            for objects in (self.objects(), self.objects(*FOUNDING), self.objects(values=EVERYTHING),
                            self.objects("relay.enabled=true", "relay.tls.source=secret", "relay.tls.secretName=mine")):
                for document in objects:
                    if document["kind"] not in NO_SCHEMA:
                        self.assertEqual(schemas.errors(document), [])
                        seen.add(document["kind"])
        self.assertEqual(seen, {"ServiceAccount", "Secret", "ConfigMap", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Service",
                                "DaemonSet", "Deployment", "PodDisruptionBudget", "NetworkPolicy", "Job"})

    def test_the_schema_check_sees_a_wrong_object(self):
        agent = self.find(self.objects(), "DaemonSet", "agent")
        agent["spec"]["template"]["spec"]["hostnetwork"] = True
        self.assertIn("hostnetwork", "".join(Schemas("1.34").errors(agent)))

    def test_kubectl_reads_the_workloads(self):
        objects = self.objects(*FOUNDING)
        for kind, container in (("DaemonSet", "policyd"), ("Deployment", "relay")):
            document = json.dumps(self.find(objects, kind, "vitrine")).encode()
            done = subprocess.run([str(foreign_tools.kubectl()), "set", "image", "--local", "-f", "-", container + "=x/y:1", "-o", "json"],
                                  input=document, capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            pod = json.loads(done.stdout)["spec"]["template"]["spec"]
            self.assertIn("x/y:1", [c["image"] for c in pod["containers"]])

    # -- what the pods are --

    def test_agent_is_two_identities_in_one_hostprocess_pod(self):
        for objects in (self.objects(*FOUNDING), self.objects(values=EVERYTHING)):
            pod = self.find(objects, "DaemonSet", "agent")["spec"]["template"]["spec"]
            users = {c["name"]: c["securityContext"]["windowsOptions"] for c in pod["initContainers"] + pod["containers"]}
            self.assertEqual({n: u["runAsUserName"] for n, u in users.items()},
                             {"data-folder": "NT AUTHORITY\\SYSTEM", "collector": "NT AUTHORITY\\SYSTEM",
                              "policyd": "NT AUTHORITY\\LOCAL SERVICE"})
            self.assertTrue(all(u["hostProcess"] for u in users.values()))
            self.assertTrue(pod["hostNetwork"])
            self.assertEqual(pod["nodeSelector"]["kubernetes.io/os"], "windows")
            self.assertGreaterEqual(pod["terminationGracePeriodSeconds"], 5)
            for container in pod["containers"]:
                self.assertEqual(set(container["resources"]), {"requests", "limits"})

    def test_only_policyd_has_the_key_and_the_token(self):
        pod = self.find(self.objects(*FOUNDING), "DaemonSet", "agent")["spec"]["template"]["spec"]
        mounts = {c["name"]: {m["name"] for m in c.get("volumeMounts", [])} for c in pod["initContainers"] + pod["containers"]}
        self.assertEqual(mounts, {"data-folder": {"data"}, "collector": set(),
                                  "policyd": {"config", "rules", "access-key", "kubernetes"}})
        self.assertIs(pod["automountServiceAccountToken"], False)

    def test_windows_pods_have_no_linux_fields(self):
        for objects in (self.objects(*FOUNDING), self.objects(values=EVERYTHING)):
            for document in objects:
                pod = document.get("spec", {}).get("template", {}).get("spec", {})
                if pod.get("os", {}).get("name") != "windows":
                    continue
                self.assertEqual({"hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"} & set(pod), set())
                self.assertEqual(LINUX_ONLY_POD & set(pod["securityContext"]), set())
                for container in pod["containers"] + pod["initContainers"]:
                    self.assertEqual(LINUX_ONLY_CONTAINER & set(container["securityContext"]), set())

    def test_every_pod_says_which_system_it_is_for(self):
        for document in self.objects(values=EVERYTHING) + self.objects(*FOUNDING):
            pod = document.get("spec", {}).get("template", {}).get("spec")
            if pod:
                self.assertEqual(pod["nodeSelector"]["kubernetes.io/os"], pod["os"]["name"])

    def test_relay_is_two_replicas_that_are_never_all_away(self):
        objects = self.objects(*FOUNDING)
        relay = self.find(objects, "Deployment", "relay")
        budget = self.find(objects, "PodDisruptionBudget", "relay")
        self.assertEqual((relay["spec"]["replicas"], budget["spec"]["minAvailable"]), (2, 1))
        pod = relay["spec"]["template"]
        self.assertEqual(budget["spec"]["selector"]["matchLabels"].items() & pod["metadata"]["labels"].items(),
                         set(budget["spec"]["selector"]["matchLabels"].items()))
        self.assertIn("--log-level=warning", pod["spec"]["containers"][0]["args"])
        self.assertEqual(self.find(objects, "NetworkPolicy", "relay")["spec"]["policyTypes"], ["Ingress"])

    def test_relay_needs_both_switches(self):
        off = ["clusterShield.cluster_shield.features.kubernetes_metadata.enabled=false"]
        for settings in ([], ["clusterShield.enabled=false"], ["clusterShield.enabled=true"] + off, ["relay.enabled=true"] + off):
            self.assertEqual([o["kind"] for o in self.objects(*settings) if "relay" in o["metadata"]["name"]], [])

    # -- rights --

    def rules(self, objects):
        return {o["metadata"]["name"]: [(tuple(r["apiGroups"]), tuple(r["resources"]), tuple(r["verbs"])) for r in o["rules"]]
                for o in objects if o["kind"] in ("ClusterRole", "Role")}

    def test_no_lasting_right_reaches_secrets_configmaps_or_everything(self):
        for objects in (self.objects(), self.objects(*FOUNDING), self.objects(values=EVERYTHING)):
            for name, rules in self.rules([o for o in objects if "helm.sh/hook" not in o["metadata"].get("annotations", {})]).items():
                for groups, resources, verbs in rules:
                    self.assertEqual({"*", "secrets", "configmaps"} & set(groups + resources + verbs), set(), name)
                    self.assertLessEqual(set(verbs), {"get", "list", "watch"} if "tokenreviews" not in resources else {"create"})

    def test_rights_are_these_and_no_more(self):
        pods = (("",), ("pods",), ("list", "watch"))
        self.assertEqual(self.rules(self.objects()), {"v-vitrine-agent": [pods, (("",), ("namespaces",), ("get",))]})
        self.assertEqual(self.rules(self.objects(*FOUNDING))["v-vitrine-relay"],
                         [pods, (("",), ("namespaces",), ("list", "watch")), (("authentication.k8s.io",), ("tokenreviews",), ("create",))])

    def test_agents_behind_a_relay_may_do_nothing(self):
        self.assertEqual(set(self.rules(self.objects("relay.enabled=true", "relay.tls.source=secret", "relay.tls.secretName=s"))),
                         {"v-vitrine-relay"})
        self.assertEqual(set(self.rules(self.objects())), {"v-vitrine-agent"})
        self.assertEqual(self.rules(self.objects("agent.kubernetes.enabled=false")), {})

    def test_agents_token_is_for_the_relay_alone(self):
        def sources(*settings):
            pod = self.find(self.objects(*settings), "DaemonSet", "agent")["spec"]["template"]["spec"]
            return [v for v in pod["volumes"] if v["name"] == "kubernetes"][0]["projected"]["sources"]
        self.assertEqual(sources(*FOUNDING)[0]["serviceAccountToken"]["audience"], "vitrine-relay")
        self.assertNotIn("audience", sources()[0]["serviceAccountToken"])

    def test_the_key_stands_in_its_secret_only(self):
        objects = self.objects("global.sysdig.accessKey=correct-horse", "global.vitrine.endpoint=https://c/v1/logs")
        secret = self.find(objects, "Secret", "access-key")
        self.assertEqual(base64.b64decode(secret["data"]["access-key"]), b"correct-horse")
        rest = json.dumps([o for o in objects if o is not secret])
        self.assertNotIn("correct-horse", rest)
        self.assertNotIn(secret["data"]["access-key"], rest)
        existing = self.objects("global.sysdig.accessKeySecret=mine")
        self.assertEqual([o for o in existing if o["kind"] == "Secret"], [])

    # -- what restarts, what does not --

    def test_rules_change_without_a_restart_and_settings_with_one(self):
        def agent(*settings):
            return self.find(self.objects(*settings), "DaemonSet", "agent")
        self.assertEqual(agent(), agent("agent.rules.custom.site\\.yaml=- list: l"))
        self.assertNotEqual(agent(), agent("agent.config.priority=notice"))

    # -- refusals --

    def test_wrong_values_are_refused(self):
        for setting in ("bogus=1", "agent.windows.enabled=perhaps", "relay.replicas=0", "relay.replicas=two", "relay.logLevel=loud",
                        "nodeAnalyzer.enabled=true", "global.vitrine.endpoint=collector:4318", "global.vitrine.protocol=grpc",
                        "global.vitrine.accesKey=K", "agent.windows.dataPath=/var/lib", "agent.webserver.port=70000",
                        "clusterShield.cluster_shield.log_level=chatty", "clusterShield.enabled=maybe", "relay.tls.source=self",
                        "agent.windows.image.digest=sha256:1", "agent.rules.custom.site\\.txt=x", "global.image.pullPolicy=Sometimes",
                        "clusterShield.cluster_shield.features.kubernetes_metadata.enable=true", "global.vitrine.region=us 1"):
            self.assertIn("schema", self.text(setting, fails=True), setting)
        self.assertIn("schema", self.text("bogus=1", major=3, fails=True))

    def test_contradictions_are_refused(self):
        for settings, text in ((["relay.enabled=false", "clusterShield.enabled=true"], "relay.enabled and clusterShield.enabled mean the same"),
                               (["global.vitrine.accessKey=a", "global.sysdig.accessKey=b"], "set to different values"),
                               (["global.vitrine.accessKey=a", "global.vitrine.accessKeySecret=b"], "give one"),
                               (["relay.enabled=true", "relay.logLevel=info", "clusterShield.cluster_shield.log_level=warn"], "different values"),
                               (["relay.enabled=true", "relay.tls.source=secret"], "relay.tls.secretName"),
                               (["relay.enabled=true", "relay.tls.source=certManager"], "issuerRef"),
                               (["global.vitrine.endpoint=https://{region}.c"], "no region")):
            self.assertIn(text, self.text(*settings, fails=True))
        self.text("relay.enabled=true", "clusterShield.enabled=true")      # the same twice is none

    # -- policyd's judgement --

    def check(self, objects, folder):
        """What `policyd run --check` says of the agents' settings, as it would see them in the container."""
        files = [o for o in objects if o["kind"] == "ConfigMap" and "agent" in o["metadata"]["name"]]
        settings = [o for o in files if "policyd.yaml" in (o["data"] or {})][0]["data"]["policyd.yaml"]
        mount = pathlib.Path(folder)
        (mount / "etc/vitrine/rules.d").mkdir(parents=True)
        for name, text in [i for o in files for i in (o["data"] or {}).items() if i[0] != "policyd.yaml"]:
            (mount / "etc/vitrine/rules.d" / name).write_text(text)
        (mount / "rules").symlink_to(SOURCE / "rules")
        (mount / "policyd.yaml").write_text(settings)
        env = dict(os.environ, CONTAINER_SANDBOX_MOUNT_POINT=str(mount), K8S_NODE_NAME="win-1", V_VITRINE_RELAY_SERVICE_HOST="10.0.0.1")
        done = run(BIN / "policyd", "run", "--check", "-c", mount / "policyd.yaml", env=env)
        return done.returncode, (done.stdout + done.stderr).decode()

    def test_policyd_takes_the_settings_without_a_word(self):
        for options in ({}, {"values": EVERYTHING}):
            for settings in ([], FOUNDING) if not options else ([],):
                with tempfile.TemporaryDirectory() as folder:
                    status, said = self.check(self.objects(*settings, **options), folder)
                self.assertEqual(status, 0, said)
                self.assertRegex(said, r"\A0 errors, 0 warnings\n")
                self.assertNotIn("policyd.yaml:", said)

    def test_agents_find_the_relay_by_address_and_know_it_by_name(self):
        objects = self.objects(*FOUNDING)
        config = [o for o in objects if o["kind"] == "ConfigMap" and "policyd.yaml" in (o["data"] or {})][0]["data"]["policyd.yaml"]
        asked = yaml.safe_load(config)["kubernetes"]
        service = self.find(objects, "Service", "relay")
        variable = service["metadata"]["name"].upper().replace("-", "_") + "_SERVICE_HOST"
        self.assertEqual(asked["server"], "https://${%s}:%d" % (variable, service["spec"]["ports"][0]["port"]))
        self.assertEqual(asked["server_name"], "v-vitrine-relay.vt.svc")
        job = self.find(objects, "Job", "relay-certificate")["spec"]["template"]["spec"]["containers"][0]["args"]
        self.assertIn("--host=" + asked["server_name"], job)
        relay = self.find(objects, "Deployment", "relay")["spec"]["template"]["spec"]["containers"][0]["args"]
        self.assertIn("--agent=vt:" + self.find(objects, "DaemonSet", "agent")["spec"]["template"]["spec"]["serviceAccountName"], relay)
        agent = self.find(objects, "DaemonSet", "agent")["spec"]["template"]["spec"]
        self.assertIs(agent["enableServiceLinks"], True)

    def test_policyd_takes_events_from_a_pipe_of_systems_only(self):
        config = [o for o in self.objects() if o["kind"] == "ConfigMap" and "policyd.yaml" in (o["data"] or {})][0]["data"]["policyd.yaml"]
        names = (SOURCE / "proto/host/host_names.h").read_text().replace("\\\\", "\\")
        source, = yaml.safe_load(config)["inputs"]
        self.assertEqual(set(source), {"connect", "requests", "service"})     # check_server stays as it is: on
        self.assertIs(source["service"], False)
        for pipe in ("connect", "requests"):
            self.assertIn('"%s"' % source[pipe], names)

    def test_programs_know_the_options_they_are_started_with(self):
        objects = self.objects(*FOUNDING)
        known = run(BIN / "policyd", "relay", "--help").stdout.decode()
        for kind in ("Deployment", "Job"):
            for option in self.find(objects, kind, "relay")["spec"]["template"]["spec"]["containers"][0]["args"][1:]:
                self.assertRegex(known, r"(?m)^ +%s\b" % re.escape(option.split("=")[0]))

    def test_endpoint_becomes_an_output(self):
        objects = self.objects(values=EVERYTHING)
        site = yaml.safe_load(self.find(objects, "ConfigMap", "agent-rules")["data"]["site.yaml"])
        self.assertEqual(site[0]["rule"], "Site Tool Started")
        config = [o for o in objects if o["kind"] == "ConfigMap" and "policyd.yaml" in o["data"]][0]["data"]["policyd.yaml"]
        outputs = yaml.safe_load(config)["outputs"]
        mount = "${CONTAINER_SANDBOX_MOUNT_POINT}/etc/vitrine/"
        self.assertEqual(outputs[0], {"name": "backend", "kind": "otlp", "url": "https://in.eu-1.example.com:4318/v1/logs",
                                      "token_file": mount + "access-key/access-key", "tls": {"ca_file": mount + "ca/ca.crt"},
                                      "proxy": {"url": "http://proxy:3128", "none": ".svc"}})
        self.assertEqual(outputs[1]["name"], "siem")
        self.assertEqual(yaml.safe_load(config)["priority"], "notice")
        self.assertEqual(yaml.safe_load(config)["static_fields"], {"env": "prod", "tier": "1", "vitrine.region": "eu-1"})


def main():
    global BIN, SOURCE, CHART
    BIN, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    CHART = SOURCE / "packaging/helm/vitrine"
    try:
        for tool in ("helm3", "helm4", "kube-schemas"):
            foreign_tools.fetch(tool)
    except foreign_tools.Missing as why:
        print("skipped: %s" % why)
        return 77
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(
        unittest.defaultTestLoader.loadTestsFromTestCase(ChartTest))
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
