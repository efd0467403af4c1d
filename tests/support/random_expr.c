#include "tests/support/random_expr.h"

#include <string.h>

#include "policyd/engine/operand.h"
#include "proto/base/text.h"
#include "tests/support/toy_event.h"

static void *make(struct arena *a, const void *what, size_t bytes)
{
	void *copy = arena_alloc(a, bytes);

	memcpy(copy, what, bytes);
	return copy;
}

static const struct operand *field_operand(struct dice *d, struct arena *a, size_t index)
{
	const struct field *f = &toy_event_vocabulary()->fields[index];
	struct operand o = { .kind = OPERAND_FIELD, .type = f->type, .field = f, .is_list = (f->flags & FIELD_LIST) != 0 };

	if ((f->flags & FIELD_ANCESTOR) && dice_throw(d, 2)) {
		unsigned index_arg = dice_throw(d, 4);

		o.arg = (struct field_arg){ .present = true, .is_index = true, .index = index_arg, .key_len = 1 };
		o.arg.key = make(a, &"0\0001\0002\0003"[index_arg * 2], 2);
	}
	return make(a, &o, sizeof o);
}

static const struct operand *text_constant(struct dice *d, struct arena *a)
{
	struct operand o = { .kind = OPERAND_CONST, .type = VT_STRING, .constant = toy_event_text(d, a) };

	return make(a, &o, sizeof o);
}

static const struct operand *transformed(struct dice *d, struct arena *a, const struct operand *in)
{
	struct operand o = { .kind = OPERAND_TRANSFORM, .type = in->type, .is_list = in->is_list, .arg_count = 1 };
	const struct operand *args[2] = { in, NULL };

	o.transformer = (enum transformer)dice_throw(d, TRANSFORMER_COUNT);
	if (o.transformer == TR_LEN) {
		o.type = VT_UINT64;
		o.is_list = false;
	} else if (o.transformer == TR_GETOPT || o.transformer == TR_JOIN || in->is_list) {
		o.transformer = TR_JOIN;
		o.type = VT_STRING;
		o.is_list = false;
		args[0] = text_constant(d, a);
		args[1] = in->is_list ? in : field_operand(d, a, 17);
		o.arg_count = 2;
	} else if (o.transformer == TR_CONCAT) {
		o.type = VT_STRING;
		args[1] = text_constant(d, a);
		o.arg_count = 2;
	}
	o.args = make(a, args, sizeof args);
	return make(a, &o, sizeof o);
}

static const enum cmp_op text_ops[] = { OP_EXISTS, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_CONTAINS, OP_ICONTAINS,
	OP_STARTSWITH, OP_ENDSWITH, OP_GLOB, OP_IGLOB, OP_REGEX, OP_IN, OP_INTERSECTS, OP_PMATCH };
static const enum cmp_op number_ops[] = { OP_EXISTS, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_IN, OP_INTERSECTS };
static const enum cmp_op set_ops[] = { OP_EXISTS, OP_EQ, OP_NE, OP_IN, OP_INTERSECTS };
static const enum cmp_op list_ops[] = { OP_EXISTS, OP_IN, OP_INTERSECTS };

#define PICK(d, list) (list)[dice_throw(d, sizeof(list) / sizeof(list)[0])]

static enum cmp_op random_op(struct dice *d, const struct operand *left)
{
	if (left->is_list)
		return PICK(d, list_ops);
	switch (value_class_of(left->type)) {
	case CLASS_TEXT:
		return PICK(d, text_ops);
	case CLASS_IP:
		return PICK(d, set_ops);
	default:
		return left->type == VT_BOOL ? PICK(d, set_ops) : PICK(d, number_ops);
	}
}

static struct value pattern(struct dice *d, struct arena *a)
{
	static const char *const patterns[] = { ".*cmd.*", "[ab]+", ".*\\.exe", "(cmd|-enc| /c ).*", ".*(System32|/etc).*a",
		"a?b*", ".*[.]EXE", "(.*owers.*|.*YWJj.*)", "." };
	const char *text = PICK(d, patterns);

	return (struct value){ .str = { arena_strdup(a, text), strlen(text) } };
}

static struct value with_wildcards(struct dice *d, struct arena *a)
{
	struct value v = toy_event_text(d, a);
	char *text = arena_alloc(a, v.str.len + 2);

	text[0] = '*';
	memcpy(text + 1, v.str.ptr, v.str.len);
	for (size_t i = 0; i <= v.str.len; i++) {
		if (dice_throw(d, 6) == 1)
			text[i] = "*?["[dice_throw(d, 3)];
	}
	text[v.str.len + 1] = '*';
	return (struct value){ .str = { text, v.str.len + 2 } };
}

