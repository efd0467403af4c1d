#include "policyd/decode/decode.h"

#include <stdlib.h>

#include "policyd/decode/named.h"
#include "policyd/decode/refine.h"
#include "policyd/decode/walk.h"
#include "proto/base/limits.h"

/* All layouts of one (provider, id): first .. first + count of the provider's table, versions ascending. */
struct entry {
	const struct provider *provider;     /* NULL: free */
	uint16_t id, first, count;
};

/* An open-addressed table, at most half full, built once and then only read. */
struct decoder {
	struct entry *entries;
	size_t mask;
	struct named_table *named;
};

static uint32_t hash_raw(const struct guid *g, uint16_t id)
{
	uint64_t x = load_u64le(g->b) ^ load_u64le(g->b + 8) * UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ id) * UINT64_C(0xff51afd7ed558ccd);
	return (uint32_t)(x >> 32);
}

static size_t table_size(size_t count)
{
	size_t n = 16;

	while (n < count * 2)
		n *= 2;
	return n;
}

static void insert(struct decoder *d, const struct provider *p, uint16_t first, uint16_t count)
{
	uint16_t id = p->layouts[first].id;
	size_t i = hash_raw(&p->guid, id) & d->mask;

	while (d->entries[i].provider)
		i = (i + 1) & d->mask;
	d->entries[i] = (struct entry){ .provider = p, .id = id, .first = first, .count = count };
}

static void insert_provider(struct decoder *d, const struct provider *p)
{
	size_t first = 0;

	for (size_t i = 1; i <= p->layout_count; i++) {
		if (i < p->layout_count && p->layouts[i].id == p->layouts[first].id)
			continue;
		insert(d, p, (uint16_t)first, (uint16_t)(i - first));
		first = i;
	}
}

struct decoder *decoder_create(void)
{
	struct decoder *d = calloc(1, sizeof *d);
	size_t count = 0;

	if (!d)
		return NULL;
	for (size_t i = 0; i < provider_count; i++)
		count += providers[i]->layout_count;
	d->mask = table_size(count) - 1;
	d->entries = calloc(d->mask + 1, sizeof *d->entries);
	d->named = named_table_create();
	if (!d->entries || !d->named) {
		decoder_destroy(d);
		return NULL;
	}
	for (size_t i = 0; i < provider_count; i++)
		insert_provider(d, providers[i]);
	return d;
}

void decoder_destroy(struct decoder *d)
{
	if (!d)
		return;
	named_table_destroy(d->named);
	free(d->entries);
	free(d);
}

static const struct entry *find(const struct decoder *d, const struct record *r)
{
	bool classic = (r->flags & RECORD_CLASSIC) != 0;
	uint16_t id = classic ? r->opcode : r->id;
	size_t i = hash_raw(&r->provider, id) & d->mask;

	for (; d->entries[i].provider; i = (i + 1) & d->mask) {
		const struct entry *e = &d->entries[i];

		if (e->id == id && e->provider->classic == classic && guid_equal(&e->provider->guid, &r->provider))
			return e;
	}
	return NULL;
}

static bool build_fits(const struct layout *l, uint32_t build)
{
	return build == 0 || (build >= l->first_build && (l->last_build == 0 || build <= l->last_build));
}

/* Tries the layouts from the newest that is not above the record's version; several share a version only where
 * Windows changed a layout without changing its version: then the build decides, else the one that ends exactly
 * where the payload ends, else the newest. No step leads below a break. */
static enum status walk_versions(const struct layout *first, size_t count, struct event *ev)
{
	const struct record *r = ev->rec;
	const struct layout *newest = NULL;
	enum status st = ST_UNSUPPORTED;

	for (size_t i = count; i-- > 0;) {
		const struct layout *l = &first[i];

		if (l->version > r->version || !build_fits(l, r->os_build))
			continue;
		if (newest && l->version != newest->version)
			break;
		st = walk_layout(l, r->payload, r->pointer_bytes, ev->offset);
		ev->layout = l;
		if (st == ST_OK && ev->offset[l->field_count] == r->payload.len)
			return ST_OK;
		if (!newest)
			newest = l;
	}
	if (!newest || ev->layout == newest)
		return st;
	ev->layout = newest;
	return walk_layout(newest, r->payload, r->pointer_bytes, ev->offset);
}

static enum status decode_raw(const struct decoder *d, const struct record *r, struct event *out)
{
	const struct entry *e;
	enum status st;

	if (r->payload.len > LIMIT_PAYLOAD_BYTES)
		return ST_LIMIT;
	if (r->flags & RECORD_TRACELOGGING) {
		out->kind = EVENT_log;
		return ST_OK;
	}
	e = find(d, r);
	if (!e)
		return ST_UNSUPPORTED;
	st = walk_versions(&e->provider->layouts[e->first], e->count, out);
	if (st == ST_OK)
		out->kind = refine_kind(out, (enum event_kind)out->layout->kind);
	else
		out->layout = NULL;
	return st;
}

static enum status decode_named(const struct decoder *d, const struct record *r, struct event *out)
{
	out->kind = EVENT_log;
	out->named = named_table_find(d->named, r);
	if (!out->named)
		return ST_OK;
	out->given = (out->named->flags & LAYOUT_GIVEN) != 0;
	named_bind(out->named, r, out->offset);
	out->kind = refine_kind(out, (enum event_kind)out->named->kind);
	return ST_OK;
}

/* Everything but offset[], which is large and written by whoever gives it a meaning. */
static void event_start(struct event *ev, const struct record *r)
{
	ev->kind = EVENT_NONE;
	ev->rec = r;
	ev->layout = NULL;
	ev->named = NULL;
	ev->given = false;
	ev->proc = NULL;
	ev->target = NULL;
	ev->container = NULL;
	ev->path = (struct text_view){ .ptr = "", .len = 0 };
	ev->target_path = ev->path;
	ev->key_path = ev->path;
	ev->script = ev->path;
	ev->partial = false;
	ev->doubt = DOUBT_NONE;
	ev->twin = NULL;
	ev->lost_before = 0;
}

enum status decode_record(const struct decoder *d, const struct record *r, struct event *out)
{
	event_start(out, r);
	return r->kind == RECORD_NAMED ? decode_named(d, r, out) : decode_raw(d, r, out);
}

bool decode_by_id(const struct record *r, struct event *out)
{
	if (r->kind != RECORD_ETW || (r->flags & RECORD_CLASSIC))
		return false;
	event_start(out, r);
	out->kind = EVENT_log;
	return true;
}
