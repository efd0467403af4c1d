/* Fields by name. */
#include <string.h>

#include "policyd/engine/condition.h"

struct field_index {
	uint32_t mask;
	uint32_t *slots;      /* field number + 1; 0: free */
};

static uint32_t name_hash(const char *name, size_t len)
{
	uint32_t h = 2166136261u;    /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)name[i]) * 16777619u;
	return h;
}

struct field_index *field_index_create(const struct vocabulary *v, struct arena *a)
{
	struct field_index *index = arena_alloc(a, sizeof *index);
	size_t size = 16;

	while (size < v->field_count * 2)
		size *= 2;
	if (!index)
		return NULL;
	index->mask = (uint32_t)(size - 1);
	index->slots = arena_zalloc(a, size * sizeof *index->slots);
	if (!index->slots)
		return NULL;
	for (size_t i = 0; i < v->field_count; i++) {
		uint32_t at = name_hash(v->fields[i].name, strlen(v->fields[i].name)) & index->mask;

		while (index->slots[at])
			at = (at + 1) & index->mask;
		index->slots[at] = (uint32_t)i + 1;
	}
	return index;
}

static bool is_named(const struct field *f, const char *name, size_t len)
{
	return f->name[0] == name[0] && strncmp(f->name, name, len) == 0 && f->name[len] == '\0';
}

const struct field *field_find(const struct vocabulary *v, const struct field_index *index, const char *name, size_t len)
{
	if (!index) {
		for (size_t i = 0; i < v->field_count; i++)
			if (is_named(&v->fields[i], name, len))
				return &v->fields[i];
		return NULL;
	}
	for (uint32_t at = name_hash(name, len) & index->mask; index->slots[at]; at = (at + 1) & index->mask) {
		const struct field *f = &v->fields[index->slots[at] - 1];

		if (is_named(f, name, len))
			return f;
	}
	return NULL;
}
