#!/bin/sh
# Installs the Debian 12 packages that Vitrine needs, those that are missing only.
# usage: sh packaging/deps.sh build|test|full|windows
#   build: compile and run.  test: build, and run every test but the slow ones.  full: these too.
#   windows: build the Windows programs, and run them.
# This is the one list; packaging/try.sh and tests/run.sh both use it.
set -eu

build_packages="gcc libc6-dev cmake ninja-build pkgconf protobuf-c-compiler libprotobuf-c-dev libyaml-dev
	libpcre2-dev zlib1g-dev libzstd-dev libjansson-dev libuv1-dev libsqlite3-dev libcurl4-openssl-dev libssl-dev libevtx-dev
	libbfio-dev libcmocka-dev"
test_packages="clang python3 python3-yaml python3-jsonschema git zstd libevtx-utils
	openssl protobuf-compiler python3-protobuf rsyslog rsyslog-openssl tinyproxy prometheus
	skopeo docker-registry libhivex-bin reglookup"
full_packages="nginx-light haproxy squid"
windows_packages="gcc cmake ninja-build protobuf-c-compiler binutils-mingw-w64-x86-64 gcc-mingw-w64-x86-64-win32
	mingw-w64-x86-64-dev make patch perl tcl xz-utils bzip2 wine wine64 python3"

# The report is opened in a real browser. Node.js from elsewhere brings npm along, and conflicts with Debian's package.
test_packages="$test_packages chromium"
command -v npm >/dev/null 2>&1 || test_packages="$test_packages nodejs npm"

log=

say() {
	printf 'deps: %s\n' "$*" >&2
}

is_installed() {
	case "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" in
	"install ok installed") return 0 ;;
	*) return 1 ;;
	esac
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

apt() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
		-o Acquire::Retries=3 "$@" >>"$log" 2>&1 </dev/null
}

install_missing() {
	missing=
	for package in $1; do
		is_installed "$package" || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
		say "these packages are missing, and this is neither root nor a machine with sudo:$missing"
		return 1
	fi
	say "installing$missing"
	log=$(mktemp)
	# The package lists are fetched only when the install cannot do without (none yet, or too old).
	# shellcheck disable=SC2086  # one word a package
	if apt install --no-install-recommends $missing || { apt update && apt install --no-install-recommends $missing; }; then
		rm -f "$log"
		return 0
	fi
	cat "$log" >&2
	rm -f "$log"
	say "apt-get could not install:$missing"
	return 1
}

case "${1-}" in
build) wanted=$build_packages ;;
test) wanted="$build_packages $test_packages" ;;
full) wanted="$build_packages $test_packages $full_packages" ;;
windows) wanted=$windows_packages ;;
*)
	say "usage: sh packaging/deps.sh build|test|full|windows"
	exit 2
	;;
esac
if ! command -v dpkg-query >/dev/null 2>&1; then
	say "no dpkg here: not checking for packages. Vitrine needs the equivalents of:"
	# shellcheck disable=SC2086
	say $wanted
	exit 0
fi
install_missing "$wanted"
