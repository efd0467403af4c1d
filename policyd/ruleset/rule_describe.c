/* What a rule is made of, for people: fields, operators, macros, lists, exceptions, and what it asks for beyond one event. */
#include "policyd/ruleset/rule_publish.h"

#include <stdio.h>
#include <string.h>

#include "policyd/alert/template.h"
#include "policyd/engine/names.h"

struct name_set {
	struct ptr_list names;               /* char *, in the builder's arena */
	struct arena *arena;
	bool failed;
};

static void add_name(struct name_set *s, const char *name)
{
	char *copy;

	for (size_t i = 0; i < s->names.count; i++)
		if (strcmp(s->names.items[i], name) == 0)
			return;
	if (s->names.count == BUILD_MAX_FIELDS)
		return;
	copy = arena_strdup(s->arena, name);
	s->failed = s->failed || !copy || !ptr_list_push(&s->names, s->arena, copy);
}

struct survey {
	struct name_set fields, operators;
};

static bool survey_field(void *ctx, const struct ast_operand *field)
{
	struct name_set *fields = ctx;
	struct buf text;

	buf_init(&text, 4096);
	if (condition_canonical_operand(field, &text))
		add_name(fields, buf_cstr(&text));
	buf_release(&text);
	return true;
}

static bool survey_check(void *ctx, const struct ast_node *node)
{
	const struct ast_check *c = node->check;
	struct survey *s = ctx;
	char text[64];

	snprintf(text, sizeof text, "%s%s%s", cmp_op_name(c->op), c->mod == MOD_NONE ? "" : " ", op_modifier_name(c->mod));
	add_name(&s->operators, text);
	ast_each_field(c->left, survey_field, &s->fields);
	if (c->right)
		ast_each_field(c->right, survey_field, &s->fields);
	return true;
}

static const char *canonical_text(struct publish *p, const struct ast_node *root)
{
	const char *copy = NULL;
	struct buf text;

	buf_init(&text, BUILD_MAX_ARENA_BYTES);
	if (condition_canonical(root, &text))
		copy = keep(p, buf_cstr(&text));
	p->failed = p->failed || !copy;
	buf_release(&text);
	return copy;
}

static void keep_survey(struct publish *p, const struct raw_rule *raw, struct rule *rule)
{
	struct survey s = { .fields = { .arena = p->b->arena }, .operators = { .arena = p->b->arena } };

	ast_each_check(raw->main.resolved, survey_check, &s);
	for (size_t i = 0; i < raw->step_count; i++)
		ast_each_check(raw->steps[i].resolved, survey_check, &s);
	p->failed = p->failed || s.fields.failed || s.operators.failed;
	keep_names(p, &s.fields.names, &rule->fields);
	keep_names(p, &s.operators.names, &rule->operators);
}

void keep_symbols(struct publish *p, const struct raw_rule *raw, struct rule *rule)
{
	struct name_set macros = { .arena = p->b->arena }, lists = { .arena = p->b->arena };

	for (size_t i = 0; i < raw->macros.count; i++)
		add_name(&macros, ((const struct raw_macro *)raw->macros.items[i])->item.name);
	for (size_t i = 0; i < raw->lists.count; i++)
		add_name(&lists, ((const struct raw_list *)raw->lists.items[i])->item.name);
	p->failed = p->failed || macros.failed || lists.failed;
	keep_names(p, &macros.names, &rule->macros);
	keep_names(p, &lists.names, &rule->lists);
}

static void keep_nodes(struct publish *p, const struct yaml_node *node, struct name_list *out)
{
	const struct yaml_node *one[1] = { node };
	const struct yaml_node *const *items = yaml_is_sequence(node) ? node->items : one;
	size_t count = !node ? 0 : yaml_is_sequence(node) ? node->count : 1;
	const char **names = arena_alloc(p->arena, (count + 1) * sizeof *names);

	*out = (struct name_list){ .names = names };
	if (!names) {
		p->failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		names[i] = keep(p, items[i]->text);
	out->count = count;
}

void keep_exceptions(struct publish *p, const struct raw_rule *raw, struct rule *rule)
{
	struct rule_exception *list = arena_zalloc(p->arena, (raw->exception_count + 1) * sizeof *list);

	if (!list) {
		p->failed = true;
		return;
	}
	rule->exceptions = list;
	for (const struct raw_exception *e = raw->exceptions; e; e = e->next) {
		struct rule_exception *out = &list[rule->exception_count++];

		out->name = keep(p, e->name);
		keep_nodes(p, e->fields, &out->fields);
		keep_nodes(p, e->comps, &out->comps);
		for (const struct exception_values *v = e->first; v; v = v->next)
			out->value_count += v->values->count;
	}
}

static void keep_output_fields(struct publish *p, struct rule *rule)
{
	struct name_set fields = { .arena = p->b->arena };

	for (size_t i = 0; i < template_field_count(rule->output_template); i++)
		add_name(&fields, template_field_name(rule->output_template, i));
	p->failed = p->failed || fields.failed;
	keep_names(p, &fields.names, &rule->output_fields);
}

static void keep_steps(struct publish *p, const struct raw_sequence *s, struct rule_beyond *out)
{
	struct rule_step_text *steps = arena_zalloc(p->arena, (s->count + 1) * sizeof *steps);

	if (!steps) {
		p->failed = true;
		return;
	}
	for (size_t i = 0; i < s->count; i++) {
		steps[i].condition = keep(p, s->steps[i].condition->text);
		keep_nodes(p, s->steps[i].by ? s->steps[i].by : s->by, &steps[i].by);
	}
	out->steps = steps;
	out->step_count = s->count;
}

/* As written: the compiled form has no texts. */
static void keep_beyond(struct publish *p, const struct raw_rule *raw, struct rule *rule)
{
	const struct raw_correlation *c = &raw->correlation;
	struct rule_beyond *beyond = raw->compiled_correlation ? arena_zalloc(p->arena, sizeof *beyond) : NULL;

	rule->beyond = beyond;
	p->failed = p->failed || (raw->compiled_correlation && !beyond);
	if (!beyond)
		return;
	keep_nodes(p, c->throttle.key, &beyond->throttle_key);
	keep_nodes(p, c->threshold.key, &beyond->threshold_key);
	if (c->threshold.distinct)
		beyond->distinct = keep(p, c->threshold.distinct->text);
	if (c->sequence.node)
		keep_steps(p, &c->sequence, beyond);
}

void keep_description(struct publish *p, const struct raw_rule *raw, struct rule *rule)
{
	rule->condition_canonical = canonical_text(p, raw->main.resolved);
	keep_output_fields(p, rule);
	keep_survey(p, raw, rule);
	keep_beyond(p, raw, rule);
}
