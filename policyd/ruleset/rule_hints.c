/* Hints about rules that load well and may still not be what was meant: that can never match, that never alert before
 * another, that are tried on every event of a type, that name a technique nobody knows. */
#include "policyd/ruleset/rule_build.h"

#include <string.h>

#include "policyd/attack/attack.h"
#include "policyd/engine/program.h"
#include "policyd/ruleset/ruleset_parts.h"

enum {
	HINT_MAX_PARTS = 64,         /* joined by `and`; a rule of more is not compared with others */
	HINT_MAX_TRIED = 16,         /* other rules that one part is compared with */
	HINT_MAX_PAIRS = 4096,       /* constants of two checks compared with each other */
};

static void hint(struct ruleset_builder *b, struct raw_rule *raw, const char *fmt, const char *name)
{
	struct place_chain chain;
	const struct place *at = raw->condition.part_count ? text_place(&raw->condition, 0, &chain) :
							      item_place(&raw->item, &chain);

	b->log.sink = &raw->item.log;
	load_log_add(&b->log, LOAD_HINT, at, fmt, name);
}

/* ---- never true ---- */

struct equal_checks {
	const struct predicate *checks[HINT_MAX_PARTS];
	size_t count;
};

static bool is_equal_check(const struct predicate *p)
{
	const struct operand *o = p->left;

	return (p->op == OP_EQ || p->op == OP_IN) && p->mod == MOD_NONE && !p->right && p->const_count > 0 &&
		o->kind == OPERAND_FIELD && !o->is_list && (o->type == VT_STRING || o->type == VT_PATH);
}

/* The checks by which a text field must be one of some constants, for the condition to be true. */
static void gather_equal(const struct expr *e, struct equal_checks *out)
{
	if (e->kind == EXPR_PREDICATE && out->count < HINT_MAX_PARTS && is_equal_check(e->pred))
		out->checks[out->count++] = e->pred;
	for (size_t i = 0; e->kind == EXPR_AND && i < e->kid_count; i++)
		gather_equal(e->kids[i], out);
}

static bool same_field(const struct operand *a, const struct operand *b)
{
	return a->field == b->field && a->arg.present == b->arg.present && a->arg.key_len == b->arg.key_len &&
		(!a->arg.present || memcmp(a->arg.key, b->arg.key, a->arg.key_len) == 0);
}

/* No constant of a is one of b: both checks are never true of one value. */
static bool are_apart(const struct predicate *a, const struct predicate *b)
{
	if (!same_field(a->left, b->left) || a->fold != b->fold || a->const_count > HINT_MAX_PAIRS / b->const_count)
		return false;
	for (size_t i = 0; i < a->const_count * b->const_count; i++) {
		const struct value *x = &a->consts[i / b->const_count], *y = &b->consts[i % b->const_count];

		if (x->str.len == y->str.len && memcmp(x->str.ptr, y->str.ptr, x->str.len) == 0)
			return false;
	}
	return true;
}

static bool hint_contradiction(struct ruleset_builder *b, struct raw_rule *raw)
{
	struct equal_checks equal;

	equal.count = 0;
	gather_equal(raw->main.expr, &equal);
	for (size_t i = 0; i < equal.count; i++)
		for (size_t k = i + 1; k < equal.count; k++) {
			if (!are_apart(equal.checks[i], equal.checks[k]))
				continue;
			hint(b, raw, "this rule can never match: no value of '%.100s' passes all of its checks",
				equal.checks[i]->left->field->name);
			return true;
		}
	return false;
}

static bool hint_never(struct ruleset_builder *b, struct raw_rule *raw)
{
	if (raw->main.types.bit_count > 0 && type_set_count(&raw->main.types) == 0) {
		hint(b, raw, "this rule can never match: %s", "no event type passes all of its checks");
		return true;
	}
	return hint_contradiction(b, raw);
}

/* ---- never first ---- */

/* Conditions are compared by the hashes of the parts that `and` joins: whatever passes all parts of a rule and more
 * passes that rule too. A rule is filed under its rarest part, so few others are looked at. */
