/* ruleset_diff: what a reload changed: rules by name, compared by what they do. Any thread. */
#ifndef VITRINE_DAEMON_RULESET_DIFF_H
#define VITRINE_DAEMON_RULESET_DIFF_H

#include "policyd/ruleset/ruleset.h"

struct ruleset_diff {
	size_t added, removed, changed;
	struct buf text;              /* a line a rule: "+ name", "- name", "~ name" */
};

void ruleset_diff_init(struct ruleset_diff *d);
void ruleset_diff_release(struct ruleset_diff *d);
/* max_named: rules named in text; a last line counts the others. */
void ruleset_diff_make(struct ruleset_diff *d, const struct ruleset *before, const struct ruleset *after, size_t max_named);

#endif
