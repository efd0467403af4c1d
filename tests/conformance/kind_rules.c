/* Kinds about which rules run, and what files may require. */
#include "tests/conformance/kinds.h"

#include <string.h>

#include "policyd/ruleset/rule_select.h"
#include "policyd/ruleset/version.h"

enum { MAX_ROWS = 256 };

static const char *text_of(const struct yaml_node *node)
{
	return yaml_is_scalar(node) && !node->is_null ? node->text : NULL;
}

static size_t read_names(const struct yaml_node *node, const char **out)
{
	size_t count = yaml_is_sequence(node) ? node->count : 0;

	for (size_t i = 0; i < count && i < MAX_ROWS; i++)
		out[i] = text_of(node->items[i]);
	return count < MAX_ROWS ? count : MAX_ROWS;
}

static size_t read_selection(const struct yaml_node *node, struct rule_selection *out)
{
	size_t count = yaml_is_sequence(node) ? node->count : 0;

	for (size_t i = 0; i < count && i < MAX_ROWS; i++) {
		const struct yaml_node *enable = yaml_map_get(node->items[i], "enable");
		const struct yaml_node *what = enable ? enable : yaml_map_get(node->items[i], "disable");

		out[i] = (struct rule_selection){ .enable = enable != NULL, .rule = text_of(yaml_map_get(what, "rule")),
			.tag = text_of(yaml_map_get(what, "tag")) };
	}
	return count < MAX_ROWS ? count : MAX_ROWS;
}

void kind_select(struct case_run *run)
{
	const struct yaml_node *rules = yaml_map_get(run->node, "rules");
	struct rule_selection selection[MAX_ROWS];
	const char *enabled[MAX_ROWS], *tags[MAX_ROWS];
	size_t selection_count = read_selection(yaml_map_get(run->node, "selection"), selection), count = 0;

	for (size_t i = 0; yaml_is_sequence(rules) && i < rules->count && count < MAX_ROWS; i++) {
		const struct yaml_node *rule = rules->items[i];
		const char *name = text_of(yaml_map_get(rule, "rule"));
		struct name_list list = { .names = tags, .count = read_names(yaml_map_get(rule, "tags"), tags) };

		if (rule_select(selection, selection_count, name, &list,
			    !yaml_scalar_is(yaml_map_get(rule, "enabled"), "false")))
			enabled[count++] = name;
	}
	case_expect_list(run, "enabled", enabled, count);
}

static struct plugin_version read_plugin(const struct yaml_node *node)
{
	return (struct plugin_version){ .name = text_of(yaml_map_get(node, "name")),
		.version = text_of(yaml_map_get(node, "version")) };
}

void kind_pluginreq(struct case_run *run)
{
	const struct yaml_node *required = yaml_map_get(run->node, "required"), *loaded = yaml_map_get(run->node, "loaded");
	struct plugin_version rows[MAX_ROWS], have[MAX_ROWS];
	struct plugin_requirement needs[MAX_ROWS];
	size_t row = 0, need = 0, have_count = 0;
	struct buf why;

	buf_init(&why, 4096);
	for (size_t i = 0; yaml_is_sequence(loaded) && i < loaded->count && have_count < MAX_ROWS; i++)
		have[have_count++] = read_plugin(loaded->items[i]);
	for (size_t i = 0; yaml_is_sequence(required) && i < required->count && need < MAX_ROWS; i++) {
		const struct yaml_node *entry = required->items[i];

		needs[need++] = (struct plugin_requirement){ .alternatives = &rows[row], .count = entry->count };
		for (size_t k = 0; k < entry->count && row < MAX_ROWS; k++)
			rows[row++] = read_plugin(entry->items[k]);
	}
	case_expect_bool(run, "ok", plugin_requirements_met(needs, need, have, have_count, &why));
	case_expect_contains(run, "error_contains", buf_cstr(&why));
	buf_release(&why);
}
