/* The checked collection into an immutable ruleset that borrows nothing of the load. */
#include "policyd/ruleset/rule_publish.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/engine/program.h"

const char *keep(struct publish *p, const char *text)
{
	const char *copy = text ? arena_strdup(p->arena, text) : NULL;

	p->failed = p->failed || !copy;
	return copy ? copy : "";
}

const char *keep_text(struct publish *p, const struct rule_text *text)
{
	const char *copy = arena_strndup(p->arena, text->ptr, text->len);

	p->failed = p->failed || !copy;
	return copy ? copy : "";
}

void keep_names(struct publish *p, const struct ptr_list *list, struct name_list *out)
{
	const char **names = arena_alloc(p->arena, (list->count + 1) * sizeof *names);

	*out = (struct name_list){ .names = names };
	if (!names) {
		p->failed = true;
		return;
	}
	for (size_t i = 0; i < list->count; i++)
		names[i] = keep(p, list->items[i]);
	out->count = list->count;
}

/* ---- parts of a rule ---- */

/* Steps of its sequence included. */
static bool sees_type(const struct raw_rule *raw, size_t type)
{
	bool sees = type_set_has(&raw->main.types, type);

	for (size_t i = 0; i < raw->step_count; i++)
		sees = sees || type_set_has(&raw->steps[i].types, type);
	return sees;
}

static bool sees_all_types(const struct raw_rule *raw)
{
	bool all = type_set_is_all(&raw->main.types);

	for (size_t i = 0; i < raw->step_count; i++)
		all = all || type_set_is_all(&raw->steps[i].types);
	return all;
}

static void keep_event_types(struct publish *p, const struct raw_rule *raw, struct rule *rule)
{
	const struct vocabulary *v = p->b->options.sources[raw->source_index].vocab;
	const char **names;
	size_t n = 0;

	rule->all_event_types = sees_all_types(raw);
	if (rule->all_event_types)
		return;
	names = arena_alloc(p->arena, (v->event_type_count + 1) * sizeof *names);
	if (!names) {
		p->failed = true;
		return;
	}
	for (size_t i = 0; i < v->event_type_count; i++)
		if (sees_type(raw, i))
			names[n++] = v->event_types[i];
	rule->event_types = (struct name_list){ .names = names, .count = n };
}

static void keep_rule(struct publish *p, const struct raw_rule *raw, struct rule *rule)
{
	const struct ruleset_options *o = &p->b->options;

	rule->name = keep(p, raw->item.name);
	rule->desc = keep_text(p, &raw->desc);
	rule->source = keep(p, raw->source);
	rule->file = keep(p, raw->item.file->name);
	rule->line = raw->item.pos.line;
	rule->condition = keep_text(p, &raw->condition);
	rule->condition_hash = condition_hash(raw->main.resolved);
	rule->priority = raw->priority;
	rule->correlation = raw->compiled_correlation;
	rule->capture = raw->capture;
	rule->capture_duration_ms = raw->capture_duration_ms;
	rule->source_index = raw->source_index;
	rule->source_active = !o->sources[raw->source_index].inactive;
	keep_names(p, &raw->tags, &rule->tags);
	rule->enabled = raw->priority <= o->min_priority &&
			rule_select(o->selection, o->selection_count, rule->name, &rule->tags, raw->enabled);
	rule->runs = rule->enabled && rule->source_active;
	rule->output = raw->full_output;
	rule->output_template = raw->output_template;
	rule->extra_fields = raw->extra_fields;
	rule->extra_field_count = raw->extra_field_count;
	keep_event_types(p, raw, rule);
	keep_symbols(p, raw, rule);
	keep_exceptions(p, raw, rule);
	if (o->describe)
		keep_description(p, raw, rule);
}

static void keep_rules(struct publish *p)
{
	const struct ptr_list *rules = &p->b->rules;

	p->rs->rules = arena_zalloc(p->arena, (rules->count + 1) * sizeof *p->rs->rules);
	if (!p->rs->rules) {
		p->failed = true;
		return;
	}
	for (size_t i = 0; i < rules->count && !p->failed; i++) {
		const struct raw_rule *raw = rules->items[i];
		struct rule *rule = &p->rs->rules[p->rs->rule_count];

		if (!raw->compiled)
			continue;
		keep_rule(p, raw, rule);
		p->rs->rule_count++;
		p->failed = p->failed || !rule_names_put(&p->rs->by_name, rule->name, strlen(rule->name), rule);
	}
}

/* ---- macros and lists, for people ---- */

static void keep_macros(struct publish *p)
{
	const struct ptr_list *macros = &p->b->macros;

	p->rs->macros = arena_zalloc(p->arena, (macros->count + 1) * sizeof *p->rs->macros);
	if (!p->rs->macros) {
		p->failed = true;
		return;
	}
	for (size_t i = 0; i < macros->count; i++) {
		const struct raw_macro *raw = macros->items[i];

		p->rs->macros[i] = (struct macro_info){ .name = keep(p, raw->item.name),
			.condition = keep_text(p, &raw->condition), .file = keep(p, raw->item.file->name),
			.line = raw->item.pos.line, .used = raw->used };
	}
	p->rs->macro_count = macros->count;
}

