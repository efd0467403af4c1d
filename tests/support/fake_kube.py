"""A Kubernetes API server for tests, as far as pods and namespaces go: lists in pages, watches with bookmarks, versions that
are forgotten, tokens, over real TLS; and faults on demand. kubectl and client-node are held against it (tests/interop).

Source of what it says: kubernetes.io/docs/reference/using-api/api-concepts.
"""
import base64
import copy
import http.server
import json
import socket
import threading
import time
import urllib.parse

BOOKMARK_SECONDS = 1.0


def pod(name, node, namespace="shop", container=None, owner=None, labels=None, image="mcr.example/iis:2022", **meta):
    """A running pod of one container, as the API writes it."""
    uid = meta.pop("uid", "uid-%s-%s" % (namespace, name))
    metadata = {"name": name, "namespace": namespace, "uid": uid, "creationTimestamp": "2025-03-04T08:11:52Z",
                "labels": labels or {}, **meta}
    if owner:
        metadata["ownerReferences"] = [{"apiVersion": "apps/v1", "kind": owner[0], "name": owner[1], "uid": "o-" + owner[1],
                                        "controller": True}]
    status = {"phase": "Running" if container else "Pending", "podIP": "10.225.5.31" if container else ""}
    if container:
        status["containerStatuses"] = [{"name": "web", "image": image, "imageID": image.split(":")[0] + "@sha256:0f0114",
                                        "containerID": "containerd://" + container, "ready": True, "restartCount": 0,
                                        "state": {"running": {"startedAt": "2025-03-04T08:12:03Z"}}}]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata,
            "spec": {"nodeName": node, "containers": [{"name": "web", "image": image}]}, "status": status}


def status(code, message, reason):
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason,
            "code": code}


REASONS = {400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 410: "Expired", 429: "TooManyRequests",
           500: "InternalError", 503: "ServiceUnavailable"}


class Fault:
    """What happens to the next `times` requests that `when` fits: a function of (kind, query); kind is list, page, watch,
    namespace or other."""

    def __init__(self, when, act, times):
        self.when, self.act, self.times = when, act, times


def on(kind):
    return lambda k, query: k == kind


class FakeKube:
    def __init__(self, context=None, tokens=("secret",), pages_at_zero=True, bookmarks=BOOKMARK_SECONDS):
        self.lock = threading.Condition()
        self.version = 1000
        self.forgotten = 1000              # versions below are
        self.objects = {"pods": {}, "namespaces": {}}
        self.history = []                  # (version, kind, type, before, object)
        self.snapshots = {}                # version -> list, while its pages may be asked for
        self.tokens = set(tokens) if tokens else None
        self.client_names = set()          # of certificates that are let in without a token
        self.pages_at_zero, self.bookmarks = pages_at_zero, bookmarks
        self.faults, self.requests, self.open = [], [], set()
        self.context, self.port, self.server = context, 0, None
        self.start()

    # ---- life ----

    def start(self):
        fake = self

        class Handler(Requests):
            kube = fake

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 64

            def handle_error(self, request, client_address):
                pass                       # connections that tests cut

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        """Nobody listens any more; open watches are cut."""
        self.server.shutdown()
        self.server.server_close()
        self.cut()

    @property
    def url(self):
        return "%s://localhost:%d" % ("https" if self.context else "http", self.port)

    def other(self, method, route, body):
        """What is none of pods and namespaces: (code, object), or None for what is not there. For tests that need more."""
        return None

    # ---- the cluster ----

    def put(self, kind, obj):
        with self.lock:
            key = (obj["metadata"].get("namespace", ""), obj["metadata"]["name"])
            before = self.objects[kind].get(key)
            self.version += 1
            obj = copy.deepcopy(obj)
            obj["metadata"]["resourceVersion"] = str(self.version)
            self.objects[kind][key] = obj
            self.history.append((self.version, kind, "MODIFIED" if before else "ADDED", before, obj))
            self.lock.notify_all()
            return obj

    def put_pod(self, *arguments, **more):
        return self.put("pods", pod(*arguments, **more))

    def put_namespace(self, name, **labels):
        return self.put("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {
            "name": name, "uid": "ns-" + name, "labels": labels}})

    def delete_pod(self, name, namespace="shop"):
        with self.lock:
            before = self.objects["pods"].pop((namespace, name))
            self.version += 1
            gone = copy.deepcopy(before)
            gone["metadata"]["resourceVersion"] = str(self.version)
            self.history.append((self.version, "pods", "DELETED", before, gone))
            self.lock.notify_all()

    def touch(self):
        """Something else in the cluster changes: versions go on."""
        with self.lock:
            self.version += 1
            self.lock.notify_all()

    def compact(self):
        """All versions before now are forgotten, pages too."""
        with self.lock:
            self.version += 1
            self.forgotten = self.version
            self.snapshots.clear()

    # ---- faults ----

    def fault(self, when, act, times=1):
        with self.lock:
            self.faults.append(Fault(when, act, times))

    def take_fault(self, kind, query):
        with self.lock:
            for f in self.faults:
                if f.times > 0 and f.when(kind, query):
                    f.times -= 1
                    return f.act
        return None

    def cut(self):
        """Breaks every open connection."""
        with self.lock:
            sockets = list(self.open)
        for s in sockets:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def asked(self, kind):
        with self.lock:
            return [r for r in self.requests if r["kind"] == kind]


