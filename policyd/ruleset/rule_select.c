#include "policyd/ruleset/rule_select.h"

#include <string.h>

#include "policyd/ruleset/wildcard.h"

static bool has_tag(const struct name_list *tags, const char *tag)
{
	for (size_t i = 0; i < tags->count; i++)
		if (strcmp(tags->names[i], tag) == 0)
			return true;
	return false;
}

bool rule_select(const struct rule_selection *entries, size_t count, const char *name, const struct name_list *tags,
	bool enabled)
{
	for (size_t i = 0; i < count; i++) {
		const struct rule_selection *e = &entries[i];

		if ((e->rule && wildcard_match(e->rule, name)) || (e->tag && has_tag(tags, e->tag)))
			enabled = e->enable;
	}
	return enabled;
}
