/* correlation: what a rule asks for beyond one event: `throttle`, `threshold` and `sequence` of a rules file, checked
 * and compiled (docs/rule-language.md). Immutable; lives as long as its ruleset. */
#ifndef VITRINE_CORRELATE_CORRELATION_H
#define VITRINE_CORRELATE_CORRELATION_H

#include "policyd/engine/expr.h"

enum {
	CORRELATE_MAX_KEY_FIELDS = 8,
	CORRELATE_MAX_STEPS = 16,              /* of one sequence; published ones have 2 to 4 */
	CORRELATE_MAX_COUNT = 10000,           /* throttle.max, threshold.count: 80 KiB of times for a key */
	CORRELATE_MAX_DISTINCT = 1000,         /* threshold.count with distinct: searched one by one */
	CORRELATE_MAX_WINDOW_S = 30 * 86400,   /* state of a month ago is no evidence, and costs memory all the time */
};

/* The values that tell one case from another; no field: all events are one case. */
struct correlate_key {
	const struct operand *const *operands;
	size_t count;
};

/* At most max alerts for a key within the window that the first of them opens; the next one tells how many were held. */
struct throttle_spec {
	struct correlate_key key;
	uint64_t window_100ns;
	uint32_t max;
};

/* An alert when count matches of a key, or matches with count different values, lie within the window; then anew. */
struct threshold_spec {
	struct correlate_key key;
	uint64_t window_100ns;
	uint32_t count;
	const struct operand *distinct;        /* NULL: matches are counted */
};

/* Steps 0 .. step_count - 2 matched in this order by events with equal keys, then the rule's own condition as the last
 * step, all within the time since the first. Each step has its own key: a pid here, a parent's pid there. */
struct sequence_spec {
	uint64_t within_100ns;
	size_t step_count;
	struct correlate_key by[CORRELATE_MAX_STEPS];
};

/* NULL: not asked for. Order: sequence, then threshold, then throttle. */
struct correlation {
	const struct sequence_spec *sequence;
	const struct threshold_spec *threshold;
	const struct throttle_spec *throttle;
};

/* Whether both ask for the same. NULL is fine: nothing is asked for. */
bool correlation_same(const struct correlation *a, const struct correlation *b);

#endif
