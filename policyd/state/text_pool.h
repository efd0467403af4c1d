/* text_pool: each distinct text once, counted by reference, in recycled storage under a ceiling. A steady load
 * allocates nothing. Single-threaded. */
#ifndef VITRINE_STATE_TEXT_POOL_H
#define VITRINE_STATE_TEXT_POOL_H

#include "proto/record.h"

struct text_pool;

enum { TEXT_POOL_MAX_TEXT_BYTES = 128 * 1024 - 64 }; /* 32 Ki UTF-16 units, the longest command line, are 96 KiB */

struct pooled { /* immutable; lives while a reference is held */
	struct pooled *next;
	uint64_t hash;
	uint32_t refs;
	uint32_t len;
	uint8_t size_class;
	char text[]; /* len bytes, then a NUL */
};

struct text_pool *text_pool_create(size_t max_bytes, uint64_t hash_seed); /* NULL: out of memory */
void text_pool_destroy(struct text_pool *pool);

/* One reference to the pooled form of the text. NULL: too long, ceiling reached, or out of memory. */
const struct pooled *text_pool_take(struct text_pool *pool, struct text_view text);
const struct pooled *text_pool_ref(const struct pooled *p);	     /* NULL is fine */
void text_pool_drop(struct text_pool *pool, const struct pooled *p); /* NULL is fine */

size_t text_pool_held_bytes(const struct text_pool *pool);
size_t text_pool_count(const struct text_pool *pool); /* distinct texts */

static inline struct text_view pooled_view(const struct pooled *p)
{
	return p ? (struct text_view){ .ptr = p->text, .len = p->len } : (struct text_view){ .ptr = "", .len = 0 };
}

#endif
