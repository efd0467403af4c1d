#!/usr/bin/env python3
"""OCI image layouts by hand: a layer as a tar archive, and the three documents around it. Called by build.sh.

Nothing of the machine goes in: times are SOURCE_DATE_EPOCH (else 0), owners are 0, names are sorted.
Source: opencontainers/image-spec, image-layout.md, manifest.md, config.md.
"""
import argparse
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import time

import registry_hive

EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
PROGRAMS = ("collector.exe", "policyd.exe", "policyctl.exe")
HIVES = ("DEFAULT", "SAM", "SECURITY", "SOFTWARE", "SYSTEM")
LOADER = "/lib64/ld-linux-x86-64.so.2"
MEDIA = "application/vnd.oci.image."


def fail(text):
    sys.exit("image: " + text)


def layer_tar(files, links=()):
    """{path: (bytes, mode)} as a tar archive, with the folders on the way. links: path -> target."""
    folders = {str(parent) for path in [*files, *dict(links)] for parent in pathlib.PurePosixPath(path).parents} - {"."}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted({*folders, *files, *dict(links)}):
            member = tarfile.TarInfo(path)
            member.mtime = EPOCH
            if path in folders:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(member)
            elif path in dict(links):
                member.type, member.mode, member.linkname = tarfile.SYMTYPE, 0o777, dict(links)[path]
                archive.addfile(member)
            else:
                data, member.mode = files[path]
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


class Layout:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        if self.folder.exists() and not (self.folder / "oci-layout").exists() and any(self.folder.iterdir()):
            fail("%s is there and is no image: not replaced" % folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "blobs/sha256").mkdir(parents=True)

    def blob(self, kind, data):
        digest = hashlib.sha256(data).hexdigest()
        (self.folder / "blobs/sha256" / digest).write_bytes(data)
        return {"mediaType": MEDIA + kind, "digest": "sha256:" + digest, "size": len(data)}

    def document(self, kind, content):
        return self.blob(kind, json.dumps(content, sort_keys=True, separators=(",", ":")).encode())

    def finish(self, system, tar, config, version):
        layer = self.blob("layer.v1.tar+gzip", gzip.compress(tar, 6, mtime=0))
        created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(EPOCH))
        settings = self.document("config.v1+json", {
            "architecture": "amd64", "os": system, "created": created, "config": config,
            "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(tar).hexdigest()]},
            "history": [{"created": created, "created_by": "packaging/image/build.sh"}]})
        manifest = self.document("manifest.v1+json", {
            "schemaVersion": 2, "mediaType": MEDIA + "manifest.v1+json", "config": settings, "layers": [layer],
            "annotations": {"org.opencontainers.image.version": version, "org.opencontainers.image.licenses": "Apache-2.0"}})
        # One manifest, and no platform: containerd takes an entry for Windows in a list only when its os.version is the node's.
        manifest["annotations"] = {"org.opencontainers.image.ref.name": version}
        (self.folder / "index.json").write_text(json.dumps(
            {"schemaVersion": 2, "mediaType": MEDIA + "index.v1+json", "manifests": [manifest]}, sort_keys=True))
        (self.folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
        print("image: %s %s, %s, %.1f MiB" % (system, version, manifest["digest"], layer["size"] / 1048576))


def rules(root):
    folder = pathlib.Path(root) / "rules/windows"
    return {path.name: path.read_bytes() for path in folder.glob("*.yaml") if not path.name.endswith("_test.yaml")}


def windows(arguments):
    files = {"Files/License.txt": ((pathlib.Path(arguments.root) / "LICENSE").read_bytes(), 0o644)}
    for name in PROGRAMS:
        path = pathlib.Path(arguments.input) / name
        if not path.is_file():
            fail("%s is not there (sh packaging/windows/build.sh makes it)" % path)
        files["Files/vitrine/" + name] = (path.read_bytes(), 0o755)
    for name, data in rules(arguments.root).items():
        files["Files/rules/windows/" + name] = (data, 0o644)
    for name in HIVES:
        files["Files/Windows/System32/config/" + name] = (registry_hive.hive(), 0o644)
    config = {"Entrypoint": ["%CONTAINER_SANDBOX_MOUNT_POINT%\\vitrine\\policyd.exe"],
              "Env": ["PATH=C:\\Windows\\system32;C:\\Windows;"]}
    Layout(arguments.out).finish("windows", layer_tar(files), config, arguments.version)


def libraries(program):
    """Paths of the shared libraries that a program is loaded with."""
    done = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return []                                  # it is static
    missing = re.findall(r"(\S+) => not found", done.stdout)
    if missing:
        fail("%s needs %s, which is not there" % (program, ", ".join(missing)))
    return sorted(set(re.findall(r"=> (/\S+)", done.stdout)))


def relay(arguments):
    if not os.access(arguments.input, os.X_OK):
        fail("%s is not there (sh packaging/preset.sh release policyd makes it)" % arguments.input)
    files = {"usr/bin/policyd": (pathlib.Path(arguments.input).read_bytes(), 0o755),
             "etc/passwd": (b"vitrine:x:65532:65532::/:/nonexistent\n", 0o644),
             "etc/group": (b"vitrine:x:65532:\n", 0o644),
             "usr/share/doc/vitrine/LICENSE": ((pathlib.Path(arguments.root) / "LICENSE").read_bytes(), 0o644)}
    needed = libraries(arguments.input)
    for path in needed:
        files["usr/lib/" + os.path.basename(path)] = (pathlib.Path(path).read_bytes(), 0o755)
    links = {}
    if needed:
        files["usr/lib/" + os.path.basename(LOADER)] = (pathlib.Path(LOADER).read_bytes(), 0o755)
        links = {"lib64": "usr/lib", "lib": "usr/lib"}
    config = {"User": "65532:65532", "Entrypoint": ["/usr/bin/policyd"], "Cmd": ["relay"], "Env": ["PATH=/usr/bin"], "WorkingDir": "/"}
    Layout(arguments.out).finish("linux", layer_tar(files, links), config, arguments.version)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("windows", "relay"))
    for name in ("version", "out", "root", "input"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    {"windows": windows, "relay": relay}[arguments.kind](arguments)


if __name__ == "__main__":
    main()
