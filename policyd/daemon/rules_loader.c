#include "policyd/daemon/rules_loader.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/fields/fields.h"

/* What ruleset_options borrows. */
struct parts {
	struct rule_selection *selection;
	size_t selection_count;
	struct append_output *append;
	struct append_field *fields;           /* of all entries, one behind the other */
};

static void add_selection(struct parts *p, const struct config_select *from, bool enable)
{
	if (from->rule || from->tag)
		p->selection[p->selection_count++] = (struct rule_selection){ .enable = enable, .rule = from->rule, .tag = from->tag };
}

static bool make_selection(struct parts *p, const struct rules_loader *l)
{
	const struct config_rules *rules = &l->config->rules;

	p->selection = calloc(rules->count * 2 + l->extra_count + 1, sizeof *p->selection);
	if (!p->selection)
		return false;
	for (size_t i = 0; i < rules->count; i++) {
		add_selection(p, &rules->items[i].enable, true);
		add_selection(p, &rules->items[i].disable, false);
	}
	if (l->extra_count)
		memcpy(p->selection + p->selection_count, l->extra, l->extra_count * sizeof *l->extra);
	p->selection_count += l->extra_count;
	return true;
}

static size_t put_fields(struct append_field *to, const struct config_pairs *from)
{
	for (size_t i = 0; i < from->count; i++)
		to[i] = (struct append_field){ .name = from->pairs[i].name, .format = from->pairs[i].value };
	return from->count;
}

/* append_output, and static_fields as one more entry that fits every rule. */
static bool make_append(struct parts *p, const struct config *c)
{
	size_t fields = c->static_fields.count, used = 0, i;

	for (i = 0; i < c->append_output.count; i++)
		fields += c->append_output.items[i].extra_fields.count;
	p->fields = calloc(fields + 1, sizeof *p->fields);
	p->append = calloc(c->append_output.count + 1, sizeof *p->append);
	if (!p->fields || !p->append)
		return false;
	for (i = 0; i < c->append_output.count; i++) {
		const struct config_append *from = &c->append_output.items[i];

		p->append[i] = (struct append_output){ .rule = from->match.rule, .source = from->match.source,
			.tags = from->match.tags.texts, .tag_count = from->match.tags.count,
			.extra_output = from->extra_output, .suggested_output = from->suggested_output,
			.fields = p->fields + used };
		p->append[i].field_count = put_fields(p->fields + used, &from->extra_fields);
		used += p->append[i].field_count;
	}
	p->append[i].fields = p->fields + used;
	p->append[i].field_count = put_fields(p->fields + used, &c->static_fields);
	return true;
}

static enum status add_paths(struct ruleset_builder *b, const struct rules_loader *l)
{
	size_t count = l->path_count ? l->path_count : l->config->rules_files.count;
	enum status st = ST_OK;

	for (size_t i = 0; i < count && st == ST_OK; i++)
		st = ruleset_builder_add_path(b, l->path_count ? l->paths[i] : l->config->rules_files.texts[i]);
	return st;
}

static enum status build(struct rules_loader *l, const struct parts *p)
{
	const struct ruleset_source windows = { .vocab = fields_vocabulary() };
	const struct ruleset_options options = { .sources = &windows, .source_count = 1,
		.min_priority = l->config->priority, .selection = p->selection, .selection_count = p->selection_count,
		.append = p->append, .append_count = l->config->append_output.count + (l->config->static_fields.count ? 1 : 0) };
	struct ruleset_builder *b = ruleset_builder_create(&options);
	const struct load_results *results;
	enum status st = b ? add_paths(b, l) : ST_NOMEM;

	if (st == ST_OK)
		st = ruleset_builder_finish(b, &l->set);
	if (st == ST_OK || st == ST_MALFORMED) {
		results = ruleset_builder_results(b);
		l->errors = results->errors;
		l->warnings = results->warnings;
		if (results->errors + results->warnings)
			load_results_append_text(&l->text, results);
	} else {
		buf_printf(&l->text, "rules cannot be loaded: %s\n", status_text(st));
	}
	ruleset_builder_destroy(b);
	return st;
}

enum status rules_loader_run(struct rules_loader *l)
{
	struct parts p = { .selection_count = 0 };
	enum status st = ST_NOMEM;

	l->set = NULL;
	if (make_selection(&p, l) && make_append(&p, l->config))
		st = build(l, &p);
	free(p.selection);
	free(p.append);
	free(p.fields);
	return st;
}
