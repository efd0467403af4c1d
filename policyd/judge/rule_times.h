/* rule_times: what each rule of a judge cost, the steps of its sequence included. */
#ifndef VITRINE_JUDGE_RULE_TIMES_H
#define VITRINE_JUDGE_RULE_TIMES_H

#include "policyd/judge/judge.h"
#include "proto/base/buf.h"

/* out has room for the rule_count of judge_rules_runs. All zero: judge_enable_rule_stats was not called. */
void rule_times_collect(const struct judge *j, struct rule_stats *out);
/* One line a rule, costliest first: the time spent on it, how often its guard fired, how often it was evaluated and how
 * often it matched; the steps of a sequence count for their rule.
 * judge_enable_rule_stats must have been called before the first event. False: out of memory. */
bool rule_times_write(const struct judge *j, struct buf *out);

#endif