static struct value random_const(struct dice *d, struct arena *a, const struct predicate *p)
{
	struct value v;

	if (p->op == OP_REGEX)
		return pattern(d, a);
	if (p->op == OP_GLOB || p->op == OP_IGLOB || (p->op == OP_PMATCH && dice_throw(d, 2)))
		v = with_wildcards(d, a);
	else
		v = toy_event_value(d, p->left->type, p->left->type == VT_IPNET, a);
	if (p->fold && value_class_of(p->left->type) == CLASS_TEXT) {
		char *text = make(a, v.str.ptr, v.str.len + !v.str.len);

		for (size_t i = 0; i < v.str.len; i++)
			text[i] = text_fold(text[i]);
		v.str.ptr = text;
	}
	return v;
}

static bool takes_modifier(enum cmp_op op)
{
	switch (op) {
	case OP_EQ:
	case OP_NE:
	case OP_GLOB:
	case OP_IGLOB:
	case OP_CONTAINS:
	case OP_ICONTAINS:
	case OP_STARTSWITH:
	case OP_ENDSWITH:
	case OP_REGEX:
		return true;
	default:
		return false;
	}
}

/* A field of the same type to stand on the right; NULL: none fits. */
static const struct operand *random_right(struct dice *d, struct arena *a, const struct predicate *p)
{
	const struct vocabulary *v = toy_event_vocabulary();
	size_t at = dice_throw(d, TOY_EVENT_FIELDS);

	if (p->op == OP_EXISTS || p->op == OP_REGEX || p->op == OP_PMATCH || p->left->type == VT_IPNET)
		return NULL;
	for (size_t i = 0; i < TOY_EVENT_FIELDS; i++) {
		const struct field *f = &v->fields[(at + i) % TOY_EVENT_FIELDS];

		if (f->type == p->left->type && ((f->flags & FIELD_LIST) != 0) == p->left->is_list && !f->either[0] &&
			!(f->flags & FIELD_ANCESTOR))
			return field_operand(d, a, (at + i) % TOY_EVENT_FIELDS);
	}
	return NULL;
}

static void random_constants(struct dice *d, struct arena *a, struct predicate *p)
{
	struct value consts[24];
	bool many = p->op == OP_IN || p->op == OP_INTERSECTS || p->op == OP_PMATCH;

	if (takes_modifier(p->op) && dice_throw(d, 3) == 1)
		p->mod = (enum op_modifier)(MOD_ONEOF + (int)dice_throw(d, 3));
	many = many || p->mod != MOD_NONE;
	p->const_count = p->op == OP_EXISTS ? 0 : many ? dice_throw(d, dice_throw(d, 4) ? 4 : 24) : 1;
	for (size_t i = 0; i < p->const_count; i++)
		consts[i] = random_const(d, a, p);
	p->consts = make(a, consts, (p->const_count + 1) * sizeof *consts);
}

static const struct predicate *random_predicate(struct dice *d, struct arena *a)
{
	struct predicate p = { .windows_path = true, .left = field_operand(d, a, dice_throw(d, TOY_EVENT_FIELDS)) };
	const struct field *f = p.left->field;
	bool plain = !f->either[0] && !(f->flags & FIELD_ANCESTOR);

	if (plain && (value_class_of(f->type) == CLASS_TEXT || p.left->is_list) && dice_throw(d, 5) == 1)
		p.left = transformed(d, a, p.left);
	p.op = random_op(d, p.left);
	p.fold = (f->flags & FIELD_WINDOWS_NAME) != 0;
	if (plain && dice_throw(d, 6) == 1)
		p.right = random_right(d, a, &p);
	if (!p.right)
		random_constants(d, a, &p);
	return make(a, &p, sizeof p);
}

const struct expr *random_expr(struct dice *d, struct arena *a, unsigned depth)
{
	struct expr e = { .kind = depth ? (enum expr_kind)dice_throw(d, 4) : EXPR_PREDICATE };
	struct expr *kids[5];

	if (e.kind == EXPR_PREDICATE) {
		e.pred = random_predicate(d, a);
		return make(a, &e, sizeof e);
	}
	e.kid_count = e.kind == EXPR_NOT ? 1 : 2 + dice_throw(d, 4);
	for (size_t i = 0; i < e.kid_count; i++)
		kids[i] = make(a, random_expr(d, a, depth - 1), sizeof e);
	e.kids = make(a, kids, e.kid_count * sizeof(struct expr *));
	return make(a, &e, sizeof e);
}
