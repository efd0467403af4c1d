#!/bin/sh
# Cross-builds the Windows programs on Debian 12, as root or with sudo.
# usage: sh packaging/windows/build.sh [TARGET...]     TARGET: of CMake; without: everything, the tests too
# The programs as they are shipped, stripped, are then in build/windows/dist. Static libraries are built once, from pinned
# sources, into ${XDG_CACHE_HOME:-~/.cache}/vitrine/windows-<hash>: the hash is of everything that decides what they are.
set -eu
cd "$(dirname "$0")/../.."
here=packaging/windows
host=x86_64-w64-mingw32

sh packaging/deps.sh windows
# What the caller compiles native programs with is not meant for these.
unset CFLAGS CPPFLAGS CXXFLAGS LDFLAGS

hash=$({ cat $here/sources.txt $here/libraries.sh $here/toolchain.cmake; $host-gcc --version; } | sha256sum | cut -c1-16)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vitrine
export VITRINE_WINDOWS_LIBRARIES="$cache/windows-$hash"
mkdir -p "$cache"

# Two builds at once: the second waits and finds all done.
exec 9>"$cache/lock"
flock 9
if [ ! -e "$VITRINE_WINDOWS_LIBRARIES/.complete" ]; then
	echo "windows: building libraries, once (about ten minutes)" >&2
	sh $here/fetch.sh "$cache/sources"
	sh $here/libraries.sh "$cache/sources" "$VITRINE_WINDOWS_LIBRARIES"
	: >"$VITRINE_WINDOWS_LIBRARIES/.complete"
fi
flock -u 9

# What CMake found in the libraries before is not in these.
if [ -e build/windows/CMakeCache.txt ] && ! grep -qF "$VITRINE_WINDOWS_LIBRARIES" build/windows/CMakeCache.txt; then
	rm -rf build/windows/CMakeCache.txt build/windows/CMakeFiles
fi
sh packaging/preset.sh windows "$@"

dist=build/windows/dist
mkdir -p $dist
for program in policyd policyctl vitrine-import collector; do
	built=build/windows/bin/$program.exe
	[ -e $built ] || continue
	[ ! -e $dist/$program.exe ] || [ $built -nt $dist/$program.exe ] || continue
	$host-strip -o $dist/$program.exe $built
done
