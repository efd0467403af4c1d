#!/usr/bin/env python3
"""Every #include against the layers declared in CMake: usage: layers.py BUILD_DIR (which holds layers.txt).

A file may include its own layer's headers, those of the layers that its layer NEEDS, the C11 library, and what the
tables below give to its place. Own header first. Includes are written from the root. The declared needs form no ring
and cross no wall: proto/ knows no other folder, policyd/ and collector/ do not know each other, engine/ knows base only."""
import os
import re
import sys

import source

C11 = set("""assert ctype errno float inttypes limits math stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib
stdnoreturn string time""".split())

# Where headers from outside may stand. (what, header pattern, paths that may include it)
OUTSIDE = (
    ("libuv", r"uv\.h|uv/.*", ("proto/host/", "policyd/loop/", "policyd/output/", "policyd/control/", "policyd/ctl/", "policyd/daemon/", "policyd/web/", "policyd/http/", "policyd/kube/", "policyd/relay/", "tests/")),
    ("libyaml", r"yaml\.h", ("policyd/yaml/yaml_doc.c",)),
    ("protobuf-c", r"protobuf-c/.*|.*\.pb-c\.h", ("proto/wire/frame_codec.c", "proto/wire/control_codec.c", "policyd/output/otlp_encode.c")),
    ("OpenSSL", r"openssl/.*", ("policyd/output/tls.c", "policyd/relay/tls_link.c", "policyd/relay/certificate.c")),
    ("PCRE2", r"pcre2\.h", ("policyd/engine/regex.c",)),
    ("libcurl", r"curl/.*", ("policyd/output/http.c", "policyd/http/http_loop.c")),
    ("SQLite", r"sqlite3\.h", ("policyd/output/store",)),
    ("jansson", r"jansson\.h", ("collector/import/json/", "policyd/json/", "policyd/ctl/", "policyd/relay/", "policyd/output/alert_fields.c", "policyd/report/incident_store.c", "policyd/hcs/", "policyd/kube/kube_json.c", "policyd/pods/")),
    ("zlib", r"zlib\.h", ("collector/import/input/decoder_gzip.c", "policyd/output/gzip.c")),
    ("zstd", r"zstd\.h", ("collector/import/input/decoder_zstd.c",)),
    ("libevtx", r"libevtx\.h|libbfio\.h", ("collector/import/evtx/",)),
    ("cmocka", r"cmocka\.h|setjmp\.h", ("tests/",)),
)
OS_PLACES = ("collector/sys/", "policyd/sys/", "proto/host/", "tests/")
OS_MACRO = re.compile(r"\b(_?WIN(?:32|64)|__linux__|__unix__|__APPLE__|_MSC_VER|__MINGW(?:32|64)__)\b")

# A layer below the first path may need only layers below the others. The longest first path that fits decides.
WALLS = (
    ("proto/", ("proto",)),
    ("collector/", ("proto", "collector")),
    ("policyd/", ("proto", "policyd")),
    ("policyd/engine/", ("proto/base", "policyd/engine")),
    ("tests/", ("proto", "policyd", "collector", "tests")),
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)


class Layer:
    def __init__(self, line):
        name, kind, folder, sources, headers, needs = line.rstrip("\n").split("|")
        self.name, self.kind, self.folder = name, kind, folder
        self.sources = [os.path.normpath(os.path.join(folder, s)) for s in sources.split(",") if s]
        self.headers = [os.path.normpath(os.path.join(folder, h)) for h in headers.split(",") if h]
        self.needs = [n for n in needs.split(",") if n]


def read_layers(text):
    return {layer.name: layer for layer in map(Layer, filter(None, text.split("\n")))}


def owners(layers, paths):
    """path -> names of the layers and programs it belongs to."""
    owned = {}
    for layer in layers.values():
        for path in layer.sources + layer.headers:
            owned.setdefault(path, []).append(layer.name)
    by_folder = {}
    for layer in layers.values():
        if not layer.headers:
            by_folder.setdefault(layer.folder, []).append(layer)
    for path in paths:
        other_system = path.endswith("_stub.c") or path.startswith(OS_PLACES[:3]) and path.endswith(("_win.c", "_posix.c"))
        if path not in owned and (path.endswith(".h") or other_system):
            whole = by_folder.get(os.path.dirname(path), [])
            only_layers = [layer.name for layer in whole if layer.kind == "layer"]
            owned[path] = only_layers or [layer.name for layer in whole]
    return owned


