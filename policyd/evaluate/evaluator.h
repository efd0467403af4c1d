/* evaluator: the rules of one source on one event after the other, and what is to be told of those that match. Used alike
 * by replay, by rule tests and by the daemon. Knows no event and no output. One thread. */
#ifndef VITRINE_EVALUATE_EVALUATOR_H
#define VITRINE_EVALUATE_EVALUATOR_H

#include "policyd/correlate/correlator.h"
#include "policyd/engine/program.h"
#include "policyd/ruleset/ruleset.h"

struct evaluator;

/* One rule that has something to say about the event. Borrowed for one call. */
struct finding {
	const struct rule *rule;
	size_t index;              /* among the rules that run: evaluator_runs */
	struct correlated more;    /* what throttle and threshold have to tell */
};

/* False: no further rule may tell of this event. */
typedef bool finding_fn(void *ctx, const struct finding *f);

/* The vocabulary of that source gives the views. rs must outlive the evaluator. NULL: out of memory. */
struct evaluator *evaluator_create(const struct ruleset *rs, const char *source);
void evaluator_destroy(struct evaluator *e);                      /* NULL is fine */

/* time_100ns: of the event. The caller resets view->scratch afterwards. */
void evaluator_run(struct evaluator *e, const struct event_view *view, uint64_t time_100ns, finding_fn *found, void *ctx);

/* Reload: rule `index` of e goes on where rule old_index of old stood, as far as both remember the same. */
void evaluator_take_over(struct evaluator *e, size_t index, struct evaluator *old, size_t old_index);
void evaluator_take_counters(struct evaluator *e, const struct evaluator *old);
struct correlate_counters evaluator_counters(const struct evaluator *e);
struct matcher_counters evaluator_matcher_counters(const struct evaluator *e);

struct ruleset_runs evaluator_runs(const struct evaluator *e);
struct matcher *evaluator_matcher(struct evaluator *e);           /* NULL: no rule runs */

#endif
