/* load_rules: -r FILE|DIR of the command line into a ruleset, with everything wrong told on stderr. */
#ifndef VITRINE_CLI_LOAD_RULES_H
#define VITRINE_CLI_LOAD_RULES_H

#include "policyd/ruleset/ruleset.h"

enum load_use {
	LOAD_TO_RUN,               /* warnings and hints are told */
	LOAD_TO_DESCRIBE,          /* with what only people ask for; errors alone are told */
};

/* NULL: told on stderr. The caller unrefs. */
struct ruleset *load_rules(const char *const *paths, size_t path_count, enum load_use use);

/* For validate: the builder with its results; the caller destroys it, and unrefs *out when it is not NULL. */
struct ruleset_builder *load_rules_builder(const char *const *paths, size_t path_count, enum load_use use,
	struct ruleset **out);

#endif