def ring(layers):
    """Names of one ring of needs, or []."""
    done, path = set(), []

    def walk(name):
        if name in path:
            return path[path.index(name):] + [name]
        if name in done or name not in layers:
            return []
        path.append(name)
        for need in layers[name].needs:
            found = walk(need)
            if found:
                return found
        done.add(path.pop())
        return []

    for name in layers:
        found = walk(name)
        if found:
            return found
    return []


def below(folder, prefix):
    return (folder + "/").startswith(prefix.rstrip("/") + "/")


def check_needs(layers):
    found = []
    if ring(layers):
        found.append("layers need each other in a ring: " + " -> ".join(ring(layers)))
    for layer in layers.values():
        fitting = [w for w in WALLS if below(layer.folder, w[0])]
        allowed = max(fitting, key=lambda w: len(w[0]))[1] if fitting else ()
        for need in layer.needs:
            if need not in layers:
                found.append("%s needs %s, which is no layer" % (layer.name, need))
            elif not any(below(layers[need].folder, a) for a in allowed):
                found.append("%s may not need %s: a wall stands between %s and %s"
                             % (layer.name, need, layer.folder, layers[need].folder))
    return found


def check_inner(path, header, layers, owned):
    """Why this file may not include this header of ours, or None."""
    if header not in owned:
        return "%s is no header of the tree (write the path from the root)" % header
    if not owned[header]:
        return "%s belongs to no layer" % header
    for name in owned.get(path, []):
        allowed = [name] + layers[name].needs
        if not set(allowed) & set(owned[header]):
            return "layer %s does not name %s in NEEDS" % (name, owned[header][0])
    return None


def check_outer(path, header):
    """Why this file may not include this header from outside, or None."""
    if header[:-2] in C11 and header.endswith(".h"):
        return None
    for what, pattern, places in OUTSIDE:
        if re.fullmatch(pattern, header):
            return None if path.startswith(places) else "%s belongs in %s only" % (what, ", ".join(places))
    return None if path.startswith(OS_PLACES) else "OS headers belong in %s only" % ", ".join(OS_PLACES[:3])


def check_picture(layers, picture):
    """The page that shows the layers names every folder that holds one."""
    folders = {layer.folder for layer in layers.values() if layer.kind == "layer" and not layer.folder.startswith("tests/")}
    return ["docs/architecture.md does not name the layer in " + f for f in sorted(folders) if "`%s" % f not in picture]


def check_file(path, text, layers, owned):
    found = []
    code = COMMENT.sub(lambda m: "\n" * m.group(0).count("\n"), text)
    includes = [(m.group(1), m.group(2), code.count("\n", 0, m.start()) + 1) for m in INCLUDE.finditer(code)]
    for inner, outer, line in includes:
        generated = inner and inner.endswith(".pb-c.h")
        why = check_inner(path, inner, layers, owned) if inner and not generated else check_outer(path, outer or inner)
        if why:
            found.append("%s:%d: %s: %s" % (path, line, inner or outer, why))
    own = path[:-2] + ".h"
    if path.endswith(".c") and own in owned and includes and includes[0][0] != own:
        found.append("%s: its own header comes first" % path)
    if not path.startswith(OS_PLACES) and OS_MACRO.search(source.code_only(text)):
        found.append("%s: %s outside %s" % (path, OS_MACRO.search(source.code_only(text)).group(1), ", ".join(OS_PLACES[:3])))
    if not owned.get(path):
        found.append("%s: belongs to no layer" % path)
    return found


def check(layers, texts):
    """texts: {path: text} of every C file of the product and of tests/support."""
    owned = owners(layers, texts)
    found = check_needs(layers)
    for path in sorted(texts):
        found += check_file(path, texts[path], layers, owned)
    return found


def main(build):
    with open(os.path.join(build, "layers.txt"), encoding="utf-8") as file:
        layers = read_layers(file.read())
    paths = [p for p in source.tree_files() if p.endswith((".c", ".h"))
             and p.startswith(("proto/", "policyd/", "collector/", "tests/support/"))]
    found = check(layers, {p: source.read_text(p) or "" for p in paths})
    found += check_picture(layers, source.read_text("docs/architecture.md") or "")
    return source.finish("layers", found, len(paths))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
