#include "policyd/engine/intern.h"

#include <stdlib.h>

void intern_init(struct intern *t)
{
	*t = (struct intern){ .entries = NULL };
}

void intern_release(struct intern *t)
{
	free(t->entries);
	intern_init(t);
}

uint32_t intern_find(const struct intern *t, uint32_t hash, intern_same_fn *same, void *ctx, const void *key)
{
	if (!t->cap)
		return UINT32_MAX;
	for (size_t i = hash & (t->cap - 1); t->entries[i].id_plus_1; i = (i + 1) & (t->cap - 1)) {
		const struct intern_entry *e = &t->entries[i];

		if (e->hash == hash && same(ctx, e->id_plus_1 - 1, key))
			return e->id_plus_1 - 1;
	}
	return UINT32_MAX;
}

static void place(struct intern *t, struct intern_entry e)
{
	size_t i = e.hash & (t->cap - 1);

	while (t->entries[i].id_plus_1)
		i = (i + 1) & (t->cap - 1);
	t->entries[i] = e;
}

static bool grow(struct intern *t)
{
	struct intern bigger = { .cap = t->cap ? t->cap * 2 : 64, .count = t->count };

	bigger.entries = calloc(bigger.cap, sizeof *bigger.entries);
	if (!bigger.entries)
		return false;
	for (size_t i = 0; i < t->cap; i++) {
		if (t->entries[i].id_plus_1)
			place(&bigger, t->entries[i]);
	}
	free(t->entries);
	*t = bigger;
	return true;
}

bool intern_add(struct intern *t, uint32_t hash, uint32_t id)
{
	if (t->count * 2 >= t->cap && !grow(t))
		return false;
	place(t, (struct intern_entry){ hash, id + 1 });
	t->count++;
	return true;
}
