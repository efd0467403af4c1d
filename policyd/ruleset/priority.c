#include "policyd/ruleset/priority.h"

#include <string.h>

#include "proto/base/text.h"

static const char *const names[PRIORITY_COUNT] = {
	"Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug",
};

bool priority_parse(const char *text, size_t len, enum priority *out)
{
	for (size_t i = 0; i < PRIORITY_COUNT; i++)
		if (text_equal_fold(text, len, names[i], strlen(names[i]))) {
			*out = (enum priority)i;
			return true;
		}
	if (!text_equal_fold(text, len, "info", 4))
		return false;
	*out = PRIORITY_INFORMATIONAL;
	return true;
}

const char *priority_name(enum priority p)
{
	return names[p];
}
