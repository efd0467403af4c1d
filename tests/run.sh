#!/bin/sh
# Installs, builds and runs every test. Debian 12, as root or with sudo; the last line is the total.
# usage: sh tests/run.sh [--windows] [--full]
#   (nothing)   GCC with ASan and UBSan: all tests but the slow ones; GCC release: the same but lint; Clang: warnings
#   --windows   also the Windows programs, built by mingw-w64 and run under Wine: unit tests, then the programs from outside
#   --full      also the slow tests, in both builds: every recording, the long outage campaigns, other programs' proxies and TLS, the soak
# Recordings that are not part of the repository are looked for in $VITRINE_SHARED, then in ../shared; a test that
# needs one and finds none counts as skipped.
set -eu
cd "$(dirname "$0")/.."

usage() {
	echo "usage: sh tests/run.sh [--windows] [--full]" >&2
	exit 2
}

windows=0
left_out=slow
packages=test
for option in "$@"; do
	case "$option" in
	--windows) windows=1 ;;
	--full)
		left_out=none
		packages=full
		;;
	*) usage ;;
	esac
done

# ctest's own figures are kept in JUnit files; tests/tally.py adds them up, down to the single claim.
run_tests() {
	preset=$1
	shift
	echo "== tests: $preset"
	rm -f "build/$preset/junit.xml"
	ctest --test-dir "build/$preset" --parallel "$(nproc)" --output-junit junit.xml --no-tests=error \
		--test-output-size-passed 4000000 --test-output-size-failed 4000000 --output-on-failure "$@" \
		>"build/$preset/ctest.log" 2>&1 || failed=1
	python3 tests/tally.py --list "build/$preset/junit.xml" || failed=1
}

failed=0
sh packaging/deps.sh "$packages"
for preset in dev release clang; do
	echo "== build: $preset"
	sh packaging/preset.sh "$preset"
done
run_tests dev --label-exclude "^$left_out\$"
run_tests release --label-exclude "^(lint|$left_out)\$"
results="build/dev/junit.xml build/release/junit.xml"
if [ "$windows" -eq 1 ]; then
	echo "== build: windows"
	sh packaging/windows/build.sh
	run_tests windows --label-exclude "^$left_out\$"
	results="$results build/windows/junit.xml"
fi
# shellcheck disable=SC2086  # one word a file
python3 tests/tally.py $results || failed=1
exit "$failed"
