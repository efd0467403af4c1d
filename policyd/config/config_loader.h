/* config_loader: what the files of this layer share while one configuration is being read. Private to this layer. */
#ifndef VITRINE_CONFIG_LOADER_H
#define VITRINE_CONFIG_LOADER_H

#include "policyd/config/config_key.h"
#include "policyd/yaml/yaml_doc.h"

struct config_loader {
	const struct config_options *options;
	struct config_report *report;
	struct arena *arena;
	const char *file;              /* of the text being read, for messages */
	const struct yaml_doc *doc;
	bool append_lists;             /* lists grow instead of being replaced: config_files */
	bool unknown_is_error;         /* overrides of the command line */
	enum status st;                /* ST_NOMEM sticks */
};

/* A message about the place of node; NULL: about the file. */
void config_complain(struct config_loader *l, bool error, const struct yaml_node *node, const char *fmt, ...)
	VITRINE_PRINTF(4, 5);

/* Every key of a map into the structure at base. prefix: "" or the path of the map. */
void config_apply_map(struct config_loader *l, const struct config_items *items, void *base, const struct yaml_node *map,
	const char *prefix);
void config_apply_presets(struct config_loader *l, const struct config_items *items, void *base);
/* One value into its place. */
void config_apply_value(struct config_loader *l, const struct config_key *key, void *base, const struct yaml_node *value);

/* The scalar's text with ${VAR} replaced by the environment and $${VAR} by ${VAR}; in the arena. NULL: told. */
const char *config_scalar_text(struct config_loader *l, const struct yaml_node *scalar);
/* Scalars of every type but text; false: told. */
bool config_scalar_value(struct config_loader *l, const struct config_key *key, void *to, const struct yaml_node *scalar);

/* The value at base as JSON. */
void config_write_value(const struct config_key *key, const void *base, struct buf *out);
/* Place of text among "a|b|c"; -1: none. */
int config_choice_find(const char *choices, const char *text);

#endif
