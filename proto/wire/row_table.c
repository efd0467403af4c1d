#include "proto/wire/row_table.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/arena.h"

enum { FIRST_CAP = 64 };

struct row {
	struct stream_provider content;
	uint32_t next;           /* older row of the same bucket; 0: none */
};

struct row_table {
	struct row *rows;        /* [0] is never used */
	uint32_t *buckets;       /* row number, 0: empty; bucket_count is a power of two */
	uint32_t count, cap, max_rows, bucket_count;
	uint32_t last_found;     /* events come in runs of one provider */
	struct arena *text;
};

struct row_table *row_table_create(uint32_t max_rows, size_t max_text_bytes)
{
	struct row_table *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->max_rows = max_rows;
	t->bucket_count = 1;
	while (t->bucket_count < max_rows)
		t->bucket_count *= 2;
	t->buckets = calloc(t->bucket_count, sizeof *t->buckets);
	t->text = arena_create(max_text_bytes);
	if (t->buckets && t->text)
		return t;
	row_table_destroy(t);
	return NULL;
}

void row_table_destroy(struct row_table *t)
{
	if (!t)
		return;
	free(t->rows);
	free(t->buckets);
	arena_destroy(t->text);
	free(t);
}

void row_table_clear(struct row_table *t)
{
	memset(t->buckets, 0, t->bucket_count * sizeof *t->buckets);
	t->count = 0;
	t->last_found = 0;
	arena_reset(t->text);
}

/* By the GUID where there is one, since a record may leave the name out; FNV-1a. */
static uint32_t bucket_of(const struct row_table *t, const struct stream_provider *row)
{
	bool by_name = guid_is_zero(&row->guid);
	const uint8_t *p = by_name ? (const uint8_t *)row->name.ptr : row->guid.b;
	size_t len = by_name ? row->name.len : sizeof row->guid.b;
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * 16777619u;
	return (hash ^ hash >> 15) & (t->bucket_count - 1);
}

static bool grow(struct row_table *t)
{
	uint32_t cap = t->cap ? t->cap * 2 : FIRST_CAP;
	struct row *grown;

	if (t->count + 1 < t->cap)
		return true;
	grown = realloc(t->rows, cap * sizeof *grown);
	if (!grown)
		return false;
	t->rows = grown;
	t->cap = cap;
	return true;
}

enum status row_table_append(struct row_table *t, const struct stream_provider *row)
{
	uint32_t *bucket = &t->buckets[bucket_of(t, row)];
	char *name = "";
	struct row *place;

	if (t->count == t->max_rows)
		return ST_LIMIT;
	if (!grow(t))
		return ST_NOMEM;
	if (row->name.len && !(name = arena_strndup(t->text, row->name.ptr, row->name.len)))
		return ST_LIMIT;
	place = &t->rows[++t->count];
	place->content = (struct stream_provider){ .guid = row->guid, .name = { name, row->name.len } };
	place->next = *bucket;
	*bucket = t->count;
	return ST_OK;
}

const struct stream_provider *row_table_get(const struct row_table *t, uint32_t row)
{
	return row > 0 && row <= t->count ? &t->rows[row].content : NULL;
}

static bool says_the_same(const struct stream_provider *row, const struct stream_provider *wanted)
{
	if (!guid_equal(&row->guid, &wanted->guid))
		return false;
	if (wanted->name.len == 0)
		return !guid_is_zero(&wanted->guid) || row->name.len == 0;
	return row->name.len == wanted->name.len && memcmp(row->name.ptr, wanted->name.ptr, wanted->name.len) == 0;
}

uint32_t row_table_find(struct row_table *t, const struct stream_provider *wanted)
{
	if (t->last_found && says_the_same(&t->rows[t->last_found].content, wanted))
		return t->last_found;
	for (uint32_t i = t->buckets[bucket_of(t, wanted)]; i; i = t->rows[i].next) {
		if (!says_the_same(&t->rows[i].content, wanted))
			continue;
		t->last_found = i;
		return i;
	}
	return 0;
}
