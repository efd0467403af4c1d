#include "policyd/engine/index_build.h"

static struct variant *variants(struct emit *e)
{
	return (struct variant *)(void *)e->variants.data;
}

static const struct variant_info *infos(const struct emit *e)
{
	return (const struct variant_info *)(const void *)e->variant_info.data;
}

static enum status make_part(struct emit *e, const uint32_t *ids, size_t count, const struct part **out)
{
	struct part *p = arena_zalloc(e->keep, sizeof *p);
	uint32_t *always = arena_alloc(e->keep, (count + 1) * sizeof *always);

	*out = NULL;
	if (!p || !always)
		return ST_NOMEM;
	for (size_t i = 0; i < count; i++)
		always[i] = ids[i];
	p->always = always;
	p->always_count = (uint32_t)count;
	*out = p;
	return ST_OK;
}

/* Ids of the variants filed under this type alone, or (type == type_count) under all types. */
static size_t select_variants(struct emit *e, size_t type, uint32_t *ids)
{
	size_t total = e->variants.len / sizeof(struct variant), count = 0;

	for (size_t i = 0; i < total; i++) {
		const struct variant_info *info = &infos(e)[i];
		bool here = type == e->type_count ? info->all_types : !info->all_types && (info->types[type / 64] >> type % 64 & 1);

		if (here)
			ids[count++] = (uint32_t)i;
	}
	return count;
}

enum status index_build(struct emit *e)
{
	size_t total = e->variants.len / sizeof(struct variant);
	uint32_t *ids = arena_alloc(e->scratch, (total + 1) * sizeof *ids);
	const struct part **parts = arena_zalloc(e->keep, (e->type_count + 1) * sizeof(struct part *));
	enum status st = ST_OK;

	if (!ids || !parts)
		return ST_NOMEM;
	for (size_t i = 0; i < total && st == ST_OK; i++)
		st = emit_code(e, infos(e)[i].root, NULL, 0, &variants(e)[i].entry);
	for (size_t t = 0; t <= e->type_count && st == ST_OK; t++) {
		size_t count = select_variants(e, t, ids);

		if (count)
			st = make_part(e, ids, count, &parts[t]);
	}
	e->p->common = parts[e->type_count];
	e->p->parts = parts;
	return st;
}
