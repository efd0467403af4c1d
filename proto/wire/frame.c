#include "proto/wire/frame.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/buf.h"

const uint8_t frame_magic[FRAME_MAGIC_BYTES] = { 'V', 'T', 'R', 'I', 'N', 'E', 0, 1 };

enum { MAGIC_PREFIX_BYTES = 7 };

struct frame_parser {
	frame_sink *sink;
	void *ctx;
	struct buf held;         /* start of a frame whose end has not come */
	uint64_t offset;         /* in the stream: where `held`, or the next frame, starts */
	uint32_t max_body_bytes;
	enum status failed;
};

struct header {
	size_t frame_bytes;      /* with the header; a magic has only itself */
	uint8_t type;
	bool is_magic;
};

void frame_put_header(uint8_t out[FRAME_HEADER_BYTES], enum frame_type type, size_t body_bytes)
{
	store_u32le(out, (uint32_t)body_bytes);
	out[4] = (uint8_t)type;
	out[5] = 0;
	store_u16le(out + 6, 0);
}

struct frame_parser *frame_parser_create(frame_sink *sink, void *ctx)
{
	struct frame_parser *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->sink = sink;
	p->ctx = ctx;
	p->max_body_bytes = LIMIT_FRAME_BODY_BYTES;
	buf_init(&p->held, FRAME_HEADER_BYTES + LIMIT_FRAME_BODY_BYTES);
	return p;
}

void frame_parser_destroy(struct frame_parser *p)
{
	if (!p)
		return;
	buf_release(&p->held);
	free(p);
}

void frame_parser_set_max_body(struct frame_parser *p, uint32_t max_body_bytes)
{
	p->max_body_bytes = max_body_bytes < LIMIT_FRAME_BODY_BYTES ? max_body_bytes : LIMIT_FRAME_BODY_BYTES;
}

uint64_t frame_parser_offset(const struct frame_parser *p)
{
	return p->offset + p->held.len;
}

static enum status read_header(const struct frame_parser *p, const uint8_t *raw, struct header *out, struct diag *why)
{
	uint32_t body = load_u32le(raw);

	if (memcmp(raw, frame_magic, MAGIC_PREFIX_BYTES) == 0) {
		if (raw[MAGIC_PREFIX_BYTES] != frame_magic[MAGIC_PREFIX_BYTES])
			return diag_set_at(why, ST_UNSUPPORTED, p->offset, "stream format %u is not known, only %u",
				raw[MAGIC_PREFIX_BYTES], frame_magic[MAGIC_PREFIX_BYTES]);
		*out = (struct header){ .frame_bytes = FRAME_MAGIC_BYTES, .is_magic = true };
		return ST_OK;
	}
	if (body > p->max_body_bytes)
		return diag_set_at(why, ST_LIMIT, p->offset, "frame body of %" PRIu32 " bytes, at most %" PRIu32 " are allowed",
			body, p->max_body_bytes);
	if (load_u16le(raw + 6) != 0)
		return diag_set_at(why, ST_MALFORMED, p->offset, "reserved bits of a frame header are set");
	if (raw[5] != 0)
		return diag_set_at(why, ST_UNSUPPORTED, p->offset, "frame flags 0x%02x are not known", raw[5]);
	*out = (struct header){ .frame_bytes = FRAME_HEADER_BYTES + body, .type = raw[4] };
	return ST_OK;
}

/* One whole frame at `raw`. */
static enum status hand_out(struct frame_parser *p, const uint8_t *raw, const struct header *h, struct diag *why)
{
	struct frame f = {
		.type = h->type,
		.body = { raw + FRAME_HEADER_BYTES, h->frame_bytes - FRAME_HEADER_BYTES },
		.offset = p->offset,
	};

	return h->is_magic ? ST_OK : p->sink(p->ctx, &f, why);
}

/* Moves bytes from *in to the held frame until that has `want` of them or the input ends. */
static enum status hold(struct frame_parser *p, struct bytes *in, size_t want, struct diag *why)
{
	size_t need = want - p->held.len, have = bytes_left(in);
	size_t n = need < have ? need : have;

	if (n > 0 && !buf_append(&p->held, bytes_take(in, n), n))
		return diag_set_at(why, ST_NOMEM, p->offset, "no memory to hold a frame of %zu bytes", want);
	return ST_OK;
}

/* Completes the frame that began in an earlier call, as far as the input goes. */
static enum status feed_held(struct frame_parser *p, struct bytes *in, struct diag *why)
{
	struct header h = { 0 };
	enum status st;

	if (p->held.len < FRAME_HEADER_BYTES && (st = hold(p, in, FRAME_HEADER_BYTES, why)) != ST_OK)
		return st;
	if (p->held.len < FRAME_HEADER_BYTES)
		return ST_OK;
	if ((st = read_header(p, p->held.data, &h, why)) != ST_OK)
		return st;
	if ((st = hold(p, in, h.frame_bytes, why)) != ST_OK)
		return st;
	if (p->held.len < h.frame_bytes)
		return ST_OK;
	if ((st = hand_out(p, p->held.data, &h, why)) != ST_OK)
		return st;
	p->offset += h.frame_bytes;
	buf_clear(&p->held);
	return ST_OK;
}

/* Hands out the frames that lie wholly inside the input; what is left is held. */
static enum status feed_direct(struct frame_parser *p, struct bytes *in, struct diag *why)
{
	while (bytes_left(in) >= FRAME_HEADER_BYTES) {
		struct header h = { 0 };
		enum status st = read_header(p, in->cur, &h, why);

		if (st != ST_OK)
			return st;
		if (bytes_left(in) < h.frame_bytes)
			break;
		if ((st = hand_out(p, in->cur, &h, why)) != ST_OK)
			return st;
		bytes_skip(in, h.frame_bytes);
		p->offset += h.frame_bytes;
	}
	return hold(p, in, bytes_left(in), why);
}

enum status frame_parser_feed(struct frame_parser *p, const void *bytes, size_t len, struct diag *why)
{
	struct bytes in = bytes_of(bytes, len);

	if (p->failed != ST_OK)
		return diag_set_at(why, p->failed, p->offset, "the stream failed before");
	if (p->held.len > 0)
		p->failed = feed_held(p, &in, why);
	if (p->failed == ST_OK && p->held.len == 0)
		p->failed = feed_direct(p, &in, why);
	return p->failed;
}

enum status frame_parser_finish(struct frame_parser *p, struct diag *why)
{
	if (p->failed != ST_OK)
		return diag_set_at(why, p->failed, p->offset, "the stream failed before");
	if (p->held.len > 0)
		return diag_set_at(why, ST_TRUNCATED, frame_parser_offset(p),
			"the stream ends inside the frame that starts at offset %" PRIu64, p->offset);
	return ST_OK;
}
