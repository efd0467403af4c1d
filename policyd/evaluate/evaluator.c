#include "policyd/evaluate/evaluator.h"

#include <stdlib.h>

struct evaluator {
	struct ruleset_runs runs;
	struct matcher *matcher;         /* NULL: no rule runs */
	/* of the event at hand */
	finding_fn *found;
	void *ctx;
};

struct evaluator *evaluator_create(const struct ruleset *rs, const char *source)
{
	struct evaluator *e = calloc(1, sizeof *e);

	if (!e)
		return NULL;
	e->runs = ruleset_runs(rs, source);
	if (e->runs.program)
		e->matcher = matcher_create(e->runs.program);
	if (e->matcher || !e->runs.program)
		return e;
	evaluator_destroy(e);
	return NULL;
}

void evaluator_destroy(struct evaluator *e)
{
	if (!e)
		return;
	matcher_destroy(e->matcher);
	free(e);
}

static bool on_match(void *ctx, size_t rule)
{
	struct evaluator *e = ctx;
	struct finding f = { .rule = e->runs.rules[rule], .index = rule };

	return e->found(e->ctx, &f);
}

void evaluator_run(struct evaluator *e, const struct event_view *view, uint64_t time_100ns, finding_fn *found, void *ctx)
{
	(void)time_100ns;
	e->found = found;
	e->ctx = ctx;
	if (e->matcher)
		matcher_run(e->matcher, view, on_match, e);
}

struct ruleset_runs evaluator_runs(const struct evaluator *e)
{
	return e->runs;
}

struct matcher *evaluator_matcher(struct evaluator *e)
{
	return e->matcher;
}
