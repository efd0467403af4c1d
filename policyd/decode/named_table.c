#include "policyd/decode/named.h"

#include <stdlib.h>

#include "policyd/decode/layout.h"
#include "proto/base/text.h"

struct entry {
	const struct named_layout *layout;   /* NULL: free */
	uint32_t hash;
};

/* An open-addressed table, at most half full, built once and then only read; and the rows made from raw layouts. */
struct named_table {
	struct entry *entries;
	size_t mask;
	struct named_layout *derived;
	struct named_row *rows;
	size_t derived_count, row_count;
};

static uint32_t hash_of(const char *provider, size_t len, uint16_t id)
{
	uint32_t h = 2166136261u ^ id;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)text_fold(provider[i])) * 16777619u;
	return h ^ h >> 15;
}

const struct named_layout *named_table_find(const struct named_table *t, struct text_view provider, uint16_t id)
{
	uint32_t hash = hash_of(provider.ptr, provider.len, id);

	for (size_t i = hash & t->mask; t->entries[i].layout; i = (i + 1) & t->mask) {
		const struct named_layout *l = t->entries[i].layout;

		if (t->entries[i].hash == hash && l->id == id &&
			text_equal_fold(l->provider, strlen(l->provider), provider.ptr, provider.len))
			return l;
	}
	return NULL;
}

/* The first insert of a (provider, id) stays. */
static void insert(struct named_table *t, const struct named_layout *l)
{
	size_t len = strlen(l->provider);
	uint32_t hash = hash_of(l->provider, len, l->id);
	size_t i = hash & t->mask;

	if (named_table_find(t, (struct text_view){ l->provider, len }, l->id))
		return;
	while (t->entries[i].layout)
		i = (i + 1) & t->mask;
	t->entries[i] = (struct entry){ .layout = l, .hash = hash };
}

static bool has_row(const struct named_layout *l, const char *name)
{
	for (size_t i = 0; i < l->row_count; i++) {
		if (strcmp(l->rows[i].name, name) == 0)
			return true;
	}
	return false;
}

static void add_rows(struct named_table *t, struct named_layout *l, const struct layout *raw)
{
	for (size_t i = 0; i < raw->field_count; i++) {
		const struct layout_field *f = &raw->fields[i];

		if (f->slot == SLOT_NONE || l->row_count == EVENT_MAX_FIELDS || has_row(l, f->name))
			continue;
		t->rows[t->row_count++] = (struct named_row){ .name = f->name, .slot = f->slot };
		l->row_count++;
	}
}

/* Layouts first .. last of one id; the newest says the kind, all versions give rows. "-" means none in every log. */
static void derive(struct named_table *t, const struct provider *p, size_t first, size_t last)
{
	const struct layout *newest = &p->layouts[last];
	struct named_layout *l = &t->derived[t->derived_count++];

	*l = (struct named_layout){ .provider = p->name, .id = newest->id, .kind = newest->kind,
		.flags = (uint16_t)(newest->flags | LAYOUT_DASH), .name = newest->name, .rows = &t->rows[t->row_count] };
	for (size_t i = last + 1; i-- > first;)
		add_rows(t, l, &p->layouts[i]);
	if (l->kind == EVENT_NONE)
		l->kind = EVENT_log;
	insert(t, l);
}

static void derive_provider(struct named_table *t, const struct provider *p)
{
	size_t first = 0;

	for (size_t i = 1; !p->classic && i <= p->layout_count; i++) {
		if (i < p->layout_count && p->layouts[i].id == p->layouts[first].id)
			continue;
		derive(t, p, first, i - 1);
		first = i;
	}
}

struct named_table *named_table_create(void)
{
	struct named_table *t = calloc(1, sizeof *t);
	size_t layouts = 0, fields = 0, written = 0, size = 16;

	if (!t)
		return NULL;
	for (size_t i = 0; i < named_provider_count; i++)
		written += named_providers[i]->layout_count;
	for (size_t i = 0; i < provider_count; i++) {
		layouts += providers[i]->layout_count;
		for (size_t k = 0; k < providers[i]->layout_count; k++)
			fields += providers[i]->layouts[k].field_count;
	}
	while (size < (layouts + written) * 2)
		size *= 2;
	t->mask = size - 1;
	t->entries = calloc(size, sizeof *t->entries);
	t->derived = calloc(layouts, sizeof *t->derived);
	t->rows = calloc(fields, sizeof *t->rows);
	if (!t->entries || !t->derived || !t->rows) {
		named_table_destroy(t);
		return NULL;
	}
	for (size_t i = 0; i < named_provider_count; i++) {
		for (size_t k = 0; k < named_providers[i]->layout_count; k++)
			insert(t, &named_providers[i]->layouts[k]);
	}
	for (size_t i = 0; i < provider_count; i++)
		derive_provider(t, providers[i]);
	return t;
}

void named_table_destroy(struct named_table *t)
{
	if (!t)
		return;
	free(t->entries);
	free(t->derived);
	free(t->rows);
	free(t);
}
