#include "policyd/state/name_table.h"

#include <stdlib.h>

enum { MAX_EVICTIONS_FOR_TEXT = 32 }; /* then the pool is full of something else; do not empty the table for it */

struct name_table {
	struct lru_map *map;
	struct text_pool *pool;
	struct name_stats stats;
};

struct name_table *name_table_create(uint32_t max_entries, struct text_pool *pool, uint64_t hash_seed)
{
	struct name_table *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->pool = pool;
	t->map = lru_map_create(max_entries, hash_seed);
	if (!t->map) {
		free(t);
		return NULL;
	}
	return t;
}

void name_table_clear(struct name_table *t)
{
	union lru_value old;

	while (lru_map_pop_oldest(t->map, &old))
		text_pool_drop(t->pool, old.ptr);
}

void name_table_destroy(struct name_table *t)
{
	if (!t)
		return;
	name_table_clear(t);
	lru_map_destroy(t->map);
	free(t);
}

static const struct pooled *take_text(struct name_table *t, struct text_view name)
{
	const struct pooled *text = text_pool_take(t->pool, name);
	union lru_value old;

	for (int i = 0; !text && i < MAX_EVICTIONS_FOR_TEXT && lru_map_pop_oldest(t->map, &old); i++) {
		text_pool_drop(t->pool, old.ptr);
		t->stats.evictions++;
		text = text_pool_take(t->pool, name);
	}
	return text;
}

const struct pooled *name_table_put(struct name_table *t, struct lru_key object, struct text_view name)
{
	union lru_value value, old = { .ptr = NULL };
	enum lru_put put;

	if (!object.id)
		return NULL;
	value.ptr = take_text(t, name);
	if (!value.ptr) {
		name_table_remove(t, object); /* no name is better than a former object's */
		t->stats.refused++;
		return NULL;
	}
	put = lru_map_put(t->map, object, value, &old);
	if (put == LRU_NOMEM) {
		text_pool_drop(t->pool, value.ptr);
		t->stats.refused++;
		return NULL;
	}
	if (put == LRU_EVICTED)
		t->stats.evictions++;
	if (put != LRU_STORED)
		text_pool_drop(t->pool, old.ptr);
	return value.ptr;
}

const struct pooled *name_table_get(struct name_table *t, struct lru_key object)
{
	union lru_value value;

	if (!object.id || !lru_map_get(t->map, object, &value)) {
		t->stats.misses++;
		return NULL;
	}
	t->stats.hits++;
	return value.ptr;
}

void name_table_remove(struct name_table *t, struct lru_key object)
{
	union lru_value old;

	if (lru_map_remove(t->map, object, &old))
		text_pool_drop(t->pool, old.ptr);
}

void name_table_get_stats(const struct name_table *t, struct name_stats *out)
{
	*out = t->stats;
	out->entries = lru_map_count(t->map);
}
