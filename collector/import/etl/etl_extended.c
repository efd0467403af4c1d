#include "collector/import/etl/etl_record.h"

#include "proto/base/limits.h"

/* On disk an item is: u16 length of the item with padding, u16 type, u16 whose bit 0 says that another one follows,
 * u16 length of the data; then the data, padded to 8. Read off real records; the in-memory form of
 * EVENT_HEADER_EXTENDED_DATA_ITEM differs. Types: layouts.yaml and evntcons.h. */
enum { ITEM_HEADER_BYTES = 8, ITEM_ALIGN = 8, LINKAGE = 1 };

enum item_type {
	ITEM_SID = 2,
	ITEM_EVENT_KEY = 10,
	ITEM_SCHEMA_TL = 11,
	ITEM_PROV_TRAITS = 12,
	ITEM_PROCESS_START_KEY = 13,
	ITEM_CONTAINER_ID = 16,
};

enum { CONTAINER_TEXT_BYTES = 36, SID_FIXED_BYTES = 8, SID_SUB_BYTES = 4, SID_REVISION = 1, U64_BYTES = 8 };

static bool keep_sid(struct view data, struct record *out)
{
	size_t len;

	if (data.len < SID_FIXED_BYTES || data.ptr[0] != SID_REVISION)
		return false;
	len = SID_FIXED_BYTES + (size_t)data.ptr[1] * SID_SUB_BYTES;
	if (len > data.len || len > LIMIT_SID_BYTES)
		return false;
	out->sid = (struct view){ .ptr = data.ptr, .len = len };
	return true;
}

/* 36 ASCII characters, no braces, no NUL (seen so by krabsetw and PerfView). */
static bool keep_container(struct view data, struct record *out)
{
	if (data.len < CONTAINER_TEXT_BYTES || !guid_parse((const char *)data.ptr, CONTAINER_TEXT_BYTES, &out->container))
		return false;
	out->flags |= RECORD_HAS_CONTAINER;
	return true;
}

static bool keep_key(struct view data, uint32_t flag, uint64_t *key, struct record *out)
{
	if (data.len < U64_BYTES)
		return false;
	*key = load_u64le(data.ptr);
	out->flags |= flag;
	return true;
}

/* Traits: u16 length of all of it, then the provider's name, 8-bit and NUL-terminated. */
static bool keep_name(struct view data, struct record *out)
{
	struct bytes in = bytes_of(data.ptr, data.len);
	struct view name;

	bytes_skip(&in, sizeof(uint16_t));
	name = bytes_strz(&in);
	if (in.failed || name.len == 0 || name.len > LIMIT_NAME_BYTES)
		return false;
	out->provider_name = (struct text_view){ .ptr = (const char *)name.ptr, .len = name.len };
	return true;
}

static bool keep_item(unsigned type, struct view data, struct record *out)
{
	switch (type) {
	case ITEM_SID:
		return keep_sid(data, out);
	case ITEM_EVENT_KEY:
		return keep_key(data, RECORD_HAS_EVENT_KEY, &out->event_key, out);
	case ITEM_SCHEMA_TL:
		out->schema = data;
		out->flags |= RECORD_TRACELOGGING;
		return true;
	case ITEM_PROV_TRAITS:
		return keep_name(data, out);
	case ITEM_PROCESS_START_KEY:
		return keep_key(data, RECORD_HAS_START_KEY, &out->start_key, out);
	case ITEM_CONTAINER_ID:
		return keep_container(data, out);
	default:
		return false;
	}
}

enum status etl_extended_parse(struct bytes *in, struct record *out, uint64_t *items_skipped)
{
	for (unsigned i = 0; i < ETL_EXTENDED_ITEMS_MAX; i++) {
		size_t whole = bytes_u16le(in), used;
		unsigned type = bytes_u16le(in);
		unsigned linkage = bytes_u16le(in);
		struct view data = bytes_view(in, bytes_u16le(in));

		if (in->failed)
			return ST_MALFORMED;
		if (!keep_item(type, data, out))
			(*items_skipped)++;
		used = (ITEM_HEADER_BYTES + data.len + ITEM_ALIGN - 1) & ~(size_t)(ITEM_ALIGN - 1);
		if (whole > used)
			used = whole;
		used -= ITEM_HEADER_BYTES + data.len;
		bytes_skip(in, used < bytes_left(in) ? used : bytes_left(in));    /* padding of a last item may be cut */
		if (!(linkage & LINKAGE))
			return ST_OK;
	}
	return ST_MALFORMED;
}
