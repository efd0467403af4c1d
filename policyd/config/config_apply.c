/* Maps and lists of the YAML tree into structures, by the table of keys. */
#include "policyd/config/config_loader.h"

#include <stdio.h>
#include <string.h>

#include "policyd/engine/suggest.h"
#include "proto/host/places.h"

enum { MAX_PATH_BYTES = 256 };

/* How every list of the configuration lies in memory. */
struct list {
	const void *items;
	size_t count;
};

/* Room for `more` items of item_bytes at the end of the list at `at`; the list is as before when appending, else empty. */
static void *grow_list(struct config_loader *l, void *at, size_t item_bytes, size_t more)
{
	struct list old, grown;
	char *items;

	memcpy(&old, at, sizeof old);
	if (!l->append_lists)
		old.count = 0;
	items = arena_zalloc(l->arena, (old.count + more + 1) * item_bytes);
	if (!items) {
		l->st = ST_NOMEM;
		return NULL;
	}
	if (old.count)
		memcpy(items, old.items, old.count * item_bytes);
	grown = (struct list){ items, old.count + more };
	memcpy(at, &grown, sizeof grown);
	return items + old.count * item_bytes;
}

static bool list_fits(struct config_loader *l, const struct config_key *key, const struct yaml_node *value)
{
	if (value->count > CONFIG_MAX_ITEMS)
		config_complain(l, true, value, "%s has more than %d entries", key->path, CONFIG_MAX_ITEMS);
	return value->count <= CONFIG_MAX_ITEMS;
}

static void apply_texts(struct config_loader *l, const struct config_key *key, void *at, const struct yaml_node *value)
{
	size_t count = yaml_is_sequence(value) ? value->count : value->is_null ? 0 : 1;
	const char **texts;

	if (yaml_is_map(value)) {
		config_complain(l, true, value, "%s wants a list of texts", key->path);
		return;
	}
	if (yaml_is_sequence(value) && !list_fits(l, key, value))
		return;
	texts = grow_list(l, at, sizeof *texts, count);
	for (size_t i = 0; texts && i < count; i++) {
		const struct yaml_node *item = yaml_is_sequence(value) ? value->items[i] : value;

		texts[i] = "";
		if (!yaml_is_scalar(item))
			config_complain(l, true, item, "%s wants a list of texts", key->path);
		else if (!(texts[i] = config_scalar_text(l, item)))
			texts[i] = "";
	}
}

static void apply_pair(struct config_loader *l, struct config_pair *pair, const struct yaml_node *name,
	const struct yaml_node *value)
{
	pair->name = "";
	if (!yaml_is_scalar(name) || (value && !yaml_is_scalar(value))) {
		config_complain(l, true, value ? value : name, "a name and a text are wanted here");
		return;
	}
	pair->name = config_scalar_text(l, name);
	pair->value = value ? config_scalar_text(l, value) : NULL;
}

static void apply_pairs(struct config_loader *l, const struct config_key *key, void *at, const struct yaml_node *value)
{
	struct config_pair *pairs;

	if (yaml_is_scalar(value) && !value->is_null) {
		config_complain(l, true, value, "%s wants a map", key->path);
		return;
	}
	if (!yaml_is_scalar(value) && !list_fits(l, key, value))
		return;
	pairs = grow_list(l, at, sizeof *pairs, yaml_is_scalar(value) ? 0 : value->count);
	for (size_t i = 0; pairs && yaml_is_map(value) && i < value->count; i++)
		apply_pair(l, &pairs[i], value->entries[i].key, value->entries[i].value);
	for (size_t i = 0; pairs && yaml_is_sequence(value) && i < value->count; i++) {
		const struct yaml_node *item = value->items[i];

		if (yaml_is_map(item) && item->count == 1)
			apply_pair(l, &pairs[i], item->entries[0].key, item->entries[0].value);
		else
			apply_pair(l, &pairs[i], item, NULL);
	}
}

static void check_exactly_one(struct config_loader *l, const struct config_items *items, const struct yaml_node *item)
{
	size_t found = 0;

	for (size_t i = 0; i < item->count; i++) {
		const struct yaml_node *key = item->entries[i].key;

		found += yaml_is_scalar(key) && config_choice_find(items->exactly_one, key->text) >= 0;
	}
	if (found != 1)
		config_complain(l, true, item, "exactly one of %s is wanted here", items->exactly_one);
}

