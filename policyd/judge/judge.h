/* judge: a pipeline visitor that runs the rules on each event and hands each match to a sink. Replay, rule tests and the
 * daemon share it. One thread, but for judge_rules_create and _destroy, which any thread may call: a reload prepares the
 * new rules beside the loop, and swaps them between two events. */
#ifndef VITRINE_JUDGE_H
#define VITRINE_JUDGE_H

#include "policyd/alert/alert.h"
#include "policyd/engine/program.h"
#include "policyd/evaluate/evaluator.h"
#include "policyd/pipeline/pipeline.h"
#include "policyd/ruleset/ruleset.h"

struct judge;
struct judge_rules;

/* A ruleset ready to run, with a count of matches for each rule. Takes a reference of its own. previous: counts of rules
 * with the same name go on from there when it is swapped out for this; NULL: from zero. previous is only read here.
 * NULL: out of memory. */
struct judge_rules *judge_rules_create(struct ruleset *rs, const struct judge_rules *previous);
void judge_rules_destroy(struct judge_rules *r);    /* NULL is fine */

/* One match; all of it is borrowed for the call. False: the output is gone, judge_visit answers ST_STOPPED. */
typedef bool judge_sink(void *ctx, const struct alert *a);

/* first_only: Falco's `rule_matching: first`. NULL: out of memory; then rules are still the caller's. */
struct judge *judge_create(struct judge_rules *rules_taken, bool first_only, judge_sink *sink, void *ctx);
void judge_destroy(struct judge *j);                /* NULL is fine */
/* The pipeline whose events come in; needed before the first, and again when another takes over. */
void judge_attach(struct judge *j, struct pipeline *p);

/* Between two events. Returns the rules that ran until now, for judge_rules_destroy by any thread. */
struct judge_rules *judge_swap(struct judge *j, struct judge_rules *rules_taken);

/* pipeline_visit with the judge as ctx. */
enum status judge_visit(void *ctx, const struct event_view *view, const struct event *ev);

struct judge_stats {
	uint64_t events, alerts;
	uint64_t by_priority[PRIORITY_COUNT];
};
const struct judge_stats *judge_stats(const struct judge *j);

/* What runs now, and the matches of rule k of it. */
const struct judge_rules *judge_current(const struct judge *j);
const struct ruleset *judge_rules_set(const struct judge_rules *r);
const struct ruleset_runs *judge_rules_runs(const struct judge_rules *r);
uint64_t judge_rules_matches(const struct judge_rules *r, size_t rule);
/* Times and evaluations of each rule from now on; they cost a little. False: out of memory. */
bool judge_enable_rule_stats(struct judge *j, uint64_t (*now_ns)(void));
const struct rule_stats *judge_rule_stats(const struct judge *j, size_t rule);    /* NULL: not enabled */

/* What throttle, threshold and sequence did, since the first rules. */
struct correlate_counters judge_correlate_counters(const struct judge *j);

/* What of the engine's bounds was reached, since the first rules. */
struct matcher_counters judge_matcher_counters(const struct judge *j);

/* Falco's closing statistics: events, alerts by priority and by rule; and the counters above that are not zero. */
void judge_write_stats(const struct judge *j, struct buf *out);

#endif
