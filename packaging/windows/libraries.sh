#!/bin/sh
# Builds the static libraries for Windows once: into PREFIX, from the tarballs in SOURCES.
# usage: sh packaging/windows/libraries.sh SOURCES PREFIX      (packages: deps.sh windows)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sources=$(cd "${1:?usage: libraries.sh SOURCES PREFIX}" && pwd)
mkdir -p "${2:?usage: libraries.sh SOURCES PREFIX}"
prefix=$(cd "$2" && pwd)
host=x86_64-w64-mingw32
jobs=$(nproc)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$prefix/lib" "$prefix/include"

# The paths of this machine must not end up in the programs, nor the time of the build.
export SOURCE_DATE_EPOCH=0
export CFLAGS="-O2 -ffile-prefix-map=$work=/src -ffile-prefix-map=$prefix=/dep -fstack-protector-strong"

# unpack NAME TARBALL: upstream with Debian's patches, where sources.txt has them; leaves us in the source folder.
unpack() {
	mkdir "$work/$1"
	cd "$work/$1"
	tar --strip-components=1 -xf "$sources/$2"
	for patches in "$sources/${2%%_*}"_*.debian.tar.xz; do
		[ -e "$patches" ] || continue
		tar -xf "$patches"
		[ -e debian/patches/series ] || continue
		sed 's/[[:space:]]*#.*//; /^$/d' debian/patches/series | while read -r patch _; do
			patch -p1 -s -f --no-backup-if-mismatch <"debian/patches/$patch"
		done
	done
}

with_cmake() {
	cmake -G Ninja -S . -B out -DCMAKE_TOOLCHAIN_FILE="$here/toolchain.cmake" -DVITRINE_WINDOWS_LIBRARIES="$prefix" \
		-DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE="-DNDEBUG" -DCMAKE_INSTALL_PREFIX="$prefix" \
		-DCMAKE_POLICY_DEFAULT_CMP0091=NEW -DBUILD_SHARED_LIBS=OFF "$@"
}

