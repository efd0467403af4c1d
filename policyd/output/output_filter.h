/* output_filter: which alerts an output takes. All parts that are given must fit. Any thread. */
#ifndef VITRINE_OUTPUT_FILTER_H
#define VITRINE_OUTPUT_FILTER_H

#include "policyd/output/alert_queue.h"

#define OUTPUT_FILTER_ALL { .min_priority = PRIORITY_DEBUG }

struct output_filter {
	enum priority min_priority;            /* this one and all that are more severe; PRIORITY_DEBUG: every one */
	const char *const *tags;               /* at least one of them; none: any */
	size_t tag_count;
	const char *const *rules;              /* wildcards, at least one of them; none: any */
	size_t rule_count;
};

bool output_filter_passes(const struct output_filter *f, const struct alert_record *r);

#endif
