/* case_rules: rules files of a case, loaded against the toy vocabulary with what the case configures. */
#ifndef VITRINE_CONFORMANCE_CASE_RULES_H
#define VITRINE_CONFORMANCE_CASE_RULES_H

#include "policyd/ruleset/ruleset.h"
#include "tests/conformance/case.h"

enum { CASE_MAX_WARNINGS = 1024, CASE_MAX_APPEND = 16, CASE_MAX_NAMES = 64 };

struct case_rules {
	struct ruleset_builder *builder;
	struct ruleset *ruleset;                             /* NULL: the load failed */
	struct vocabulary vocabularies[TOY_MAX_SOURCES];     /* the fixture's, under the case's own `known_sources` */
	struct ruleset_source sources[TOY_MAX_SOURCES];
	size_t source_count;
	struct append_output append[CASE_MAX_APPEND];
	struct append_field fields[CASE_MAX_APPEND][CASE_MAX_NAMES];
	const char *tags[CASE_MAX_APPEND][CASE_MAX_NAMES];
	const struct load_message *first_error;              /* NULL: none */
	/* Codes of the warnings of the last file, up to the first error: Falco stops there. */
	const char *warnings[CASE_MAX_WARNINGS];
	size_t warning_count;
};

/* Loads `rules_yaml` or `files` with `min_priority`, and with append_output from the map `settings` (the case itself, or
 * its `settings`). False: the case cannot be read, and that was said. */
bool case_rules_load(struct case_run *run, const struct yaml_node *settings, struct case_rules *out);
void case_rules_release(struct case_rules *rules);

#endif
