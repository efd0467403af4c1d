#include "policyd/engine/hash_index.h"

enum { HASH_INDEX_MAX_ITEMS = 1 << 28 };    /* keeps bucket counts in 32 bits; far above what a rules file can hold */

enum status hash_index_create(struct arena *a, const struct hash_item *items, size_t count, struct hash_index *out)
{
	uint32_t buckets = 4, *starts;
	struct hash_item *sorted;

	if (count > HASH_INDEX_MAX_ITEMS)
		return ST_LIMIT;
	while (buckets < count)
		buckets *= 2;
	starts = arena_zalloc(a, ((size_t)buckets + 2) * sizeof *starts);
	sorted = arena_alloc(a, (count + 1) * sizeof *sorted);
	if (!starts || !sorted)
		return ST_NOMEM;
	/* Counting sort: starts is shifted by one while filling, so that it ends as the starts proper. */
	for (size_t i = 0; i < count; i++)
		starts[(items[i].hash & (buckets - 1)) + 2]++;
	for (uint32_t b = 2; b < buckets + 2; b++)
		starts[b] += starts[b - 1];
	for (size_t i = 0; i < count; i++)
		sorted[starts[(items[i].hash & (buckets - 1)) + 1]++] = items[i];
	out->mask = buckets - 1;
	out->starts = starts;
	out->items = sorted;
	return ST_OK;
}
