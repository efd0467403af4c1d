#include "policyd/ruletest/shadow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/fields/fields.h"
#include "policyd/ruletest/shadow_parts.h"

enum { SHADOW_ARENA_BYTES = 8 << 20 };    /* 300 rows of 80 bytes and an index over their names */

static const struct {
	const char *field, *from;
	enum derivation how;
} rules_of_thumb[] = {
	{ "fd.name", "fs.path.name", DERIVE_SAME },
	{ "fs.path.nameraw", "fs.path.name", DERIVE_SAME },
	{ "fs.path.targetraw", "fs.path.target", DERIVE_SAME },
	{ "fd.filename", "fs.path.name", DERIVE_LAST_PART },
	{ "fd.directory", "fs.path.name", DERIVE_FOLDER },
	{ "proc.name", "proc.exepath", DERIVE_LAST_PART },
	{ "proc.pname", "proc.pexepath", DERIVE_LAST_PART },
	{ "proc.exeline", "proc.cmdline", DERIVE_SAME },
	{ "proc.sid", "proc.session", DERIVE_SAME },
	{ "proc.session", "proc.sid", DERIVE_SAME },
	{ "module.name", "module.path", DERIVE_LAST_PART },
	{ "target.name", "target.exepath", DERIVE_LAST_PART },
	{ "fd.lnet", "fd.lip", DERIVE_SAME },
	{ "fd.rnet", "fd.rip", DERIVE_SAME },
};

static bool add_derived(struct shadow *s)
{
	for (size_t i = 0; i < sizeof rules_of_thumb / sizeof rules_of_thumb[0]; i++) {
		struct derived *d = &s->derived[s->derived_count];
		const char *name = rules_of_thumb[i].field, *from = rules_of_thumb[i].from;

		d->field = field_find(&s->vocabulary, s->index, name, strlen(name));
		d->from = field_find(&s->vocabulary, s->index, from, strlen(from));
		d->how = rules_of_thumb[i].how;
		if (!d->field || !d->from)
			return false;
		s->derived_count++;
	}
	return true;
}

/* "proc.aname" -> "proc.name", "proc.pname" */
static void add_ancestry(struct shadow *s)
{
	for (size_t i = 0; i < s->vocabulary.field_count; i++) {
		const struct field *f = &s->vocabulary.fields[i];
		struct ancestry *a = &s->ancestry[s->ancestry_count];
		char name[128];
		int n;

		if (!(f->flags & FIELD_ANCESTOR) || strncmp(f->name, "proc.a", 6) != 0 ||
			s->ancestry_count == SHADOW_MAX_ANCESTRY)
			continue;
		a->any = f;
		n = snprintf(name, sizeof name, "proc.%s", f->name + 6);
		a->own = field_find(&s->vocabulary, s->index, name, (size_t)n);
		n = snprintf(name, sizeof name, "proc.p%s", f->name + 6);
		a->parent = field_find(&s->vocabulary, s->index, name, (size_t)n);
		s->ancestry_count++;
	}
}

static bool copy_rows(struct shadow *s)
{
	const struct vocabulary *real = fields_vocabulary();
	unsigned char *rows = arena_alloc(s->arena, real->field_count * sizeof *real->fields);

	s->vocabulary = *real;
	if (!rows)
		return false;
	for (size_t i = 0; i < real->field_count; i++) {
		struct field row = real->fields[i];

		row.get = shadow_get;
		memcpy(rows + i * sizeof row, &row, sizeof row);
	}
	s->vocabulary.fields = (const struct field *)(const void *)rows;
	s->index = field_index_create(&s->vocabulary, s->arena);
	return s->index != NULL;
}

struct shadow *shadow_create(void)
{
	struct shadow *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->arena = arena_create(SHADOW_ARENA_BYTES);
	if (s->arena && copy_rows(s) && add_derived(s)) {
		add_ancestry(s);
		return s;
	}
	shadow_destroy(s);
	return NULL;
}

void shadow_destroy(struct shadow *s)
{
	if (!s)
		return;
	arena_destroy(s->arena);
	free(s);
}

const struct vocabulary *shadow_vocabulary(const struct shadow *s)
{
	return &s->vocabulary;
}
