#!/usr/bin/env python3
"""Outputs and metrics against programs that people run in front of receivers: nginx and haproxy with TLS and its faults,
tinyproxy and squid with user and password, Prometheus. usage: interop.py BIN_DIR SOURCE_DIR
Prints "N passed, M failed, K skipped"; a program that is not installed counts as skipped."""
import collections
import gzip
import json
import os
import pathlib
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import programs
from daemon_process import Daemon
from outputs import World, check, check_record, otlp_decoder, Skipped
from receivers import Server, free_port, tinyproxy

KINDS = {"otlp": "v1/logs", "http": ""}


def send(world, kind, port, host="localhost", **settings):
    """Alerts by an output of that kind to https://host:port."""
    settings = {"ca": world.authority.path("ca.pem"), "count": 20, "kind": kind, "timeout_ms": 3000, **settings}
    return world.run(url="https://%s:%d/%s" % (host, port, KINDS[kind]), **settings)


def records_of(world, server):
    schema = otlp_decoder(world)
    requests = [schema.ExportLogsServiceRequest.FromString(gzip.decompress(body) if headers.get("Content-Encoding") else body)
                for _, headers, body in server.behaviour.accepted]
    return [record for r in requests for record in r.resource_logs[0].scope_logs[0].log_records]


def nginx_takes_both_kinds_over_tls(world):
    port = free_port()
    with Server() as server, programs.nginx(world.folder, [programs.nginx_server(
            world.authority, port, "server", "location / { proxy_pass http://127.0.0.1:%d; }" % server.port)], port):
        stats, _ = send(world, "otlp", port, gzip=1, count=2000)
        check((2000, 0, 0), (stats["delivered"], stats["pending"], stats["rejected"]))
        records = records_of(world, server)
        check(2000, len(records))
        check_record(records[2])
        server.behaviour.accepted.clear()
        stats, _ = send(world, "http", port, count=300)
        check((300, 0, 0), (stats["delivered"], stats["pending"], stats["rejected"]))
        check(set(range(300)), {json.loads(body)["output_fields"]["n"] for _, _, body in server.behaviour.accepted})


def nginx_with_a_fault_of_tls_gets_nothing_and_nothing_is_lost(world):
    world.authority.issue("expired", days=-1)
    faults = (("expired", {}, ("expired",)), ("stranger", {}, ("subject", "host", "match")),
              ("foreign", {}, ("unable to get", "self-signed", "self signed", "verify")),
              ("server", {"protocols": "TLSv1.1"}, ("protocol", "version", "alert")))
    ports = [free_port() for _ in faults]
    servers = [programs.nginx_server(world.authority, port, name, "location / { return 200; }", **more)
               for port, (name, more, _) in zip(ports, faults)]
    with programs.nginx(world.folder, servers, ports[0]):
        for port, (name, _, reason) in zip(ports, faults):
            for kind in KINDS:
                stats, log = send(world, kind, port, failures=1)
                check((name, 0, 20, 0), (name, stats["delivered"], stats["pending"], stats["rejected"]))
                check(True, any(word in log.lower() for word in reason) or (name, log))
        stats, _ = send(world, "otlp", ports[0], insecure=1)
        check(20, stats["delivered"])


def nginx_that_wants_a_client_certificate_gets_it(world):
    port = free_port()
    inside = "ssl_client_certificate %s; ssl_verify_client on; location / { return 200; }" % world.authority.path("ca.pem")
    with programs.nginx(world.folder, [programs.nginx_server(world.authority, port, "server", inside)], port):
        stats, _ = send(world, "otlp", port)
        check((0, 20), (stats["delivered"], stats["rejected"]))    # nginx answers 400: refused for good
        stats, _ = send(world, "otlp", port, cert=world.authority.path("client.pem"), key=world.authority.path("client.key"))
        check((20, 0), (stats["delivered"], stats["pending"]))


