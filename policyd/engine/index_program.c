/* All parts: variants by event type, each woken by its guard. */
#include <stdlib.h>

#include "policyd/engine/index_build.h"

static struct variant *variants(struct emit *e)
{
	return (struct variant *)(void *)e->variants.data;
}

static int by_id(const void *left, const void *right)
{
	uint32_t x = *(const uint32_t *)left, y = *(const uint32_t *)right;

	return x < y ? -1 : x > y;
}

/* Guard and code of one variant. */
static enum status make_variant(struct index_build *b, size_t i)
{
	const struct cond_node *root = index_infos(b->e)[i].root;
	struct guard *g = &b->guards[i];
	uint32_t *covered;
	size_t count = 0;

	if (!index_guard(b, root, g))
		return ST_NOMEM;
	variants(b->e)[i].guarded = g->found;
	variants(b->e)[i].first_guard = (uint32_t)(b->e->guards.len / sizeof *g->preds);
	variants(b->e)[i].guard_count = (uint32_t)g->count;
	if (g->count && !buf_append(&b->e->guards, g->preds, g->count * sizeof *g->preds))
		return ST_NOMEM;
	covered = arena_alloc(b->e->scratch, (g->count + 1) * sizeof *covered);
	if (!covered)
		return ST_NOMEM;
	for (size_t k = 0; k < g->count; k++) {
		if (b->keys[g->preds[k]].exact)
			covered[count++] = g->preds[k];
	}
	if (count)
		qsort(covered, count, sizeof *covered, by_id);
	return emit_code(b->e, root, covered, count, &variants(b->e)[i].entry);
}

/* Ids of the variants filed under this type alone, or (type == type_count) under all types. */
static size_t select_variants(struct emit *e, size_t type, uint32_t *ids)
{
	size_t total = e->variants.len / sizeof(struct variant), count = 0;

	for (size_t i = 0; i < total; i++) {
		const struct variant_info *info = &index_infos(e)[i];
		bool here = type == e->type_count ? info->all_types : !info->all_types && (info->types[type / 64] >> type % 64 & 1);

		if (here)
			ids[count++] = (uint32_t)i;
	}
	return count;
}

enum status index_program(struct emit *e)
{
	size_t total = e->variants.len / sizeof(struct variant), preds = e->preds.len / sizeof(struct pred);
	uint32_t *ids = arena_alloc(e->scratch, (total + 1) * sizeof *ids);
	const struct part **parts = arena_zalloc(e->keep, (e->type_count + 1) * sizeof(struct part *));
	struct index_build b = { .e = e };
	enum status st = ST_OK;

	index_note_common(&b);
	b.keys = arena_zalloc(e->scratch, (preds + 1) * sizeof *b.keys);
	b.guards = arena_zalloc(e->scratch, (total + 1) * sizeof *b.guards);
	if (!ids || !parts || !b.keys || !b.guards)
		return ST_NOMEM;
	for (size_t i = 0; i < total && st == ST_OK; i++)
		st = make_variant(&b, i);
	for (size_t t = 0; t <= e->type_count && st == ST_OK; t++) {
		size_t count = select_variants(e, t, ids);

		if (count)
			st = index_part(&b, ids, count, &parts[t]);
	}
	e->p->common = parts[e->type_count];
	e->p->parts = parts;
	e->p->trigger_count = b.stamps;
	return st;
}
