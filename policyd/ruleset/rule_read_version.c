/* required_engine_version and required_plugin_versions (falco-language.md §2.9). */
#include "policyd/ruleset/rule_build.h"

#include <stdio.h>
#include <string.h>

#include "policyd/ruleset/version.h"

/* N stands for 0.N.0. */
static bool parse_engine_version(const struct yaml_node *node, struct version *out)
{
	char text[64];

	if (version_parse(node->text, node->count, out))
		return true;
	if (node->count > 10 || strspn(node->text, "0123456789") != node->count)
		return false;
	snprintf(text, sizeof text, "0.%s.0", node->text);
	return version_parse(text, strlen(text), out);
}

void read_engine_version(struct item *it)
{
	struct version required, have;
	const struct yaml_node *node;

	it->place.type = item_kind_key(it->kind);
	item_check_keys(it);
	if (!item_text(it, item_kind_key(it->kind), NEED_REQUIRED, &node))
		return;
	it->place.pos = node->pos;
	if (!parse_engine_version(node, &required)) {
		load_log_add(&it->b->log, LOAD_ERR_YAML_VALIDATE, &it->place,
			"Unable to parse engine version '%s' as a semver string. Expected \"x.y.z\" semver format.", node->text);
		return;
	}
	version_parse(RULESET_ENGINE_VERSION, strlen(RULESET_ENGINE_VERSION), &have);
	if (!version_satisfies(&have, &required))
		load_log_add(&it->b->log, LOAD_ERR_VALIDATE, &it->place,
			"Rules require engine version %u.%u.%u, but engine version is %s", (unsigned)required.major,
			(unsigned)required.minor, (unsigned)required.patch, RULESET_ENGINE_VERSION);
}

/* ---- plugins ---- */

struct plugin_read {
	const struct item *it;
	struct place place;
	struct plugin_version *rows;
	size_t count, cap;
};

static bool plugin_error(const struct plugin_read *r, enum load_code code, const char *text)
{
	load_log_add(&r->it->b->log, code, &r->place, "%s", text);
	return false;
}

static bool add_version(struct plugin_read *r, const struct yaml_node *map)
{
	bool failed = false;
	const struct yaml_node *name = item_scalar(r->it, &r->place, map, "name", &failed);
	const struct yaml_node *version = item_scalar(r->it, &r->place, map, "version", &failed);
	struct version parsed;
	char text[512];

	if (failed)
		return false;
	if (!version_parse(version->text, version->count, &parsed)) {
		snprintf(text, sizeof text, "Invalid required version '%s' for plugin '%s'", version->text, name->text);
		return plugin_error(r, LOAD_ERR_VALIDATE, text);
	}
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->rows[i].name, name->text) == 0) {
			snprintf(text, sizeof text, "Defined multiple alternative version requirements for plugin '%s'",
				name->text);
			return plugin_error(r, LOAD_ERR_VALIDATE, text);
		}
	r->rows[r->count++] = (struct plugin_version){ .name = name->text, .version = version->text };
	return true;
}

static bool add_alternatives(struct plugin_read *r, const struct yaml_node *list)
{
	bool good = true;

	if (!yaml_is_sequence(list))
		return plugin_error(r, LOAD_ERR_YAML_VALIDATE, "Value of plugin version alternatives must be a sequence");
	for (size_t i = 0; i < list->count; i++) {
		struct place entry = r->place;

		r->place = place_of(&entry, "required plugin versions alternative", "", list->items[i]);
		if (yaml_is_map(list->items[i]))
			good = add_version(r, list->items[i]) && good;
		else
			good = plugin_error(r, LOAD_ERR_YAML_VALIDATE, "Plugin version alternative must be a mapping");
		r->place = entry;
	}
	return good;
}

static void check_requirement(const struct plugin_read *r)
{
	const struct ruleset_options *o = &r->it->b->options;
	struct plugin_requirement required = { .alternatives = r->rows, .count = r->count };
	struct buf why;

	buf_init(&why, 4096);
	if (o->plugins && !plugin_requirements_met(&required, 1, o->plugins, o->plugin_count, &why))
		plugin_error(r, LOAD_ERR_VALIDATE, buf_cstr(&why));
	buf_release(&why);
}

static void read_requirement(const struct item *it, const struct place *up, const struct yaml_node *entry)
{
	const struct yaml_node *alternatives = yaml_map_get(entry, "alternatives");
	struct plugin_read r = { .it = it };

	r.place = place_of(up, "required plugin versions entry", "", entry);
	r.cap = 1 + (yaml_is_sequence(alternatives) ? alternatives->count : 0);
	r.rows = arena_zalloc(it->b->arena, r.cap * sizeof *r.rows);
	if (!r.rows) {
		it->b->log.out_of_memory = true;
		return;
	}
	if (!yaml_is_map(entry)) {
		plugin_error(&r, LOAD_ERR_YAML_VALIDATE, "Plugin version must be a mapping");
		return;
	}
	if (add_version(&r, entry) && (!alternatives || add_alternatives(&r, alternatives)))
		check_requirement(&r);
}

void read_plugin_versions(struct item *it)
{
	const struct yaml_node *list = yaml_map_get(it->map, item_kind_key(it->kind));

	it->place.type = "required plugin versions";
	item_check_keys(it);
	it->place.pos = list->pos;
	if (!yaml_is_sequence(list)) {
		item_error(it, LOAD_ERR_YAML_VALIDATE, "Value of required_plugin_versions must be a sequence");
		return;
	}
	for (size_t i = 0; i < list->count; i++)
		read_requirement(it, &it->place, list->items[i]);
}
