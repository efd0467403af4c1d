/* publish: the collection on its way into an immutable ruleset. Private to rule_publish.c and rule_describe.c. */
#ifndef VITRINE_RULESET_RULE_PUBLISH_H
#define VITRINE_RULESET_RULE_PUBLISH_H

#include "policyd/ruleset/rule_build.h"
#include "policyd/ruleset/ruleset_parts.h"

struct publish {
	struct ruleset_builder *b;
	struct ruleset *rs;
	struct arena *arena;                 /* the ruleset's */
	bool failed;                         /* out of memory */
};

/* Copies into the ruleset. Out of memory: "" or an empty list, and failed is set. */
const char *keep(struct publish *p, const char *text);
const char *keep_text(struct publish *p, const struct rule_text *text);
void keep_names(struct publish *p, const struct ptr_list *list, struct name_list *out);

/* rule_describe.c: what a rule is made of, for lists and explanations. */
void keep_symbols(struct publish *p, const struct raw_rule *raw, struct rule *rule);
void keep_exceptions(struct publish *p, const struct raw_rule *raw, struct rule *rule);
/* What only people ask for. */
void keep_description(struct publish *p, const struct raw_rule *raw, struct rule *rule);

#endif
