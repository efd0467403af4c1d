#include "collector/etw/event_entry.h"

#include <string.h>

#include "proto/base/limits.h"

const struct guid notice_provider = OFFER_COLLECTOR_GUID;

struct kept_items {
	struct etw_item sid, schema, container;
	uint64_t start_key, event_key;
	uint32_t flags;
};

static const void *item_data(const struct etw_item *item)
{
	return (const void *)(uintptr_t)item->data;
}

static void keep_key(const struct etw_item *item, uint64_t *out, uint32_t flag, struct kept_items *k)
{
	if (item->bytes != sizeof *out)
		return;
	memcpy(out, item_data(item), sizeof *out);
	k->flags |= flag;
}

static void keep_item(const struct etw_item *item, struct kept_items *k)
{
	switch (item->type) {
	case ETW_ITEM_SID:
		if (item->bytes <= LIMIT_SID_BYTES)
			k->sid = *item;
		break;
	case ETW_ITEM_EVENT_KEY:
		keep_key(item, &k->event_key, RECORD_HAS_EVENT_KEY, k);
		break;
	case ETW_ITEM_SCHEMA:
		k->schema = *item;
		k->flags |= RECORD_TRACELOGGING;
		break;
	case ETW_ITEM_START_KEY:
		keep_key(item, &k->start_key, RECORD_HAS_START_KEY, k);
		break;
	case ETW_ITEM_CONTAINER:
		if (item->bytes == ETW_CONTAINER_CHARS)
			k->container = *item;
		break;
	default:
		break;
	}
}

static void find_items(const struct etw_event *ev, struct kept_items *k)
{
	const uint8_t *items = ev->items;
	struct etw_item item;

	*k = (struct kept_items){ .flags = ev->flags & ETW_HEADER_CLASSIC ? RECORD_CLASSIC : 0 };
	for (size_t i = 0; items && i < ev->item_count && i < ETW_MAX_ITEMS; i++) {
		memcpy(&item, items + i * sizeof item, sizeof item);
		keep_item(&item, k);
	}
}

static uint8_t *append(uint8_t *to, const void *from, size_t bytes)
{
	if (bytes)
		memcpy(to, from, bytes);
	return to + bytes;
}

bool event_entry_put(struct ring *r, const struct etw_event *ev)
{
	struct kept_items k;
	struct event_entry *e;
	uint8_t *to;

	find_items(ev, &k);
	e = ring_reserve(r, sizeof *e + k.sid.bytes + k.container.bytes + k.schema.bytes + ev->payload_bytes);
	if (!e)
		return false;
	*e = (struct event_entry){ .time_100ns = ev->time_100ns, .keyword = ev->keyword, .start_key = k.start_key,
		.event_key = k.event_key, .provider = ev->provider, .pid = ev->pid, .tid = ev->tid, .flags = k.flags,
		.id = ev->id, .task = ev->task, .cpu = ev->cpu, .payload_bytes = ev->payload_bytes,
		.schema_bytes = k.schema.bytes, .version = ev->version, .opcode = ev->opcode, .level = ev->level,
		.pointer_bytes = ev->flags & ETW_HEADER_32_BIT ? 4 : 8, .sid_bytes = (uint8_t)k.sid.bytes,
		.container_bytes = (uint8_t)k.container.bytes };
	to = append((uint8_t *)(e + 1), item_data(&k.sid), k.sid.bytes);
	to = append(to, item_data(&k.container), k.container.bytes);
	to = append(to, item_data(&k.schema), k.schema.bytes);
	append(to, ev->payload, ev->payload_bytes);
	ring_commit(r);
	return true;
}

static struct text_view next_text(struct bytes *in)
{
	struct view v = bytes_strz(in);

	return (struct text_view){ v.len ? (const char *)v.ptr : "", v.len };
}

static void fill_notice(struct bytes in, struct named_value *values, struct record *out)
{
	static const char name[] = OFFER_COLLECTOR_NAME;

	out->kind = RECORD_NAMED;
	out->provider_name = (struct text_view){ name, sizeof name - 1 };
	out->values = values;
	while (bytes_left(&in) && out->value_count < NOTICE_MAX_VALUES) {
		values[out->value_count].name = next_text(&in);
		values[out->value_count++].value = next_text(&in);
	}
}

void event_entry_record(const struct event_entry *e, struct named_value *values, struct record *out)
{
	struct bytes in = bytes_of(e + 1, (size_t)e->sid_bytes + e->container_bytes + e->schema_bytes + e->payload_bytes);
	struct view container;

	*out = (struct record){ .kind = RECORD_ETW, .flags = e->flags, .seq = e->seq, .time_100ns = e->time_100ns,
		.provider = e->provider, .id = e->flags & RECORD_CLASSIC ? 0 : e->id, .version = e->version,
		.opcode = e->opcode, .level = e->level, .pointer_bytes = e->pointer_bytes, .task = e->task,
		.keyword = e->keyword, .pid = e->pid, .tid = e->tid, .cpu = e->cpu, .start_key = e->start_key,
		.event_key = e->event_key };
	if (guid_equal(&e->provider, &notice_provider)) {
		fill_notice(in, values, out);
		return;
	}
	out->sid = bytes_view(&in, e->sid_bytes);
	container = bytes_view(&in, e->container_bytes);
	if (container.len && guid_parse((const char *)container.ptr, container.len, &out->container))
		out->flags |= RECORD_HAS_CONTAINER;
	out->schema = bytes_view(&in, e->schema_bytes);
	out->payload = bytes_view(&in, e->payload_bytes);
}
