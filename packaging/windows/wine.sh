#!/bin/sh
# Runs a Windows program under Wine, without a display and without anything of the user's own Wine.
# usage: sh packaging/windows/wine.sh PROGRAM.exe [ARGUMENT]...
# The prefix is $WINEPREFIX, else one in build/windows/wine that is made when it is not there.
set -eu
: "${WINEPREFIX:=$(cd "$(dirname "$0")/../.." && pwd)/build/windows/wine}"
export WINEPREFIX WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=d;mshtml=d"
unset DISPLAY

make_prefix() {
	mkdir -p "$WINEPREFIX"
	wine wineboot.exe -i >/dev/null 2>&1
	# Windows 10 instead of Wine's preset, and no debugger that holds up a test which crashed.
	wine winecfg /v win10 >/dev/null 2>&1
	wine reg add 'HKLM\Software\Microsoft\Windows NT\CurrentVersion\AeDebug' /v Debugger /d false /f >/dev/null 2>&1
	/usr/lib/wine/wineserver -w
	: >"$WINEPREFIX/.vitrine-ready"
}

if [ ! -e "$WINEPREFIX/.vitrine-ready" ]; then
	mkdir -p "$(dirname "$WINEPREFIX")"
	exec 9>"$WINEPREFIX.lock"
	flock 9
	[ -e "$WINEPREFIX/.vitrine-ready" ] || make_prefix 9>&-
	exec 9>&-
fi
[ $# -gt 0 ] || exit 0
exec wine "$@"
