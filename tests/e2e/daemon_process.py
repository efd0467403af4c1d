"""A running `policyd run` for tests: its folder, its sockets, its log and its alerts. Ended by its own process id."""
import json
import pathlib
import queue
import shutil
import socket
import subprocess
import tempfile
import threading
import time


class Daemon:
    def __init__(self, binaries, rules, *options, config="", inputs="[{listen: %s}]", store=None, **popen):
        self.binaries = pathlib.Path(binaries)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vt-"))
        self.events = self.folder / "events.sock"
        self.control = self.folder / "control.sock"
        self.config = self.folder / "policyd.yaml"
        inputs = inputs % self.events if "%s" in inputs else inputs
        self.config.write_text("rules_files: %s\ninputs: %s\ncontrol: {path: %s}\nstore: {path: %s}\njson_output: true\n%s"
                               % (json.dumps([str(r) for r in rules]), inputs, self.control, store or self.folder / "alerts.db", config))
        arguments = [str(self.binaries / "policyd"), "run", "-c", str(self.config), *options]
        self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, **popen)
        self.alerts, self.log = [], []
        self.news = queue.Queue()
        self.threads = [threading.Thread(target=self.read, args=(self.process.stdout, self.alerts, json.loads)),
                        threading.Thread(target=self.read, args=(self.process.stderr, self.log, bytes.decode))]
        for thread in self.threads:
            thread.start()

    def read(self, stream, to, parse):
        for line in stream:
            to.append(parse(line))
            self.news.put(None)

    def wait(self, true, what, seconds=30):
        """Until true() holds; fails the test with the log when it does not within the time."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise AssertionError("not seen: %s\n%s" % (what, "".join(self.log)))
            try:
                self.news.get(timeout=0.05)
            except queue.Empty:
                pass

    def wait_log(self, text, count=1):
        self.wait(lambda: sum(text in line for line in list(self.log)) >= count, text)

    def wait_alerts(self, count):
        self.wait(lambda: len(self.alerts) >= count, "%d alerts, there are %d" % (count, len(self.alerts)))

    def connect(self):
        s = socket.socket(socket.AF_UNIX)    # whose file is there a moment before somebody listens
        self.wait(lambda: s.connect_ex(str(self.events)) == 0, "the event socket")
        return s

    def send(self, path):
        with self.connect() as s:
            s.sendall(pathlib.Path(path).read_bytes())

    def ctl(self, *arguments):
        done = subprocess.run([str(self.binaries / "policyctl"), "--socket", str(self.control), *map(str, arguments)],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def ctl_json(self, *arguments):
        status, out, err = self.ctl(*arguments, "--json")
        if status != 0:
            raise AssertionError("policyctl %s: %d %s" % (arguments, status, err))
        return json.loads(out)

    def end(self, expect=0):
        """Asks it to end, waits for it, and tells what it returned."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            status = self.process.wait(timeout=60)
        finally:
            self.process.kill()
            for thread in self.threads:
                thread.join()
            self.process.stdout.close()
            self.process.stderr.close()
            shutil.rmtree(self.folder, ignore_errors=True)
        if expect is not None and status != expect:
            raise AssertionError("policyd ended with %s\n%s" % (status, "".join(self.log)))
        return status
