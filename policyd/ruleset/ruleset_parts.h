/* ruleset_parts: the insides of struct ruleset, for what makes it and what reads it. Private to the layer. */
#ifndef VITRINE_RULESET_PARTS_H
#define VITRINE_RULESET_PARTS_H

#include <stdatomic.h>

#include "policyd/ruleset/rule_names.h"
#include "policyd/ruleset/ruleset.h"

struct source_program {
	const char *source;
	struct program *program;             /* NULL: none of its rules runs */
	const struct rule **rules;
	size_t rule_count;
	struct run_step *steps;
	size_t step_count;
};

struct ruleset {
	atomic_size_t refs;
	struct arena *arena;
	struct rule *rules;
	size_t rule_count;
	struct rule_names by_name;
	struct macro_info *macros;
	size_t macro_count;
	struct list_info *lists;
	size_t list_count;
	struct source_program sources[RULESET_MAX_SOURCES];
	size_t source_count;
};

#endif