# ---- what a fault does; each gets the Requests object ----

def answer(code, message="made to fail", retry_after=None):
    def act(request):
        request.say(code, status(code, message, REASONS.get(code, "Unknown")), {"Retry-After": str(retry_after)} if retry_after else {})
    return act


def cut_after(count):
    """The real answer, broken off after so many bytes."""
    def act(request):
        request.cut_after = count
        request.serve()
    return act


def silence(request):
    """The head of an answer, and then nothing, with the connection open: a peer that is gone and has not said so."""
    request.begin_stream()
    request.wait_closed()


def error_event(code, message="too old resource version"):
    def act(request):
        request.begin_stream()
        request.event("ERROR", status(code, message, REASONS.get(code, "Unknown")))
        request.end_stream()
    return act


def text(body):
    def act(request):
        request.begin_stream()
        request.chunk(body)
        request.end_stream()
    return act


class Cut(Exception):
    pass


def field(obj, path):
    for part in path.split("."):
        obj = obj.get(part, "") if isinstance(obj, dict) else ""
    return obj


def selector(query):
    terms = [t.split("=", 1) for t in query.get("fieldSelector", "").split(",") if t]
    labels = [t.split("=", 1) for t in query.get("labelSelector", "").split(",") if t]

    def fits(obj):
        return obj is not None and all(field(obj, path) == value for path, value in terms) and \
            all(obj["metadata"].get("labels", {}).get(key) == value for key, value in labels)
    return fits


CORE = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "v1", "resources": [
    {"name": "pods", "singularName": "pod", "namespaced": True, "kind": "Pod", "verbs": ["get", "list", "watch"], "shortNames": ["po"]},
    {"name": "namespaces", "singularName": "namespace", "namespaced": False, "kind": "Namespace", "verbs": ["get", "list", "watch"]}]}
PLAIN = {
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
    "/api/v1": CORE,
    "/version": {"major": "1", "minor": "34", "gitVersion": "v1.34.0"},
}


