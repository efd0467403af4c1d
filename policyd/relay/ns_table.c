#include "policyd/relay/ns_table.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1 << 12 };

struct row {
	struct row *next;
	struct slim *ns;
	uint64_t hash, list;                   /* list: the last one that had it */
};

struct ns_table {
	struct row *buckets[BUCKETS];
	uint64_t seed, list, refused;
	size_t count;
};

struct ns_table *ns_table_create(uint64_t hash_seed)
{
	struct ns_table *t = calloc(1, sizeof *t);

	if (t)
		t->seed = hash_seed | 1;
	return t;
}

/* FNV-1a, from a seed that no peer knows. */
static uint64_t hash_of(const struct ns_table *t, const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ t->seed;

	for (; *text; text++)
		h = (h ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	return h ^ (h >> 29);
}

static struct row *find(const struct ns_table *t, const char *name)
{
	uint64_t hash = hash_of(t, name);
	struct row *r = t->buckets[hash % BUCKETS];

	while (r && (r->hash != hash || strcmp(r->ns->name, name) != 0))
		r = r->next;
	return r;
}

static void drop(struct ns_table *t, struct row **at)
{
	struct row *r = *at;

	*at = r->next;
	slim_unref(r->ns);
	free(r);
	t->count--;
}

void ns_table_list_begin(struct ns_table *t)
{
	t->list++;
}

void ns_table_list_end(struct ns_table *t)
{
	for (size_t b = 0; b < BUCKETS; b++) {
		for (struct row **at = &t->buckets[b]; *at;) {
			if ((*at)->list == t->list)
				at = &(*at)->next;
			else
				drop(t, at);
		}
	}
}

void ns_table_put(struct ns_table *t, struct slim *taken)
{
	struct row *r = find(t, taken->name);

	if (!r && t->count < NS_MAX)
		r = calloc(1, sizeof *r);
	if (!r) {
		t->refused++;
		slim_unref(taken);
		return;
	}
	if (!r->ns) {
		r->hash = hash_of(t, taken->name);
		r->next = t->buckets[r->hash % BUCKETS];
		t->buckets[r->hash % BUCKETS] = r;
		t->count++;
	}
	slim_unref(r->ns);
	r->ns = taken;
	r->list = t->list;
}

void ns_table_remove(struct ns_table *t, const char *name)
{
	struct row *r = find(t, name), **at;

	if (!r)
		return;
	for (at = &t->buckets[r->hash % BUCKETS]; *at != r; at = &(*at)->next)
		;
	drop(t, at);
}

const struct slim *ns_table_find(const struct ns_table *t, const char *name)
{
	const struct row *r = find(t, name);

	return r ? r->ns : NULL;
}

size_t ns_table_count(const struct ns_table *t)
{
	return t->count;
}

uint64_t ns_table_refused(const struct ns_table *t)
{
	return t->refused;
}

void ns_table_destroy(struct ns_table *t)
{
	if (!t)
		return;
	for (size_t b = 0; b < BUCKETS; b++) {
		while (t->buckets[b])
			drop(t, &t->buckets[b]);
	}
	free(t);
}
