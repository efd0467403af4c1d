/* name_table: kernel object address -> path, for file objects and registry keys. Bounded; the name used longest ago
 * gives way, also when the text pool is full. Single-threaded. */
#ifndef VITRINE_STATE_NAME_TABLE_H
#define VITRINE_STATE_NAME_TABLE_H

#include "policyd/state/lru_map.h"
#include "policyd/state/text_pool.h"

struct name_table;

struct name_stats {
	uint64_t entries, hits, misses, evictions, refused;
};

/* pool: borrowed, must outlive the table. NULL: out of memory. */
struct name_table *name_table_create(uint32_t max_entries, struct text_pool *pool, uint64_t hash_seed);
void name_table_destroy(struct name_table *t);

/* Object id 0 names nothing. The stored text, alive until the next call that changes the table; NULL: not stored. */
const struct pooled *name_table_put(struct name_table *t, struct lru_key object, struct text_view name);
const struct pooled *name_table_get(struct name_table *t, struct lru_key object); /* NULL: not known; counted */
void name_table_remove(struct name_table *t, struct lru_key object);
void name_table_clear(struct name_table *t);
void name_table_get_stats(const struct name_table *t, struct name_stats *out);

#endif
