#include "policyd/state/lru_map.h"

#include <stdlib.h>

enum { FIRST_ENTRIES = 256 };
#define NONE UINT32_MAX

struct entry {
	uint64_t id;
	union lru_value value;
	uint32_t space;
	uint32_t chain; /* next with the same bucket, or next free */
	uint32_t newer, older;
};

struct lru_map {
	struct entry *entries;
	uint32_t *buckets; /* twice as many as entries */
	uint32_t capacity, count, max_entries;
	uint32_t free, newest, oldest;
	uint64_t seed;
};

static uint32_t bucket_of(const struct lru_map *m, uint64_t id, uint32_t space)
{
	/* One multiplication can be undone bit by bit; what goes into the second depends on the seed. */
	uint64_t h = (id ^ m->seed) * UINT64_C(0x9E3779B97F4A7C15);

	h = (h ^ h >> 32 ^ m->seed >> 17 ^ space) * UINT64_C(0xD6E8FEB86659FD93);
	return (uint32_t)(h >> 32) & (m->capacity * 2 - 1);
}

static bool resize(struct lru_map *m, uint32_t capacity)
{
	struct entry *entries = realloc(m->entries, (size_t)capacity * sizeof *entries);
	uint32_t *buckets;

	if (!entries)
		return false;
	m->entries = entries;
	buckets = malloc((size_t)capacity * 2 * sizeof *buckets);
	if (!buckets)
		return false;
	free(m->buckets);
	m->buckets = buckets;
	for (uint32_t i = m->capacity; i < capacity; i++)
		entries[i].chain = i + 1 < capacity ? i + 1 : m->free;
	m->free = m->capacity;
	m->capacity = capacity;
	for (uint32_t i = 0; i < capacity * 2; i++)
		buckets[i] = NONE;
	for (uint32_t i = m->newest; i != NONE; i = entries[i].older) {
		uint32_t b = bucket_of(m, entries[i].id, entries[i].space);

		entries[i].chain = buckets[b];
		buckets[b] = i;
	}
	return true;
}

struct lru_map *lru_map_create(uint32_t max_entries, uint64_t hash_seed)
{
	struct lru_map *m = calloc(1, sizeof *m);
	uint32_t first = FIRST_ENTRIES;

	if (!m)
		return NULL;
	m->max_entries = max_entries ? max_entries : 1;
	m->seed = hash_seed;
	m->free = m->newest = m->oldest = NONE;
	while (first > m->max_entries)
		first /= 2;
	if (!resize(m, first)) {
		lru_map_destroy(m);
		return NULL;
	}
	return m;
}

void lru_map_destroy(struct lru_map *m)
{
	if (!m)
		return;
	free(m->entries);
	free(m->buckets);
	free(m);
}

static uint32_t find(const struct lru_map *m, struct lru_key key)
{
	uint32_t i = m->buckets[bucket_of(m, key.id, key.space)];

	while (i != NONE && (m->entries[i].id != key.id || m->entries[i].space != key.space))
		i = m->entries[i].chain;
	return i;
}

static void unlink_age(struct lru_map *m, uint32_t i)
{
	struct entry *e = &m->entries[i];

	if (e->newer != NONE)
		m->entries[e->newer].older = e->older;
	else
		m->newest = e->older;
	if (e->older != NONE)
		m->entries[e->older].newer = e->newer;
	else
		m->oldest = e->newer;
}

static void link_newest(struct lru_map *m, uint32_t i)
{
	m->entries[i].newer = NONE;
	m->entries[i].older = m->newest;
	if (m->newest != NONE)
		m->entries[m->newest].newer = i;
	else
		m->oldest = i;
	m->newest = i;
}

static void drop(struct lru_map *m, uint32_t i)
{
	uint32_t *at = &m->buckets[bucket_of(m, m->entries[i].id, m->entries[i].space)];

	while (*at != i)
		at = &m->entries[*at].chain;
	*at = m->entries[i].chain;
	unlink_age(m, i);
	m->entries[i].chain = m->free;
	m->free = i;
	m->count--;
}

bool lru_map_get(struct lru_map *m, struct lru_key key, union lru_value *out)
{
	uint32_t i = find(m, key);

	if (i == NONE)
		return false;
	if (i != m->newest) {
		unlink_age(m, i);
		link_newest(m, i);
	}
	*out = m->entries[i].value;
	return true;
}

enum lru_put lru_map_put(struct lru_map *m, struct lru_key key, union lru_value value, union lru_value *old)
{
	uint32_t i = find(m, key), bucket;
	enum lru_put result = LRU_STORED;

	if (i != NONE) {
		*old = m->entries[i].value;
		m->entries[i].value = value;
		unlink_age(m, i);
		link_newest(m, i);
		return LRU_REPLACED;
	}
	if (m->count >= m->max_entries) {
		if (!lru_map_pop_oldest(m, old))
			return LRU_NOMEM;
		result = LRU_EVICTED;
	} else if (m->free == NONE && !resize(m, m->capacity * 2)) {
		return LRU_NOMEM;
	}
	i = m->free;
	m->free = m->entries[i].chain;
	m->entries[i].id = key.id;
	m->entries[i].space = key.space;
	m->entries[i].value = value;
	bucket = bucket_of(m, key.id, key.space);
	m->entries[i].chain = m->buckets[bucket];
	m->buckets[bucket] = i;
	link_newest(m, i);
	m->count++;
	return result;
}

bool lru_map_remove(struct lru_map *m, struct lru_key key, union lru_value *old)
{
	uint32_t i = find(m, key);

	if (i == NONE)
		return false;
	*old = m->entries[i].value;
	drop(m, i);
	return true;
}

bool lru_map_pop_oldest(struct lru_map *m, union lru_value *old)
{
	if (m->oldest == NONE)
		return false;
	*old = m->entries[m->oldest].value;
	drop(m, m->oldest);
	return true;
}

uint32_t lru_map_count(const struct lru_map *m)
{
	return m->count;
}
