/* throttle, threshold and sequence of a rule item: shapes and numbers. Conditions and keys are compiled later. */
#include "policyd/ruleset/rule_build.h"

#include <string.h>

static struct item part_of(const struct item *it, enum item_kind kind, const char *key, const struct yaml_node *map)
{
	struct item part = *it;

	part.kind = kind;
	part.map = map;
	part.place = place_of(&it->place, "value for", key, map);
	return part;
}

static bool refuse(const struct item *it, const char *key, const struct yaml_node *node, const char *text)
{
	struct place at = place_of(&it->place, "value for", key, node);

	load_log_add(&it->b->log, LOAD_ERR_YAML_VALIDATE, &at, "%s", text);
	return false;
}

/* key: one field, or a list of them. */
static bool read_key(const struct item *it, const char *key, const struct yaml_node **out)
{
	const struct yaml_node *node = yaml_map_get(it->map, key);

	*out = node;
	if (!node || (yaml_is_scalar(node) && !node->is_null && node->count > 0))
		return true;
	if (!item_sequence(it, key, NEED_OPTIONAL, out))
		return false;
	return node->count <= CORRELATE_MAX_KEY_FIELDS || refuse(it, key, node, "A key has at most 8 fields");
}

static bool read_window(const struct item *it, const char *key, uint64_t *out_ms)
{
	if (!item_duration(it, key, out_ms))
		return false;
	return *out_ms <= (uint64_t)CORRELATE_MAX_WINDOW_S * 1000 ||
	       refuse(it, key, yaml_map_get(it->map, key), "A window is at most 30 days long");
}

static bool read_count(const struct item *it, const char *key, uint32_t most, uint32_t *out)
{
	const struct yaml_node *node = yaml_map_get(it->map, key);

	if (!item_uint32(it, key, out))
		return false;
	if (*out >= 1 && *out <= most)
		return true;
	return refuse(it, key, node, most == CORRELATE_MAX_DISTINCT ? "A count of different values is 1 to 1000"
								    : "A count is 1 to 10000");
}

static bool is_map(const struct item *it, const char *key, const struct yaml_node *node)
{
	return yaml_is_map(node) || refuse(it, key, node, "Value is not a map");
}

static bool read_throttle(const struct item *it, struct raw_throttle *out)
{
	const struct yaml_node *node = yaml_map_get(it->map, "throttle");
	struct item part = part_of(it, ITEM_THROTTLE, "throttle", node);
	bool good;

	*out = (struct raw_throttle){ .file = it->file, .node = node, .max = 1 };
	if (!is_map(it, "throttle", node))
		return false;
	item_check_keys(&part);
	good = read_key(&part, "key", &out->key);
	good = read_window(&part, "window", &out->window_ms) && good;
	return read_count(&part, "max", CORRELATE_MAX_COUNT, &out->max) && good;
}

static bool read_threshold(const struct item *it, struct raw_threshold *out)
{
	const struct yaml_node *node = yaml_map_get(it->map, "threshold"), *count;
	struct item part = part_of(it, ITEM_THRESHOLD, "threshold", node);
	bool good;

	*out = (struct raw_threshold){ .file = it->file, .node = node };
	if (!is_map(it, "threshold", node))
		return false;
	item_check_keys(&part);
	good = read_key(&part, "key", &out->key);
	good = read_window(&part, "window", &out->window_ms) && good;
	good = item_text(&part, "distinct", NEED_OPTIONAL, &out->distinct) && good;
	good = item_text(&part, "count", NEED_REQUIRED, &count) && good;
	return good && read_count(&part, "count", out->distinct ? CORRELATE_MAX_DISTINCT : CORRELATE_MAX_COUNT, &out->count);
}

static bool read_step(const struct item *it, const struct yaml_node *node, struct raw_step *out)
{
	struct item part = part_of(it, ITEM_SEQUENCE_STEP, "sequence", node);

	*out = (struct raw_step){ .condition = node };
	if (yaml_is_scalar(node) && !node->is_null && node->count > 0)
		return true;
	if (!yaml_is_map(node))
		return refuse(it, "sequence", node, "A step is a condition, or a map with condition and by");
	item_check_keys(&part);
	return item_text(&part, "condition", NEED_REQUIRED, &out->condition) && read_key(&part, "by", &out->by);
}

static bool read_steps(const struct item *it, const struct yaml_node *node, struct raw_sequence *out)
{
	bool good = true;

	if (!yaml_is_sequence(node))
		return refuse(it, "sequence", node, "Value is not a sequence");
	if (node->count < 2 || node->count > CORRELATE_MAX_STEPS)
		return refuse(it, "sequence", node, "A sequence has 2 to 16 steps");
	out->steps = arena_zalloc(it->b->arena, node->count * sizeof *out->steps);
	if (!out->steps) {
		it->b->log.out_of_memory = true;
		return false;
	}
	for (out->count = 0; out->count < node->count; out->count++)
		good = read_step(it, node->items[out->count], &out->steps[out->count]) && good;
	return good;
}

static bool keys_agree(const struct item *it, const struct raw_sequence *s)
{
	size_t first = SIZE_MAX;

	for (size_t i = 0; i < s->count; i++) {
		const struct yaml_node *by = s->steps[i].by ? s->steps[i].by : s->by;
		size_t fields = !by ? 0 : yaml_is_sequence(by) ? by->count : 1;

		if (first == SIZE_MAX)
			first = fields;
		if (fields != first)
			return refuse(it, "sequence", s->node, "The steps are joined by different numbers of fields");
	}
	return true;
}

static bool read_sequence(const struct item *it, struct raw_sequence *out)
{
	bool good;

	*out = (struct raw_sequence){ .file = it->file, .node = yaml_map_get(it->map, "sequence") };
	good = read_steps(it, out->node, out);
	good = read_key(it, "by", &out->by) && good;
	good = read_window(it, "within", &out->within_ms) && good;
	return good && keys_agree(it, out);
}

bool read_correlation(const struct item *it, struct raw_correlation *out)
{
	bool good = true;

	if (yaml_map_get(it->map, "throttle"))
		good = read_throttle(it, &out->throttle);
	if (yaml_map_get(it->map, "threshold"))
		good = read_threshold(it, &out->threshold) && good;
	if (yaml_map_get(it->map, "sequence"))
		good = read_sequence(it, &out->sequence) && good;
	else if (yaml_map_get(it->map, "by") || yaml_map_get(it->map, "within"))
		good = refuse(it, "by", NULL, "'by' and 'within' belong to a sequence, and there is none") && good;
	return good;
}
