#!/bin/sh
# Configures and builds one preset of CMakePresets.json, quietly; the log is shown when it fails.
# usage: sh packaging/preset.sh PRESET [TARGET...]
set -eu
cd "$(dirname "$0")/.."

preset=$1
shift
log=build/$preset.log

logged() {
	if ! "$@" >>"$log" 2>&1; then
		# The compiler's words stand well above ninja's last line when two jobs ran side by side.
		grep -E -A8 'error|FAILED' "$log" | head -n 60 >&2 || tail -n 40 "$log" >&2
		printf 'preset: this failed: %s (whole log: %s)\n' "$*" "$log" >&2
		exit 1
	fi
}

if [ -z "${CMAKE_C_COMPILER_LAUNCHER-}" ] && command -v ccache >/dev/null 2>&1; then
	export CMAKE_C_COMPILER_LAUNCHER=ccache
fi
mkdir -p build
: >"$log"
[ -e "build/$preset/build.ninja" ] || printf 'preset: %s, for the first time here\n' "$preset" >&2
logged cmake --preset "$preset"
if [ $# -gt 0 ]; then
	logged cmake --build --preset "$preset" --target "$@"
else
	logged cmake --build --preset "$preset"
fi
