/* priority: how severe a rule says its matches are (falco-language.md §2.3). */
#ifndef VITRINE_RULESET_PRIORITY_H
#define VITRINE_RULESET_PRIORITY_H

#include <stdbool.h>
#include <stddef.h>

enum priority {
	PRIORITY_EMERGENCY,
	PRIORITY_ALERT,
	PRIORITY_CRITICAL,
	PRIORITY_ERROR,
	PRIORITY_WARNING,
	PRIORITY_NOTICE,
	PRIORITY_INFORMATIONAL,
	PRIORITY_DEBUG,
	PRIORITY_COUNT
};

/* Any letter case; "info" stands for informational. False leaves *out untouched. */
bool priority_parse(const char *text, size_t len, enum priority *out);
const char *priority_name(enum priority p);    /* "Emergency" .. "Debug" */

#endif