class Requests(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kube = None
    cut_after = None

    def setup(self):
        if self.kube.context:
            self.request = self.kube.context.wrap_socket(self.request, server_side=True)
        super().setup()
        with self.kube.lock:
            self.kube.open.add(self.request)

    def finish(self):
        with self.kube.lock:
            self.kube.open.discard(self.request)
        try:
            super().finish()
        except OSError:
            pass

    def log_message(self, format, *arguments):
        pass

    # ---- answers ----

    def write(self, data):
        if self.cut_after is not None:
            data, whole = data[:self.cut_after], data
            self.cut_after -= len(data)
            self.wfile.write(data)
            if len(data) < len(whole):
                self.wfile.flush()
                self.close_connection = True
                self.request.shutdown(socket.SHUT_RDWR)
                raise Cut()
            return
        self.wfile.write(data)

    def say(self, code, obj, headers=None):
        body = json.dumps(obj, separators=(",", ":")).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.write(body)

    def begin_stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, body):
        self.write(b"%x\r\n%s\r\n" % (len(body), body))
        self.wfile.flush()

    def event(self, change, obj):
        self.chunk(json.dumps({"type": change, "object": obj}, separators=(",", ":")).encode() + b"\n")

    def end_stream(self):
        self.write(b"0\r\n\r\n")

    def wait_closed(self):
        while self.connection_is_open():
            time.sleep(0.05)
        self.close_connection = True

    def connection_is_open(self):
        try:
            self.request.settimeout(0.05)
            return self.request.recv(1) != b""
        except (TimeoutError, socket.timeout):
            return True
        except OSError:
            return False
        finally:
            try:
                self.request.settimeout(None)
            except OSError:
                pass

    # ---- requests ----

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        self.route = url.path
        self.query = {k: v[-1] for k, v in urllib.parse.parse_qs(url.query, keep_blank_values=True).items()}
        kind = self.kind()
        authorization = self.headers.get("Authorization", "")
        with self.kube.lock:
            self.kube.requests.append({"kind": kind, "path": self.route, "query": self.query, "authorization": authorization,
                                       "time": time.monotonic()})
            self.kube.lock.notify_all()
        act = self.kube.take_fault(kind, self.query)
        try:
            if not self.let_in(authorization):
                self.say(401, status(401, "Unauthorized", "Unauthorized"))
            elif act:
                act(self)
            else:
                self.serve()
        except (Cut, OSError):
            self.close_connection = True

    def write_other(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
        if not self.let_in(self.headers.get("Authorization", "")):
            self.say(401, status(401, "Unauthorized", "Unauthorized"))
        else:
            self.say_other(self.command, urllib.parse.urlsplit(self.path).path, body)

    do_POST = do_PUT = write_other

    def say_other(self, method, route, body=None):
        code, obj = self.kube.other(method, route, body) or \
            (404, status(404, "the server could not find the requested resource", "NotFound"))
        self.say(code, obj)

    def let_in(self, authorization):
        if self.kube.tokens is None:
            return True
        certificate = self.request.getpeercert() if self.kube.context else None
        names = {value for part in (certificate or {}).get("subject", ()) for key, value in part if key == "commonName"}
        return bool(names & self.kube.client_names) or authorization in {"Bearer " + t for t in self.kube.tokens}

    def kind(self):
        parts = self.route.strip("/").split("/")
        if parts[-1] in ("pods", "namespaces"):
            if self.query.get("watch") in ("1", "true"):
                return "watch"
            return "page" if self.query.get("continue") else "list"
        return "namespace" if len(parts) == 4 and parts[2] == "namespaces" else "other"

    def serve(self):
        parts = self.route.strip("/").split("/")
        if self.route in PLAIN:
            self.say(200, PLAIN[self.route])
        elif parts[:2] != ["api", "v1"]:
            self.say_other("GET", self.route)
        elif len(parts) == 3 and parts[2] in self.kube.objects:
            self.collection(parts[2], lambda obj: True)
        elif len(parts) == 5 and parts[2] == "namespaces" and parts[4] == "pods":
            self.collection("pods", lambda obj: obj["metadata"]["namespace"] == parts[3])
        elif len(parts) == 4 and parts[2] == "namespaces":
            self.one("namespaces", ("", parts[3]))
        elif len(parts) == 6 and parts[4] == "pods":
            self.one("pods", (parts[3], parts[5]))
        else:
            self.say_other("GET", self.route)

    def one(self, kind, key):
        obj = self.kube.objects[kind].get(key)
        self.say(200, obj) if obj else self.say(404, status(404, "%s \"%s\" not found" % (kind, key[1]), "NotFound"))

    def collection(self, kind, within):
        chosen = selector(self.query)

        def fits(obj):
            return chosen(obj) and within(obj)
        if self.query.get("watch") in ("1", "true"):
            self.watch(kind, fits)
        else:
            self.list(kind, fits)

    # ---- lists ----

    def list(self, kind, fits):
        kube, limit, start = self.kube, int(self.query.get("limit") or 0), 0
        if self.query.get("resourceVersion") == "0" and not kube.pages_at_zero:
            limit = 0
        with kube.lock:
            token = self.query.get("continue")
            if token:
                version, start = json.loads(base64.urlsafe_b64decode(token))
                items = kube.snapshots.get(version)
            else:
                version = kube.version
                items = [o for _, o in sorted(kube.objects[kind].items()) if fits(o)]
        if items is None:
            self.say(410, status(410, "The provided continue parameter is too old", "Expired"))
            return
        meta = {"resourceVersion": str(version)}
        if limit and start + limit < len(items):
            with kube.lock:
                kube.snapshots[version] = items
            meta["continue"] = base64.urlsafe_b64encode(json.dumps([version, start + limit]).encode()).decode()
            meta["remainingItemCount"] = len(items) - start - limit
        # The items of a list name neither kind nor version, as the API's.
        page = [{k: v for k, v in o.items() if k not in ("kind", "apiVersion")} for o in items[start:start + limit if limit else None]]
        self.say(200, {"kind": "PodList" if kind == "pods" else "NamespaceList", "apiVersion": "v1", "metadata": meta, "items": page})

    # ---- watches ----

    def watch(self, kind, fits):
        kube = self.kube
        version = self.query.get("resourceVersion", "")
        since = int(version or 0)
        end = time.monotonic() + float(self.query.get("timeoutSeconds") or 1800)
        if since and since < kube.forgotten:
            # As the API does: the watch is accepted, and then ends with an error.
            error_event(410, "too old resource version: %d (%d)" % (since, kube.forgotten))(self)
            return
        self.begin_stream()
        if not since:
            with kube.lock:
                since, now = kube.version, [o for _, o in sorted(kube.objects[kind].items()) if fits(o)]
            for obj in now:
                self.event("ADDED", obj)
        self.follow(kind, fits, since, end)
        self.end_stream()

    def follow(self, kind, fits, since, end):
        kube, marked = self.kube, time.monotonic()
        while time.monotonic() < end:
            with kube.lock:
                news = [h for h in kube.history if h[0] > since and h[1] == kind]
                at = kube.version          # of `news`: what comes while this waits is not in it
                if not news:
                    kube.lock.wait(0.1)
            for version, _, change, before, obj in news:
                since = version
                change = self.seen(change, fits(before), fits(obj))
                if change:
                    self.event(change, obj)
            if not self.still_there():
                raise Cut()
            if self.query.get("allowWatchBookmarks") == "true" and time.monotonic() - marked > kube.bookmarks and not news:
                marked, since = time.monotonic(), max(since, at)
                self.event("BOOKMARK", {"kind": "Pod", "apiVersion": "v1", "metadata": {"resourceVersion": str(at),
                                                                                        "creationTimestamp": None},
                                        "spec": {"containers": None}, "status": {}})

    @staticmethod
    def seen(change, before, now):
        """What a watch with a selector says of a change."""
        if change == "DELETED":
            return "DELETED" if before else None
        if now:
            return "MODIFIED" if before else "ADDED"
        return "DELETED" if before else None

    def still_there(self):
        return self.request in self.kube.open and self.request.fileno() != -1
