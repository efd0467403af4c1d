#!/usr/bin/env python3
"""The container images: their layout, that they are the same bytes each time, and that a registry takes them and gives them back.

usage: image.py BIN_FOLDER SOURCE_FOLDER
"""
import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest

BIN = SOURCE = None
PROGRAMS = ("collector.exe", "policyd.exe", "policyctl.exe")
HIVES = ("DEFAULT", "SAM", "SECURITY", "SOFTWARE", "SYSTEM")
NEEDED = {"skopeo": "skopeo", "docker-registry": "docker-registry", "hivexml": "libhivex-bin", "reglookup": "reglookup"}


def run(*command, **options):
    return subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, capture_output=True, timeout=300, **options)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Image:
    """A layout on disk, each digest in it checked."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.index = json.loads((self.folder / "index.json").read_text())
        self.manifest_bytes = self.blob(self.index["manifests"][0])
        self.manifest = json.loads(self.manifest_bytes)
        self.config = json.loads(self.blob(self.manifest["config"]))
        self.tar = gzip.decompress(self.blob(self.manifest["layers"][0]))

    def blob(self, row):
        data = (self.folder / "blobs/sha256" / row["digest"].split(":")[1]).read_bytes()
        if row["digest"] != "sha256:" + hashlib.sha256(data).hexdigest() or row["size"] != len(data):
            raise AssertionError("digest or size of %s" % row)
        return data

    def members(self):
        return tarfile.open(fileobj=io.BytesIO(self.tar))

    def all_bytes(self):
        return {str(p.relative_to(self.folder)): p.read_bytes() for p in sorted(self.folder.rglob("*")) if p.is_file()}


class ImageTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vt-image-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def build(self, kind, name, given, **env):
        out = self.folder / name
        done = run("sh", SOURCE / "packaging/image/build.sh", kind, out, given, env=dict(os.environ, **env))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return Image(out)

    def programs(self, name="exe"):
        """The real programs where they are built, else bytes of their names: the image does not look into them."""
        built = SOURCE / "build/windows/dist"
        folder = self.folder / name
        folder.mkdir()
        for program in PROGRAMS:
            data = (built / program).read_bytes() if (built / program).exists() else b"MZ " + program.encode()
            (folder / program).write_bytes(data)
        return folder

    # -- Windows --

    def test_windows_image_is_one_manifest_for_every_build_of_windows(self):
        image = self.build("windows", "w", self.programs())
        self.assertEqual(len(image.index["manifests"]), 1)
        self.assertNotIn("platform", image.index["manifests"][0])
        self.assertEqual((image.config["os"], image.config["architecture"]), ("windows", "amd64"))
        self.assertNotIn("os.version", image.config)
        self.assertEqual(image.config["rootfs"]["diff_ids"], ["sha256:" + hashlib.sha256(image.tar).hexdigest()])
        self.assertEqual(image.manifest["layers"][0]["mediaType"], "application/vnd.oci.image.layer.v1.tar+gzip")

    def test_windows_layer_has_programs_rules_and_hives_and_nothing_else(self):
        names = [m.name for m in self.build("windows", "w", self.programs()).members() if m.isfile()]
        shipped = sorted(p.name for p in (SOURCE / "rules/windows").glob("*.yaml") if not p.name.endswith("_test.yaml"))
        self.assertEqual(sorted(names), sorted(["Files/License.txt"] + ["Files/vitrine/" + p for p in PROGRAMS]
                                               + ["Files/rules/windows/" + r for r in shipped]
                                               + ["Files/Windows/System32/config/" + h for h in HIVES]))

    def test_chart_starts_what_the_image_has(self):
        names = {m.name for m in self.build("windows", "w", self.programs()).members()}
        text = (SOURCE / "packaging/helm/vitrine/templates/agent-daemonset.yaml").read_text()
        started = [line.split("%\\")[1].split("'")[0] for line in text.split("\n") if line.strip().startswith("command: ['%")]
        self.assertEqual(len(started), 2)
        for path in started:
            self.assertIn("Files/" + path.replace("\\", "/"), names)

    def test_hives_are_valid_to_two_other_readers(self):
        members = self.build("windows", "w", self.programs()).members()
        for name in HIVES:
            data = members.extractfile("Files/Windows/System32/config/" + name).read()
            path = self.folder / name
            path.write_bytes(data)
            done = run("hivexml", path)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            self.assertIn(b'root="1"', done.stdout)
            words = struct.unpack("<128I", data[:512])
            check = 0
            for word in words[:127]:
                check ^= word
            self.assertEqual(check, words[127])
            self.assertEqual(len(data), 8192)
            done = run("reglookup", "-s", path)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertRegex(done.stdout.decode(), r"(?m)^/,KEY,,.*,S-1-5-18,S-1-5-18,,S-1-5-18:ALLOW:QRY_VAL .*\|S-1-5-32-544:ALLOW:QRY_VAL ")

    # -- Linux --

    def test_relay_image_runs_as_nobody_with_its_own_libraries_only(self):
        image = self.build("relay", "r", BIN / "policyd")
        self.assertEqual(image.config["config"]["User"], "65532:65532")
        self.assertEqual(image.config["config"]["Entrypoint"], ["/usr/bin/policyd"])
        if os.geteuid() != 0:
            self.skipTest("chroot needs root")
        root = self.folder / "root"
        image.members().extractall(root)
        nobody = ["chroot", "--userspec=65532:65532", root]
        done = run(*nobody, "/lib64/ld-linux-x86-64.so.2", "--list", "/usr/bin/policyd")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertNotIn(b"not found", done.stdout)
        if b"__asan_init" in (BIN / "policyd").read_bytes():
            return                                 # it needs /proc, which is not in there; the release build is run
        done = run(*nobody, "/usr/bin/policyd", "--version")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertRegex(done.stdout.decode(), r"^policyd \d+\.\d+")

    # -- both --

    def test_the_same_input_gives_the_same_bytes(self):
        again = self.programs("other-folder")
        for program in PROGRAMS:
            os.utime(again / program, (1, 1))
        self.assertEqual(self.build("windows", "a", self.programs()).all_bytes(), self.build("windows", "b", again).all_bytes())
        self.assertEqual(self.build("relay", "c", BIN / "policyctl").all_bytes(), self.build("relay", "d", BIN / "policyctl").all_bytes())

    def test_another_input_gives_another_image(self):
        other = self.programs("other")
        (other / "policyd.exe").write_bytes(b"MZ changed")
        self.assertNotEqual(self.build("windows", "a", self.programs()).manifest_bytes, self.build("windows", "b", other).manifest_bytes)
        self.assertIn("2026-01-01", json.dumps(self.build("windows", "c", other, SOURCE_DATE_EPOCH="1767225600").config))

    def test_what_is_missing_or_in_the_way_is_refused(self):
        (self.folder / "precious").mkdir()
        (self.folder / "precious/file").write_text("mine")
        for kind, out, given, text in (("windows", "x", self.folder / "nothing", "collector.exe is not there"),
                                       ("relay", "x", self.folder / "nothing", "is not there"),
                                       ("windows", "precious", self.programs(), "not replaced")):
            done = run("sh", SOURCE / "packaging/image/build.sh", kind, self.folder / out, given)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(text, done.stderr.decode())
        self.assertEqual((self.folder / "precious/file").read_text(), "mine")

    def registry(self):
        port = free_port()
        settings = self.folder / "registry.yml"
        settings.write_text("version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: '127.0.0.1:%d'}\n"
                            % (self.folder / "registry", port))
        process = subprocess.Popen(["docker-registry", "serve", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        for _ in range(200):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return "docker://127.0.0.1:%d/vitrine/" % port
            time.sleep(0.05)
        raise AssertionError("the registry does not answer")

    def test_a_registry_takes_them_and_gives_them_back(self):
        registry = self.registry()
        for name, system, image in (("agent-windows", "windows", self.build("windows", "w", self.programs())),
                                    ("relay", "linux", self.build("relay", "r", BIN / "policyctl"))):
            skopeo = ["skopeo", "--override-os", system, "--override-arch", "amd64"]
            done = run(*skopeo, "copy", "--dest-tls-verify=false", "oci:%s" % image.folder, registry + name + ":1")
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            raw = run(*skopeo, "inspect", "--raw", "--tls-verify=false", registry + name + ":1")
            self.assertEqual(raw.stdout, image.manifest_bytes)
            back = self.folder / (name + "-back")
            done = run(*skopeo, "copy", "--src-tls-verify=false", registry + name + ":1", "oci:%s:1" % back)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            self.assertEqual(Image(back).tar, image.tar)
            self.assertEqual(Image(back).config, image.config)


def main():
    global BIN, SOURCE
    BIN, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    missing = [package for program, package in NEEDED.items() if not shutil.which(program)]
    if missing:
        print("skipped: no %s" % ", ".join(missing))
        return 77
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(
        unittest.defaultTestLoader.loadTestsFromTestCase(ImageTest))
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
