#!/usr/bin/env python3
"""Outputs against receivers from outside. usage: outputs.py BIN_DIR SOURCE_DIR
Prints "N passed, M failed, K skipped"; a receiver that is not installed counts as skipped."""
import collections
import gzip
import importlib
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time

from receivers import Authority, Server, free_port, rsyslog, tinyproxy

PRIORITIES = ("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug")


class Skipped(Exception):
    pass


class World:
    def __init__(self, bin_dir, source_dir, folder):
        self.probe = bin_dir + "/outputs_probe"
        self.source_dir, self.folder = source_dir, folder
        self.authority = Authority(folder)
        self.authority.issue("server")
        self.authority.issue("client")
        self.authority.issue("stranger", "elsewhere.example")

    def foreign_authority(self, name):
        """Another authority's certificate for localhost, as NAME.pem and NAME.key beside ours."""
        folder = os.path.join(self.folder, "foreign-authority")
        os.mkdir(folder)
        other = Authority(folder)
        other.issue(name)
        for ending in (".pem", ".key"):
            shutil.copy(other.path(name + ending), self.authority.path(name + ending))

    def run(self, env=None, **settings):
        arguments = [self.probe] + ["%s=%s" % pair for pair in settings.items()]
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, **(env or {})})
        if done.returncode not in (0, 1) or "ERROR:" in done.stderr or "runtime error" in done.stderr:
            raise AssertionError("outputs_probe: %d %s" % (done.returncode, done.stderr[-2000:]))
        return json.loads(done.stdout.splitlines()[-1]), done.stderr

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)
        return os.path.join(self.folder, name)


def check(wanted, got):
    if wanted != got:
        raise AssertionError("wanted %r, got %r" % (wanted, got))


def numbers(server):
    return [json.loads(body)["output_fields"]["n"] for _, _, body in server.behaviour.accepted]


def falcosidekick_accepts(document):
    """falcosidekick's rules for a document (handlers.go, newFalcoPayload)."""
    check(True, bool(document["rule"]) and bool(document["time"]) and len(document["output_fields"]) > 0)
    check(True, document["priority"].lower() in PRIORITIES)
    for name in ("k8s.ns.name", "k8s.pod.name"):
        check(True, isinstance(document["output_fields"].get(name, ""), str))


def http_is_taken_by_falcosidekick(world):
    with Server() as server:
        stats, _ = world.run(kind="http", url=server.url, count=100)
        check((100, 0, 0), (stats["delivered"], stats["pending"], stats["rejected"]))
        check(list(range(100)), sorted(numbers(server)))
        path, headers, body = server.behaviour.accepted[0]
        check(("/", "application/json", "falcosecurity/falco"), (path, headers["Content-Type"], headers["User-Agent"]))
        falcosidekick_accepts(json.loads(body))
        check(26, len(json.loads(body)["uuid"]))


def http_documents_may_be_compressed(world):
    with Server() as server:
        stats, _ = world.run(kind="http", url=server.url, count=3, gzip=1)
        check(3, stats["delivered"])
        _, headers, body = server.behaviour.accepted[0]
        check("gzip", headers["Content-Encoding"])
        falcosidekick_accepts(json.loads(gzip.decompress(body)))


def http_tries_again_after_503_and_waits_as_told(world):
    with Server(lambda n: "503" if n == 0 else "ok") as server:
        start = time.monotonic()
        stats, _ = world.run(kind="http", url=server.url, count=20)
        check(True, time.monotonic() - start >= 1)
        check((20, 0), (stats["delivered"], stats["rejected"]))
        check(list(range(20)), sorted(numbers(server)))


def http_counts_a_refusal_and_does_not_repeat_it(world):
    with Server(lambda n: "400" if n == 3 else "ok") as server:
        stats, _ = world.run(kind="http", url=server.url, count=20)
        check((19, 1, 0), (stats["delivered"], stats["rejected"], stats["pending"]))
        check(20, server.behaviour.count)


