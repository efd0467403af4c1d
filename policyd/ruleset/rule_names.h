/* rule_names: names to things, for the objects of a load. Grows by doubling in an arena; keys are borrowed. */
#ifndef VITRINE_RULESET_RULE_NAMES_H
#define VITRINE_RULESET_RULE_NAMES_H

#include <stdbool.h>

#include "proto/base/arena.h"

struct rule_name_entry {
	const char *name;
	size_t len;
	void *value;
};

struct rule_names {
	struct arena *arena;
	struct rule_name_entry *slots;
	size_t cap, count;
};

void rule_names_init(struct rule_names *t, struct arena *arena);
void *rule_names_get(const struct rule_names *t, const char *name, size_t len);    /* NULL: no such name */
/* The name must be new. False: out of memory. */
bool rule_names_put(struct rule_names *t, const char *name, size_t len, void *value);

#endif
