#include "policyd/ruleset/rule_build.h"

#include <string.h>

#include "policyd/ruleset/duration.h"
#include "proto/base/text.h"

struct place place_of(const struct place *up, const char *type, const char *name, const struct yaml_node *node)
{
	return (struct place){ .up = up, .type = type, .name = name, .file = up->file, .pos = node ? node->pos : up->pos };
}

struct load_message *item_error(const struct item *it, enum load_code code, const char *text)
{
	return load_log_add(&it->b->log, code, &it->place, "%s", text);
}

static struct load_message *value_error(const struct item *it, const struct place *up, const char *key,
	const struct yaml_node *node, const char *text)
{
	struct place at = place_of(up, "value for", key, node);

	return load_log_add(&it->b->log, LOAD_ERR_YAML_VALIDATE, &at, "%s", text);
}

const struct yaml_node *item_scalar(const struct item *it, const struct place *place, const struct yaml_node *map,
	const char *key, bool *failed)
{
	const struct yaml_node *node = yaml_map_get(map, key);
	const char *shape = NULL;

	if (!node)
		load_log_add(&it->b->log, LOAD_ERR_YAML_VALIDATE, place, "Item has no mapping for key '%s'", key);
	else if (node->is_null)
		load_log_add(&it->b->log, LOAD_ERR_YAML_VALIDATE, place, "Mapping for key '%s' is empty", key);
	else if (node->kind != YAML_KIND_SCALAR)
		shape = "Value is not a scalar value";
	else if (node->count == 0)
		shape = "Value must be non-empty";
	else
		return node;
	if (shape)
		value_error(it, place, key, node, shape);
	*failed = true;
	return NULL;
}

bool item_text(const struct item *it, const char *key, enum need need, const struct yaml_node **out)
{
	bool failed = false;

	*out = NULL;
	if (need == NEED_REQUIRED || yaml_map_get(it->map, key))
		*out = item_scalar(it, &it->place, it->map, key, &failed);
	return !failed;
}

static bool decode_error(const struct item *it, const char *key, const struct yaml_node *node, const char *wanted)
{
	load_log_hint(&it->b->log, value_error(it, &it->place, key, node, "Can't decode YAML scalar value"), wanted);
	return false;
}

/* lower case, UPPER CASE or Capitalised */
static bool is_word(const struct yaml_node *node, const char *word)
{
	size_t len = strlen(word), upper = 0;

	if (node->count != len || !text_equal_fold(node->text, len, word, len))
		return false;
	for (size_t i = 0; i < len; i++)
		upper += node->text[i] >= 'A' && node->text[i] <= 'Z';
	return upper == 0 || upper == len || (upper == 1 && node->text[0] >= 'A' && node->text[0] <= 'Z');
}

bool item_bool(const struct item *it, const char *key, bool *out)
{
	static const char *const yes[] = { "y", "yes", "true", "on" }, *const no[] = { "n", "no", "false", "off" };
	const struct yaml_node *node;

	if (!item_text(it, key, NEED_OPTIONAL, &node))
		return false;
	if (!node)
		return true;
	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
		if (is_word(node, yes[i]) || is_word(node, no[i])) {
			*out = is_word(node, yes[i]);
			return true;
		}
	return decode_error(it, key, node, "wanted is true or false");
}

bool item_uint32(const struct item *it, const char *key, uint32_t *out)
{
	const struct yaml_node *node;
	uint64_t n = 0;

	if (!item_text(it, key, NEED_OPTIONAL, &node))
		return false;
	if (!node)
		return true;
	for (size_t i = 0; i < node->count; i++) {
		if (node->text[i] < '0' || node->text[i] > '9' || n > UINT32_MAX / 10)
			return decode_error(it, key, node, "wanted is a whole number");
		n = n * 10 + (uint64_t)(node->text[i] - '0');
	}
	if (n > UINT32_MAX)
		return decode_error(it, key, node, "wanted is a whole number");
	*out = (uint32_t)n;
	return true;
}

bool item_duration(const struct item *it, const char *key, uint64_t *out_ms)
{
	const struct yaml_node *node;

	if (!item_text(it, key, NEED_REQUIRED, &node))
		return false;
	*out_ms = duration_ms_parse(node->text);
	return *out_ms > 0 || decode_error(it, key, node, "wanted is a duration such as 60s or 1h30m");
}

bool item_sequence(const struct item *it, const char *key, enum need need, const struct yaml_node **out)
{
	const struct yaml_node *node = yaml_map_get(it->map, key);

	*out = NULL;
	if (!node && need == NEED_OPTIONAL)
		return true;
	if (!node) {
		load_log_add(&it->b->log, LOAD_ERR_YAML_VALIDATE, &it->place, "Item has no mapping for key '%s'", key);
		return false;
	}
	if (node->kind != YAML_KIND_SEQUENCE) {
		load_log_hint(&it->b->log, value_error(it, &it->place, key, node, "Value is not a sequence"),
			"lists are written as [a, b], one value too");
		return false;
	}
	for (size_t i = 0; i < node->count; i++) {
		if (yaml_is_scalar(node->items[i]) && !node->items[i]->is_null)
			continue;
		value_error(it, &it->place, key, node->items[i], "sequence value is not scalar");
		return false;
	}
	*out = node;
	return true;
}

static void unknown_key(const struct item *it, const struct yaml_node *key)
{
	const char *name = yaml_is_scalar(key) ? key->text : "(not a text)";
	struct place at = place_of(&it->place, "value for", name, key);

	near_key(it->b, load_log_add(&it->b->log, LOAD_UNKNOWN_KEY, &at, "Unknown key '%s'. The key will be ignored.", name),
		it->kind, name);
}

void item_check_keys(const struct item *it)
{
	for (size_t i = 0; i < it->map->count; i++) {
		const struct yaml_node *key = it->map->entries[i].key;

		if (!yaml_is_scalar(key) || !rule_key_find(it->kind, key->text)) {
			unknown_key(it, key);
		} else if (yaml_map_entry(it->map, key->text) != &it->map->entries[i]) {
			struct place at = place_of(&it->place, "value for", key->text, key);

			load_log_add(&it->b->log, LOAD_UNKNOWN_KEY, &at,
				"Key '%s' is given twice: the first one counts, this one is ignored.", key->text);
		}
	}
}
