/* program: the conditions of a whole ruleset, made for evaluation together (design §5). Each distinct field is fetched
 * and each distinct check evaluated at most once per event; rules are tried only on event types they can match, and only
 * when their guard (a check that must be true for the rule to match) has fired.
 * A program is immutable and may be shared by threads; a matcher holds all that changes and belongs to one thread. */
#ifndef VITRINE_ENGINE_PROGRAM_H
#define VITRINE_ENGINE_PROGRAM_H

#include "policyd/engine/expr.h"
#include "proto/base/buf.h"
#include "proto/base/status.h"

enum {
	PROGRAM_MAX_RULES = 1 << 20,          /* a hundred times the largest rulesets known */
	PROGRAM_MAX_BYTES = 1 << 30,          /* bounds what a rules file can make us hold */
	PROGRAM_MAX_DEPTH = 4096,             /* and/or/not within each other, macros expanded: bounds recursion */
	PROGRAM_MAX_TYPE_GROUPS = 16,         /* forms of one rule by event type; above, one form serves all types */
};

struct program;
struct matcher;
struct type_set;

struct program_rule {
	const struct expr *condition;
	const struct type_set *types;         /* the event types it may match (condition_event_types); NULL: all */
};

/* Copies what it keeps of the rules. The vocabulary must outlive the program, and its FIELD_EVENT_TYPE field must give
 * event_types[event_view.type], and no value for VOCABULARY_NO_TYPE. Rules keep their order; their index is what a
 * match is reported with. ST_LIMIT, ST_NOMEM, ST_MALFORMED (a regex PCRE2 refuses): *out is NULL, why says which rule. */
enum status program_build(const struct vocabulary *v, const struct program_rule *rules, size_t count,
	struct program **out, struct diag *why);
void program_destroy(struct program *p);              /* NULL is fine; no matcher may be left */
size_t program_bytes(const struct program *p);        /* memory held, compiled regexes included */

struct program_counts {
	size_t rules, fields, checks, instructions;
	size_t unguarded;                             /* rules evaluated on every event of one of their types */
};
struct program_counts program_count(const struct program *p);

/* Sets unguarded[k] for each rule k that is evaluated on every event of some type. */
void program_mark_unguarded(const struct program *p, bool *unguarded);
/* Appends what must be seen before the rule is evaluated, such as: proc.cmdline contains " -enc"; one line per guard,
 * without a line break at the end. False: the rule has no guard for some event type, and nothing is appended for it. */
bool program_describe_guard(const struct program *p, size_t rule, struct buf *out);

/* Called for each rule that matches, in rule order. False: no further rule is tried on this event. */
typedef bool match_fn(void *ctx, size_t rule);

struct matcher *matcher_create(const struct program *p);    /* NULL: out of memory. p must outlive it. */
void matcher_destroy(struct matcher *m);                     /* NULL is fine */
/* ev->scratch is filled with conversions; the caller resets it after the event. */
void matcher_run(struct matcher *m, const struct event_view *ev, match_fn *hit, void *ctx);

struct rule_stats {
	uint64_t guard_hits;       /* events on which the guard fired, or that the rule without guard was tried on */
	uint64_t evaluations;      /* the same: a woken rule is always evaluated, unless an earlier one stopped the event */
	uint64_t matches;
	uint64_t time_ns;          /* spent evaluating; checks shared with other rules count for the first that asks */
};

/* Off at first, since it costs time. now_ns: any steady clock; NULL: times stay 0. False: out of memory. */
bool matcher_enable_stats(struct matcher *m, uint64_t (*now_ns)(void));
const struct rule_stats *matcher_stats(const struct matcher *m, size_t rule);    /* NULL: not enabled */

/* X(name, doc): what a matcher did that nobody should have to guess. */
#define MATCHER_COUNTERS_TABLE(X)                                                                                      \
	X(regex_slow, "regex checks that backtracked too long and were decided side by side")                          \
	X(regex_gave_up, "regex checks given up at a limit: they counted as no match")                                 \
	X(values_refused, "values past a bound of one event: they counted as missing")

struct matcher_counters {
#define X(name, doc) uint64_t name;
	MATCHER_COUNTERS_TABLE(X)
#undef X
};
struct matcher_counters matcher_counters(const struct matcher *m);

#endif