def http_broken_connections_lose_nothing_and_keep_the_uid(world):
    with Server(lambda n: ("cut", "drop", "ok")[n % 3] if n < 6 else "ok") as server:
        stats, _ = world.run(kind="http", url=server.url, count=30, failures=100)
        check((30, 0, 0), (stats["delivered"], stats["rejected"], stats["pending"]))
        uids = collections.defaultdict(set)
        for _, _, body in server.behaviour.accepted:
            uids[json.loads(body)["output_fields"]["n"]].add(json.loads(body)["uuid"])
        check(30, len(uids))
        check({1}, {len(u) for u in uids.values()})


def alerts_wait_for_a_receiver_that_is_down(world):
    port, store = free_port(), world.folder + "/down.db"
    settings = {"kind": "http", "url": "http://localhost:%d/" % port, "store": store}
    stats, log = world.run(count=10, failures=1, **settings)
    check((0, 10, "retrying"), (stats["delivered"], stats["pending"], stats["health"]))
    check(True, "alerts are kept and sent again" in log)
    with Server(port=port) as server:
        stats, _ = world.run(count=5, first=10, **settings)
        check((15, 0), (stats["delivered"], stats["pending"]))
        check(list(range(15)), sorted(numbers(server)))


def tls_needs_a_certificate_that_is_trusted(world):
    authority = world.authority
    with Server(tls=authority.server_context("server")) as server:
        stats, log = world.run(kind="http", url=server.url, failures=1)
        check((0, 1), (stats["delivered"], stats["pending"]))
        check(True, "certificate" in log)
        stats, _ = world.run(kind="http", url=server.url, ca=authority.path("ca.pem"))
        check(1, stats["delivered"])
        stats, _ = world.run(kind="http", url=server.url, insecure=1)
        check(1, stats["delivered"])


def tls_needs_the_host_that_was_asked_for(world):
    with Server(tls=world.authority.server_context("stranger")) as server:
        stats, _ = world.run(kind="http", url=server.url, ca=world.authority.path("ca.pem"), failures=1)
        check((0, 1), (stats["delivered"], stats["pending"]))


def tls_below_1_2_is_refused(world):
    context = world.authority.server_context("server", newest=ssl.TLSVersion.TLSv1_1)
    with Server(tls=context) as server:
        stats, _ = world.run(kind="http", url=server.url, ca=world.authority.path("ca.pem"), failures=1)
        check((0, 1), (stats["delivered"], stats["pending"]))


def tls_shows_a_client_certificate(world):
    authority = world.authority
    with Server(tls=authority.server_context("server", client_certificates=True)) as server:
        stats, _ = world.run(kind="http", url=server.url, ca=authority.path("ca.pem"), failures=1)
        check(0, stats["delivered"])
        stats, _ = world.run(kind="http", url=server.url, ca=authority.path("ca.pem"), cert=authority.path("client.pem"),
                             key=authority.path("client.key"))
        check(1, stats["delivered"])


def tokens_come_from_files_and_variables_and_are_never_printed(world):
    with Server(lambda n: "401" if n == 0 else "ok") as server:
        token = world.write("token", "  s3cret-token\n")
        stats, log = world.run(kind="http", url=server.url, token_file=token, count=2)
        check((1, 1), (stats["delivered"], stats["rejected"]))
        check("Bearer s3cret-token", server.behaviour.accepted[0][1]["Authorization"])
        check(False, "s3cret" in log)
        world.run(kind="http", url=server.url, token_env="VITRINE_TEST_TOKEN", env={"VITRINE_TEST_TOKEN": "other"})
        check("Bearer other", server.behaviour.accepted[-1][1]["Authorization"])
        stats, log = world.run(kind="http", url=server.url, token_file=world.write("bad", "a\r\nX-Evil: 1"), failures=1)
        check((0, 1), (stats["delivered"], stats["pending"]))


