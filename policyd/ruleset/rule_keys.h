/* rule_keys: every key of a rules file, in one const table: what the reader knows, what `override` may do with it, and
 * what docs/schema/rules.schema.json must list (a test compares them). */
#ifndef VITRINE_RULESET_RULE_KEYS_H
#define VITRINE_RULESET_RULE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum item_kind {
	ITEM_ENGINE_VERSION,
	ITEM_PLUGIN_VERSIONS,
	ITEM_LIST,
	ITEM_MACRO,
	ITEM_RULE,
	ITEM_KIND_COUNT,
	/* parts of items, in the table for the schema's sake */
	ITEM_EXCEPTION = ITEM_KIND_COUNT,
	ITEM_PLUGIN,
	ITEM_PLUGIN_ALTERNATIVE,
	ITEM_THROTTLE,
	ITEM_THRESHOLD,
	ITEM_SEQUENCE_STEP,
	ITEM_PART_COUNT
};

/* The key whose presence makes an item of this kind; the kinds are tried in the order of the enum. */
const char *item_kind_key(enum item_kind kind);

struct rule_key {
	enum item_kind item;
	const char *name;
	bool append, replace;      /* what `override` may ask for */
};

extern const struct rule_key rule_keys[];
extern const size_t rule_key_count;

const struct rule_key *rule_key_find(enum item_kind item, const char *name);    /* NULL: unknown */

#endif
