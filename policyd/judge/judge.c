#include "policyd/judge/judge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/fields/fields.h"
#include "proto/base/clock.h"
#include "proto/base/limits.h"

struct judge_rules {
	struct ruleset *set;
	struct ruleset_runs runs;
	struct evaluator *evaluator;
	uint64_t *matches;               /* by rule */
	size_t *before;                  /* index of the same rule in the rules before; SIZE_MAX: new */
};

struct judge {
	struct judge_rules *rules;
	bool first_only, stopped;
	judge_sink *sink;
	void *ctx;
	struct pipeline *pipeline;
	struct alert alert;              /* all but the rule: of the event being judged */
	struct alert_text place[ALERT_MAX_PLACE];
	char host[LIMIT_NAME_BYTES + 1];
	struct judge_stats stats;
	uint64_t (*now_ns)(void);        /* rule times are on: also for the rules of the next swap */
	bool rule_stats;
};

struct named_rule {
	const char *name;
	size_t index;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct named_rule *)a)->name, ((const struct named_rule *)b)->name);
}

/* Finds each rule by name among the previous ones. */
static bool find_before(struct judge_rules *r, const struct judge_rules *previous)
{
	size_t count = previous ? previous->runs.rule_count : 0;
	struct named_rule *sorted = calloc(count + 1, sizeof *sorted);

	if (!sorted)
		return false;
	for (size_t i = 0; i < count; i++)
		sorted[i] = (struct named_rule){ previous->runs.rules[i]->name, i };
	qsort(sorted, count, sizeof *sorted, by_name);
	for (size_t i = 0; i < r->runs.rule_count; i++) {
		struct named_rule want = { r->runs.rules[i]->name, 0 };
		struct named_rule *found = bsearch(&want, sorted, count, sizeof *sorted, by_name);

		r->before[i] = found ? found->index : SIZE_MAX;
	}
	free(sorted);
	return true;
}

struct judge_rules *judge_rules_create(struct ruleset *rs, const struct judge_rules *previous)
{
	struct judge_rules *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->set = ruleset_ref(rs);
	r->runs = ruleset_runs(rs, fields_vocabulary()->source);
	r->matches = calloc(r->runs.rule_count + 1, sizeof *r->matches);
	r->before = calloc(r->runs.rule_count + 1, sizeof *r->before);
	r->evaluator = evaluator_create(rs, fields_vocabulary()->source);
	if (r->matches && r->before && r->evaluator && find_before(r, previous))
		return r;
	judge_rules_destroy(r);
	return NULL;
}

void judge_rules_destroy(struct judge_rules *r)
{
	if (!r)
		return;
	evaluator_destroy(r->evaluator);
	free(r->matches);
	free(r->before);
	ruleset_unref(r->set);
	free(r);
}

struct judge *judge_create(struct judge_rules *rules_taken, bool first_only, judge_sink *sink, void *ctx)
{
	struct judge *j = calloc(1, sizeof *j);

	if (!j)
		return NULL;
	j->rules = rules_taken;
	j->first_only = first_only;
	j->sink = sink;
	j->ctx = ctx;
	return j;
}

void judge_destroy(struct judge *j)
{
	if (!j)
		return;
	judge_rules_destroy(j->rules);
	free(j);
}

void judge_attach(struct judge *j, struct pipeline *p)
{
	j->pipeline = p;
}

struct judge_rules *judge_swap(struct judge *j, struct judge_rules *rules_taken)
{
	struct judge_rules *old = j->rules;

	for (size_t i = 0; i < rules_taken->runs.rule_count; i++) {
		if (rules_taken->before[i] >= old->runs.rule_count)
			continue;
		rules_taken->matches[i] = old->matches[rules_taken->before[i]];
		evaluator_take_over(rules_taken->evaluator, i, old->evaluator, rules_taken->before[i]);
	}
	evaluator_take_counters(rules_taken->evaluator, old->evaluator);
	j->rules = rules_taken;
	if (j->rule_stats)
		judge_enable_rule_stats(j, j->now_ns);
	return old;
}

/* Once for all rules that match an event. */
static void set_place(struct judge *j)
{
	struct field_text texts[FIELDS_PLACE_MAX];
	size_t count = fields_place(j->alert.event, texts);

	for (size_t i = 0; i < count && i < ALERT_MAX_PLACE; i++)
		j->place[i] = (struct alert_text){ texts[i].name, texts[i].text.ptr, texts[i].text.len };
	j->alert.place = j->place;
	j->alert.place_count = count < ALERT_MAX_PLACE ? count : ALERT_MAX_PLACE;
	j->alert.incomplete = fields_incomplete(j->alert.event);
}

