#include "policyd/correlate/key_table.h"

#include <stdlib.h>
#include <string.h>

enum {
	FIRST_BUCKETS = 64,
	ALLOCATION_BYTES = 32,         /* of the allocator for an entry, and its part of the buckets */
};

struct key_entry {
	struct key_entry *chain;       /* of the bucket */
	struct key_entry *older, *newer;
	uint64_t hash, used_100ns;
	size_t key_len;
	uint64_t state[];              /* state_bytes, then the key */
};

struct key_table {
	struct key_table_options options;
	size_t state_words;
	uint64_t seed;
	struct key_entry **buckets;
	size_t bucket_count;           /* a power of two */
	struct key_entry *oldest, *newest;
	size_t count, bytes;
};

struct key_table *key_table_create(const struct key_table_options *options)
{
	struct key_table *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->options = *options;
	t->state_words = (options->state_bytes + 7) / 8;
	t->buckets = calloc(FIRST_BUCKETS, sizeof(struct key_entry *));
	t->bucket_count = FIRST_BUCKETS;
	/* Where the heap lies is not known outside; the hash decides nothing that can be seen from outside. */
	t->seed = (uint64_t)(uintptr_t)t->buckets * UINT64_C(0x9E3779B97F4A7C15);
	if (t->buckets)
		return t;
	free(t);
	return NULL;
}

void key_table_destroy(struct key_table *t)
{
	if (!t)
		return;
	for (struct key_entry *e = t->oldest; e;) {
		struct key_entry *next = e->newer;

		free(e);
		e = next;
	}
	free(t->buckets);
	free(t);
}

static uint64_t hash_key(const struct key_table *t, const unsigned char *p, size_t len)
{
	uint64_t h = t->seed ^ len * UINT64_C(0xA0761D6478BD642F);

	for (; len > 0; len -= len < 8 ? len : 8, p += 8) {
		uint64_t word = 0;

		memcpy(&word, p, len < 8 ? len : 8);
		h = (h ^ word ^ t->seed >> 7) * UINT64_C(0xE7037ED1A0B428DB);
		h ^= h >> 32;
	}
	return h ^ h >> 29;
}

static unsigned char *key_of(const struct key_table *t, struct key_entry *e)
{
	return (unsigned char *)(e->state + t->state_words);
}

static size_t entry_bytes(const struct key_table *t, size_t key_len)
{
	return ALLOCATION_BYTES + sizeof(struct key_entry) + t->state_words * 8 + key_len;
}

static struct key_entry **bucket_of(const struct key_table *t, uint64_t hash)
{
	return &t->buckets[hash & (t->bucket_count - 1)];
}

static void unlink_use(struct key_table *t, struct key_entry *e)
{
	*(e->older ? &e->older->newer : &t->oldest) = e->newer;
	*(e->newer ? &e->newer->older : &t->newest) = e->older;
}

static void link_newest(struct key_table *t, struct key_entry *e, uint64_t now_100ns)
{
	e->used_100ns = now_100ns;
	e->older = t->newest;
	e->newer = NULL;
	*(t->newest ? &t->newest->newer : &t->oldest) = e;
	t->newest = e;
}

static struct key_entry *search(struct key_table *t, const void *key, size_t len, uint64_t hash)
{
	struct key_entry *e = *bucket_of(t, hash);

	while (e && (e->hash != hash || e->key_len != len || (len && memcmp(key_of(t, e), key, len) != 0)))
		e = e->chain;
	return e;
}

static void *use(struct key_table *t, struct key_entry *e, uint64_t now_100ns)
{
	unlink_use(t, e);
	link_newest(t, e, now_100ns);
	return e->state;
}

void *key_table_find(struct key_table *t, const void *key, size_t len, uint64_t now_100ns)
{
	struct key_entry *e = search(t, key, len, hash_key(t, key, len));

	return e ? use(t, e, now_100ns) : NULL;
}

static void drop_oldest(struct key_table *t, uint64_t now_100ns)
{
	struct key_entry *e = t->oldest, **at = bucket_of(t, e->hash);

	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	unlink_use(t, e);
	t->count--;
	t->bytes -= entry_bytes(t, e->key_len);
	if (t->options.gone)
		t->options.gone(t->options.ctx, e->state, e->used_100ns, now_100ns);
	free(e);
}

/* Longer chains are no error: a table that cannot grow only gets slower. */
static void grow(struct key_table *t)
{
	struct key_entry **buckets = calloc(t->bucket_count * 2, sizeof(struct key_entry *));

	if (!buckets)
		return;
	free(t->buckets);
	t->buckets = buckets;
	t->bucket_count *= 2;
	for (struct key_entry *e = t->oldest; e; e = e->newer) {
		struct key_entry **at = bucket_of(t, e->hash);

		e->chain = *at;
		*at = e;
	}
}

void *key_table_get(struct key_table *t, const void *key, size_t len, uint64_t now_100ns)
{
	uint64_t hash = hash_key(t, key, len);
	struct key_entry *e = search(t, key, len, hash), **at;

	if (e)
		return use(t, e, now_100ns);
	while (t->count > 0 && t->bytes + entry_bytes(t, len) > t->options.max_bytes)
		drop_oldest(t, now_100ns);
	e = calloc(1, entry_bytes(t, len));
	if (!e)
		return NULL;
	if (t->count >= t->bucket_count)
		grow(t);
	e->hash = hash;
	e->key_len = len;
	if (len)
		memcpy(key_of(t, e), key, len);
	at = bucket_of(t, hash);
	e->chain = *at;
	*at = e;
	link_newest(t, e, now_100ns);
	t->count++;
	t->bytes += entry_bytes(t, len);
	return e->state;
}

void key_table_set_owner(struct key_table *t, void *ctx, size_t max_bytes)
{
	t->options.ctx = ctx;
	t->options.max_bytes = max_bytes;
}

size_t key_table_count(const struct key_table *t)
{
	return t->count;
}

size_t key_table_bytes(const struct key_table *t)
{
	return t->bytes;
}
