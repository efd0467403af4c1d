/* rules_loader: the rules that a configuration names, as a ruleset, with all messages as text. Any thread. */
#ifndef VITRINE_DAEMON_RULES_LOADER_H
#define VITRINE_DAEMON_RULES_LOADER_H

#include "policyd/config/config.h"
#include "policyd/ruleset/ruleset.h"

enum { RULES_LOADER_TEXT_BYTES = 4 << 20 };

struct rules_loader {
	const struct config *config;
	const char *const *paths;              /* of the command line; none: config->rules_files */
	size_t path_count;
	const struct rule_selection *extra;    /* after those of the configuration: policyctl's */
	size_t extra_count;
	/* Results. */
	struct ruleset *set;                   /* NULL: not loaded; the caller unrefs */
	struct buf text;                       /* init'ed by the caller */
	size_t errors, warnings;
};

/* ST_MALFORMED: a file is invalid, text says why. ST_LIMIT, ST_NOMEM, ST_SYSTEM: the load as a whole failed. */
enum status rules_loader_run(struct rules_loader *l);

#endif