build_libuv() {
	unpack libuv libuv1_1.44.2.orig.tar.gz
	with_cmake -DLIBUV_BUILD_TESTS=OFF
	cmake --build out --target uv_a
	cp out/libuv_a.a "$prefix/lib/libuv.a"
	cp -r include/* "$prefix/include/"
}

build_libyaml() {
	unpack libyaml libyaml_0.2.5.orig.tar.gz
	with_cmake -DBUILD_TESTING=OFF
	cmake --build out
	cmake --install out
}

build_protobuf_c() {
	unpack protobuf-c protobuf-c_1.4.1.orig.tar.gz
	# shellcheck disable=SC2086  # one word a flag
	$host-gcc $CFLAGS -I. -c protobuf-c/protobuf-c.c -o protobuf-c.o
	$host-ar rcs "$prefix/lib/libprotobuf-c.a" protobuf-c.o
	mkdir -p "$prefix/include/protobuf-c"
	cp protobuf-c/protobuf-c.h "$prefix/include/protobuf-c/"
}

build_cmocka() {
	unpack cmocka cmocka_1.1.5.orig.tar.xz
	with_cmake -DWITH_STATIC_LIB=ON -DWITH_EXAMPLES=OFF -DUNIT_TESTING=OFF
	cmake --build out
	cmake --install out
	find out -name libcmocka-static.a -exec cp {} "$prefix/lib/libcmocka.a" ';'
	rm -f "$prefix/lib/libcmocka.dll.a" "$prefix/bin/"*.dll
}

build_jansson() {
	unpack jansson jansson_2.14.orig.tar.gz
	with_cmake -DJANSSON_BUILD_DOCS=OFF -DJANSSON_WITHOUT_TESTS=ON -DJANSSON_EXAMPLES=OFF
	cmake --build out
	cmake --install out
}

build_zlib() {
	unpack zlib zlib_1.2.13.dfsg.orig.tar.bz2
	# Debian's tarball is without the win32 folder and its makefile.
	for unit in adler32 compress crc32 deflate gzclose gzlib gzread gzwrite infback inffast inflate inftrees trees uncompr zutil; do
		# shellcheck disable=SC2086  # one word a flag
		$host-gcc $CFLAGS -I. -c "$unit.c" -o "$unit.o"
	done
	$host-ar rcs "$prefix/lib/libz.a" ./*.o
	cp zlib.h zconf.h "$prefix/include/"
}

build_zstd() {
	unpack zstd libzstd_1.5.4+dfsg2.orig.tar.xz
	make -C lib -j"$jobs" CC=$host-gcc AR=$host-ar RANLIB=$host-ranlib UNAME=MINGW TARGET_SYSTEM=Windows_NT \
		CFLAGS="$CFLAGS" libzstd.a
	cp lib/libzstd.a "$prefix/lib/"
	cp lib/zstd.h lib/zdict.h lib/zstd_errors.h "$prefix/include/"
}

build_pcre2() {
	unpack pcre2 pcre2_10.42.orig.tar.gz
	with_cmake -DPCRE2_SUPPORT_JIT=ON -DPCRE2_BUILD_PCRE2GREP=OFF -DPCRE2_BUILD_TESTS=OFF
	cmake --build out
	cmake --install out
}

build_openssl() {
	unpack openssl openssl_3.0.22.orig.tar.gz
	./Configure mingw64 --cross-compile-prefix=$host- --prefix="$prefix" --libdir=lib no-shared no-tests no-engine \
		no-legacy no-dso no-module no-ssl3 no-dtls no-comp no-srp no-psk no-cms no-ts no-ct no-ocsp no-rfc3779 no-aria \
		no-bf no-camellia no-cast no-des no-idea no-md4 no-mdc2 no-rc2 no-rc4 no-rmd160 no-seed no-sm2 no-sm3 no-sm4 \
		no-whirlpool no-blake2 no-siphash no-scrypt no-gost no-ec2m no-cmp no-nextprotoneg no-ui-console \
		no-autoload-config -D_WIN32_WINNT=0x0A00
	# Compiled-in folders would be looked up on the current drive; this one only administrators can write.
	sed -i "s|^OPENSSLDIR=.*|OPENSSLDIR=C:/Program Files/Vitrine/ssl|; s|^ENGINESDIR=.*|ENGINESDIR=|; s|^MODULESDIR=.*|MODULESDIR=|" Makefile
	# The compiler's flags go into the library as text, and the folders of this machine with them.
	sed -i 's|^\$cflags = "compiler: .*|$cflags = "compiler: gcc for mingw-w64";|' util/mkbuildinf.pl
	grep -q 'gcc for mingw-w64' util/mkbuildinf.pl
	make -j"$jobs" build_generated
	make -j"$jobs" libcrypto.a libssl.a
	make install_dev
}

build_curl() {
	unpack curl curl_7.88.1.orig.tar.gz
	with_cmake -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DCURL_USE_OPENSSL=ON -DCURL_USE_SCHANNEL=OFF \
		-DOPENSSL_USE_STATIC_LIBS=ON -DOPENSSL_ROOT_DIR="$prefix" -DHTTP_ONLY=ON -DUSE_NGHTTP2=OFF -DCURL_ZLIB=OFF \
		-DCURL_USE_LIBSSH2=OFF -DCURL_USE_LIBPSL=OFF -DUSE_LIBIDN2=OFF -DUSE_WIN32_IDN=OFF -DCURL_DISABLE_LDAP=ON \
		-DENABLE_UNIX_SOCKETS=OFF
	cmake --build out
	cmake --install out
}

build_sqlite3() {
	unpack sqlite3 sqlite3_3.40.1.orig.tar.xz
	# sqlite3.c, one file out of many, is made by programs of the machine that builds.
	env -u CFLAGS ./configure --disable-tcl --disable-readline --disable-shared
	make sqlite3.c
	# shellcheck disable=SC2086  # one word a flag
	$host-gcc $CFLAGS -D_WIN32_WINNT=0x0A00 -DSQLITE_THREADSAFE=1 -DSQLITE_SECURE_DELETE -DSQLITE_OMIT_LOAD_EXTENSION \
		-c sqlite3.c -o sqlite3.o
	$host-ar rcs "$prefix/lib/libsqlite3.a" sqlite3.o
	cp sqlite3.h "$prefix/include/"
}

for library in libuv libyaml protobuf_c cmocka jansson zlib zstd pcre2 sqlite3 openssl curl; do
	[ -e "$prefix/.built-$library" ] && continue
	echo "libraries: $library"
	# In the background, since "set -e" does not hold inside an if.
	("build_$library") >"$work/$library.log" 2>&1 &
	if ! wait $!; then
		tail -n 40 "$work/$library.log" >&2
		echo "libraries: $library did not build" >&2
		exit 1
	fi
	: >"$prefix/.built-$library"
done
