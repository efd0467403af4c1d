#include "collector/import/etl/etl_record.h"

#include "collector/import/etl/etl_groups.h"

enum {                                   /* low word of a SYSTEM family marker */
	SYSTEM_VERSION_MASK = 0xff,
	SYSTEM_PMC_MASK = 0x0700,        /* so many 8-byte counters stand before the payload */
	SYSTEM_PMC_SHIFT = 8,
	SYSTEM_PEBS_FLAG = 0x8000,       /* one more 8-byte value */
	SYSTEM_EXTRA_BYTES = 8,
};

enum {                                   /* EVENT_HEADER.Flags, evntcons.h */
	EVENT_EXTENDED_INFO = 0x0001,
	EVENT_32_BIT = 0x0020,
	EVENT_64_BIT = 0x0040,
	EVENT_CLASSIC = 0x0100,
};

static void parse_system(const struct etl_mark *mark, struct record *out)
{
	const uint8_t *p = mark->raw.ptr;
	unsigned word = load_u16le(p);
	size_t at = ETL_SYSTEM_BYTES;

	out->flags = RECORD_CLASSIC;
	out->version = (uint8_t)(word & SYSTEM_VERSION_MASK);
	out->opcode = p[6];
	etl_group_guid(p[7], &out->provider);
	out->pointer_bytes = 8;
	if (mark->type == ETL_SYSTEM32 || mark->type == ETL_COMPACT32 || mark->type == ETL_PERFINFO32)
		out->pointer_bytes = 4;
	if (mark->type == ETL_PERFINFO32 || mark->type == ETL_PERFINFO64) {
		at = ETL_PERFINFO_BYTES;
		out->tid = out->pid = UINT32_MAX;
	} else {
		if (mark->type == ETL_COMPACT32 || mark->type == ETL_COMPACT64)
			at = ETL_COMPACT_BYTES;
		out->tid = load_u32le(p + 8);
		out->pid = load_u32le(p + 12);
	}
	at += (word >> SYSTEM_PMC_SHIFT & SYSTEM_PMC_MASK >> SYSTEM_PMC_SHIFT) * SYSTEM_EXTRA_BYTES;
	if (word & SYSTEM_PEBS_FLAG)
		at += SYSTEM_EXTRA_BYTES;
	if (at > mark->raw.len)
		at = mark->raw.len;
	out->payload = (struct view){ .ptr = p + at, .len = mark->raw.len - at };
}

/* FULL and INSTANCE: EVENT_TRACE_HEADER, and the same with instance numbers and a parent behind. */
static void parse_full(const struct etl_mark *mark, struct record *out)
{
	const uint8_t *p = mark->raw.ptr;
	bool instance = mark->type == ETL_INSTANCE32 || mark->type == ETL_INSTANCE64;
	size_t at = instance ? ETL_INSTANCE_BYTES : ETL_FULL_BYTES;
	unsigned version = load_u16le(p + 6);

	out->flags = RECORD_CLASSIC;
	out->opcode = p[4];
	out->level = p[5];
	out->version = (uint8_t)(version > UINT8_MAX ? UINT8_MAX : version);
	out->tid = load_u32le(p + 8);
	out->pid = load_u32le(p + 12);
	memcpy(out->provider.b, p + 24, sizeof out->provider.b);
	out->pointer_bytes = mark->type == ETL_FULL32 || mark->type == ETL_INSTANCE32 ? 4 : 8;
	out->payload = (struct view){ .ptr = p + at, .len = mark->raw.len - at };
}

static enum status parse_event(const struct etl_mark *mark, struct record *out, uint64_t *items_skipped)
{
	const uint8_t *p = mark->raw.ptr;
	unsigned flags = load_u16le(p + 4);
	struct bytes in = bytes_of(p + ETL_EVENT_BYTES, mark->raw.len - ETL_EVENT_BYTES);
	enum status st = ST_OK;

	out->tid = load_u32le(p + 8);
	out->pid = load_u32le(p + 12);
	memcpy(out->provider.b, p + 24, sizeof out->provider.b);
	out->id = load_u16le(p + 40);
	out->version = p[42];
	out->level = p[44];
	out->opcode = p[45];
	out->task = load_u16le(p + 46);
	out->keyword = load_u64le(p + 48);
	out->pointer_bytes = mark->type == ETL_EVENT32 ? 4 : 8;
	if (flags & (EVENT_32_BIT | EVENT_64_BIT))    /* says of the writing process what the header type says of the session */
		out->pointer_bytes = flags & EVENT_32_BIT ? 4 : 8;
	if (flags & EVENT_CLASSIC) {
		out->flags = RECORD_CLASSIC;
		out->id = 0;
	}
	if (flags & EVENT_EXTENDED_INFO)
		st = etl_extended_parse(&in, out, items_skipped);
	out->payload = bytes_view(&in, bytes_left(&in));
	return st;
}

enum status etl_record_parse(const struct etl_mark *mark, struct record *out, uint64_t *items_skipped)
{
	*out = (struct record){ .kind = RECORD_ETW };
	switch (mark->type) {
	case ETL_EVENT32:
	case ETL_EVENT64:
		return parse_event(mark, out, items_skipped);
	case ETL_FULL32:
	case ETL_FULL64:
	case ETL_INSTANCE32:
	case ETL_INSTANCE64:
		parse_full(mark, out);
		return ST_OK;
	default:
		parse_system(mark, out);
		return ST_OK;
	}
}