def nginx_that_is_told_to_wait_is_obeyed(world):
    port = free_port()
    inside = "location / { add_header Retry-After 2 always; return 503; }"
    with programs.nginx(world.folder, [programs.nginx_server(world.authority, port, "server", inside)], port):
        start = time.monotonic()
        stats, _ = send(world, "otlp", port, failures=2)
        check(True, time.monotonic() - start >= 2)
        check((0, 20, 0), (stats["delivered"], stats["pending"], stats["rejected"]))


def haproxy_takes_alerts_over_tls(world):
    port = free_port()
    with open(world.authority.path("both.pem"), "w", encoding="ascii") as both:
        for name in ("server.pem", "server.key"):
            with open(world.authority.path(name), encoding="ascii") as part:
                both.write(part.read())
    with Server() as server, programs.haproxy(world.folder, """frontend f
  mode http
  bind 127.0.0.1:%d ssl crt %s
  default_backend b
backend b
  mode http
  server s 127.0.0.1:%d""" % (port, world.authority.path("both.pem"), server.port), port):
        stats, _ = send(world, "otlp", port, gzip=1, count=1000)
        check((1000, 0), (stats["delivered"], stats["pending"]))
        check(1000, len(records_of(world, server)))


def haproxy_whose_servers_are_away_is_tried_again(world):
    port, away = free_port(), free_port()
    with programs.haproxy(world.folder, """frontend f
  mode http
  bind 127.0.0.1:%d ssl crt %s
  default_backend b
backend b
  mode http
  retries 0
  server s 127.0.0.1:%d""" % (port, world.authority.path("both.pem"), away), port):
        stats, log = send(world, "otlp", port, failures=1)
        check((0, 20, 0), (stats["delivered"], stats["pending"], stats["rejected"]))
        check(True, "the receiver answers 503" in log or log)


def haproxy_that_closes_in_the_middle_of_the_handshake_loses_nothing(world):
    port = free_port()
    with programs.haproxy(world.folder, """frontend f
  mode tcp
  bind 127.0.0.1:%d
  tcp-request inspect-delay 5s
  tcp-request content reject if { req.ssl_hello_type 1 }
  default_backend b
backend b
  mode tcp
  server s 127.0.0.1:1""" % port, port):
        for kind in KINDS:
            stats, _ = send(world, kind, port, failures=1)
            check((0, 20, 0), (stats["delivered"], stats["pending"], stats["rejected"]))
        stats, _ = world.run(kind="syslog", host="localhost", port=port, tls=1, ca=world.authority.path("ca.pem"), failures=1)
        check((0, 1, 0), (stats["delivered"], stats["pending"], stats["rejected"]))


def through_a_proxy(world, proxy, log, refusal=407):
    """Both kinds of URL, right and wrong passwords, and hosts that need no proxy. refusal: what the proxy answers to a wrong
    password; a 401 to plain HTTP cannot be told from the receiver's own."""
    right, wrong = world.write("right", "pr0xy-pass\n"), world.write("wrong", "guess\n")
    for tls in (world.authority.server_context("server"), None):
        with Server(tls=tls) as server:
            settings = {"kind": "otlp", "url": server.url + "v1/logs", "ca": world.authority.path("ca.pem"), "count": 20,
                        "proxy": "http://127.0.0.1:%d" % proxy.port, "proxy_user": "user", "timeout_ms": 5000}
            for bad in ({}, {"proxy_password_file": wrong}) if tls or refusal == 407 else ():
                stats, _ = world.run(failures=1, **settings, **bad)
                check((0, 20, 0), (stats["delivered"], stats["pending"], stats["rejected"]))
            stats, text = world.run(proxy_password_file=right, **settings)
            check((20, 0), (stats["delivered"], stats["pending"]))
            check(False, "pr0xy-pass" in text)
            with open(log, encoding="utf-8", errors="replace") as file:
                check(True, "localhost:%d" % server.port in file.read())
            stats, _ = world.run(**{**settings, "proxy": "http://127.0.0.1:1"}, no_proxy="other.example,localhost")
            check(20, stats["delivered"])
            url = "http://user:pr0xy-pass@127.0.0.1:%d" % proxy.port
            env = {"https_proxy": url, "http_proxy": url, "no_proxy": "other.example"}
            from_environment = {k: v for k, v in settings.items() if not k.startswith("proxy")}
            stats, text = world.run(env=env, proxy_env=1, **from_environment)
            check((20, False), (stats["delivered"], "pr0xy-pass" in text))


