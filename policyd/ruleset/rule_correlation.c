/* throttle, threshold and sequence of a rule, compiled into the arena that becomes the ruleset's. */
#include "policyd/ruleset/rule_build.h"

#include <string.h>

#include "policyd/engine/operand.h"

/* The parts of one rule at work. */
struct making {
	struct ruleset_builder *b;
	struct raw_rule *rule;
	bool failed;
};

static void *make(struct making *k, size_t bytes)
{
	void *p = arena_zalloc(k->b->keep, bytes);

	if (!p)
		k->b->log.out_of_memory = k->failed = true;
	return p;
}

static struct rule_text *correlation_text(struct ruleset_builder *b, struct raw_rule *rule, const struct rule_file *file,
	const struct yaml_node *node)
{
	struct rule_text *text = arena_zalloc(b->arena, sizeof *text);

	if (!text || !text_set(b, text, file, node, false)) {
		b->log.out_of_memory = true;
		return NULL;
	}
	text->type = "correlation";
	text->item = &rule->item;
	return text;
}

/* ---- keys ---- */

static bool may_be_key(const struct operand *o)
{
	enum operand_shape shape = operand_shape_of(o);

	return shape == SHAPE_ONE || shape == SHAPE_LIST;
}

static const struct operand *make_operand(struct making *k, const struct rule_file *file, const struct yaml_node *node)
{
	struct rule_text *text = correlation_text(k->b, k->rule, file, node);
	struct cond_parser parser = parser_for(k->b, text);
	struct cond_checker checker = checker_for(k->b, k->rule->source_index);
	struct cond_diag why = { .code = COND_OK };
	const struct operand *o = NULL;
	struct ast_left left;

	if (!text) {
		k->failed = true;
		return NULL;
	}
	parser.arena = checker.arena = k->b->keep;
	if (condition_parse_left(&parser, text->ptr, text->len, &left, &why) != ST_OK ||
		condition_check_operand(&checker, &left, &o, &why) != ST_OK) {
		report_condition(k->b, text, LOAD_ERR_COMPILE_CONDITION, &why);
		k->failed = true;
		return NULL;
	}
	if (!may_be_key(o)) {
		struct place_chain chain;

		load_log_add(&k->b->log, LOAD_ERR_COMPILE_CONDITION, text_place(text, 0, &chain),
			"%s has no single value, so it cannot tell events apart", text->ptr);
		k->failed = true;
	}
	return o;
}

static struct correlate_key make_key(struct making *k, const struct rule_file *file, const struct yaml_node *node)
{
	struct correlate_key key = { .count = !node ? 0 : yaml_is_sequence(node) ? node->count : 1 };
	const struct operand **operands = make(k, (key.count + 1) * sizeof *operands);

	for (size_t i = 0; operands && i < key.count; i++)
		operands[i] = make_operand(k, file, yaml_is_sequence(node) ? node->items[i] : node);
	key.operands = operands;
	return key;
}

/* ---- parts ---- */

enum { UNITS_PER_MS = 10000 };    /* of 100 ns */

static const struct throttle_spec *make_throttle(struct making *k, const struct raw_throttle *raw)
{
	struct throttle_spec *spec = make(k, sizeof *spec);

	if (!spec)
		return NULL;
	spec->key = make_key(k, raw->file, raw->key);
	spec->window_100ns = raw->window_ms * UNITS_PER_MS;
	spec->max = raw->max;
	return spec;
}

static const struct threshold_spec *make_threshold(struct making *k, const struct raw_threshold *raw)
{
	struct threshold_spec *spec = make(k, sizeof *spec);

	if (!spec)
		return NULL;
	spec->key = make_key(k, raw->file, raw->key);
	spec->window_100ns = raw->window_ms * UNITS_PER_MS;
	spec->count = raw->count;
	if (raw->distinct)
		spec->distinct = make_operand(k, raw->file, raw->distinct);
	return spec;
}

static const struct sequence_spec *make_sequence(struct making *k, const struct raw_sequence *raw)
{
	struct sequence_spec *spec = make(k, sizeof *spec);

	if (!spec)
		return NULL;
	spec->within_100ns = raw->within_ms * UNITS_PER_MS;
	spec->step_count = raw->count;
	for (size_t i = 0; i < raw->count; i++)
		spec->by[i] = make_key(k, raw->file, raw->steps[i].by ? raw->steps[i].by : raw->by);
	return spec;
}

static void compile_steps(struct making *k)
{
	const struct raw_sequence *s = &k->rule->correlation.sequence;

	k->rule->steps = arena_zalloc(k->b->arena, s->count * sizeof *k->rule->steps);
	if (!k->rule->steps) {
		k->b->log.out_of_memory = k->failed = true;
		return;
	}
	for (size_t i = 0; i + 1 < s->count; i++) {
		struct rule_text *text = correlation_text(k->b, k->rule, s->file, s->steps[i].condition);

		if (!text || compile_text(k->b, k->rule, text, NULL, &k->rule->steps[i]) != COMPILED)
			k->failed = true;
	}
	k->rule->step_count = s->count - 1;
}

bool compile_correlation(struct ruleset_builder *b, struct raw_rule *rule)
{
	const struct raw_correlation *raw = &rule->correlation;
	struct making k = { .b = b, .rule = rule };
	struct correlation *spec;

	rule->step_count = 0;
	rule->compiled_correlation = NULL;
	if (!raw->throttle.node && !raw->threshold.node && !raw->sequence.node)
		return true;
	spec = make(&k, sizeof *spec);
	if (!spec)
		return false;
	if (raw->throttle.node)
		spec->throttle = make_throttle(&k, &raw->throttle);
	if (raw->threshold.node)
		spec->threshold = make_threshold(&k, &raw->threshold);
	if (raw->sequence.node) {
		spec->sequence = make_sequence(&k, &raw->sequence);
		compile_steps(&k);
	}
	rule->compiled_correlation = spec;
	return !k.failed;
}

bool add_last_step(struct ruleset_builder *b, struct raw_rule *rule, struct ptr_list *also)
{
	const struct raw_sequence *s = &rule->correlation.sequence;
	struct cond_diag why = { .code = COND_OK };
	const struct ast_node *tree;
	struct cond_parser parser;
	struct rule_text *text;
	void *item;

	if (!s->node || !rule->has_condition)
		return true;
	text = correlation_text(b, rule, s->file, s->steps[s->count - 1].condition);
	if (!text)
		return false;
	parser = parser_for(b, text);
	if (condition_parse(&parser, text->ptr, text->len, &tree, &why) != ST_OK) {
		report_condition(b, text, LOAD_ERR_COMPILE_CONDITION, &why);
		return false;
	}
	memcpy(&item, &tree, sizeof item);
	if (ptr_list_push(also, b->arena, item))
		return true;
	b->log.out_of_memory = true;
	return false;
}
