#!/bin/sh
# Builds Vitrine and shows its main job: a recorded attack is replayed against the shipped rules.
# usage: sh packaging/try.sh      Debian 12, as root or with sudo. The first run installs and compiles; later ones take seconds.
set -eu
cd "$(dirname "$0")/.."

recording=tests/scenario/webshell/webshell.vst

sh packaging/deps.sh build
sh packaging/preset.sh release policyd vitrine-import
echo "build/release/bin/policyd replay -r rules/windows --stats $recording"
exec build/release/bin/policyd replay -r rules/windows --stats "$recording"
