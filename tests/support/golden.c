#include "tests/support/golden.h"

#include <stdio.h>
#include <stdlib.h>

enum { GOLDEN_MAX_BYTES = 64 << 20, CHUNK_BYTES = 64 * 1024 };

bool golden_read(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	uint8_t *room;
	size_t got;

	buf_init(out, GOLDEN_MAX_BYTES);
	if (!f)
		return false;
	do {
		room = buf_reserve(out, CHUNK_BYTES);
		got = room ? fread(room, 1, CHUNK_BYTES, f) : 0;
		out->len += got;
	} while (got > 0);
	fclose(f);
	return !out->failed;
}

static bool write_file(const char *path, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");
	bool ok = f && fwrite(bytes, 1, len, f) == len;

	if (f && fclose(f) != 0)
		ok = false;
	return ok;
}

bool golden_matches(const char *path, const void *bytes, size_t len)
{
	const uint8_t *got = bytes;
	struct buf want;
	size_t at = 0;
	bool same;

	if (getenv("VITRINE_GOLDEN_WRITE"))
		return write_file(path, bytes, len);
	same = golden_read(path, &want) && want.len == len;
	while (at < len && at < want.len && want.data[at] == got[at])
		at++;
	same = same && at == len;
	if (!same)
		fprintf(stderr, "%s: differs at byte %zu (%zu bytes expected, %zu produced)\n", path, at, want.len, len);
	buf_release(&want);
	return same;
}
