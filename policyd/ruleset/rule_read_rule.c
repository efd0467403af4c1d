/* Rule items: definitions, appended parts, replaced parts, and the old switch (falco-language.md §2.2, §2.6, §2.7). */
#include "policyd/ruleset/rule_build.h"

#include <string.h>

/* What a rule item may bring, decoded; texts are NULL when absent. */
struct rule_parts {
	const struct yaml_node *condition, *output, *desc, *priority_node, *tags;
	struct raw_exception *exceptions;
	size_t exception_count;
	enum priority priority;
	bool enabled, warn_evttypes, skip_unknown, capture;
	uint32_t capture_duration_ms;
	struct raw_correlation correlation;
	bool has_condition;
};

static void no_memory(const struct item *it)
{
	it->b->log.out_of_memory = true;
}

static struct raw_rule *find_rule(const struct item *it)
{
	return rule_names_get(&it->b->rule_by_name, it->name, it->name_len);
}

static struct raw_rule *new_rule(const struct item *it)
{
	struct ruleset_builder *b = it->b;
	struct raw_rule *rule;

	if (b->rules.count == RULESET_MAX_RULES) {
		item_error(it, LOAD_ERR_VALIDATE, "too many rules");
		return NULL;
	}
	rule = arena_zalloc(b->arena, sizeof *rule);
	if (!rule || !rule_names_put(&b->rule_by_name, it->name, it->name_len, rule) ||
		!ptr_list_push(&b->rules, b->arena, rule)) {
		no_memory(it);
		return NULL;
	}
	return rule;
}

/* A rule that there must be for the item to change. */
static void no_such_rule(const struct item *it, const char *text)
{
	near_defined(it->b, item_error(it, LOAD_ERR_VALIDATE, text), &it->b->rules, it->name);
}

static void set_item(struct raw_rule *rule, const struct item *it)
{
	rule->item.type = "rule";
	rule->item.name = it->name;
	rule->item.file = it->file;
	rule->item.pos = it->place.pos;
}

/* A rule whose definition is wrong stays known by name, so that what is said of it later stays silent. */
static void mark_broken(const struct item *it)
{
	struct raw_rule *rule = find_rule(it);

	if (!rule)
		rule = new_rule(it);
	if (!rule)
		return;
	if (!rule->item.name)
		set_item(rule, it);
	rule->item.broken = true;
}

/* ---- decoding ---- */

static bool read_priority(const struct item *it, struct rule_parts *p)
{
	struct place at;

	if (priority_parse(p->priority_node->text, p->priority_node->count, &p->priority))
		return true;
	at = place_of(&it->place, "rule priority", "", p->priority_node);
	near_priority(it->b, load_log_add(&it->b->log, LOAD_ERR_YAML_VALIDATE, &at, "Invalid priority"),
		p->priority_node->text);
	return false;
}

static bool add_tag(const struct item *it, struct raw_rule *rule, const char *tag)
{
	struct ptr_list *tags = &rule->tags;
	size_t at = 0;

	while (at < tags->count && strcmp(tags->items[at], tag) < 0)
		at++;
	if (at < tags->count && strcmp(tags->items[at], tag) == 0)
		return true;
	if (tags->count == BUILD_MAX_TAGS) {
		item_error(it, LOAD_ERR_VALIDATE, "too many tags");
		return false;
	}
	if (!ptr_list_push(tags, it->b->arena, NULL)) {
		no_memory(it);
		return false;
	}
	memmove(tags->items + at + 1, tags->items + at, (tags->count - 1 - at) * sizeof *tags->items);
	memcpy(&tags->items[at], &tag, sizeof tag);
	return true;
}

static void add_tags(const struct item *it, struct raw_rule *rule, const struct yaml_node *tags)
{
	for (size_t i = 0; tags && i < tags->count; i++)
		if (!add_tag(it, rule, tags->items[i]->text))
			return;
}

static bool set_text(const struct item *it, struct raw_rule *rule, struct rule_text *text, const struct yaml_node *node)
{
	bool output = text == &rule->output;

	text->type = output ? "rule output" : text == &rule->desc ? "value for" : "rule condition";
	text->item = &rule->item;
	if (text_set(it->b, text, it->file, node, output))
		return true;
	no_memory(it);
	return false;
}