def tinyproxy_is_gone_through(world):
    programs.find("tinyproxy")
    with tinyproxy(world.folder, "user", "pr0xy-pass") as proxy:
        through_a_proxy(world, proxy, world.folder + "/tinyproxy.log", refusal=401)


def squid_is_gone_through(world):
    with programs.squid(world.folder, "user", "pr0xy-pass") as proxy:
        through_a_proxy(world, proxy, world.folder + "/squid/access.log")


def starts(port):
    try:
        return ask(port, "query", query="vitrine_records_received_total")["result"]
    except OSError:
        return False


def ask(port, path, **query):
    url = "http://127.0.0.1:%d/api/v1/%s?%s" % (port, path, urllib.parse.urlencode(query))
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
        return json.load(answer)["data"]


def prometheus_scrapes_policyd(world):
    programs.find("prometheus")
    port = free_port()
    source = pathlib.Path(world.source_dir)
    d = Daemon(os.path.dirname(world.probe), [source / "rules/windows"],
               config="webserver: {enabled: true, listen_port: %d}\n" % port)
    try:
        d.send(source / "tests/scenario/webshell/webshell.vst")
        d.wait_log("at its end")
        ledger = d.ctl_json("ledger")["streams"][0]["ledger"]
        with programs.prometheus(world.folder, port) as p:
            d.wait(lambda: starts(p.port), "a scrape", 60)
            target = ask(p.port, "targets")["activeTargets"][0]
            check(("up", ""), (target["health"], target["lastError"]))

            def value(query):
                return [float(r["value"][1]) for r in ask(p.port, "query", query=query)["result"]]
            check([float(ledger["received"])], value("vitrine_records_received_total"))
            check([float(ledger["received"])], value("sum(vitrine_records_total)"))
            check([float(len(d.alerts))], value("sum(falcosecurity_falco_rules_matches_total)"))
            check([1.0], value('falcosecurity_falco_rules_matches_total{rule_name="Web Server Started a Shell"} > bool 0'))
    finally:
        d.end(expect=None)


TESTS = (
    nginx_takes_both_kinds_over_tls, nginx_with_a_fault_of_tls_gets_nothing_and_nothing_is_lost,
    nginx_that_wants_a_client_certificate_gets_it, nginx_that_is_told_to_wait_is_obeyed, haproxy_takes_alerts_over_tls,
    haproxy_whose_servers_are_away_is_tried_again, haproxy_that_closes_in_the_middle_of_the_handshake_loses_nothing,
    tinyproxy_is_gone_through, squid_is_gone_through, prometheus_scrapes_policyd,
)


def main(bin_dir, source_dir):
    count = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="vt-") as folder:
        world = World(bin_dir, source_dir, folder)
        world.foreign_authority("foreign")
        for test in TESTS:
            try:
                test(world)
                count["passed"] += 1
            except (programs.Missing, Skipped) as missing:
                print("skipped %s: no %s here" % (test.__name__, missing))
                count["skipped"] += 1
            except Exception as error:  # pylint: disable=broad-except
                print("FAILED %s: %s: %s" % (test.__name__, type(error).__name__, error))
                count["failed"] += 1
    print("%d passed, %d failed, %d skipped" % (count["passed"], count["failed"], count["skipped"]))
    return 1 if count["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])))
