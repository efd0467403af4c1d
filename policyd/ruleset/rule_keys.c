#include "policyd/ruleset/rule_keys.h"

#include <string.h>

/* clang-format off */
const struct rule_key rule_keys[] = {
	{ ITEM_ENGINE_VERSION,     "required_engine_version",  false, false },
	{ ITEM_PLUGIN_VERSIONS,    "required_plugin_versions", false, false },
	{ ITEM_LIST,               "list",                     false, false },
	{ ITEM_LIST,               "items",                    true,  true  },
	{ ITEM_LIST,               "append",                   false, false },
	{ ITEM_LIST,               "override",                 false, false },
	{ ITEM_MACRO,              "macro",                    false, false },
	{ ITEM_MACRO,              "condition",                true,  true  },
	{ ITEM_MACRO,              "append",                   false, false },
	{ ITEM_MACRO,              "override",                 false, false },
	{ ITEM_RULE,               "rule",                     false, false },
	{ ITEM_RULE,               "condition",                true,  true  },
	{ ITEM_RULE,               "output",                   true,  true  },
	{ ITEM_RULE,               "desc",                     true,  true  },
	{ ITEM_RULE,               "priority",                 false, true  },
	{ ITEM_RULE,               "source",                   false, false },
	{ ITEM_RULE,               "enabled",                  false, true  },
	{ ITEM_RULE,               "tags",                     true,  true  },
	{ ITEM_RULE,               "exceptions",               true,  true  },
	{ ITEM_RULE,               "warn_evttypes",            false, true  },
	{ ITEM_RULE,               "skip-if-unknown-filter",   false, true  },
	{ ITEM_RULE,               "capture",                  false, true  },
	{ ITEM_RULE,               "capture_duration",         false, true  },
	{ ITEM_RULE,               "throttle",                 false, true  },
	{ ITEM_RULE,               "threshold",                false, true  },
	{ ITEM_RULE,               "sequence",                 false, true  },
	{ ITEM_RULE,               "by",                       false, false },
	{ ITEM_RULE,               "within",                   false, false },
	{ ITEM_RULE,               "append",                   false, false },
	{ ITEM_RULE,               "override",                 false, false },
	{ ITEM_EXCEPTION,          "name",                     false, false },
	{ ITEM_EXCEPTION,          "fields",                   false, false },
	{ ITEM_EXCEPTION,          "comps",                    false, false },
	{ ITEM_EXCEPTION,          "values",                   false, false },
	{ ITEM_PLUGIN,             "name",                     false, false },
	{ ITEM_PLUGIN,             "version",                  false, false },
	{ ITEM_PLUGIN,             "alternatives",             false, false },
	{ ITEM_PLUGIN_ALTERNATIVE, "name",                     false, false },
	{ ITEM_PLUGIN_ALTERNATIVE, "version",                  false, false },
	{ ITEM_THROTTLE,           "key",                      false, false },
	{ ITEM_THROTTLE,           "window",                   false, false },
	{ ITEM_THROTTLE,           "max",                      false, false },
	{ ITEM_THRESHOLD,          "key",                      false, false },
	{ ITEM_THRESHOLD,          "window",                   false, false },
	{ ITEM_THRESHOLD,          "count",                    false, false },
	{ ITEM_THRESHOLD,          "distinct",                 false, false },
	{ ITEM_SEQUENCE_STEP,      "condition",                false, false },
	{ ITEM_SEQUENCE_STEP,      "by",                       false, false },
};
/* clang-format on */
const size_t rule_key_count = sizeof rule_keys / sizeof rule_keys[0];

const char *item_kind_key(enum item_kind kind)
{
	static const char *const keys[ITEM_KIND_COUNT] = {
		[ITEM_ENGINE_VERSION] = "required_engine_version",
		[ITEM_PLUGIN_VERSIONS] = "required_plugin_versions",
		[ITEM_LIST] = "list",
		[ITEM_MACRO] = "macro",
		[ITEM_RULE] = "rule",
	};

	return keys[kind];
}

const struct rule_key *rule_key_find(enum item_kind item, const char *name)
{
	for (size_t i = 0; i < rule_key_count; i++)
		if (rule_keys[i].item == item && rule_keys[i].name[0] == name[0] && strcmp(rule_keys[i].name, name) == 0)
			return &rule_keys[i];
	return NULL;
}
