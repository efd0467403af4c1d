#include "tests/support/field_value.h"

#include <stdlib.h>

#include "policyd/engine/value_text.h"

enum { SCRATCH_BYTES = 4 << 20 };

bool field_reader_init(struct field_reader *r, struct world *w)
{
	memset(r, 0, sizeof *r);
	r->ctx.ev = &w->ev;
	r->ctx.state = w->state;
	r->ctx.number = 1;
	r->view.ctx = &r->ctx;
	r->view.scratch = arena_create(SCRATCH_BYTES);
	return r->view.scratch != NULL;
}

void field_reader_release(struct field_reader *r)
{
	arena_destroy(r->view.scratch);
}

const struct field *field_by_name(const char *name, size_t len)
{
	const struct vocabulary *v = fields_vocabulary();

	for (size_t i = 0; i < v->field_count; i++) {
		if (strlen(v->fields[i].name) == len && memcmp(v->fields[i].name, name, len) == 0)
			return &v->fields[i];
	}
	return NULL;
}

static void print(struct field_reader *r, const struct field *f, const struct value *v)
{
	struct buf text;

	buf_init(&text, FIELD_VALUE_BYTES - 1);
	value_append_text(&text, f->type, (f->flags & FIELD_LIST) != 0, v);
	memcpy(r->text, buf_cstr(&text), text.len + 1);
	buf_release(&text);
}

const char *field_text(struct field_reader *r, const char *field)
{
	const char *bracket = strchr(field, '[');
	size_t name_len = bracket ? (size_t)(bracket - field) : strlen(field);
	const struct field *f = field_by_name(field, name_len);
	struct field_arg arg = { .present = bracket != NULL, .key = "" };
	struct value v;
	char key[128];

	if (!f)
		return "<NO FIELD>";
	if (bracket) {
		arg.key_len = strlen(bracket + 1) - 1;
		memcpy(key, bracket + 1, arg.key_len);
		key[arg.key_len] = '\0';
		arg.key = key;
		arg.is_index = f->arg == FIELD_ARG_INDEX_REQUIRED || f->arg == FIELD_ARG_INDEX_OPTIONAL;
		arg.index = (uint32_t)strtoul(key, NULL, 10);
	}
	arena_reset(r->view.scratch);
	r->view.type = (uint16_t)(r->ctx.ev->kind - 1);
	switch (f->get(f, &arg, &r->view, &v)) {
	case FIELD_OK:
		print(r, f, &v);
		return r->text;
	case FIELD_END:
		return "<END>";
	default:
		return "<NA>";
	}
}
