#include "tests/conformance/case_rules.h"

#include <string.h>

static const char *text_of(const struct yaml_node *node)
{
	return yaml_is_scalar(node) && !node->is_null ? node->text : NULL;
}

static size_t read_tags(const struct yaml_node *node, const char **out)
{
	size_t n = 0;

	for (size_t i = 0; yaml_is_sequence(node) && i < node->count && n < CASE_MAX_NAMES; i++)
		out[n++] = text_of(node->items[i]);
	return n;
}

/* [field | {name: format}] */
static size_t read_extra_fields(const struct yaml_node *node, struct append_field *out)
{
	size_t n = 0;

	for (size_t i = 0; yaml_is_sequence(node) && i < node->count && n < CASE_MAX_NAMES; i++) {
		const struct yaml_node *item = node->items[i];

		if (yaml_is_map(item) && item->count)
			out[n++] = (struct append_field){ .name = item->entries[0].key->text,
				.format = text_of(item->entries[0].value) };
		else if (text_of(item))
			out[n++] = (struct append_field){ .name = item->text };
	}
	return n;
}

/* The match stands in the entry itself, or under `match`. */
static void read_append(const struct yaml_node *node, struct case_rules *r, size_t i)
{
	const struct yaml_node *match = yaml_map_get(node, "match");
	struct append_output *a = &r->append[i];

	if (!match)
		match = node;
	*a = (struct append_output){ .rule = text_of(yaml_map_get(match, "rule")),
		.source = text_of(yaml_map_get(match, "source")), .tags = r->tags[i], .fields = r->fields[i],
		.extra_output = text_of(yaml_map_get(node, "extra_output")),
		.suggested_output = yaml_scalar_is(yaml_map_get(node, "suggested_output"), "true") };
	a->tag_count = read_tags(yaml_map_get(match, "tags"), r->tags[i]);
	a->field_count = read_extra_fields(yaml_map_get(node, "extra_fields"), r->fields[i]);
}

static void read_sources(struct case_run *run, struct case_rules *r)
{
	const struct yaml_node *own = yaml_map_get(run->node, "known_sources");
	size_t count = yaml_is_sequence(own) ? own->count : toy_source_count(run->toy);

	for (size_t i = 0; i < count && i < TOY_MAX_SOURCES; i++) {
		r->vocabularies[i] = *toy_vocabulary(run->toy);
		r->vocabularies[i].source = yaml_is_sequence(own) ? own->items[i]->text : toy_source(run->toy, i)->source;
		r->sources[r->source_count++] = (struct ruleset_source){ .vocab = &r->vocabularies[i] };
	}
}

static bool options_of(struct case_run *run, const struct yaml_node *settings, struct case_rules *r,
	struct ruleset_options *out)
{
	const struct yaml_node *append = yaml_map_get(settings, "append_output");
	const struct yaml_node *priority = yaml_map_get(run->node, "min_priority");

	*out = (struct ruleset_options){ .sources = r->sources, .min_priority = PRIORITY_DEBUG, .append = r->append,
		.describe = true };
	read_sources(run, r);
	out->source_count = r->source_count;
	for (size_t i = 0; yaml_is_sequence(append) && i < append->count && i < CASE_MAX_APPEND; i++)
		read_append(append->items[i], r, out->append_count++);
	if (!priority || priority_parse(priority->text, priority->count, &out->min_priority))
		return true;
	case_fail(run, "min_priority: not a priority");
	return false;
}

static bool add_files(struct case_run *run, struct ruleset_builder *b)
{
	const struct yaml_node *text = yaml_map_get(run->node, "rules_yaml"), *files = yaml_map_get(run->node, "files");

	if (yaml_is_scalar(text))
		return ruleset_builder_add_text(b, "rules.yaml", text->text, text->count) == ST_OK;
	for (size_t i = 0; yaml_is_sequence(files) && i < files->count; i++) {
		const struct yaml_node *content = yaml_map_get(files->items[i], "content");
		const char *name = text_of(yaml_map_get(files->items[i], "name"));

		if (!yaml_is_scalar(content) ||
			ruleset_builder_add_text(b, name ? name : "rules.yaml", content->text, content->count) != ST_OK)
			return false;
	}
	return yaml_is_sequence(files);
}

static void note_message(struct case_rules *r, const struct load_message *m, bool last_file)
{
	enum load_severity severity = load_code_severity(m->code);

	if (r->first_error)
		return;
	if (severity == LOAD_SEVERITY_ERROR)
		r->first_error = m;
	/* Falco compiles everything again with the last file, so what compiling warns of counts whatever the file. */
	else if (severity == LOAD_SEVERITY_WARNING && (last_file || m->compiled) && r->warning_count < CASE_MAX_WARNINGS)
		r->warnings[r->warning_count++] = load_code_name(m->code);
}

static void note_phase(struct case_rules *r, const struct load_file_result *file, bool compiled)
{
	for (const struct load_message *m = file->first; m; m = m->next)
		if (m->compiled == compiled)
			note_message(r, m, file->next == NULL);
}

/* Falco reads a whole file before it compiles anything. */
static void note_results(struct case_rules *r, const struct load_results *results)
{
	for (const struct load_file_result *f = results->first; f; f = f->next)
		note_phase(r, f, false);
	for (const struct load_file_result *f = results->first; f; f = f->next)
		note_phase(r, f, true);
}

bool case_rules_load(struct case_run *run, const struct yaml_node *settings, struct case_rules *out)
{
	struct ruleset_options options;
	enum status st;

	memset(out, 0, sizeof *out);
	if (!options_of(run, settings, out, &options))
		return false;
	out->builder = ruleset_builder_create(&options);
	if (!out->builder || !add_files(run, out->builder)) {
		case_fail(run, "the case has no rules that can be added");
		return false;
	}
	st = ruleset_builder_finish(out->builder, &out->ruleset);
	note_results(out, ruleset_builder_results(out->builder));
	if (st != ST_OK && st != ST_MALFORMED)
		case_fail(run, "load: %s", status_text(st));
	return st == ST_OK || st == ST_MALFORMED;
}

void case_rules_release(struct case_rules *rules)
{
	ruleset_unref(rules->ruleset);
	ruleset_builder_destroy(rules->builder);
}
