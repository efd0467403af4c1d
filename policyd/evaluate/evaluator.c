#include "policyd/evaluate/evaluator.h"

#include <stdlib.h>

struct evaluator {
	struct ruleset_runs runs;
	struct matcher *matcher;         /* NULL: no rule runs */
	struct correlator *correlator;
	struct matcher_counters before;  /* of the matchers of former rules */
	/* of the event at hand */
	finding_fn *found;
	void *ctx;
	struct correlate_event event;
	bool stopped;
};

static struct correlator *make_correlator(const struct ruleset_runs *runs)
{
	const struct correlation **specs = calloc(runs->rule_count + 1, sizeof *specs);
	struct correlator *c;

	if (!specs)
		return NULL;
	for (size_t i = 0; i < runs->rule_count; i++)
		specs[i] = runs->rules[i]->correlation;
	c = correlator_create(specs, runs->rule_count);
	free(specs);
	return c;
}

struct evaluator *evaluator_create(const struct ruleset *rs, const char *source)
{
	struct evaluator *e = calloc(1, sizeof *e);

	if (!e)
		return NULL;
	e->runs = ruleset_runs(rs, source);
	e->correlator = make_correlator(&e->runs);
	if (e->runs.program)
		e->matcher = matcher_create(e->runs.program);
	if (e->correlator && (e->matcher || !e->runs.program))
		return e;
	evaluator_destroy(e);
	return NULL;
}

void evaluator_destroy(struct evaluator *e)
{
	if (!e)
		return;
	matcher_destroy(e->matcher);
	correlator_destroy(e->correlator);
	free(e);
}

/* Steps of sequences stand behind all rules, so they are seen although a rule has ended the alerts of this event. */
static bool on_match(void *ctx, size_t index)
{
	struct evaluator *e = ctx;
	struct finding f;

	if (index >= e->runs.rule_count) {
		const struct run_step *s = &e->runs.steps[index - e->runs.rule_count];

		correlator_step(e->correlator, s->rule, s->step, &e->event);
		return true;
	}
	if (e->stopped)
		return true;
	f = (struct finding){ .rule = e->runs.rules[index], .index = index };
	if (!f.rule->correlation || correlator_match(e->correlator, index, &e->event, &f.more))
		e->stopped = !e->found(e->ctx, &f);
	return !e->stopped || e->runs.step_count > 0;
}

void evaluator_run(struct evaluator *e, const struct event_view *view, uint64_t time_100ns, finding_fn *found, void *ctx)
{
	e->found = found;
	e->ctx = ctx;
	e->event = (struct correlate_event){ .view = view, .time_100ns = time_100ns };
	e->stopped = false;
	if (e->matcher)
		matcher_run(e->matcher, view, on_match, e);
}

void evaluator_take_over(struct evaluator *e, size_t index, struct evaluator *old, size_t old_index)
{
	correlator_take_over(e->correlator, index, old->correlator, old_index);
}

void evaluator_take_counters(struct evaluator *e, const struct evaluator *old)
{
	correlator_take_counters(e->correlator, old->correlator);
	e->before = evaluator_matcher_counters(old);
}

struct correlate_counters evaluator_counters(const struct evaluator *e)
{
	return correlator_counters(e->correlator);
}

struct matcher_counters evaluator_matcher_counters(const struct evaluator *e)
{
	struct matcher_counters sum = e->before, now = { 0 };

	if (e->matcher)
		now = matcher_counters(e->matcher);
#define X(name, doc) sum.name += now.name;
	MATCHER_COUNTERS_TABLE(X)
#undef X
	return sum;
}

struct ruleset_runs evaluator_runs(const struct evaluator *e)
{
	return e->runs;
}

struct matcher *evaluator_matcher(struct evaluator *e)
{
	return e->matcher;
}
