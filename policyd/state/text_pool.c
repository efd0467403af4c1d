#include "policyd/state/text_pool.h"

#include <stdlib.h>

/* Blocks come in two sizes an octave, 64 B to 128 KiB: at most a third is wasted. Small ones are cut from slabs and
 * stay in their class; large ones are allocated singly and a few are kept for the next long command line. */
enum {
	CLASS_COUNT = 23,
	SMALL_CLASSES = 13, /* up to 4 KiB */
	SLAB_BYTES = 32 * 1024,
	FIRST_BUCKETS = 1024,
	KEPT_LARGE_PARTS = 8, /* free large blocks may hold this part of the ceiling */
};

struct slab {
	struct slab *next;
	_Alignas(16) unsigned char data[];
};

struct text_pool {
	struct pooled **buckets;
	size_t bucket_count, count;
	struct pooled *free[CLASS_COUNT];
	struct slab *slabs;
	size_t max_bytes, held_bytes, free_large_bytes;
	uint64_t seed;
};

static size_t class_bytes(unsigned c)
{
	return ((size_t)64 << (c / 2)) + (c % 2 ? (size_t)32 << (c / 2) : 0);
}

static unsigned class_of(size_t bytes)
{
	unsigned c = 0;

	while (c < CLASS_COUNT && class_bytes(c) < bytes)
		c++;
	return c;
}

struct text_pool *text_pool_create(size_t max_bytes, uint64_t hash_seed)
{
	struct text_pool *pool = calloc(1, sizeof *pool);

	if (!pool)
		return NULL;
	pool->max_bytes = max_bytes;
	pool->seed = hash_seed ^ UINT64_C(0x9E3779B97F4A7C15);
	pool->bucket_count = FIRST_BUCKETS;
	pool->buckets = calloc(FIRST_BUCKETS, sizeof *pool->buckets);
	if (!pool->buckets) {
		free(pool);
		return NULL;
	}
	return pool;
}

static void free_large(struct pooled *list)
{
	while (list) {
		struct pooled *next = list->next;

		if (list->size_class >= SMALL_CLASSES)
			free(list);
		list = next;
	}
}

void text_pool_destroy(struct text_pool *pool)
{
	if (!pool)
		return;
	for (size_t i = 0; i < pool->bucket_count; i++)
		free_large(pool->buckets[i]);
	for (unsigned c = SMALL_CLASSES; c < CLASS_COUNT; c++)
		free_large(pool->free[c]);
	while (pool->slabs) {
		struct slab *next = pool->slabs->next;

		free(pool->slabs);
		pool->slabs = next;
	}
	free(pool->buckets);
	free(pool);
}

static uint64_t mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(0xD6E8FEB86659FD93);
	return h ^ h >> 32;
}

static uint64_t hash_text(uint64_t seed, struct text_view t)
{
	uint64_t h = mix(seed, t.len), word;
	size_t i = 0;

	for (; i + 8 <= t.len; i += 8) {
		memcpy(&word, t.ptr + i, 8);
		h = mix(h, word);
	}
	word = 0;
	if (i < t.len)
		memcpy(&word, t.ptr + i, t.len - i);
	return mix(mix(h, word), seed);
}

static void grow(struct text_pool *pool)
{
	size_t count = pool->bucket_count * 2;
	struct pooled **buckets = calloc(count, sizeof *buckets);

	if (!buckets)
		return; /* longer chains are only slower */
	for (size_t i = 0; i < pool->bucket_count; i++) {
		for (struct pooled *p = pool->buckets[i], *next; p; p = next) {
			size_t to = p->hash & (count - 1);

			next = p->next;
			p->next = buckets[to];
			buckets[to] = p;
		}
	}
	free(pool->buckets);
	pool->buckets = buckets;
	pool->bucket_count = count;
}

/* Large blocks kept for later give way to what is needed now. */
static void release_kept(struct text_pool *pool)
{
	for (unsigned c = SMALL_CLASSES; c < CLASS_COUNT; c++) {
		while (pool->free[c] && SLAB_BYTES > pool->max_bytes - pool->held_bytes) {
			struct pooled *p = pool->free[c];

			pool->free[c] = p->next;
			pool->free_large_bytes -= class_bytes(c);
			pool->held_bytes -= class_bytes(c);
			free(p);
		}
	}
}

