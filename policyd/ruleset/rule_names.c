#include "policyd/ruleset/rule_names.h"

#include <string.h>

enum { FIRST_CAP = 64 };

/* FNV-1a, 64 bit: names come from rules files, which their owner could make collide only against himself. */
static uint64_t hash(const char *name, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)name[i]) * UINT64_C(0x100000001b3);
	return h;
}

void rule_names_init(struct rule_names *t, struct arena *arena)
{
	*t = (struct rule_names){ .arena = arena };
}

/* The slot of the name, or the empty one where it would go. cap is a power of two and never full. */
static struct rule_name_entry *find_slot(struct rule_name_entry *slots, size_t cap, const char *name, size_t len)
{
	size_t i = (size_t)hash(name, len) & (cap - 1);

	while (slots[i].name && (slots[i].len != len || memcmp(slots[i].name, name, len) != 0))
		i = (i + 1) & (cap - 1);
	return &slots[i];
}

void *rule_names_get(const struct rule_names *t, const char *name, size_t len)
{
	return t->cap ? find_slot(t->slots, t->cap, name, len)->value : NULL;
}

static bool grow(struct rule_names *t)
{
	size_t cap = t->cap ? t->cap * 2 : FIRST_CAP;
	struct rule_name_entry *slots = arena_zalloc(t->arena, cap * sizeof *slots);

	if (!slots)
		return false;
	for (size_t i = 0; i < t->cap; i++)
		if (t->slots[i].name)
			*find_slot(slots, cap, t->slots[i].name, t->slots[i].len) = t->slots[i];
	t->slots = slots;
	t->cap = cap;
	return true;
}

bool rule_names_put(struct rule_names *t, const char *name, size_t len, void *value)
{
	if (t->count * 4 >= t->cap * 3 && !grow(t))
		return false;
	*find_slot(t->slots, t->cap, name, len) = (struct rule_name_entry){ .name = name, .len = len, .value = value };
	t->count++;
	return true;
}
