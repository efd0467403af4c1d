/* hash_index: hashes to ids, several per hash allowed; made once, then read only. Lives in the arena given. */
#ifndef VITRINE_ENGINE_HASH_INDEX_H
#define VITRINE_ENGINE_HASH_INDEX_H

#include "proto/base/arena.h"
#include "proto/base/status.h"

struct hash_item {
	uint32_t hash, id;
};

struct hash_index {
	uint32_t mask;
	const uint32_t *starts;              /* mask + 2 of them: bucket b is items[starts[b] .. starts[b + 1]) */
	const struct hash_item *items;
};

struct hash_range {
	const struct hash_item *at, *end;
};

/* Items of one bucket keep the order given. ST_LIMIT: more than 2^28 items. */
enum status hash_index_create(struct arena *a, const struct hash_item *items, size_t count, struct hash_index *out);

/* The candidates: those of them with this very hash are the ones meant. */
static inline struct hash_range hash_index_find(const struct hash_index *x, uint32_t hash)
{
	const uint32_t *start = &x->starts[hash & x->mask];

	return (struct hash_range){ x->items + start[0], x->items + start[1] };
}

#endif