static void append_text(const struct item *it, struct raw_rule *rule, struct rule_text *text,
	const struct yaml_node *node)
{
	bool output = text == &rule->output;
	struct rule_text more = { .ptr = NULL };

	if (!node)
		return;
	if (text_set(it->b, &more, it->file, node, output))
		text_append(it, text, &more);
	else
		no_memory(it);
}

/* Keys with a plain default, in the order in which a missing or wrong one is to be told first. */
static bool read_switches(const struct item *it, struct rule_parts *p)
{
	bool good = item_bool(it, "enabled", &p->enabled);

	good = item_bool(it, "capture", &p->capture) && good;
	good = item_uint32(it, "capture_duration", &p->capture_duration_ms) && good;
	good = item_bool(it, "warn_evttypes", &p->warn_evttypes) && good;
	return item_bool(it, "skip-if-unknown-filter", &p->skip_unknown) && good;
}

/* ---- definition ---- */

static const char *read_source(const struct item *it)
{
	const struct yaml_node *node;

	if (!item_text(it, "source", NEED_OPTIONAL, &node))
		return NULL;
	return node ? node->text : "syscall";
}

static bool source_changes(const struct item *it, const struct raw_rule *rule, const char *source)
{
	if (!rule || rule->item.broken || strcmp(rule->source, source) == 0)
		return false;
	item_error(it, LOAD_ERR_VALIDATE, "Rule has been re-defined with a different source");
	return true;
}

static void find_source(const struct item *it, struct raw_rule *rule)
{
	const struct ruleset_options *o = &it->b->options;

	for (size_t i = 0; i < o->source_count; i++)
		if (strcmp(o->sources[i].vocab->source, rule->source) == 0) {
			rule->source_index = i;
			return;
		}
	rule->unknown_source = true;
	near_source(it->b, load_log_add(&it->b->log, LOAD_UNKNOWN_SOURCE, &it->place, "Unknown source %s, skipping",
		rule->source), rule->source);
}

/* The last step of a sequence is the condition where there is no other. */
static void read_condition(const struct item *it, struct rule_parts *p)
{
	const struct raw_sequence *s = &p->correlation.sequence;

	p->has_condition = !s->count || yaml_map_get(it->map, "condition") != NULL;
	if (p->has_condition)
		item_text(it, "condition", NEED_REQUIRED, &p->condition);
	else
		p->condition = s->steps[s->count - 1].condition;
}

/* Everything a definition must have, in the order in which the first missing key is told. */
static void read_definition(const struct item *it, struct rule_parts *p)
{
	read_condition(it, p);
	item_text(it, "output", NEED_REQUIRED, &p->output);
	item_text(it, "desc", NEED_REQUIRED, &p->desc);
	item_text(it, "priority", NEED_REQUIRED, &p->priority_node);
	if (p->priority_node)
		read_priority(it, p);
}

static void define_rule(const struct item *it, const struct rule_parts *p, const char *source)
{
	struct raw_rule *rule = find_rule(it);
	struct log_list log = { .first = NULL };

	if (source_changes(it, rule, source))
		return;
	if (!rule)
		rule = new_rule(it);
	if (!rule)
		return;
	if (log_list_has_error(&rule->item.log))
		log = rule->item.log;    /* an earlier file stays wrong though a later one repairs the rule */
	memset(rule, 0, sizeof *rule);
	rule->item.log = log;
	set_item(rule, it);
	rule->source = source;
	rule->priority = p->priority;
	rule->enabled = p->enabled;
	rule->warn_evttypes = p->warn_evttypes;
	rule->skip_unknown = p->skip_unknown;
	rule->capture = p->capture;
	rule->capture_duration_ms = p->capture_duration_ms;
	rule->correlation = p->correlation;
	rule->has_condition = p->has_condition;
	if (!set_text(it, rule, &rule->condition, p->condition) || !set_text(it, rule, &rule->output, p->output) ||
		!set_text(it, rule, &rule->desc, p->desc))
		return;
	add_tags(it, rule, p->tags);
	find_source(it, rule);
	if (!define_exceptions(it, rule, p->exceptions))
		rule->item.broken = true;
}

/* A definition that has its texts is kept though something else in it is wrong: what is wrong in the texts can then be
 * told too. Nothing of it ever runs, since a load with an error makes no ruleset. */
