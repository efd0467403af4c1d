/* lru_map: 64-bit keys (kernel object addresses, thread ids) of several machines to a small value, bounded; when full, the
 * entry used longest ago gives way. Grows by doubling up to the bound, then allocates nothing. Single-threaded. */
#ifndef VITRINE_STATE_LRU_MAP_H
#define VITRINE_STATE_LRU_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lru_map;

struct lru_key {
	uint64_t id;
	uint32_t space; /* the machine: an address or a thread id means something within one */
};

union lru_value {
	const void *ptr;
	uint64_t number;
};

/* hash_seed: random where a peer chooses the keys. NULL: out of memory. */
struct lru_map *lru_map_create(uint32_t max_entries, uint64_t hash_seed);
void lru_map_destroy(struct lru_map *m);	      /* values are the owner's: see lru_map_pop_oldest */

bool lru_map_get(struct lru_map *m, struct lru_key key, union lru_value *out); /* counts as a use */

enum lru_put {
	LRU_STORED,   /* nothing gave way */
	LRU_REPLACED, /* *old: the key's former value */
	LRU_EVICTED,  /* *old: the value of another key that gave way */
	LRU_NOMEM,    /* not stored */
};
enum lru_put lru_map_put(struct lru_map *m, struct lru_key key, union lru_value value, union lru_value *old);

bool lru_map_remove(struct lru_map *m, struct lru_key key, union lru_value *old);
bool lru_map_pop_oldest(struct lru_map *m, union lru_value *old); /* false: empty */
uint32_t lru_map_count(const struct lru_map *m);

#endif
