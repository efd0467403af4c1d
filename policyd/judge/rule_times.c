#include "policyd/judge/rule_times.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/program.h"

struct row {
	const char *rule;
	struct rule_stats stats;
};

/* What took longest first; without times, what was tried most often. */
static int by_cost(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->stats.time_ns != y->stats.time_ns)
		return x->stats.time_ns > y->stats.time_ns ? -1 : 1;
	if (x->stats.evaluations != y->stats.evaluations)
		return x->stats.evaluations > y->stats.evaluations ? -1 : 1;
	return strcmp(x->rule, y->rule);
}

static void add_stats(struct rule_stats *sum, const struct rule_stats *more)
{
	if (!more)
		return;
	sum->guard_hits += more->guard_hits;
	sum->evaluations += more->evaluations;
	sum->matches += more->matches;
	sum->time_ns += more->time_ns;
}

void rule_times_collect(const struct judge *j, struct rule_stats *out)
{
	const struct ruleset_runs *runs = judge_rules_runs(judge_current(j));

	memset(out, 0, runs->rule_count * sizeof *out);
	for (size_t i = 0; i < runs->rule_count; i++)
		add_stats(&out[i], judge_rule_stats(j, i));
	for (size_t i = 0; i < runs->step_count; i++)
		add_stats(&out[runs->steps[i].rule], judge_rule_stats(j, runs->rule_count + i));
}

bool rule_times_write(const struct judge *j, struct buf *out)
{
	const struct ruleset_runs *runs = judge_rules_runs(judge_current(j));
	struct row *rows = calloc(runs->rule_count + 1, sizeof *rows);
	struct rule_stats *stats = calloc(runs->rule_count + 1, sizeof *stats);
	bool ok = rows && stats;

	if (!ok)
		goto done;
	rule_times_collect(j, stats);
	for (size_t i = 0; i < runs->rule_count; i++)
		rows[i] = (struct row){ .rule = runs->rules[i]->name, .stats = stats[i] };
	qsort(rows, runs->rule_count, sizeof *rows, by_cost);
	buf_append_str(out, "Rules by time:\n        us  guard hits evaluations     matches  rule\n");
	for (size_t i = 0; i < runs->rule_count; i++) {
		const struct rule_stats *s = &rows[i].stats;

		buf_printf(out, "%10" PRIu64 "  %10" PRIu64 "  %10" PRIu64 "  %10" PRIu64 "  %s\n", s->time_ns / 1000,
			s->guard_hits, s->evaluations, s->matches, rows[i].rule);
	}
done:
	free(rows);
	free(stats);
	return ok;
}
