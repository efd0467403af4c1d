/* config_key: rows of the table of settings. Private to this layer. */
#ifndef VITRINE_CONFIG_KEY_H
#define VITRINE_CONFIG_KEY_H

#include "policyd/config/config.h"

enum config_type {
	CONFIG_BOOL,           /* bool */
	CONFIG_INT,            /* int64_t */
	CONFIG_DURATION,       /* int64_t of milliseconds: 1h30m, 500ms; a bare number is milliseconds */
	CONFIG_TEXT,           /* const char *, never NULL when preset is not */
	CONFIG_CHOICE,         /* int: place in `choices` */
	CONFIG_PRIORITY,       /* enum priority */
	CONFIG_TEXTS,          /* struct config_texts; one text alone is a list of one */
	CONFIG_PAIRS,          /* struct config_pairs: a map of texts, or a list of names and one-entry maps */
	CONFIG_ITEMS,          /* { items, count }: a list of maps, each by `items` */
};

enum config_flags {
	CONFIG_LIVE = 1,       /* a reload applies it; others need a restart */
};

struct config_items;

struct config_key {
	const char *path;      /* "http_output.url"; in items relative to the item */
	size_t offset;
	const char *preset;    /* as one would write it in YAML; NULL: empty */
	const char *preset_windows;    /* NULL: the same; places as proto/host/places.h writes them */
	const char *doc;
	const char *choices;   /* "all|first" */
	const struct config_items *items;
	int64_t min, max;      /* of numbers */
	uint8_t type;          /* enum config_type */
	uint8_t flags;         /* enum config_flags */
};

struct config_items {
	const struct config_key *keys;
	size_t key_count, item_bytes;
	const char *exactly_one;    /* "a|b": keys of which an item has one and no more; NULL: no such rule */
};

/* Of the entries of lists: config_items.c. */
extern const struct config_items config_rule_items, config_append_items, config_input_items, config_output_items;

/* All keys of the file, grouped as the documentation shows them. */
const struct config_items *config_keys(void);

#endif
