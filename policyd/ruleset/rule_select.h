/* rule_select: which loaded rules run: entries of the `rules:` section of the configuration, in order
 * (falco-language.md §5.2). */
#ifndef VITRINE_RULESET_RULE_SELECT_H
#define VITRINE_RULESET_RULE_SELECT_H

#include <stdbool.h>
#include <stddef.h>

/* One entry. rule and tag in one entry are applied one after the other: each alone selects. */
struct rule_selection {
	bool enable;               /* false: disable */
	const char *rule;          /* wildcard over names; NULL: not given */
	const char *tag;           /* exact; NULL: not given */
};

/* Names borrowed from somewhere. */
struct name_list {
	const char *const *names;
	size_t count;
};

/* Whether a rule runs after all entries. enabled: what its file says. */
bool rule_select(const struct rule_selection *entries, size_t count, const char *name, const struct name_list *tags,
	bool enabled);

#endif