static bool cut_slab(struct text_pool *pool, unsigned c)
{
	size_t block = class_bytes(c);
	struct slab *s;

	release_kept(pool);
	if (SLAB_BYTES > pool->max_bytes - pool->held_bytes)
		return false;
	s = malloc(sizeof *s + SLAB_BYTES);
	if (!s)
		return false;
	s->next = pool->slabs;
	pool->slabs = s;
	pool->held_bytes += SLAB_BYTES;
	for (size_t at = 0; at + block <= SLAB_BYTES; at += block) {
		struct pooled *p = (struct pooled *)(void *)(s->data + at);

		p->size_class = (uint8_t)c;
		p->next = pool->free[c];
		pool->free[c] = p;
	}
	return true;
}

static struct pooled *new_large(struct text_pool *pool, unsigned c)
{
	size_t block = class_bytes(c);
	struct pooled *p;

	if (block > pool->max_bytes - pool->held_bytes)
		return NULL;
	p = malloc(block);
	if (!p)
		return NULL;
	p->size_class = (uint8_t)c;
	pool->held_bytes += block;
	return p;
}

static struct pooled *pop_free(struct text_pool *pool, unsigned c)
{
	struct pooled *p = pool->free[c];

	if (!p)
		return NULL;
	pool->free[c] = p->next;
	if (c >= SMALL_CLASSES)
		pool->free_large_bytes -= class_bytes(c);
	return p;
}

static struct pooled *take_block(struct text_pool *pool, unsigned c)
{
	struct pooled *p = pop_free(pool, c);

	if (!p && c >= SMALL_CLASSES)
		p = new_large(pool, c);
	else if (!p && cut_slab(pool, c))
		p = pop_free(pool, c);
	/* At the ceiling a larger free block is better than none. */
	for (unsigned larger = c + 1; !p && larger < CLASS_COUNT; larger++)
		p = pop_free(pool, larger);
	return p;
}

static struct pooled *find(struct text_pool *pool, uint64_t hash, struct text_view t)
{
	struct pooled *p = pool->buckets[hash & (pool->bucket_count - 1)];

	while (p && (p->hash != hash || p->len != t.len || memcmp(p->text, t.ptr, t.len) != 0))
		p = p->next;
	return p;
}

const struct pooled *text_pool_take(struct text_pool *pool, struct text_view text)
{
	uint64_t hash;
	struct pooled *p;
	unsigned c;

	if (text.len > TEXT_POOL_MAX_TEXT_BYTES)
		return NULL;
	if (!text.ptr)
		text.ptr = "";
	hash = hash_text(pool->seed, text);
	p = find(pool, hash, text);
	if (p) {
		p->refs++;
		return p;
	}
	c = class_of(offsetof(struct pooled, text) + text.len + 1);
	p = c < CLASS_COUNT ? take_block(pool, c) : NULL;
	if (!p)
		return NULL;
	if (pool->count >= pool->bucket_count)
		grow(pool);
	p->hash = hash;
	p->refs = 1;
	p->len = (uint32_t)text.len;
	memcpy(p->text, text.ptr, text.len);
	p->text[text.len] = '\0';
	p->next = pool->buckets[hash & (pool->bucket_count - 1)];
	pool->buckets[hash & (pool->bucket_count - 1)] = p;
	pool->count++;
	return p;
}

const struct pooled *text_pool_ref(const struct pooled *p)
{
	/* The pool hands out const views of what it owns; the count is its own business. */
	if (p)
		((struct pooled *)(uintptr_t)p)->refs++;
	return p;
}

static void unlink_text(struct text_pool *pool, struct pooled *p)
{
	struct pooled **at = &pool->buckets[p->hash & (pool->bucket_count - 1)];

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	pool->count--;
}

void text_pool_drop(struct text_pool *pool, const struct pooled *text)
{
	struct pooled *p = (struct pooled *)(uintptr_t)text;
	size_t block;

	if (!p || --p->refs)
		return;
	unlink_text(pool, p);
	block = class_bytes(p->size_class);
	if (p->size_class >= SMALL_CLASSES && pool->free_large_bytes + block > pool->max_bytes / KEPT_LARGE_PARTS) {
		pool->held_bytes -= block;
		free(p);
		return;
	}
	if (p->size_class >= SMALL_CLASSES)
		pool->free_large_bytes += block;
	p->next = pool->free[p->size_class];
	pool->free[p->size_class] = p;
}

size_t text_pool_held_bytes(const struct text_pool *pool)
{
	return pool->held_bytes;
}

size_t text_pool_count(const struct text_pool *pool)
{
	return pool->count;
}
