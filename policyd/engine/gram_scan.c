#include "policyd/engine/gram_scan.h"

#include <stdlib.h>

enum {
	BITS_PER_GRAM = 8,             /* of the bitmap: one position in eight is looked at again for nothing; it stays near */
	MIN_BITMAP_BITS = 10,
	MAX_BITMAP_BITS = 20,          /* 128 KiB: stays in the second-level cache */
	COUNT_BITS = 14,
};

#define FOLD2 UINT32_C(0x2020)
#define FOLD4 UINT32_C(0x20202020)
#define MIX UINT32_C(0x9E3779B1)

/* One way to find a literal: a gram of it, offset bytes from its start. */
struct way {
	uint32_t literal;
	uint32_t offset;
};

struct gram_table {
	unsigned shift;                /* hash >> shift is the bit */
	const uint64_t *bitmap;
	struct hash_index index;
	const struct way *ways;
};

struct gram_scan {
	const struct literal *literals;
	struct gram_table wide, narrow;    /* four bytes at every step, two bytes at every position */
	uint32_t step;
	bool has_wide, has_narrow;
};

static inline uint32_t hash4(const char *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof word);
	return (word | FOLD4) * MIX;
}

static inline uint32_t hash2(const char *p)
{
	uint16_t word;

	memcpy(&word, p, sizeof word);
	return (word | FOLD2) * MIX;
}

/* The multiplication leaves its best bits on top, the index takes those at the bottom. Both steps can be undone, so
 * equal hashes are equal grams. */
static inline uint32_t index_hash(uint32_t hash)
{
	return hash ^ hash >> 15;
}

/* How common each gram is among the literals, and in events anyhow. */
struct commonness {
	uint16_t count[1 << COUNT_BITS];
};

static void count_grams(struct commonness *c, const char *text, size_t len, uint16_t weight)
{
	for (size_t i = 0; i + 4 <= len; i++) {
		uint16_t *count = &c->count[hash4(text + i) >> (32 - COUNT_BITS)];

		*count = (uint16_t)(*count + weight > UINT16_MAX ? UINT16_MAX : *count + weight);
	}
}

static struct commonness *measure(const struct literal *literals, size_t count)
{
	struct commonness *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	for (size_t i = 0; i < count; i++)
		count_grams(c, literals[i].ptr, literals[i].len, 1);
	count_grams(c, literal_common_text(), strlen(literal_common_text()), 1000);
	return c;
}

/* Where in the literal the step grams begin that are met least. The later of equals: ends differ more than beginnings. */
static uint32_t best_offset(const struct commonness *c, const struct literal *l, uint32_t step)
{
	uint32_t best = 0;
	uint64_t best_sum = UINT64_MAX;

	for (uint32_t o = 0; o + step + 3 <= l->len; o++) {
		uint64_t sum = 0;

		for (uint32_t k = 0; k < step; k++)
			sum += c->count[hash4(l->ptr + o + k) >> (32 - COUNT_BITS)];
		if (sum <= best_sum) {
			best_sum = sum;
			best = o;
		}
	}
	return best;
}

static unsigned bitmap_bits(size_t grams)
{
	unsigned bits = MIN_BITMAP_BITS;

	while (bits < MAX_BITMAP_BITS && (UINT64_C(1) << bits) < grams * BITS_PER_GRAM)
		bits++;
	return bits;
}

/* Ways while they are collected; hashes are those of their grams. */
struct gram_build {
	struct way *ways;
	struct hash_item *items;       /* hash: before index_hash */
	size_t count;
};

static void add_way(struct gram_build *b, uint32_t literal, uint32_t offset, uint32_t hash)
{
	b->ways[b->count] = (struct way){ literal, offset };
	b->items[b->count] = (struct hash_item){ hash, (uint32_t)b->count };
	b->count++;
}

static enum status finish_table(struct arena *a, struct gram_build *b, struct gram_table *out)
{
	unsigned bits = bitmap_bits(b->count);
	uint64_t *bitmap = arena_zalloc(a, ((size_t)1 << bits) / 8);

