/* Rules to variants and code. */
#include <string.h>

#include "policyd/engine/condition.h"
#include "policyd/engine/emit.h"

enum { MAX_TYPE_CHECKS = 64 };

/* A rule while its variants are made. */
struct rule_build {
	struct emit *e;
	const struct cond_node *root;
	uint32_t rule;
	uint32_t type_preds[MAX_TYPE_CHECKS];
	size_t type_pred_count;
	bool too_many;                      /* type checks or groups: one form serves all types */
	struct type_group {
		uint64_t truth;
		uint64_t *types;
	} groups[PROGRAM_MAX_TYPE_GROUPS];
	size_t group_count;
};

/* Whether the check is one of the event type alone, so that it is known per type. */
static bool is_type_check(const struct emit *e, uint32_t id)
{
	const struct pred *p = &emit_preds(e)[id];
	const struct operand *o = emit_slots(e)[p->slot].op;

	return o->kind == OPERAND_FIELD && (o->field->flags & FIELD_EVENT_TYPE) && !o->arg.present && !o->is_list &&
		p->right == NO_ID && p->check.op != OP_REGEX && p->check.op != OP_PMATCH && p->check.cls == CLASS_TEXT;
}

static void collect_type_checks(struct rule_build *b, const struct cond_node *n)
{
	for (size_t i = 0; i < n->kid_count; i++)
		collect_type_checks(b, n->kids[i]);
	if (n->kind != NODE_CHECK || !is_type_check(b->e, n->pred))
		return;
	for (size_t i = 0; i < b->type_pred_count; i++) {
		if (b->type_preds[i] == n->pred)
			return;
	}
	if (b->type_pred_count < MAX_TYPE_CHECKS)
		b->type_preds[b->type_pred_count++] = n->pred;
	else
		b->too_many = true;
}

/* Bit i: the i'th type check holds for events of this type. Without type the field has no value: none holds. */
static uint64_t truth_for_type(const struct rule_build *b, size_t type)
{
	const struct vocabulary *v = b->e->vocabulary;
	struct value name;
	uint64_t truth = 0;

	if (type >= v->event_type_count)
		return 0;
	name.str.ptr = v->event_types[type];
	name.str.len = strlen(name.str.ptr);
	for (size_t i = 0; i < b->type_pred_count; i++) {
		if (check_values(&emit_preds(b->e)[b->type_preds[i]].check, SHAPE_ONE, &name, 1, NULL))
			truth |= UINT64_C(1) << i;
	}
	return truth;
}

/* The group of types with these truth values; NULL: out of memory, or (too_many is set) out of groups. */
static struct type_group *group_for(struct rule_build *b, uint64_t truth)
{
	struct type_group *g;

	for (size_t i = 0; i < b->group_count; i++) {
		if (b->groups[i].truth == truth)
			return &b->groups[i];
	}
	if (b->group_count == PROGRAM_MAX_TYPE_GROUPS) {
		b->too_many = true;
		return NULL;
	}
	g = &b->groups[b->group_count];
	g->truth = truth;
	g->types = arena_zalloc(b->e->scratch, (b->e->type_count + 63) / 64 * sizeof *g->types);
	if (!g->types)
		return NULL;
	b->group_count++;
	return g;
}

static bool group_types(struct rule_build *b, const struct type_set *types)
{
	size_t none = b->e->vocabulary->event_type_count;

	b->group_count = 0;
	for (size_t t = 0; t < b->e->type_count; t++) {
		struct type_group *g;

		if (types && t != none && !type_set_has(types, t))
			continue;
		g = group_for(b, b->too_many ? 0 : truth_for_type(b, t));
		if (!g)
			return false;
		g->types[t / 64] |= UINT64_C(1) << t % 64;
	}
	return true;
}

static bool covers_all(const struct emit *e, const uint64_t *types)
{
	for (size_t t = 0; t < e->type_count; t++) {
		if (!(types[t / 64] >> t % 64 & 1))
			return false;
	}
	return true;
}

static enum status add_variant(struct rule_build *b, const struct type_group *g)
{
	struct type_facts facts = { b->type_preds, b->too_many ? 0 : b->type_pred_count, g->truth };
	struct variant v = { .rule = b->rule, .entry = CODE_FALSE };
	struct variant_info info = { .root = cond_simplify(b->e, b->root, &facts), .types = g->types };

	if (!info.root)
		return ST_NOMEM;
	if (info.root->kind == NODE_FALSE)
		return ST_OK;
	info.all_types = covers_all(b->e, g->types);
	if (!buf_append(&b->e->variants, &v, sizeof v) || !buf_append(&b->e->variant_info, &info, sizeof info))
		return ST_NOMEM;
	return ST_OK;
}

enum status emit_rule(struct emit *e, const struct program_rule *rule, uint32_t index)
{
	struct rule_build b = { .e = e, .rule = index };
	enum status st;

	b.root = cond_from_expr(e, rule->condition, &st);
	if (!b.root)
		return st;
	collect_type_checks(&b, b.root);
	if (!group_types(&b, rule->types) && (!b.too_many || !group_types(&b, rule->types)))
		return ST_NOMEM;
	for (size_t i = 0; i < b.group_count && st == ST_OK; i++)
		st = add_variant(&b, &b.groups[i]);
	return st;
}

struct code_build {
	struct emit *e;
	const uint32_t *covered;
	size_t covered_count;
	bool failed;
};

static bool is_covered(const struct code_build *c, uint32_t pred)
{
	size_t lo = 0, hi = c->covered_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->covered[mid] == pred)
			return true;
		if (c->covered[mid] < pred)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

/* Code is made from the end, so that both targets are known: no fix-ups. Returns where n begins. */
static uint32_t emit_node(struct code_build *c, const struct cond_node *n, uint32_t on_true, uint32_t on_false)
{
	struct instr step = { n->pred, n->negated ? on_false : on_true, n->negated ? on_true : on_false };
	uint32_t at = (uint32_t)(c->e->code.len / sizeof step), go_on = n->kind == NODE_AND ? on_true : on_false;

	if (n->kind == NODE_TRUE || n->kind == NODE_FALSE)
		return n->kind == NODE_TRUE ? on_true : on_false;
	if (n->kind == NODE_CHECK) {
		if (is_covered(c, n->pred))
			step.pred |= INSTR_COVERED;
		else
			emit_preds(c->e)[n->pred].asked = true;
		if (at >= CODE_FALSE || !buf_append(&c->e->code, &step, sizeof step))
			c->failed = true;
		return at;
	}
	for (size_t i = n->kid_count; i-- > 0;)
		go_on = n->kind == NODE_AND ? emit_node(c, n->kids[i], go_on, on_false) : emit_node(c, n->kids[i], on_true, go_on);
	return go_on;
}

enum status emit_code(struct emit *e, const struct cond_node *root, const uint32_t *covered, size_t covered_count,
	uint32_t *entry)
{
	struct code_build c = { .e = e, .covered = covered, .covered_count = covered_count };

	*entry = emit_node(&c, root, CODE_TRUE, CODE_FALSE);
	return c.failed ? ST_NOMEM : ST_OK;
}
