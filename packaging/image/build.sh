#!/bin/sh
# Writes container images as OCI layouts, without a container engine. The same input gives the same bytes.
# usage: sh packaging/image/build.sh windows OUT [EXE_FOLDER]   the agent's HostProcess image; EXE_FOLDER: build/windows/dist
#        sh packaging/image/build.sh relay OUT [POLICYD]        the relay's image for Linux; POLICYD: build/release/bin/policyd
# OUT is a folder; it is replaced. To a registry: skopeo copy oci:OUT docker://REGISTRY/vitrine/agent-windows:VERSION
# (for the agent with --override-os windows before `copy`).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
usage() {
	sed -n 's/^# usage: /usage: /p; s/^#        sh/       sh/p' "$0" >&2
	exit 2
}
[ $# -ge 2 ] && [ $# -le 3 ] || usage
version=$(sed -n 's/^project(vitrine VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")

case "$1" in
windows) exec python3 "$here/oci_image.py" windows --version "$version" --out "$2" --root "$root" --input "${3-$root/build/windows/dist}" ;;
relay) exec python3 "$here/oci_image.py" relay --version "$version" --out "$2" --root "$root" --input "${3-$root/build/release/bin/policyd}" ;;
*) usage ;;
esac