struct parts {
	struct raw_rule *raw;
	const uint64_t *hashes;              /* ascending, each once */
	size_t count;
	struct parts *next;                  /* filed under the same part, later rules first */
};

struct part_use {
	uint64_t hash;                       /* 0: free */
	size_t rules;
	struct parts *filed;
};

struct part_table {
	struct part_use *slots;
	size_t mask;
};

struct part_list {
	uint64_t hashes[HINT_MAX_PARTS];
	size_t count;
	bool full;
};

static void gather_parts(const struct ast_node *n, struct part_list *out)
{
	uint64_t h;
	size_t at;

	for (size_t i = 0; n->kind == AST_AND && i < n->kid_count && !out->full; i++)
		gather_parts(n->kids[i], out);
	if (n->kind == AST_AND)
		return;
	h = condition_hash(n) | 1;    /* 0 is no part */
	for (at = out->count; at > 0 && out->hashes[at - 1] > h; at--)
		;
	if (at > 0 && out->hashes[at - 1] == h)
		return;
	out->full = out->count == HINT_MAX_PARTS;
	if (out->full)
		return;
	memmove(out->hashes + at + 1, out->hashes + at, (out->count - at) * sizeof h);
	out->hashes[at] = h;
	out->count++;
}

/* False: out of memory. A rule that correlates may stay silent when its condition is true: it has no parts. */
static bool make_parts(struct ruleset_builder *b, struct raw_rule *raw, struct parts *out)
{
	struct part_list list = { .count = 0 };
	uint64_t *copy;

	if (!raw->compiled_correlation)
		gather_parts(raw->main.resolved, &list);
	*out = (struct parts){ .raw = raw, .count = list.full ? 0 : list.count };
	copy = arena_alloc(b->arena, (list.count + 1) * sizeof *copy);
	if (!copy)
		return false;
	for (size_t i = 0; i < out->count; i++)
		copy[i] = list.hashes[i];
	out->hashes = copy;
	return true;
}

static struct part_use *part_use(const struct part_table *t, uint64_t hash)
{
	size_t at = (size_t)(hash ^ hash >> 32) & t->mask;

	while (t->slots[at].hash && t->slots[at].hash != hash)
		at = (at + 1) & t->mask;
	t->slots[at].hash = hash;
	return &t->slots[at];
}

static bool holds_all(const struct parts *all, const struct parts *some)
{
	size_t at = 0;

	for (size_t i = 0; i < some->count; i++) {
		while (at < all->count && all->hashes[at] < some->hashes[i])
			at++;
		if (at == all->count || all->hashes[at] != some->hashes[i])
			return false;
	}
	return true;
}

static const struct parts *find_general(const struct part_table *t, const struct parts *p)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct parts *other = part_use(t, p->hashes[i])->filed;

		for (size_t n = 0; other && n < HINT_MAX_TRIED; other = other->next, n++)
			if (other->count <= p->count && holds_all(p, other))
				return other;
	}
	return NULL;
}

static void file_parts(const struct part_table *t, struct parts *p)
{
	struct part_use *rarest = NULL;

	for (size_t i = 0; i < p->count; i++) {
		struct part_use *use = part_use(t, p->hashes[i]);

		if (!rarest || use->rules < rarest->rules)
			rarest = use;
	}
	if (!rarest)
		return;
	p->next = rarest->filed;
	rarest->filed = p;
}

static void hint_shadow(struct ruleset_builder *b, const struct parts *p, const struct parts *by)
{
	if (by->count == p->count)
		hint(b, p->raw, "the condition is that of rule '%.200s' above", by->raw->item.name);
	else
		hint(b, p->raw, "what matches here matches rule '%.200s' above too: under `rule_matching: first` this rule never "
			"alerts", by->raw->item.name);
}

