/* `override`: which keys of an item append to or replace those of the earlier item (falco-language.md §2.7). */
#include "policyd/ruleset/rule_build.h"

#include <stdio.h>
#include <string.h>

#include "policyd/engine/suggest.h"

/* Place of a key among its item kind's keys. */
static size_t key_slot(enum item_kind kind, const struct rule_key *key)
{
	size_t slot = 0;

	for (const struct rule_key *k = rule_keys; k != key; k++)
		slot += k->item == kind;
	return slot;
}

static bool refuse(const struct item *it, const struct yaml_entry *entry, const char *text, const char *hint)
{
	struct place overrides = place_of(&it->place, "overrides", "", entry->key);

	load_log_hint(&it->b->log, load_log_add(&it->b->log, LOAD_ERR_YAML_VALIDATE, &overrides, "%s", text), hint);
	return false;
}

/* What cannot be overridden may be misspelt. */
static bool refuse_key(const struct item *it, const struct yaml_entry *entry, const struct rule_key *key, const char *why)
{
	struct place overrides = place_of(&it->place, "overrides", "", entry->key);
	struct load_message *m =
		load_log_add(&it->b->log, LOAD_ERR_YAML_VALIDATE, &overrides, "Key '%s' %s", entry->key->text, why);

	if (!key)
		near_override(it->b, m, it->kind, entry->key->text);
	return false;
}

static bool refuse_operation(const struct item *it, const struct yaml_entry *entry, const struct rule_key *key)
{
	const char *op = entry->value->text;
	struct suggest near;
	char text[512], hint[128];

	suggest_init(&near, op, strlen(op));
	if (key && key->append)
		suggest_offer(&near, "append");
	if (key && key->replace)
		suggest_offer(&near, "replace");
	suggest_text(&near, hint, sizeof hint);
	snprintf(text, sizeof text, "Invalid override operation for key '%s': '%s'. Allowed values are: %s%s",
		entry->key->text, op, key && key->append ? "append " : "", key && key->replace ? "replace " : "");
	return refuse(it, entry, text, hint);
}

static bool read_override(const struct item *it, const struct yaml_entry *entry, struct overrides *out)
{
	const struct rule_key *key = yaml_is_scalar(entry->key) ? rule_key_find(it->kind, entry->key->text) : NULL;

	if (!yaml_is_scalar(entry->key) || !yaml_is_scalar(entry->value))
		return refuse(it, entry, "Value is not a scalar value", "");
	if (yaml_scalar_is(entry->value, "append")) {
		if (key && key->append) {
			out->append[key_slot(it->kind, key)] = out->any_append = true;
			return true;
		}
		return refuse_key(it, entry, key, "cannot be appended to, use 'replace' instead");
	}
	if (yaml_scalar_is(entry->value, "replace")) {
		if (key && key->replace) {
			out->replace[key_slot(it->kind, key)] = out->any_replace = true;
			return true;
		}
		return refuse_key(it, entry, key, "cannot be replaced");
	}
	return refuse_operation(it, entry, key);
}

bool item_overrides(const struct item *it, struct overrides *out)
{
	const struct yaml_entry *map = yaml_map_entry(it->map, "override");
	bool good = true;

	memset(out, 0, sizeof *out);
	if (!map || map->value->is_null)
		return true;
	if (!yaml_is_map(map->value))
		return refuse(it, map, "'override' must be a map of keys to 'append' or 'replace'", "");
	for (size_t i = 0; i < map->value->count; i++)
		good = read_override(it, &map->value->entries[i], out) && good;
	if (good && it->append_flag && (out->any_append || out->any_replace))
		return refuse(it, map, "Keys 'override' and 'append: true' cannot be used together. "
				       "Add an append entry (e.g. 'condition: append') under override instead.", "");
	return good;
}

bool override_wants(const struct item *it, const struct overrides *o, const char *key, bool append)
{
	size_t slot = key_slot(it->kind, rule_key_find(it->kind, key));

	return append ? o->append[slot] : o->replace[slot];
}

bool override_has_keys(const struct item *it, const struct overrides *o, bool append)
{
	const struct yaml_entry *map = yaml_map_entry(it->map, "override");
	bool good = true;

	for (size_t i = 0; i < rule_key_count; i++) {
		const struct rule_key *key = &rule_keys[i];
		char text[512];

		if (key->item != it->kind || !override_wants(it, o, key->name, append) || yaml_map_get(it->map, key->name))
			continue;
		snprintf(text, sizeof text, "An %s override for '%s' was specified but '%s' is not defined",
			append ? "append" : "replace", key->name, key->name);
		good = refuse(it, map, text, "");
	}
	return good;
}

bool override_no_others(const struct item *it, const struct overrides *o)
{
	bool good = true;

	for (size_t i = 0; i < it->map->count; i++) {
		const struct yaml_entry *entry = &it->map->entries[i];
		const struct rule_key *key = yaml_is_scalar(entry->key) ? rule_key_find(it->kind, entry->key->text) : NULL;
		char text[512];

		if (!key || (!key->append && !key->replace) || override_wants(it, o, key->name, true) ||
			override_wants(it, o, key->name, false))
			continue;
		snprintf(text, sizeof text, "Unexpected key '%s': no corresponding entry under 'override' is defined.",
			key->name);
		good = refuse(it, entry, text, "");
	}
	return good;
}
