/* output_plan: the outputs that a configuration asks for: Falco's sections, each an output named after itself, and the
 * entries of `outputs`. */
#ifndef VITRINE_DAEMON_OUTPUT_PLAN_H
#define VITRINE_DAEMON_OUTPUT_PLAN_H

#include "policyd/config/config.h"
#include "policyd/output/output.h"

struct output_plan {
	struct outputs_config config;          /* what outputs_start and outputs_prepare take; points into this and into the configuration */
	struct output_config outputs[OUTPUT_MAX_COUNT];
	struct output_pair *pairs;             /* headers and resource attributes, one behind the other */
	size_t pair_count;
};

/* ST_LIMIT: too many outputs. The configuration must outlive the plan. */
enum status output_plan_make(struct output_plan *p, const struct config *c, struct diag *why);
void output_plan_release(struct output_plan *p);

#endif
