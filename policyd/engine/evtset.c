/* The event types for which a condition can be true (falco-language.md §5.1): "and" intersects, "or" unites, "not" is
 * pushed to the leaves. A leaf that says nothing about the event type allows all of them, also under "not". */
#include <stdio.h>
#include <string.h>

#include "policyd/engine/condition.h"

struct typing {
	const struct vocabulary *v;
	struct arena *arena;
	size_t words;
	bool refuse_operands;      /* source syscall */
	struct cond_diag *why;
	enum status st;
};

static uint64_t *new_set(struct typing *t, bool all)
{
	uint64_t *words = arena_zalloc(t->arena, (t->words ? t->words : 1) * sizeof *words);

	if (!words)
		t->st = ST_NOMEM;
	for (size_t i = 0; words && all && i < t->v->event_type_count; i++)
		words[i / 64] |= UINT64_C(1) << i % 64;
	return words;
}

static void complement(const struct typing *t, uint64_t *set)
{
	for (size_t i = 0; i < t->v->event_type_count; i++)
		set[i / 64] ^= UINT64_C(1) << i % 64;
}

static void add_type(const struct typing *t, uint64_t *set, const struct value *name)
{
	for (size_t i = 0; i < t->v->event_type_count; i++) {
		const char *type = t->v->event_types[i];

		if (strlen(type) == name->str.len && memcmp(type, name->str.ptr, name->str.len) == 0)
			set[i / 64] |= UINT64_C(1) << i % 64;
	}
}

/* evt.type = a, != a, in (a, b), exists. */
static uint64_t *types_of_names(struct typing *t, const struct predicate *p, bool negated)
{
	bool decides = p->op == OP_EQ || p->op == OP_NE || p->op == OP_IN || p->op == OP_EXISTS;
	uint64_t *set;

	if (!decides || p->mod != MOD_NONE || p->right)
		return new_set(t, true);
	set = new_set(t, p->op == OP_EXISTS);
	for (size_t i = 0; set && i < p->const_count; i++)
		add_type(t, set, &p->consts[i]);
	if (set && (p->op == OP_NE) != negated)
		complement(t, set);
	return set;
}

/* What is known of a counter that starts at 1: -1 never true, 1 always true, 0 neither. */
static int counter_truth(const struct predicate *p)
{
	uint64_t n = p->const_count == 1 ? p->consts[0].u : UINT64_MAX;

	if (p->right || p->mod != MOD_NONE || p->const_count != 1)
		return 0;
	switch (p->op) {
	case OP_EQ:
	case OP_IN:
	case OP_LE:
		return n == 0 ? -1 : 0;
	case OP_LT:
		return n == 1 ? -1 : 0;
	case OP_NE:
	case OP_GT:
		return n == 0 ? 1 : 0;
	case OP_GE:
		return n == 1 ? 1 : 0;
	default:
		return 0;
	}
}

static bool operand_uses_type(const struct operand *o)
{
	if (o->kind == OPERAND_FIELD)
		return o->field->flags & FIELD_EVENT_TYPE;
	for (size_t i = 0; i < o->arg_count; i++)
		if (operand_uses_type(o->args[i]))
			return true;
	return false;
}

static uint64_t *refuse_operand(struct typing *t)
{
	t->st = ST_MALFORMED;
	if (t->why) {
		*t->why = (struct cond_diag){ .code = COND_TYPE };
		snprintf(t->why->text, sizeof t->why->text,
			"the event type takes no transformer and no right-hand field under source %s", t->v->source);
	}
	return NULL;
}

static uint64_t *types_of_predicate(struct typing *t, const struct predicate *p, bool negated)
{
	bool is_field = p->left->kind == OPERAND_FIELD;
	bool is_type = is_field && (p->left->field->flags & FIELD_EVENT_TYPE);
	int truth;

	if (t->refuse_operands && operand_uses_type(p->left) && (!is_field || p->right))
		return refuse_operand(t);
	if (is_type)
		return types_of_names(t, p, negated);
	truth = is_field && (p->left->field->flags & FIELD_FROM_ONE) ? counter_truth(p) : 0;
	return new_set(t, truth == 0 || (truth > 0) != negated);
}

static uint64_t *types_of(struct typing *t, const struct expr *e, bool negated)
{
	bool intersect = (e->kind == EXPR_AND) != negated;
	uint64_t *set, *kid;

	if (e->kind == EXPR_PREDICATE)
		return types_of_predicate(t, e->pred, negated);
	if (e->kind == EXPR_NOT)
		return types_of(t, e->kids[0], !negated);
	set = new_set(t, intersect);
	for (size_t i = 0; set && i < e->kid_count; i++) {
		kid = types_of(t, e->kids[i], negated);
		if (!kid)
			return NULL;
		for (size_t w = 0; w < t->words; w++)
			set[w] = intersect ? set[w] & kid[w] : set[w] | kid[w];
	}
	return set;
}

enum status condition_event_types(const struct expr *e, const struct vocabulary *v, struct arena *a,
	struct type_set *out, struct cond_diag *why)
{
	struct typing t = { .v = v, .arena = a, .words = (v->event_type_count + 63) / 64, .why = why, .st = ST_OK };

	t.refuse_operands = v->source && strcmp(v->source, "syscall") == 0;
	out->bit_count = v->event_type_count;
	out->words = types_of(&t, e, false);
	return t.st;
}

size_t type_set_count(const struct type_set *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->bit_count; i++)
		n += type_set_has(s, i);
	return n;
}

bool type_set_is_all(const struct type_set *s)
{
	return type_set_count(s) == s->bit_count;
}
