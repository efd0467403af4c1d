#include "proto/wire/collector_request.h"

#include <string.h>

#include "proto/base/bytes.h"

enum { VERSION = 1, FLAG_FIRST = 1, FLAG_LAST = 2 };

static const uint8_t magic[4] = { 'V', 'T', 'R', 'Q' };

static uint8_t *put_head(uint8_t *p, enum collector_request_kind kind)
{
	memcpy(p, magic, sizeof magic);
	store_u16le(p + 4, VERSION);
	store_u16le(p + 6, (uint16_t)kind);
	return p + 8;
}

static void put_provider(const struct collector_request *in, uint8_t *p)
{
	memcpy(p, in->provider.b, sizeof in->provider.b);
	store_u16le(p + 16, (uint16_t)((in->first ? FLAG_FIRST : 0) | (in->last ? FLAG_LAST : 0)));
	store_u16le(p + 18, in->id_count);
	for (size_t i = 0; i < in->id_count && i < COLLECTOR_REQUEST_MAX_IDS; i++)
		store_u16le(p + 20 + 2 * i, in->ids[i]);
}

void collector_request_encode(const struct collector_request *in, uint8_t out[COLLECTOR_REQUEST_BYTES])
{
	uint8_t *p;

	memset(out, 0, COLLECTOR_REQUEST_BYTES);
	p = put_head(out, in->kind);
	if (in->kind == COLLECTOR_REQUEST_PROVIDER)
		put_provider(in, p);
	if (in->kind == COLLECTOR_REQUEST_STATS) {
		store_u64le(p, in->connection);
		store_u64le(p + 8, in->received_bytes);
	}
}

static enum status get_provider(struct bytes *in, struct collector_request *out)
{
	struct view guid = bytes_view(in, sizeof out->provider.b);
	uint16_t flags = bytes_u16le(in);

	out->id_count = bytes_u16le(in);
	if (out->id_count > COLLECTOR_REQUEST_MAX_IDS)
		return ST_LIMIT;
	if (in->failed || flags & ~(FLAG_FIRST | FLAG_LAST))
		return ST_MALFORMED;
	memcpy(out->provider.b, guid.ptr, sizeof out->provider.b);
	out->first = flags & FLAG_FIRST;
	out->last = flags & FLAG_LAST;
	for (size_t i = 0; i < out->id_count; i++)
		out->ids[i] = bytes_u16le(in);
	return ST_OK;
}

static enum status get_body(struct bytes *in, struct collector_request *out)
{
	switch (out->kind) {
	case COLLECTOR_REQUEST_PROVIDER:
		return get_provider(in, out);
	case COLLECTOR_REQUEST_SNAPSHOT:
		return ST_OK;
	case COLLECTOR_REQUEST_STATS:
		out->connection = bytes_u64le(in);
		out->received_bytes = bytes_u64le(in);
		return ST_OK;
	}
	return ST_UNSUPPORTED;
}

enum status collector_request_decode(const uint8_t *bytes, size_t len, struct collector_request *out)
{
	struct collector_request got = { .kind = COLLECTOR_REQUEST_SNAPSHOT };
	struct bytes in = bytes_of(bytes, len);
	struct view head;
	uint16_t version, kind;
	enum status st;

	if (len != COLLECTOR_REQUEST_BYTES)
		return len < COLLECTOR_REQUEST_BYTES ? ST_TRUNCATED : ST_MALFORMED;
	head = bytes_view(&in, sizeof magic);
	version = bytes_u16le(&in);
	kind = bytes_u16le(&in);
	if (memcmp(head.ptr, magic, sizeof magic) != 0)
		return ST_MALFORMED;
	if (version != VERSION || kind < COLLECTOR_REQUEST_PROVIDER || kind > COLLECTOR_REQUEST_STATS)
		return ST_UNSUPPORTED;
	got.kind = (enum collector_request_kind)kind;
	if ((st = get_body(&in, &got)) != ST_OK)
		return st;
	while (bytes_left(&in)) {
		if (bytes_u8(&in) != 0)
			return ST_MALFORMED;
	}
	*out = got;
	return ST_OK;
}
