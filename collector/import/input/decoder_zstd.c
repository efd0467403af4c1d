#include "collector/import/input/byte_decoder.h"

#include <zstd.h>

static void *zstd_create(void)
{
	return ZSTD_createDStream();
}

static enum status zstd_decode(void *self, struct view *in, struct decoder_room room, size_t *made, bool *complete)
{
	ZSTD_inBuffer from = { .src = in->ptr, .size = in->len, .pos = 0 };
	ZSTD_outBuffer to = { .dst = room.ptr, .size = room.cap, .pos = 0 };
	size_t left = ZSTD_decompressStream(self, &to, &from);

	*made = to.pos;
	in->ptr += from.pos;
	in->len -= from.pos;
	if (ZSTD_isError(left))
		return ST_MALFORMED;
	if (from.pos || to.pos)    /* a call without either only asks for the next frame's header */
		*complete = left == 0;
	return ST_OK;
}

static void zstd_destroy(void *self)
{
	ZSTD_freeDStream(self);
}

const struct byte_decoder byte_decoder_zstd = {
	.name = "zstd",
	.magic = { 0x28, 0xb5, 0x2f, 0xfd },    /* RFC 8878 */
	.magic_len = 4,
	.create = zstd_create,
	.decode = zstd_decode,
	.destroy = zstd_destroy,
};
