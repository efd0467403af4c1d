#include "collector/import/etl/etl_cursor.h"

enum {                               /* high byte of the marker word */
	MARK_HEADER = 0x80,          /* set in every record */
	MARK_EVENT_TRACE = 0x40,     /* a typed header follows */
	MARK_MESSAGE = 0x10,         /* WPP */
};

enum { MARKER_BYTES = 4, SIZE_AT_START = 0, SIZE_AFTER_MARKER = 4 };

static const struct shape {
	uint8_t header_bytes, size_at, ticks_at;
} shapes[ETL_HEADER_TYPE_COUNT] = {
	/* clang-format off */
	[ETL_SYSTEM32]   = { ETL_SYSTEM_BYTES,   SIZE_AFTER_MARKER, 16 },
	[ETL_SYSTEM64]   = { ETL_SYSTEM_BYTES,   SIZE_AFTER_MARKER, 16 },
	[ETL_COMPACT32]  = { ETL_COMPACT_BYTES,  SIZE_AFTER_MARKER, 16 },
	[ETL_COMPACT64]  = { ETL_COMPACT_BYTES,  SIZE_AFTER_MARKER, 16 },
	[ETL_PERFINFO32] = { ETL_PERFINFO_BYTES, SIZE_AFTER_MARKER, 8 },
	[ETL_PERFINFO64] = { ETL_PERFINFO_BYTES, SIZE_AFTER_MARKER, 8 },
	[ETL_FULL32]     = { ETL_FULL_BYTES,     SIZE_AT_START,     16 },
	[ETL_FULL64]     = { ETL_FULL_BYTES,     SIZE_AT_START,     16 },
	[ETL_INSTANCE32] = { ETL_INSTANCE_BYTES, SIZE_AT_START,     16 },
	[ETL_INSTANCE64] = { ETL_INSTANCE_BYTES, SIZE_AT_START,     16 },
	[ETL_EVENT32]    = { ETL_EVENT_BYTES,    SIZE_AT_START,     16 },
	[ETL_EVENT64]    = { ETL_EVENT_BYTES,    SIZE_AT_START,     16 },
	/* clang-format on */
};

/* Records without a shape start with their size, whatever they are. */
static uint32_t read_shapeless(const uint8_t *p, struct etl_mark *out)
{
	bool typed = (p[3] & MARK_EVENT_TRACE) != 0;

	if (typed ? p[2] == ETL_MESSAGE : (p[3] & MARK_MESSAGE) != 0)
		out->kind = ETL_KIND_WPP;
	else
		out->kind = typed && p[2] == ETL_ERROR ? ETL_KIND_ERROR : ETL_KIND_UNKNOWN;
	return load_u16le(p);
}

/* Size of the record at p, of which `left` bytes exist; 0: it does not fit. */
static uint32_t read_mark(const uint8_t *p, size_t left, struct etl_mark *out)
{
	const struct shape *shape;
	uint32_t size;

	out->type = 0;
	out->ticks = 0;
	if (!(p[3] & MARK_EVENT_TRACE) || p[2] >= ETL_HEADER_TYPE_COUNT || !shapes[p[2]].header_bytes) {
		size = read_shapeless(p, out);
		return size >= MARKER_BYTES && size <= left ? size : 0;
	}
	shape = &shapes[p[2]];
	if (left < shape->header_bytes)
		return 0;
	size = load_u16le(p + shape->size_at);
	if (size < shape->header_bytes || size > left)
		return 0;
	out->kind = ETL_KIND_EVENT;
	out->type = p[2];
	out->ticks = load_u64le(p + shape->ticks_at);
	return size;
}

/* Between records and behind the last one ETW leaves zeros or ones. */
static bool at_padding(const struct etl_cursor *c)
{
	uint32_t marker;

	if (c->pos >= c->data.len || c->data.len - c->pos < MARKER_BYTES)
		return true;
	marker = load_u32le(c->data.ptr + c->pos);
	return marker == 0 || marker == UINT32_MAX;
}

bool etl_cursor_next(struct etl_cursor *c, struct etl_mark *out)
{
	const uint8_t *p;
	uint32_t size;

	if (c->damage || at_padding(c))
		return false;
	p = c->data.ptr + c->pos;
	if (!(p[3] & MARK_HEADER)) {
		c->damage = "no record where one must start";
		return false;
	}
	size = read_mark(p, c->data.len - c->pos, out);
	if (!size) {
		c->damage = "a record's length does not fit its buffer";
		return false;
	}
	out->raw = (struct view){ .ptr = p, .len = size };
	out->pos = c->pos;
	c->pos += (size + ETL_RECORD_ALIGN - 1) & ~(uint32_t)(ETL_RECORD_ALIGN - 1);
	return true;
}