static bool on_finding(void *ctx, const struct finding *f)
{
	struct judge *j = ctx;

	j->alert.rule = f->rule;
	j->alert.held_back = f->more.held_back;
	j->alert.threshold = f->more.count;
	j->alert.threshold_distinct = f->more.distinct;
	if (!j->alert.place)
		set_place(j);
	j->rules->matches[f->index]++;
	j->stats.alerts++;
	j->stats.by_priority[j->alert.rule->priority]++;
	j->stopped = !j->sink(j->ctx, &j->alert);
	return !j->stopped && !j->first_only;
}

/* The event's machine as a C string; names longer than the stream allows cannot come. */
static const char *host_of(struct judge *j, const struct event *ev)
{
	struct text_view name = state_host_name(pipeline_state(j->pipeline), ev->rec);
	size_t len = name.len < sizeof j->host ? name.len : sizeof j->host - 1;

	if (len)
		memcpy(j->host, name.ptr, len);
	j->host[len] = '\0';
	return j->host;
}

enum status judge_visit(void *ctx, const struct event_view *view, const struct event *ev)
{
	struct judge *j = ctx;
	uint64_t before = j->stats.alerts;

	j->stats.events++;
	j->alert = (struct alert){ .event = view, .time_ns = filetime_to_unix_ns(ev->rec->time_100ns),
		.hostname = host_of(j, ev), .lost_before = ev->lost_before };
	evaluator_run(j->rules->evaluator, view, ev->rec->time_100ns, on_finding, j);
	if (j->stats.alerts > before && ev->lost_before)
		pipeline_clear_gap(j->pipeline);
	return j->stopped ? ST_STOPPED : ST_OK;
}

const struct judge_stats *judge_stats(const struct judge *j)
{
	return &j->stats;
}

const struct judge_rules *judge_current(const struct judge *j)
{
	return j->rules;
}

const struct ruleset *judge_rules_set(const struct judge_rules *r)
{
	return r->set;
}

const struct ruleset_runs *judge_rules_runs(const struct judge_rules *r)
{
	return &r->runs;
}

uint64_t judge_rules_matches(const struct judge_rules *r, size_t rule)
{
	return rule < r->runs.rule_count ? r->matches[rule] : 0;
}

bool judge_enable_rule_stats(struct judge *j, uint64_t (*now_ns)(void))
{
	struct matcher *m = evaluator_matcher(j->rules->evaluator);

	j->rule_stats = true;
	j->now_ns = now_ns;
	return !m || matcher_enable_stats(m, now_ns);
}

const struct rule_stats *judge_rule_stats(const struct judge *j, size_t rule)
{
	struct matcher *m = evaluator_matcher(j->rules->evaluator);

	return m ? matcher_stats(m, rule) : NULL;
}

struct correlate_counters judge_correlate_counters(const struct judge *j)
{
	return evaluator_counters(j->rules->evaluator);
}

struct matcher_counters judge_matcher_counters(const struct judge *j)
{
	return evaluator_matcher_counters(j->rules->evaluator);
}

static void write_matcher(const struct judge *j, struct buf *out)
{
	struct matcher_counters c = judge_matcher_counters(j);
	size_t start = out->len;

#define X(name, doc)                                                                                                   \
	if (c.name)                                                                                                    \
		buf_printf(out, "%s   %s: %" PRIu64 "  (%s)\n", out->len == start ? "Bounds of the engine:\n" : "", #name, c.name, doc);
	MATCHER_COUNTERS_TABLE(X)
#undef X
}

static void write_correlation(const struct judge *j, struct buf *out)
{
	struct correlate_counters c = judge_correlate_counters(j);
	size_t start = out->len;

#define X(name, doc)                                                                                                   \
	if (c.name)                                                                                                    \
		buf_printf(out, "%s   %s: %" PRIu64 "  (%s)\n", out->len == start ? "Correlation:\n" : "", #name, c.name, doc);
	CORRELATE_COUNTERS_TABLE(X)
#undef X
}

void judge_write_stats(const struct judge *j, struct buf *out)
{
	const struct judge_rules *r = j->rules;

	buf_printf(out, "Events detected: %" PRIu64 "\nRule counts by severity:\n", j->stats.alerts);
	for (int p = 0; p < PRIORITY_COUNT; p++) {
		if (j->stats.by_priority[p])
			buf_printf(out, "   %s: %" PRIu64 "\n", priority_name((enum priority)p), j->stats.by_priority[p]);
	}
	buf_append_str(out, "Triggered rules by rule name:\n");
	for (size_t i = 0; i < r->runs.rule_count; i++) {
		if (r->matches[i])
			buf_printf(out, "   %s: %" PRIu64 "\n", r->runs.rules[i]->name, r->matches[i]);
	}
	write_correlation(j, out);
	write_matcher(j, out);
}