static void read_full_rule(const struct item *it)
{
	struct rule_parts p = { .enabled = true, .warn_evttypes = true, .priority = PRIORITY_DEBUG };
	const char *source;
	bool good = read_correlation(it, &p.correlation);

	read_definition(it, &p);
	source = read_source(it);
	read_switches(it, &p);
	item_sequence(it, "tags", NEED_OPTIONAL, &p.tags);
	read_exceptions(it, false, &p.exceptions, &p.exception_count);
	if (p.condition && p.output && p.desc && source && good)
		define_rule(it, &p, source);
	else
		mark_broken(it);
}

/* ---- the old switch ---- */

static void read_switch(const struct item *it)
{
	const struct yaml_node *node;
	struct raw_rule *rule;
	bool enabled = true;

	if (!item_text(it, "enabled", NEED_REQUIRED, &node) || !item_bool(it, "enabled", &enabled))
		return;
	load_log_add(&it->b->log, LOAD_DEPRECATED_ITEM, &it->place,
		"The standalone 'enabled' key usage is deprecated. The correct approach requires also a 'replace' entry under "
		"the 'override' key (i.e. 'enabled: replace').");
	rule = find_rule(it);
	if (rule)
		rule->enabled = enabled;
	else
		no_such_rule(it, "Rule has 'enabled' key but no rule by that name already exists");
}

/* ---- append ---- */

static bool may_append(const struct item *it, struct raw_rule *rule, bool has_part)
{
	const struct yaml_node *source = yaml_map_get(it->map, "source");

	if (!rule) {
		no_such_rule(it,
			"Rule uses 'append' or 'override.<key>: append' but no rule by that name already exists");
		return false;
	}
	if (!has_part) {
		item_error(it, LOAD_ERR_VALIDATE, "Appended rule must have exceptions or condition property");
		return false;
	}
	if (yaml_is_scalar(source) && !source->is_null && source->count > 0 &&
		(it->append_flag || yaml_map_get(it->map, "condition")) && source_changes(it, rule, source->text))
		return false;
	return !rule->item.broken;
}

static void append_rule(const struct item *it, const struct rule_parts *p)
{
	struct raw_rule *rule = find_rule(it);

	if (!may_append(it, rule, p->condition || p->exceptions || p->output || p->desc || p->tags))
		return;
	append_text(it, rule, &rule->condition, p->condition);
	append_text(it, rule, &rule->output, p->output);
	append_text(it, rule, &rule->desc, p->desc);
	add_tags(it, rule, p->tags);
	set_item(rule, it);
	if (!append_exceptions(it, rule, p->exceptions))
		rule->item.broken = true;
}

static void read_append(const struct item *it)
{
	struct rule_parts p = { .condition = NULL };
	bool good = item_text(it, "condition", NEED_OPTIONAL, &p.condition);

	good = read_exceptions(it, true, &p.exceptions, &p.exception_count) && good;
	if (good)
		append_rule(it, &p);
	else
		mark_broken(it);
}

/* ---- override ---- */

static bool read_append_parts(const struct item *it, const struct overrides *o, struct rule_parts *p)
{
	bool good = true;

	if (override_wants(it, o, "condition", true))
		good = item_text(it, "condition", NEED_REQUIRED, &p->condition) && good;
	if (override_wants(it, o, "exceptions", true))
		good = read_exceptions(it, true, &p->exceptions, &p->exception_count) && good;
	if (override_wants(it, o, "output", true))
		good = item_text(it, "output", NEED_REQUIRED, &p->output) && good;
	if (override_wants(it, o, "desc", true))
		good = item_text(it, "desc", NEED_REQUIRED, &p->desc) && good;
	if (override_wants(it, o, "tags", true))
		good = item_sequence(it, "tags", NEED_REQUIRED, &p->tags) && good;
	return good;
}

static bool read_replace_parts(const struct item *it, const struct overrides *o, struct rule_parts *p)
{
	static const struct {
		const char *key;
		size_t at;
	} texts[] = {
		{ "condition", offsetof(struct rule_parts, condition) },
		{ "output", offsetof(struct rule_parts, output) },
		{ "desc", offsetof(struct rule_parts, desc) },
		{ "priority", offsetof(struct rule_parts, priority_node) },
	};
	bool good = true;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const struct yaml_node *node;

		if (!override_wants(it, o, texts[i].key, false))
			continue;
		good = item_text(it, texts[i].key, NEED_REQUIRED, &node) && good;
		memcpy((char *)p + texts[i].at, &node, sizeof node);
	}
	if (p->priority_node)
		good = read_priority(it, p) && good;
	if (override_wants(it, o, "exceptions", false))
		good = read_exceptions(it, false, &p->exceptions, &p->exception_count) && good;
	if (override_wants(it, o, "tags", false))
		good = item_sequence(it, "tags", NEED_REQUIRED, &p->tags) && good;
	return read_switches(it, p) && read_correlation(it, &p->correlation) && good;
}

