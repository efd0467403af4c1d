/* Slots and checks of one event. */
#include "policyd/engine/match_state.h"

static bool fetch_either(struct matcher *m, const struct slot *s, struct value *out)
{
	struct value *ends = arena_alloc(m->ev->scratch, 2 * sizeof *ends);
	size_t count = 0;

	if (!ends) {
		m->refused++;
		return false;
	}
	for (size_t i = 0; i < 2; i++) {
		const struct slot_value *end = match_slot(m, s->either[i]);

		if (end->count)
			ends[count++] = end->items[0];
	}
	out->list.items = ends;
	out->list.count = count;
	return count > 0;
}

/* What the slot's operand evaluates to; arguments come from their own slots. */
static bool fetch(struct matcher *m, const struct slot *s, struct value *out)
{
	size_t count = s->op->arg_count;
	struct value *args = NULL;

	if (s->shape == SHAPE_EITHER)
		return fetch_either(m, s, out);
	if (count && !(args = arena_alloc(m->ev->scratch, count * sizeof *args))) {
		m->refused++;
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct slot_value *arg = match_slot(m, s->args[i]);

		if (!arg->items)
			return false;
		args[i] = arg->one;
	}
	return operand_apply(s->op, args, &(struct operand_context){ m->ev, s->windows_path, &m->refused }, out);
}

const struct slot_value *match_fetch(struct matcher *m, uint32_t slot)
{
	const struct slot *s = &m->p->slots[slot];
	struct slot_value *v = &m->values[slot];
	const struct operand *o = s->op;
	bool there;

	/* A plain field, as nearly all are, needs nothing around it. */
	if (o->kind == OPERAND_FIELD && s->shape == SHAPE_ONE)
		there = o->field->get(o->field, &o->arg, m->ev, &v->one) == FIELD_OK;
	else
		there = fetch(m, s, &v->one);
	v->epoch = m->epoch;
	v->count = 0;
	v->items = NULL;
	if (!there)
		return v;
	if (s->shape == SHAPE_ONE) {
		v->items = &v->one;
		v->count = 1;
		return v;
	}
	v->items = v->one.list.items;
	v->count = v->one.list.count < UINT32_MAX ? (uint32_t)v->one.list.count : UINT32_MAX;
	return v;
}

static bool check_right(struct matcher *m, const struct pred *p, const struct slot_value *left)
{
	const struct slot_value *right = match_slot(m, p->right);
	struct check c = p->check;

	if (!right->count)
		return false;
	c.consts = right->items;
	c.const_count = right->count;
	return check_values(&c, p->shape, left->items, left->count, m->regex);
}

bool match_decide(struct matcher *m, uint32_t pred)
{
	const struct pred *p = &m->p->preds[pred];
	const struct slot_value *left = match_slot(m, p->slot);
	bool truth;

	if (!left->count)
		truth = false;
	else if (p->right != NO_ID)
		truth = check_right(m, p, left);
	else
		truth = check_values(&p->check, p->shape, left->items, left->count, m->regex);
	m->results[pred] = truth ? m->yes : m->no;
	return truth;
}