static void apply_items(struct config_loader *l, const struct config_key *key, void *at, const struct yaml_node *value)
{
	const struct config_items *items = key->items;
	size_t count = yaml_is_sequence(value) ? value->count : 0;
	bool append = l->append_lists;
	char *room;

	if (!yaml_is_sequence(value) && !(yaml_is_scalar(value) && value->is_null)) {
		config_complain(l, true, value, "%s wants a list", key->path);
		return;
	}
	if (!list_fits(l, key, value))
		return;
	room = grow_list(l, at, items->item_bytes, count);
	l->append_lists = false;
	for (size_t i = 0; room && i < count; i++) {
		void *item = room + i * items->item_bytes;

		config_apply_presets(l, items, item);
		if (!yaml_is_map(value->items[i])) {
			config_complain(l, true, value->items[i], "an entry of %s is a map", key->path);
			continue;
		}
		config_apply_map(l, items, item, value->items[i], "");
		if (items->exactly_one)
			check_exactly_one(l, items, value->items[i]);
	}
	l->append_lists = append;
}

void config_apply_value(struct config_loader *l, const struct config_key *key, void *base, const struct yaml_node *value)
{
	void *at = (char *)base + key->offset;

	switch (key->type) {
	case CONFIG_TEXTS:
		apply_texts(l, key, at, value);
		break;
	case CONFIG_PAIRS:
		apply_pairs(l, key, at, value);
		break;
	case CONFIG_ITEMS:
		apply_items(l, key, at, value);
		break;
	default:
		if (yaml_is_scalar(value))
			config_scalar_value(l, key, at, value);
		else
			config_complain(l, true, value, "%s wants one value", key->path);
	}
}

static const struct config_key *find_key(const struct config_items *items, const char *path, bool *is_group)
{
	size_t len = strlen(path);

	*is_group = false;
	for (size_t i = 0; i < items->key_count; i++) {
		const char *row = items->keys[i].path;

		if (strcmp(row, path) == 0)
			return &items->keys[i];
		if (strncmp(row, path, len) == 0 && row[len] == '.')
			*is_group = true;
	}
	return NULL;
}

static void complain_unknown(struct config_loader *l, const struct config_items *items, const struct yaml_node *node,
	const char *path)
{
	struct suggest s;
	char hint[128];

	suggest_init(&s, path, strlen(path));
	for (size_t i = 0; i < items->key_count; i++)
		suggest_offer(&s, items->keys[i].path);
	suggest_text(&s, hint, sizeof hint);
	config_complain(l, l->unknown_is_error, node, "unknown key '%.100s'%s%s", path, hint[0] ? "; " : "", hint);
}

static bool given_before(const struct yaml_node *map, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (yaml_scalar_is(map->entries[i].key, map->entries[index].key->text))
			return true;
	}
	return false;
}

static void apply_entry(struct config_loader *l, const struct config_items *items, void *base,
	const struct yaml_entry *entry, const char *path)
{
	bool is_group;
	const struct config_key *key = find_key(items, path, &is_group);

	if (key)
		config_apply_value(l, key, base, entry->value);
	else if (!is_group)
		complain_unknown(l, items, entry->key, path);
	else if (yaml_is_map(entry->value))
		config_apply_map(l, items, base, entry->value, path);
	else if (!(yaml_is_scalar(entry->value) && entry->value->is_null))
		config_complain(l, true, entry->value, "%s wants a map", path);
}

void config_apply_map(struct config_loader *l, const struct config_items *items, void *base, const struct yaml_node *map,
	const char *prefix)
{
	char path[MAX_PATH_BYTES];

	if (map->count > CONFIG_MAX_ITEMS) {
		config_complain(l, true, map, "more than %d keys", CONFIG_MAX_ITEMS);
		return;
	}
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_entry *entry = &map->entries[i];
		int n;

		if (!yaml_is_scalar(entry->key)) {
			config_complain(l, true, entry->key, "a key is a text");
			continue;
		}
		n = snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] ? "." : "", entry->key->text);
		if (n < 0 || (size_t)n >= sizeof path)
			config_complain(l, true, entry->key, "a key longer than %d bytes", MAX_PATH_BYTES);
		else if (given_before(map, i))
			config_complain(l, true, entry->key, "key '%s' is given twice", path);
		else
			apply_entry(l, items, base, entry, path);
	}
}

void config_apply_presets(struct config_loader *l, const struct config_items *items, void *base)
{
	struct config_loader own = *l;

	own.file = "(preset)";
	own.append_lists = false;
	for (size_t i = 0; i < items->key_count && own.st == ST_OK; i++) {
		const struct config_key *key = &items->keys[i];
		struct yaml_doc *doc = NULL;

		const char *preset = HOST_IS_WINDOWS && key->preset_windows ? key->preset_windows : key->preset;

		if (!preset)
			continue;
		own.st = yaml_doc_parse(preset, strlen(preset), NULL, &doc, NULL);
		own.doc = doc;
		if (own.st == ST_OK)
			config_apply_value(&own, key, base, yaml_doc_root(doc, 0));
		yaml_doc_destroy(doc);
	}
	if (l->st == ST_OK)
		l->st = own.st;
}