static void replace_correlation(const struct item *it, const struct overrides *o, const struct rule_parts *p,
	struct raw_rule *rule)
{
	const struct raw_sequence *s = &p->correlation.sequence;

	if (override_wants(it, o, "throttle", false))
		rule->correlation.throttle = p->correlation.throttle;
	if (override_wants(it, o, "threshold", false))
		rule->correlation.threshold = p->correlation.threshold;
	if (p->condition)
		rule->has_condition = true;
	if (!override_wants(it, o, "sequence", false))
		return;
	rule->correlation.sequence = *s;
	if (!rule->has_condition)
		set_text(it, rule, &rule->condition, s->steps[s->count - 1].condition);
}

static void replace_switches(const struct item *it, const struct overrides *o, const struct rule_parts *p,
	struct raw_rule *rule)
{
	if (p->priority_node)
		rule->priority = p->priority;
	if (override_wants(it, o, "enabled", false))
		rule->enabled = p->enabled;
	if (override_wants(it, o, "warn_evttypes", false))
		rule->warn_evttypes = p->warn_evttypes;
	if (override_wants(it, o, "skip-if-unknown-filter", false))
		rule->skip_unknown = p->skip_unknown;
	if (override_wants(it, o, "capture", false))
		rule->capture = p->capture;
	if (override_wants(it, o, "capture_duration", false))
		rule->capture_duration_ms = p->capture_duration_ms;
}

static void replace_parts(const struct item *it, const struct overrides *o, const struct rule_parts *p,
	struct raw_rule *rule)
{
	if (p->condition)
		set_text(it, rule, &rule->condition, p->condition);
	if (p->output)
		set_text(it, rule, &rule->output, p->output);
	if (p->desc)
		set_text(it, rule, &rule->desc, p->desc);
	if (p->tags) {
		rule->tags.count = 0;
		add_tags(it, rule, p->tags);
	}
	replace_switches(it, o, p, rule);
	replace_correlation(it, o, p, rule);
	set_item(rule, it);
	if (!override_wants(it, o, "exceptions", false))
		return;
	rule->exceptions = rule->last_exception = NULL;
	rule->exception_count = 0;
	if (!define_exceptions(it, rule, p->exceptions))
		rule->item.broken = true;
}

static void replace_rule(const struct item *it, const struct overrides *o)
{
	struct rule_parts p = { .enabled = true, .warn_evttypes = true };
	struct raw_rule *rule = find_rule(it);
	const struct yaml_node *source = yaml_map_get(it->map, "source");

	if (!override_has_keys(it, o, false) || !read_replace_parts(it, o, &p)) {
		mark_broken(it);
		return;
	}
	if (!rule) {
		no_such_rule(it,
			"An 'override.<key>: replace' to a rule was requested but no rule by that name already exists");
		return;
	}
	if (p.condition && yaml_is_scalar(source) && source->count > 0 && source_changes(it, rule, source->text))
		return;
	if (!rule->item.broken)
		replace_parts(it, o, &p, rule);
}

static void read_override_item(const struct item *it, const struct overrides *o)
{
	struct rule_parts p = { .condition = NULL };

	if (o->any_append) {
		if (override_has_keys(it, o, true) && read_append_parts(it, o, &p))
			append_rule(it, &p);
		else
			mark_broken(it);
	}
	if (o->any_replace)
		replace_rule(it, o);
	override_no_others(it, o);
}

void read_rule_item(struct item *it)
{
	struct overrides overrides;

	item_check_keys(it);
	if (!read_append_flag(it) || !item_overrides(it, &overrides)) {
		mark_broken(it);
		return;
	}
	if (overrides.any_append || overrides.any_replace)
		read_override_item(it, &overrides);
	else if (it->append_flag)
		read_append(it);
	else if (yaml_map_get(it->map, "condition") || yaml_map_get(it->map, "output") || yaml_map_get(it->map, "desc") ||
		yaml_map_get(it->map, "priority"))
		read_full_rule(it);
	else
		read_switch(it);
}
