#include "collector/import/summary.h"

#include <stdlib.h>
#include <string.h>

#include "collector/import/known_providers.h"
#include "proto/base/arena.h"

enum { FIRST_SLOTS = 256 };

struct summary {
	struct summary_kind *slots;     /* open addressing; count 0: free */
	size_t slot_count, used;        /* slot_count is a power of two, at most half are used */
	struct arena *names;
	struct summary_kind *last;      /* recordings repeat themselves */
	struct summary_totals totals;
};

struct summary *summary_create(void)
{
	struct summary *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->slot_count = FIRST_SLOTS;
	s->slots = calloc(s->slot_count, sizeof *s->slots);
	s->names = arena_create(SUMMARY_NAMES_MAX_BYTES);
	if (s->slots && s->names)
		return s;
	summary_destroy(s);
	return NULL;
}

void summary_destroy(struct summary *s)
{
	if (!s)
		return;
	arena_destroy(s->names);
	free(s->slots);
	free(s);
}

static bool same_kind(const struct summary_kind *a, const struct summary_kind *b)
{
	return a->id == b->id && a->opcode == b->opcode && a->version == b->version && a->classic == b->classic &&
		guid_equal(&a->provider, &b->provider);
}

static size_t hash_kind(const struct summary_kind *k)
{
	uint64_t h = UINT64_C(0x9e3779b97f4a7c15);

	h = (h ^ load_u64le(k->provider.b)) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 32 ^ load_u64le(k->provider.b + 8)) * UINT64_C(0xc4ceb9fe1a85ec53);
	h ^= (uint64_t)k->id << 24 | (uint64_t)k->opcode << 16 | (uint64_t)k->version << 8 | (uint64_t)k->classic;
	h *= UINT64_C(0xff51afd7ed558ccd);
	return (size_t)(h ^ h >> 32);
}

static struct summary_kind *find_slot(struct summary_kind *slots, size_t slot_count, const struct summary_kind *key)
{
	size_t at = hash_kind(key) & (slot_count - 1);

	while (slots[at].count && !same_kind(&slots[at], key))
		at = (at + 1) & (slot_count - 1);
	return &slots[at];
}

static bool grow(struct summary *s)
{
	size_t more = s->slot_count * 2;
	struct summary_kind *slots = calloc(more, sizeof *slots);

	if (!slots)
		return false;
	for (size_t i = 0; i < s->slot_count; i++) {
		if (s->slots[i].count)
			*find_slot(slots, more, &s->slots[i]) = s->slots[i];
	}
	free(s->slots);
	s->slots = slots;
	s->slot_count = more;
	s->last = NULL;
	return true;
}

static const char *name_of(struct summary *s, const struct record *r)
{
	const char *name = known_provider_name(&r->provider);

	if (*name || !r->provider_name.len)
		return name;
	name = arena_strndup(s->names, r->provider_name.ptr, r->provider_name.len);
	return name ? name : "";    /* past the ceiling a name is left out, never a count */
}

static struct summary_kind *slot_for(struct summary *s, const struct summary_kind *key, const struct record *r)
{
	struct summary_kind *slot = find_slot(s->slots, s->slot_count, key);

	if (slot->count)
		return slot;
	if (s->used * 2 >= s->slot_count) {
		if (!grow(s))
			return NULL;
		slot = find_slot(s->slots, s->slot_count, key);
	}
	*slot = *key;
	slot->name = name_of(s, r);
	s->used++;
	return slot;
}

static void count_totals(struct summary *s, const struct record *r)
{
	if (!s->totals.events || r->time_100ns < s->totals.first_100ns)
		s->totals.first_100ns = r->time_100ns;
	if (r->time_100ns > s->totals.last_100ns)
		s->totals.last_100ns = r->time_100ns;
	s->totals.events++;
}

enum status summary_add(struct summary *s, const struct record *r)
{
	struct summary_kind key = { .provider = r->provider,
		.id = r->id,
		.opcode = r->opcode,
		.version = r->version,
		.classic = (r->flags & RECORD_CLASSIC) != 0 };

	count_totals(s, r);
	if (!s->last || !same_kind(s->last, &key)) {
		if (s->used >= SUMMARY_KINDS_MAX && !find_slot(s->slots, s->slot_count, &key)->count) {
			s->totals.other_kinds++;
			return ST_OK;
		}
		s->last = slot_for(s, &key, r);
		if (!s->last)
			return ST_NOMEM;
	}
	if (!*s->last->name && r->provider_name.len)    /* not every event of a provider brings its name */
		s->last->name = name_of(s, r);
	s->last->count++;
	return ST_OK;
}

struct summary_totals summary_totals(const struct summary *s)
{
	return s->totals;
}

static int compare_kinds(const void *a, const void *b)
{
	const struct summary_kind *x = a, *y = b;
	int by_provider = memcmp(x->provider.b, y->provider.b, sizeof x->provider.b);

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	if (by_provider)
		return by_provider;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->opcode != y->opcode)
		return x->opcode < y->opcode ? -1 : 1;
	return x->version < y->version ? -1 : x->version > y->version;
}

struct summary_kind *summary_sorted(const struct summary *s, size_t *count)
{
	struct summary_kind *all = malloc((s->used ? s->used : 1) * sizeof *all);

	*count = 0;
	if (!all)
		return NULL;
	for (size_t i = 0; i < s->slot_count; i++) {
		if (s->slots[i].count)
			all[(*count)++] = s->slots[i];
	}
	qsort(all, *count, sizeof *all, compare_kinds);
	return all;
}