static bool make_table(struct ruleset_builder *b, const struct parts *rules, size_t count, struct part_table *t)
{
	size_t total = 0, size = 16;

	for (size_t i = 0; i < count; i++)
		total += rules[i].count;
	while (size < total * 2)
		size *= 2;
	t->slots = arena_zalloc(b->arena, size * sizeof *t->slots);
	t->mask = size - 1;
	for (size_t i = 0; t->slots && i < count; i++)
		for (size_t k = 0; k < rules[i].count; k++)
			part_use(t, rules[i].hashes[k])->rules++;
	return t->slots != NULL;
}

static struct raw_rule *raw_of(const struct ruleset_builder *b, const struct rule *rule)
{
	return rule_names_get(&b->rule_by_name, rule->name, strlen(rule->name));
}

static void hint_shadows(struct ruleset_builder *b, const struct source_program *s)
{
	struct parts *rules = arena_alloc(b->arena, (s->rule_count + 1) * sizeof *rules);
	struct part_table table;

	b->log.out_of_memory = b->log.out_of_memory || !rules;
	for (size_t i = 0; rules && i < s->rule_count; i++)
		if (!make_parts(b, raw_of(b, s->rules[i]), &rules[i]))
			b->log.out_of_memory = true;
	if (b->log.out_of_memory || !make_table(b, rules, s->rule_count, &table)) {
		b->log.out_of_memory = true;
		return;
	}
	for (size_t i = 0; i < s->rule_count; i++) {
		const struct parts *by = find_general(&table, &rules[i]);

		if (by)
			hint_shadow(b, &rules[i], by);
		file_parts(&table, &rules[i]);
	}
}

/* ---- tried on every event ---- */

/* True for `evt.type = x` alone and the like: there every event is wanted. */
static bool wants_all(const struct expr *e)
{
	const struct operand *o;

	for (size_t i = 0; e->kind != EXPR_PREDICATE && i < e->kid_count; i++)
		if (!wants_all(e->kids[i]))
			return false;
	if (e->kind != EXPR_PREDICATE)
		return true;
	o = e->pred->left;
	return o->kind == OPERAND_FIELD && o->field->flags & FIELD_EVENT_TYPE;
}

static void hint_unguarded(struct ruleset_builder *b, const struct rule *rule)
{
	struct raw_rule *raw = raw_of(b, rule);
	struct buf types;

	if (wants_all(raw->main.expr))
		return;
	buf_init(&types, 1 << 16);
	for (size_t i = 0; i < rule->event_types.count && i < 8; i++)
		buf_printf(&types, "%s%s", i ? ", " : "", rule->event_types.names[i]);
	if (rule->event_types.count > 8)
		buf_printf(&types, " and %zu more", rule->event_types.count - 8);
	hint(b, raw, "no check of this rule has to be true, so it is tried on every event of the types: %.400s",
		rule->all_event_types ? "all" : buf_cstr(&types));
	buf_release(&types);
}

static void hint_source(struct ruleset_builder *b, const struct source_program *s)
{
	bool *unguarded = arena_zalloc(b->arena, (s->rule_count + s->step_count + 1) * sizeof *unguarded);

	if (!unguarded) {
		b->log.out_of_memory = true;
		return;
	}
	program_mark_unguarded(s->program, unguarded);
	for (size_t i = 0; i < s->rule_count; i++)
		if (!hint_never(b, raw_of(b, s->rules[i])) && unguarded[i])
			hint_unguarded(b, s->rules[i]);
	hint_shadows(b, s);
}

/* ---- names nothing ---- */

static void hint_tags(struct ruleset_builder *b, const struct rule *rule)
{
	for (size_t i = 0; i < rule->tags.count; i++)
		if (attack_tag_meaning(rule->tags.names[i]).kind == ATTACK_TAG_UNKNOWN)
			hint(b, raw_of(b, rule), "the tag '%.100s' is no technique or tactic of ATT&CK " ATTACK_RELEASE,
				rule->tags.names[i]);
}

void hint_rules(struct ruleset_builder *b, const struct ruleset *rs)
{
	for (size_t i = 0; i < ruleset_rule_count(rs); i++)
		hint_tags(b, ruleset_rule(rs, i));
	for (size_t i = 0; i < rs->source_count; i++)
		if (rs->sources[i].program)
			hint_source(b, &rs->sources[i]);
}
