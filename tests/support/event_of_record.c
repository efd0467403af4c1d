#include "tests/support/event_of_record.h"

static void add_item(struct event_of_record *out, enum etw_item_type type, const void *data, size_t bytes)
{
	out->items[out->ev.item_count++] = (struct etw_item){ .type = (uint16_t)type, .bytes = (uint16_t)bytes,
		.data = (uint64_t)(uintptr_t)data };
}

static void add_items(struct event_of_record *out, const struct record *r)
{
	out->start_key = r->start_key;
	out->event_key = r->event_key;
	guid_format(&r->container, out->container);
	if (r->sid.len)
		add_item(out, ETW_ITEM_SID, r->sid.ptr, r->sid.len);
	if (r->flags & RECORD_HAS_EVENT_KEY)
		add_item(out, ETW_ITEM_EVENT_KEY, &out->event_key, sizeof out->event_key);
	if (r->flags & RECORD_TRACELOGGING)
		add_item(out, ETW_ITEM_SCHEMA, r->schema.ptr, r->schema.len);
	if (r->flags & RECORD_HAS_START_KEY)
		add_item(out, ETW_ITEM_START_KEY, &out->start_key, sizeof out->start_key);
	if (r->flags & RECORD_HAS_CONTAINER)
		add_item(out, ETW_ITEM_CONTAINER, out->container, ETW_CONTAINER_CHARS);
}

void event_of_record_make(struct event_of_record *out, const struct record *r, void *ctx)
{
	uint16_t width = r->pointer_bytes == 4 ? ETW_HEADER_32_BIT : ETW_HEADER_64_BIT;
	uint16_t classic = r->flags & RECORD_CLASSIC ? ETW_HEADER_CLASSIC : 0;

	out->ev = (struct etw_event){ .size = ETW_EVENT_BYTES, .flags = (uint16_t)(width | classic), .tid = r->tid, .pid = r->pid,
		.time_100ns = r->time_100ns, .provider = r->provider, .id = r->id, .version = r->version, .level = r->level,
		.opcode = r->opcode, .task = r->task, .keyword = r->keyword, .cpu = r->cpu, .items = out->items,
		.payload = r->payload.ptr, .payload_bytes = (uint16_t)r->payload.len, .ctx = ctx };
	add_items(out, r);
}
