"""Receivers for tests of outputs: an HTTP or HTTPS server whose behaviour a test sets, a certificate authority of its own,
and programs from outside (rsyslog, tinyproxy) that end with the test."""
import gzip
import http.server
import json
import re
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time


UID = re.compile(rb"log\.record\.uid\x12\x1c\n\x1a([0-9A-Z]{26})")


def documents(headers, body):
    """Uids of the alerts in a request of OTLP or of Falco's http_output."""
    if headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if headers["Content-Type"] == "application/json":
        return [json.loads(body)["uuid"]]
    return [uid.decode() for uid in UID.findall(body)]


class Behaviour:
    """What the server does with request number n (from 0): "ok", "503", "401", "partial", "cut", "slow", "drop"."""

    def __init__(self, plan=lambda n: "ok"):
        self.plan = plan
        self.lock = threading.Lock()
        self.count = 0
        self.accepted = []         # (path, headers, body)
        self.answered = 0          # alerts of those whose answer was sent whole

    def next(self):
        with self.lock:
            self.count += 1
            return self.plan(self.count - 1)

    def accept(self, path, headers, body):
        with self.lock:
            self.accepted.append((path, headers, body))


    def note_answer(self, headers, body):
        count = len(documents(headers, body))
        with self.lock:
            self.answered += count


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviour = None
    answer = (200, b"", {})

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def cut(self):
        """Resets the connection in the middle of an answer."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        self.wfile.flush()
        self.drop()

    def drop(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def do_POST(self):
        what = self.behaviour.next()
        if what == "drop":
            return self.drop()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if what in ("503", "429"):
            return self.reply(int(what), b"", {"Retry-After": "1"})
        if what in ("400", "401", "404", "500"):
            return self.reply(int(what))
        self.behaviour.accept(self.path, self.headers, body)
        if what == "cut":
            return self.cut()
        if what == "slow":
            time.sleep(0.3)
        status, answer, headers = self.answer
        self.reply(status, answer, headers)
        return self.behaviour.note_answer(self.headers, body)


class Server:
    """with Server(...) as s: s.url, s.behaviour"""

    def __init__(self, plan=lambda n: "ok", answer=(200, b"", {}), tls=None, port=0):
        self.behaviour = Behaviour(plan)
        self.handler = type("H", (Handler,), {"behaviour": self.behaviour, "answer": answer})
        self.tls, self.port = tls, port
        self.listen()
        self.url = "%s://localhost:%d/" % ("https" if tls else "http", self.port)

    def listen(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), self.handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        self.port = self.server.server_address[1]
        if self.tls:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def away(self):
        """Nobody listens any more; connections that there are stay."""
        self.__exit__()

    def back(self):
        self.listen()
        self.__enter__()


class Authority:
    """A certificate authority in a folder: ca.pem, and NAME.pem and NAME.key for each name."""

    def __init__(self, folder):
        self.folder = folder
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                     "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.pem")

    def openssl(self, *arguments, stdin=None):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True, input=stdin)

    def path(self, name):
        return "%s/%s" % (self.folder, name)

    def issue(self, name, host="localhost", days=2):
        with open(self.path(name + ".ext"), "w", encoding="ascii") as file:
            file.write("subjectAltName=DNS:%s\n" % host)
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name,
                     "-keyout", name + ".key", "-out", name + ".csr")
        self.openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                     "-days", str(days), "-extfile", name + ".ext", "-out", name + ".pem")

    def server_context(self, name, client_certificates=False, newest=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path(name + ".pem"), self.path(name + ".key"))
        if newest:
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.maximum_version = newest
            context.set_ciphers("ALL:@SECLEVEL=0")
        if client_certificates:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.path("ca.pem"))
        return context


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Program:
    """A receiver from outside, ended by its own process object when the test is done with it."""

    def __init__(self, command, port):
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.port = port

    def __enter__(self):
        end = time.time() + 10
        while time.time() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("no answer on port %d" % self.port)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def rsyslog(folder, authority, out):
    port = free_port()
    conf = folder + "/rsyslog.conf"
    with open(conf, "w", encoding="ascii") as file:
        file.write("""global(workDirectory="%s" maxMessageSize="64k" DefaultNetstreamDriver="ossl" DefaultNetstreamDriverCAFile="%s"
  DefaultNetstreamDriverCertFile="%s" DefaultNetstreamDriverKeyFile="%s")
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
input(type="imtcp" address="127.0.0.1" port="%d")
template(name="j" type="list"){property(name="jsonmesg") constant(value="\\n")}
action(type="omfile" file="%s" template="j")
""" % (folder, authority.path("ca.pem"), authority.path("server.pem"), authority.path("server.key"), port, out))
    return Program([shutil.which("rsyslogd", path="/usr/sbin:/usr/bin"), "-n", "-f", conf, "-i", folder + "/rsyslog.pid"], port)


def tinyproxy(folder, user, password):
    port = free_port()
    conf = folder + "/tinyproxy.conf"
    with open(conf, "w", encoding="ascii") as file:
        file.write('Port %d\nListen 127.0.0.1\nTimeout 60\nBasicAuth %s %s\nLogFile "%s/tinyproxy.log"\nLogLevel Connect\n'
                   % (port, user, password, folder))
    return Program([shutil.which("tinyproxy", path="/usr/sbin:/usr/bin"), "-d", "-c", conf], port)
