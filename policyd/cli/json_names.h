/* json_names: a list of names as a JSON array of texts. */
#ifndef VITRINE_CLI_JSON_NAMES_H
#define VITRINE_CLI_JSON_NAMES_H

#include "policyd/ruleset/rule_select.h"
#include "proto/base/json_out.h"

static inline void json_names(struct json_out *j, const char *key, const struct name_list *names)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < names->count; i++)
		json_text(j, NULL, names->names[i]);
	json_close(j, ']');
}

#endif