def a_token_is_read_again_when_its_file_changes(world):
    with Server() as server:
        token = world.write("turning", "first")
        process = subprocess.Popen([world.probe, "kind=http", "url=" + server.url, "token_file=" + token, "count=300", "rate=100"],
                                   stdout=subprocess.DEVNULL)
        time.sleep(0.8)
        world.write("turning", "second")
        process.wait(30)
        seen = [headers["Authorization"] for _, headers, _ in server.behaviour.accepted]
        check(["Bearer first", "Bearer second"], sorted(set(seen)))


def proxies_are_asked_with_user_and_password(world):
    if not shutil.which("tinyproxy", path="/usr/sbin:/usr/bin"):
        raise Skipped("tinyproxy")
    password = world.write("proxy-password", "pr0xy-pass\n")
    with Server(tls=world.authority.server_context("server")) as server, tinyproxy(world.folder, "user", "pr0xy-pass") as proxy:
        settings = {"kind": "http", "url": server.url, "ca": world.authority.path("ca.pem"),
                    "proxy": "http://127.0.0.1:%d" % proxy.port, "proxy_user": "user"}
        stats, log = world.run(failures=1, **settings)
        check((0, 1, 0), (stats["delivered"], stats["pending"], stats["rejected"]))
        stats, log = world.run(proxy_password_file=password, **settings)
        check(1, stats["delivered"])
        check(False, "pr0xy-pass" in log)
        with open(world.folder + "/tinyproxy.log", encoding="utf-8", errors="replace") as file:
            check(True, "CONNECT localhost:%d" % server.port in file.read())
    with Server(tls=world.authority.server_context("server")) as server:
        stats, _ = world.run(**{**settings, "url": server.url}, no_proxy="localhost")
        check(1, stats["delivered"])


def otlp_decoder(world):
    if not shutil.which("protoc"):
        raise Skipped("protoc")
    schema = world.source_dir + "/policyd/output"
    subprocess.run(["protoc", "-I" + schema, "--python_out=" + world.folder, "otlp_logs.proto"], check=True)
    for folder in (world.folder, "/usr/lib/python3/dist-packages"):
        if folder not in sys.path:
            sys.path.append(folder)
    try:
        return importlib.import_module("otlp_logs_pb2")
    except ImportError as error:
        raise Skipped("python3-protobuf") from error


def value_of(v):
    kind = v.WhichOneof("value")
    return [value_of(x) for x in v.array_value.values] if kind == "array_value" else getattr(v, kind)


def attributes(pairs):
    keys = [p.key for p in pairs]
    check(len(keys), len(set(keys)))
    return {p.key: value_of(p.value) for p in pairs}


def otlp_is_read_by_another_decoder(world):
    schema = otlp_decoder(world)
    for compress in (0, 1):
        with Server() as server:
            stats, _ = world.run(kind="otlp", url=server.url + "v1/logs", count=20, gzip=compress)
            check((20, 0), (stats["delivered"], stats["rejected"]))
            records = []
            for path, headers, body in server.behaviour.accepted:
                check(("/v1/logs", "application/x-protobuf"), (path, headers["Content-Type"]))
                check("gzip" if compress else None, headers.get("Content-Encoding"))
                request = schema.ExportLogsServiceRequest.FromString(gzip.decompress(body) if compress else body)
                resource = attributes(request.resource_logs[0].resource.attributes)
                check(("vitrine", "node-1", "windows"), tuple(resource[k] for k in ("service.name", "host.name", "os.type")))
                records += request.resource_logs[0].scope_logs[0].log_records
            check(20, len(records))
            check_record(records[2])


def check_record(record):
    check((1767323045678901234, 18, "Critical", "falco.alert"),
          (record.time_unix_nano, record.severity_number, record.severity_text, record.event_name))
    check("Shell (n=2 \u00e4)", record.body.string_value)
    wanted = {"security_rule.name": 'Shell "in" [Container]', "falco.source": "windows", "falco.tags": ["Container", "T1059"],
              "proc.pid": 4711, "process.pid": 4711, "proc.name": "cmd.exe", "process.executable.name": "cmd.exe", "n": 2,
              "process.command_line": 'cmd.exe /c "who=ami" | x', "proc.aname[2]": "svchost.exe", "proc.is_x": True,
              "k8s.pod.name": "web-1", "evt.time": 1767323045678901234}
    got = attributes(record.attributes)
    check(wanted, {k: got.get(k) for k in wanted})
    check(26, len(got["log.record.uid"]))


