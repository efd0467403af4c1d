#!/bin/sh
# Fetches the pinned Debian source tarballs of sources.txt into DIR, through the machine's own Debian mirror but with
# apt folders of its own, so that nothing of the machine's apt set-up changes.
# usage: sh packaging/windows/fetch.sh DIR
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:?usage: fetch.sh DIR}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

have_all() {
	grep -v '^#' "$here/sources.txt" | while read -r _ _ file sum; do
		printf '%s  %s\n' "$sum" "$file"
	done | (cd "$dir" && sha256sum --check --quiet --strict -) >/dev/null 2>&1
}

have_all && exit 0

apt_dir=$(mktemp -d)
trap 'rm -rf "$apt_dir"' EXIT
mkdir -p "$apt_dir/parts" "$apt_dir/lists/partial" "$apt_dir/cache/archives/partial"
cat /etc/apt/sources.list.d/*.sources 2>/dev/null | sed 's/^Types:.*/Types: deb-src/' >"$apt_dir/parts/src.sources"
cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | sed -n 's/^deb /deb-src /p' >"$apt_dir/parts/src.list"
cat >"$apt_dir/apt.conf" <<CONF
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$apt_dir/parts";
Dir::State::Lists "$apt_dir/lists";
Dir::Cache "$apt_dir/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Sandbox::User "root";
CONF
export APT_CONFIG="$apt_dir/apt.conf"
apt-get -qq update

cd "$dir"
grep -v '^#' "$here/sources.txt" | while read -r package version _ _; do
	echo "$package $version"
done | sort -u | while read -r package version; do
	# Some mirrors keep the upstream tarball of a security update but not its .dsc: then the tarball alone is taken.
	apt-get -qq source --download-only "$package=$version" >/dev/null 2>&1 ||
		apt-get -qq source --download-only --tar-only "$package=$version" >/dev/null 2>&1 ||
		echo "fetch: $package $version is not served" >&2
done
if ! have_all; then
	echo "fetch: not every file of sources.txt came with the pinned sha256" >&2
	grep -v '^#' "$here/sources.txt" | while read -r _ _ file sum; do
		printf '%s  %s\n' "$sum" "$file"
	done | sha256sum --check --quiet - >&2 || true
	exit 1
fi