	if (!bitmap)
		return ST_NOMEM;
	out->shift = 32 - bits;
	for (size_t i = 0; i < b->count; i++) {
		uint32_t bit = b->items[i].hash >> out->shift;

		bitmap[bit / 64] |= UINT64_C(1) << bit % 64;
		b->items[i].hash = index_hash(b->items[i].hash);
	}
	out->bitmap = bitmap;
	out->ways = b->ways;
	return hash_index_create(a, b->items, b->count, &out->index);
}

static enum status build_table(struct arena *a, struct gram_scan *s, size_t count, bool wide)
{
	size_t step = wide ? s->step : 1, most = count * step;
	struct gram_table *table = wide ? &s->wide : &s->narrow;
	struct gram_build b = { .count = 0 };
	struct commonness *common = wide ? measure(s->literals, count) : NULL;
	enum status st = ST_NOMEM;

	b.ways = arena_alloc(a, (most + 1) * sizeof *b.ways);
	b.items = malloc((most + 1) * sizeof *b.items);
	if (!b.ways || !b.items || (wide && !common))
		goto done;
	for (uint32_t i = 0; i < count; i++) {
		const struct literal *l = &s->literals[i];
		uint32_t start = wide && l->len >= 4 ? best_offset(common, l, s->step) : 0;

		if ((l->len >= 4) != wide)
			continue;
		for (uint32_t k = 0; k < step; k++)
			add_way(&b, i, start + k, wide ? hash4(l->ptr + start + k) : hash2(l->ptr));
	}
	st = finish_table(a, &b, table);
done:
	free(b.items);
	free(common);
	return st;
}

enum status gram_scan_create(struct arena *a, const struct literal *literals, size_t count, struct gram_scan **out)
{
	struct gram_scan *s = arena_zalloc(a, sizeof *s);
	struct literal *own = arena_alloc(a, (count + 1) * sizeof *own);
	uint32_t shortest = UINT32_MAX;
	enum status st = ST_OK;

	*out = NULL;
	if (!s || !own)
		return ST_NOMEM;
	for (size_t i = 0; i < count; i++) {
		own[i] = literals[i];
		s->has_narrow = s->has_narrow || own[i].len < 4;
		s->has_wide = s->has_wide || own[i].len >= 4;
		if (own[i].len >= 4 && own[i].len < shortest)
			shortest = own[i].len;
	}
	s->literals = own;
	s->step = shortest - 3 < GRAM_SCAN_MAX_STEP ? shortest - 3 : GRAM_SCAN_MAX_STEP;
	if (s->has_wide)
		st = build_table(a, s, count, true);
	if (st == ST_OK && s->has_narrow)
		st = build_table(a, s, count, false);
	if (st == ST_OK)
		*out = s;
	return st;
}

struct scan_text {
	const char *ptr;
	size_t len;
	literal_fn *found;
	void *ctx;
};

/* The gram at this position is one of ours, or looks like it. */
static void look_closer(const struct gram_scan *s, const struct gram_table *table, const struct scan_text *t, size_t at,
	uint32_t hash)
{
	uint32_t wanted = index_hash(hash);
	struct hash_range r = hash_index_find(&table->index, wanted);

	for (; r.at < r.end; r.at++) {
		const struct way *w = &table->ways[r.at->id];
		const struct literal *l = &s->literals[w->literal];

		if (r.at->hash != wanted || w->offset > at || l->len - w->offset > t->len - at)
			continue;
		if (literal_is_at(l, t->ptr + at - w->offset))
			t->found(t->ctx, l->trigger);
	}
}

void gram_scan_run(const struct gram_scan *s, const char *text, size_t len, literal_fn *found, void *ctx)
{
	struct scan_text t = { text, len, found, ctx };

	for (size_t i = 0; s->has_wide && i + 4 <= len; i += s->step) {
		uint32_t hash = hash4(text + i), bit = hash >> s->wide.shift;

		if (s->wide.bitmap[bit / 64] >> bit % 64 & 1)
			look_closer(s, &s->wide, &t, i, hash);
	}
	for (size_t i = 0; s->has_narrow && i + 2 <= len; i++) {
		uint32_t hash = hash2(text + i), bit = hash >> s->narrow.shift;

		if (s->narrow.bitmap[bit / 64] >> bit % 64 & 1)
			look_closer(s, &s->narrow, &t, i, hash);
	}
}
