/* Fields with their arguments, and the operands that transformers are made of. */
#include "policyd/engine/check.h"

#include <stdio.h>
#include <string.h>

#include "policyd/engine/lex.h"
#include "policyd/engine/suggest.h"

/* Digits only, no leading zero. */
static bool parse_index(const char *text, size_t len, uint32_t *out)
{
	uint64_t v = 0;

	if (len == 0 || len > 10 || (len > 1 && text[0] == '0'))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_digit(text[i]))
			return false;
		v = v * 10 + (unsigned)(text[i] - '0');
	}
	*out = (uint32_t)v;
	return v <= UINT32_MAX;
}

static bool takes_index(const struct field *f)
{
	return f->arg == FIELD_ARG_INDEX_REQUIRED || f->arg == FIELD_ARG_INDEX_OPTIONAL;
}

static bool needs_argument(const struct field *f)
{
	return f->arg == FIELD_ARG_KEY_REQUIRED || f->arg == FIELD_ARG_INDEX_REQUIRED;
}

static bool argument_fits(const struct field *f, const struct field_arg *arg)
{
	return arg->present ? f->arg != FIELD_ARG_NONE && (!takes_index(f) || arg->is_index) : !needs_argument(f);
}

/* A name that is a field and a tail: evt.arg.path. */
static const struct field *find_dotted(const struct checking *k, const struct ast_operand *in, struct field_arg *arg)
{
	for (size_t i = in->name_len; i > 0; i--) {
		const struct field *f;

		if (in->name[i - 1] != '.')
			continue;
		f = field_find(k->c->vocabulary, k->c->index, in->name, i - 1);
		if (f && f->flags & FIELD_DOTTED_ARG) {
			*arg = (struct field_arg){ .present = true, .key = in->name + i, .key_len = in->name_len - i };
			return f;
		}
	}
	return NULL;
}

static const struct field *find_field(const struct checking *k, const struct ast_operand *in, struct field_arg *arg)
{
	const struct field *f = field_find(k->c->vocabulary, k->c->index, in->name, in->name_len);

	*arg = (struct field_arg){ .present = in->arg != NULL, .key = in->arg, .key_len = in->arg_len };
	if (!f && !in->arg)
		f = find_dotted(k, in, arg);
	if (f && takes_index(f) && arg->present)
		arg->is_index = parse_index(arg->key, arg->key_len, &arg->index);
	return f;
}

bool check_field(const struct checking *k, const struct ast_operand *in, struct operand *out)
{
	struct field_arg arg;
	const struct field *f = find_field(k, in, &arg);

	if (!f || !argument_fits(f, &arg))
		return false;
	*out = (struct operand){ .kind = OPERAND_FIELD, .type = f->type, .field = f, .arg = arg };
	/* An argument picks one element. */
	out->is_list = (f->flags & FIELD_LIST) && !arg.present;
	return true;
}

void check_operand_name(const struct ast_operand *o, char *out, size_t out_bytes)
{
	struct buf text;

	buf_init(&text, 4096);
	condition_canonical_operand(o, &text);
	snprintf(out, out_bytes, "%s", buf_cstr(&text));
	buf_release(&text);
}

static void hint_field(struct checking *k, const struct ast_operand *in)
{
	const struct vocabulary *v = k->c->vocabulary;
	struct suggest s;

	suggest_init(&s, in->name, in->name_len);
	for (size_t i = 0; i < v->field_count; i++)
		suggest_offer(&s, v->fields[i].name);
	suggest_text(&s, k->diag.hint, sizeof k->diag.hint);
}

static bool fail_field(struct checking *k, const struct ast_operand *in)
{
	struct field_arg arg;
	const struct field *f = find_field(k, in, &arg);
	char name[256];

	check_operand_name(in, name, sizeof name);
	if (f && !arg.present)
		return check_fail(k, COND_UNKNOWN_FIELD, "filter_check called with nonexistent field %s: field '%s' requires "
			"an argument but none provided", name, f->name);
	if (f && f->arg == FIELD_ARG_NONE)
		return check_fail(k, COND_UNKNOWN_FIELD, "filter_check called with nonexistent field %s: field '%s' does not "
			"allow nor require an argument but one is provided: %.100s", name, f->name, arg.key);
	check_fail(k, COND_UNKNOWN_FIELD, "filter_check called with nonexistent field %s", name);
	if (f) {
		snprintf(k->diag.hint, sizeof k->diag.hint, "'%.100s' takes a number in brackets", f->name);
		return false;
	}
	k->diag.name = in->name;
	k->diag.name_len = in->name_len;
	hint_field(k, in);
	return false;
}

static bool check_args(struct checking *k, const struct ast_operand *in, struct operand *out)
{
	const struct operand **args = arena_alloc(k->c->arena, (in->arg_count ? in->arg_count : 1) * sizeof *args);
	bool good = true;

	if (!args)
		return check_nomem(k);
	for (size_t i = 0; i < in->arg_count; i++) {
		if (check_operand(k, in->args[i], &args[i]))
			continue;
		good = false;
		if (!check_goes_on(k))
			return false;
	}
	out->args = args;
	out->arg_count = in->arg_count;
	return good;
}

static bool check_list_items(struct checking *k, const struct ast_operand *in, struct operand *out)
{
	*out = (struct operand){ .kind = OPERAND_LIST, .type = VT_STRING, .is_list = true };
	if (!check_args(k, in, out))
		return false;
	for (size_t i = 0; i < out->arg_count; i++) {
		if (!out->args[i]->is_list)
			continue;
		k->pos = in->args[i]->pos;
		return check_fail(k, COND_TYPE, "transformer list items must be single values");
	}
	return true;
}

static bool check_by_kind(struct checking *k, const struct ast_operand *in, struct operand *out)
{
	k->pos = in->pos;
	switch (in->kind) {
	case AST_FIELD:
		return check_field(k, in, out) || fail_field(k, in);
	case AST_TEXT:
		*out = (struct operand){ .kind = OPERAND_CONST, .type = VT_STRING };
		out->constant.str.ptr = in->name;
		out->constant.str.len = in->name_len;
		return true;
	case AST_LIST:
		return check_list_items(k, in, out);
	case AST_TRANSFORM:
		*out = (struct operand){ .kind = OPERAND_TRANSFORM, .transformer = in->transformer };
		if (!check_args(k, in, out))
			return false;
		k->pos = in->pos;
		return check_transformer(k, in, out);
	}
	return false;
}

bool check_operand(struct checking *k, const struct ast_operand *in, const struct operand **out)
{
	struct operand *o = arena_alloc(k->c->arena, sizeof *o);

	if (!o)
		return check_nomem(k);
	*out = o;
	return check_by_kind(k, in, o);
}

enum status condition_check_operand(const struct cond_checker *c, const struct ast_left *in,
	const struct operand **out, struct cond_diag *why)
{
	struct checking k = { .c = c, .source = in->source };

	*out = NULL;
	if (check_operand(&k, in->operand, out))
		return ST_OK;
	*out = NULL;
	if (why)
		*why = k.diag;
	return k.diag.code == COND_OUT_OF_MEMORY ? ST_NOMEM : ST_MALFORMED;
}