static void keep_items(struct publish *p, const struct raw_list *raw, struct name_list *out)
{
	const char **names = arena_alloc(p->arena, (raw->item_count + 1) * sizeof *names);

	*out = (struct name_list){ .names = names };
	if (!names) {
		p->failed = true;
		return;
	}
	for (const struct list_part *part = raw->first; part; part = part->next)
		for (size_t i = 0; i < part->items->count; i++)
			names[out->count++] = keep(p, part->items->items[i]->text);
}

static void keep_lists(struct publish *p)
{
	const struct ptr_list *lists = &p->b->lists;

	p->rs->lists = arena_zalloc(p->arena, (lists->count + 1) * sizeof *p->rs->lists);
	if (!p->rs->lists) {
		p->failed = true;
		return;
	}
	for (size_t i = 0; i < lists->count; i++) {
		const struct raw_list *raw = lists->items[i];
		struct list_info *out = &p->rs->lists[i];

		*out = (struct list_info){ .name = keep(p, raw->item.name), .file = keep(p, raw->item.file->name),
			.line = raw->item.pos.line, .used = raw->used };
		keep_items(p, raw, &out->items);
	}
	p->rs->list_count = lists->count;
}

/* ---- programs ---- */

/* Steps stand behind all rules; of one rule the last one first (correlator.h says why). */
static size_t fill_steps(const struct raw_rule *raw, size_t rule, struct program_rule *out, struct run_step *steps)
{
	for (size_t i = 0; i < raw->step_count; i++) {
		size_t step = raw->step_count - 1 - i;

		out[i] = (struct program_rule){ .condition = raw->steps[step].expr, .types = &raw->steps[step].types };
		steps[i] = (struct run_step){ .rule = (uint32_t)rule, .step = (uint32_t)step };
	}
	return raw->step_count;
}

static size_t count_steps(const struct ruleset_builder *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->rules.count; i++)
		n += ((const struct raw_rule *)b->rules.items[i])->step_count;
	return n;
}

/* out and into->steps have room for all rules and all steps. */
static size_t fill_program(struct publish *p, size_t source, struct program_rule *out, struct source_program *into)
{
	struct program_rule *step_rules = out + p->rs->rule_count;
	size_t n = 0, compiled = 0;

	for (size_t i = 0; i < p->b->rules.count; i++) {
		const struct raw_rule *raw = p->b->rules.items[i];
		const struct rule *rule;

		if (!raw->compiled)
			continue;
		rule = &p->rs->rules[compiled++];
		if (raw->source_index != source || !rule->runs)
			continue;
		out[n] = (struct program_rule){ .condition = raw->main.expr, .types = &raw->main.types };
		into->step_count += fill_steps(raw, n, step_rules + into->step_count, into->steps + into->step_count);
		into->rules[n++] = rule;
	}
	into->rule_count = n;
	memmove(out + n, step_rules, into->step_count * sizeof *out);
	return n + into->step_count;
}

static void program_failed(struct publish *p, const struct diag *why)
{
	struct place_chain chain;

	p->b->log.sink = &p->b->unused;
	item_place(&(struct raw_item){ .type = "rules content", .file = p->b->files }, &chain);
	load_log_add(&p->b->log, LOAD_ERR_COMPILE_CONDITION, &chain.content, "%s", why->text);
}

static enum status build_program(struct publish *p, size_t source)
{
	const struct ruleset_source *from = &p->b->options.sources[source];
	struct source_program *out = &p->rs->sources[source];
	size_t count = p->rs->rule_count + count_steps(p->b) + 1;
	struct program_rule *rules = arena_alloc(p->b->arena, count * sizeof *rules);
	struct diag why = DIAG_INIT;
	enum status st;

	out->source = keep(p, from->vocab->source);
	out->rules = arena_alloc(p->arena, (p->rs->rule_count + 1) * sizeof *out->rules);
	out->steps = arena_alloc(p->arena, count * sizeof *out->steps);
	if (!rules || !out->rules || !out->steps || p->failed)
		return ST_NOMEM;
	if (from->inactive)
		return ST_OK;
	count = fill_program(p, source, rules, out);
	if (count == 0)
		return ST_OK;
	st = program_build(from->vocab, rules, count, &out->program, &why);
	if (st == ST_MALFORMED || st == ST_LIMIT)
		program_failed(p, &why);
	return st;
}

enum status publish_ruleset(struct ruleset_builder *b, struct ruleset **out)
{
	struct publish p = { .b = b, .rs = calloc(1, sizeof *p.rs) };
	enum status st = ST_NOMEM;

	*out = NULL;
	if (!p.rs)
		goto done;
	atomic_init(&p.rs->refs, 1);
	p.rs->arena = p.arena = b->keep;
	b->keep = NULL;
	rule_names_init(&p.rs->by_name, p.arena);
	keep_rules(&p);
	keep_macros(&p);
	keep_lists(&p);
	if (p.failed)
		goto done;
	st = ST_OK;
	for (p.rs->source_count = 0; st == ST_OK && p.rs->source_count < b->options.source_count; p.rs->source_count++)
		st = build_program(&p, p.rs->source_count);
	if (st != ST_OK)
		goto done;
	*out = p.rs;
	p.rs = NULL;
done:
	ruleset_unref(p.rs);
	return st;
}
