#include "collector/import/input/byte_decoder.h"

#include <limits.h>
#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

enum { GZIP_WINDOW_BITS = 15 + 16 };    /* zlib's manual: 16 more means a gzip header and trailer */

struct gzip {
	z_stream z;
	bool between_members, ended;
};

static void *gzip_create(void)
{
	struct gzip *g = calloc(1, sizeof *g);

	if (g && inflateInit2(&g->z, GZIP_WINDOW_BITS) != Z_OK) {
		free(g);
		return NULL;
	}
	return g;
}

static unsigned clamp_uint(size_t n)
{
	return n > UINT_MAX ? UINT_MAX : (unsigned)n;
}

/* Behind the last member tapes and disk tools leave padding; gzip(1) ignores it, and so do we. */
static bool padding_follows(struct gzip *g, struct view *in)
{
	if (g->between_members && in->len && in->ptr[0] != byte_decoder_gzip.magic[0])
		g->ended = true;
	if (g->ended) {
		in->ptr += in->len;
		in->len = 0;
	}
	return g->ended;
}

static enum status gzip_decode(void *self, struct view *in, struct decoder_room room, size_t *made, bool *complete)
{
	struct gzip *g = self;
	unsigned in_len = clamp_uint(in->len), cap = clamp_uint(room.cap);
	int rc;

	*made = 0;
	if (padding_follows(g, in) || (g->between_members && in->len == 0)) {
		*complete = true;
		return ST_OK;
	}
	g->z.next_in = in->ptr;
	g->z.avail_in = in_len;
	g->z.next_out = room.ptr;
	g->z.avail_out = cap;
	rc = inflate(&g->z, Z_NO_FLUSH);
	*made = cap - g->z.avail_out;
	in->ptr += in_len - g->z.avail_in;
	in->len -= in_len - g->z.avail_in;
	g->between_members = rc == Z_STREAM_END;
	*complete = g->between_members;
	if (rc == Z_STREAM_END)
		rc = inflateReset(&g->z);
	return rc == Z_OK || rc == Z_BUF_ERROR ? ST_OK : rc == Z_MEM_ERROR ? ST_NOMEM : ST_MALFORMED;
}

static void gzip_destroy(void *self)
{
	struct gzip *g = self;

	if (g)
		inflateEnd(&g->z);
	free(g);
}

const struct byte_decoder byte_decoder_gzip = {
	.name = "gzip",
	.magic = { 0x1f, 0x8b, 0x08 },    /* RFC 1952 */
	.magic_len = 3,
	.create = gzip_create,
	.decode = gzip_decode,
	.destroy = gzip_destroy,
};
