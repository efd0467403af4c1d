/* Kind eval: whether a condition matches an event, through the whole engine. */
#include "policyd/engine/condition.h"
#include "policyd/engine/program.h"
#include "tests/conformance/kinds.h"

enum { SCRATCH_BYTES = 4 << 20 };

static bool on_match(void *ctx, size_t rule)
{
	(void)rule;
	*(bool *)ctx = true;
	return true;
}

static bool run_event(struct case_run *run, struct matcher *m, struct arena *scratch)
{
	struct toy_event event = { .values = yaml_map_get(run->node, "event"),
		.chain = yaml_map_get(run->node, "process_chain") };
	struct event_view view;
	bool matched = false;

	toy_event_view(run->toy, &event, scratch, &view);
	matcher_run(m, &view, on_match, &matched);
	return matched;
}

static void evaluate(struct case_run *run, const struct expr *condition)
{
	struct program_rule rule = { .condition = condition };
	struct arena *scratch = arena_create(SCRATCH_BYTES);
	struct diag why = DIAG_INIT;
	struct program *program = NULL;
	struct matcher *m = NULL;

	if (program_build(toy_vocabulary(run->toy), &rule, 1, &program, &why) != ST_OK)
		case_fail(run, "program: %s", why.text);
	else if (!scratch || !(m = matcher_create(program)))
		case_fail(run, "out of memory");
	else
		case_expect_bool(run, "match", run_event(run, m, scratch));
	matcher_destroy(m);
	program_destroy(program);
	arena_destroy(scratch);
}

void kind_eval(struct case_run *run)
{
	struct cond_parser parser = { .arena = run->arena };
	struct cond_checker checker = { .vocabulary = toy_vocabulary(run->toy), .arena = run->arena };
	const struct yaml_node *text = yaml_map_get(run->node, "condition");
	const struct ast_node *ast;
	const struct expr *condition;
	struct cond_diag why;
	enum status st;

	if (!yaml_is_scalar(text)) {
		case_fail(run, "condition: a text is needed");
		return;
	}
	st = condition_parse(&parser, text->text, text->count, &ast, &why);
	if (st == ST_OK)
		st = condition_check(&checker, ast, &condition, &why);
	if (st == ST_OK)
		evaluate(run, condition);
	else
		case_fail(run, "error: %u:%u: %s", why.pos.line, why.pos.column, why.text);
}
