/* The table of kinds; each lives in a file of its own. */
#include "tests/conformance/kinds.h"

#include <string.h>

static const struct case_kind kinds[] = {
	{ "wildcard", kind_wildcard },
	{ "duration_ms", kind_duration_ms },
	{ "sanitize_metric_name", kind_sanitize_metric_name },
	{ "priority", kind_priority },
	{ "match", kind_match },
	{ "alert", kind_alert },
	{ "select", kind_select },
	{ "load", kind_load },
	{ "pluginreq", kind_pluginreq },
	{ "parse", kind_parse },
	{ "compile", kind_compile },
	{ "evtset", kind_evtset },
	{ "eval", kind_eval },
	{ "format", kind_format },
};

case_fn *case_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].run;
	return NULL;
}
