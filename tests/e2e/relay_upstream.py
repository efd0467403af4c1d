"""The API server that the relay asks: fake_kube with TokenReview, and Secrets for the certificate job."""
import base64
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import fake_kube  # noqa: E402

REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews"


class Upstream(fake_kube.FakeKube):
    def __init__(self, context):
        self.users = {}                # token: status of its review, or a number: HTTP status
        self.secrets = {}              # (namespace, name): object
        self.reviews = []
        # Bookmarks would tell versions at moments that no test chooses.
        super().__init__(context, tokens=("relay-token",), bookmarks=3600)

    def put_pod_on(self, name, node, ns="shop", **labels):
        """A pod with all that the relay must drop."""
        pod = fake_kube.pod(name, node, ns, container=name, labels=labels, managedFields=[{"manager": "kubelet"}])
        pod["spec"]["containers"][0]["env"] = [{"name": "PASSWORD", "value": "hunter2"}]
        return self.put("pods", pod)

    def token(self, text, node, user="system:serviceaccount:vt:agent", audiences=("vitrine-relay",), **extra):
        known = {"authentication.kubernetes.io/node-name": [node]} if node else {}
        known.update({"authentication.kubernetes.io/" + k.replace("_", "-"): [v] for k, v in extra.items()})
        self.users[text] = {"authenticated": True, "audiences": list(audiences), "user": {"username": user, "extra": known}}

    def review(self, body):
        with self.lock:
            self.reviews.append(body)
        known = self.users.get(body["spec"]["token"], {"authenticated": False})
        if isinstance(known, int):
            return known, fake_kube.status(known, "made to fail", "InternalError")
        return 201, dict(body, status=known)

    def secret(self, method, namespace, name, body):
        if method == "GET":
            there = self.secrets.get((namespace, name))
            return (200, there) if there else None
        data = {k: base64.b64encode(v.encode()).decode() for k, v in body.pop("stringData").items()}
        self.secrets[namespace, name or body["metadata"]["name"]] = dict(body, data=data)
        return (201 if method == "POST" else 200), body

    def other(self, method, route, body):
        if (method, route) == ("POST", REVIEWS):
            return self.review(body)
        named = re.fullmatch(r"/api/v1/namespaces/([^/]+)/secrets(?:/([^/]+))?", route)
        return self.secret(method, named.group(1), named.group(2), body) if named else None
