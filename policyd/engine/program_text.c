/* Guards as text, for people who ask what makes a rule wake. */
#include <string.h>

#include "policyd/engine/names.h"
#include "policyd/engine/program_layout.h"
#include "policyd/engine/value_text.h"

enum { MAX_CONSTS_SHOWN = 8, MAX_CHECKS_SHOWN = 16 };

static void append_operand(struct buf *out, const struct operand *o)
{
	switch (o->kind) {
	case OPERAND_FIELD:
		buf_append_str(out, o->field->name);
		if (o->arg.present)
			buf_printf(out, "[%s]", o->arg.key);
		return;
	case OPERAND_CONST:
		buf_append_char(out, '"');
		buf_append(out, o->constant.str.ptr, o->constant.str.len);
		buf_append_char(out, '"');
		return;
	default:
		break;
	}
	buf_append_str(out, o->kind == OPERAND_TRANSFORM ? transformer_name(o->transformer) : "");
	buf_append_char(out, '(');
	for (size_t i = 0; i < o->arg_count; i++) {
		if (i)
			buf_append_str(out, ", ");
		append_operand(out, o->args[i]);
	}
	buf_append_char(out, ')');
	if (o->getopt_option)
		buf_printf(out, "[%c]", o->getopt_option);
}

static void append_const(struct buf *out, const struct pred *p, enum value_type type, const struct value *v)
{
	const char *quote = p->check.cls == CLASS_TEXT ? "\"" : "";

	buf_append_str(out, quote);
	value_append_text(out, type, false, v);
	buf_append_str(out, quote);
}

static void append_pred(struct buf *out, const struct program *program, const struct pred *p)
{
	const struct check *c = &p->check;
	const struct operand *o = program->slots[p->slot].op;
	enum value_type type = o->type == VT_BYTES ? VT_STRING : o->type;

	append_operand(out, o);
	buf_printf(out, " %s ", cmp_op_name(c->op));
	if (c->mod != MOD_NONE)
		buf_printf(out, "%s ", op_modifier_name(c->mod));
	if (c->const_count != 1)
		buf_append_char(out, '(');
	for (size_t i = 0; i < c->const_count && i < MAX_CONSTS_SHOWN; i++) {
		if (i)
			buf_append_str(out, ", ");
		append_const(out, p, type, &c->consts[i]);
	}
	if (c->const_count > MAX_CONSTS_SHOWN)
		buf_printf(out, ", and %zu more", c->const_count - MAX_CONSTS_SHOWN);
	if (c->const_count != 1)
		buf_append_char(out, ')');
	if (c->fold)
		buf_append_str(out, " in either case");
}

static void append_guard(struct buf *out, const struct program *p, const struct variant *v)
{
	for (uint32_t i = 0; i < v->guard_count && i < MAX_CHECKS_SHOWN; i++) {
		if (i)
			buf_append_str(out, " or ");
		append_pred(out, p, &p->preds[p->guards[v->first_guard + i]]);
	}
	if (v->guard_count > MAX_CHECKS_SHOWN)
		buf_printf(out, " or one of %u more checks", v->guard_count - MAX_CHECKS_SHOWN);
}

static bool same_guard(const struct program *p, const struct variant *a, const struct variant *b)
{
	return a->guard_count == b->guard_count && (a->guard_count == 0 ||
		memcmp(p->guards + a->first_guard, p->guards + b->first_guard, a->guard_count * sizeof *p->guards) == 0);
}

void program_mark_unguarded(const struct program *p, bool *unguarded)
{
	for (size_t i = 0; i < p->variant_count; i++)
		unguarded[p->variants[i].rule] = unguarded[p->variants[i].rule] || !p->variants[i].guarded;
}

bool program_describe_guard(const struct program *p, size_t rule, struct buf *out)
{
	const struct variant *last = NULL;

	for (size_t i = 0; i < p->variant_count; i++) {
		if (p->variants[i].rule == rule && !p->variants[i].guarded)
			return false;
	}
	for (size_t i = 0; i < p->variant_count; i++) {
		const struct variant *v = &p->variants[i];

		if (v->rule != rule || (last && same_guard(p, last, v)))
			continue;
		if (last)
			buf_append_char(out, '\n');
		append_guard(out, p, v);
		last = v;
	}
	return true;
}