def otlp_partial_success_is_counted_and_never_repeated(world):
    schema = otlp_decoder(world)
    answer = schema.ExportLogsServiceResponse()
    answer.partial_success.rejected_log_records = 2
    answer.partial_success.error_message = "too old"
    with Server(answer=(200, answer.SerializeToString(), {"Content-Type": "application/x-protobuf"})) as server:
        stats, log = world.run(kind="otlp", url=server.url + "v1/logs", count=5, rate=1000)
        check(5, stats["delivered"] + stats["rejected"])
        check(2 * server.behaviour.count, stats["rejected"])
        check(True, "too old" in log)
        check(0, stats["pending"])


def syslog_over_tls_is_read_by_rsyslog(world):
    if not shutil.which("rsyslogd", path="/usr/sbin:/usr/bin") or not shutil.which("openssl"):
        raise Skipped("rsyslog")
    out = world.folder + "/syslog.json"
    with rsyslog(world.folder, world.authority, out) as receiver:
        stats, log = world.run(kind="syslog", host="localhost", port=receiver.port, tls=1, ca=world.authority.path("ca.pem"), count=200)
        check((200, 0), (stats["delivered"], stats["pending"]))
        stats, _ = world.run(kind="syslog", host="localhost", port=receiver.port, tls=1, failures=1)
        check((0, 1), (stats["delivered"], stats["pending"]))
        lines = read_lines(out, 200)
    got = [json.loads(line) for line in lines]
    check(200, len(got))
    check(("node-1", "policyd", "130"), tuple(got[2][k] for k in ("hostname", "programname", "pri")))
    check('Shell "in" [Container]', sd_param(got[2], "rule"))
    check(list(range(200)), [json.loads(g["msg"].strip())["output_fields"]["n"] for g in got])


def sd_param(message, name):
    """From the raw structured data, as RFC 5424 escapes it."""
    text = message["structured-data"]
    at = text.index(name + '="') + len(name) + 2
    value = ""
    while text[at] != '"':
        at += text[at] == "\\"
        value += text[at]
        at += 1
    return value


def read_lines(path, count):
    end = time.time() + 10
    lines = []
    while len(lines) < count and time.time() < end:
        time.sleep(0.1)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
    return lines


TESTS = (
    http_is_taken_by_falcosidekick, http_documents_may_be_compressed, http_tries_again_after_503_and_waits_as_told,
    http_counts_a_refusal_and_does_not_repeat_it,
    http_broken_connections_lose_nothing_and_keep_the_uid, alerts_wait_for_a_receiver_that_is_down,
    tls_needs_a_certificate_that_is_trusted, tls_needs_the_host_that_was_asked_for, tls_below_1_2_is_refused,
    tls_shows_a_client_certificate, tokens_come_from_files_and_variables_and_are_never_printed,
    a_token_is_read_again_when_its_file_changes, proxies_are_asked_with_user_and_password, otlp_is_read_by_another_decoder,
    otlp_partial_success_is_counted_and_never_repeated, syslog_over_tls_is_read_by_rsyslog,
)


def main(bin_dir, source_dir):
    count = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        world = World(bin_dir, source_dir, folder)
        for test in TESTS:
            try:
                test(world)
                count["passed"] += 1
            except Skipped as missing:
                print("skipped %s: no %s here" % (test.__name__, missing))
                count["skipped"] += 1
            except Exception as error:  # pylint: disable=broad-except
                print("FAILED %s: %s: %s" % (test.__name__, type(error).__name__, error))
                count["failed"] += 1
    print("%d passed, %d failed, %d skipped" % (count["passed"], count["failed"], count["skipped"]))
    return 1 if count["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])))
