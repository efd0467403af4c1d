/* The collection into checked conditions (falco-language.md §2.10). */
#include "policyd/ruleset/rule_build.h"

#include <stdio.h>
#include <string.h>

void report_condition(struct ruleset_builder *b, const struct rule_text *fallback, enum load_code code,
	const struct cond_diag *why)
{
	const struct rule_text *owner = why->source ? why->source->owner : NULL;
	size_t offset = owner ? why->pos.offset : 0;
	struct place_chain chain;

	if (!owner)
		owner = fallback;
	if (why->code == COND_OUT_OF_MEMORY)
		b->log.out_of_memory = true;
	load_log_hint(&b->log, load_log_add(&b->log, code, text_place(owner, offset, &chain), "%s", why->text), why->hint);
}

/* A macro is checked anew for each rule that uses it, but its errors are told once. */
static bool told_already(struct ruleset_builder *b, const struct cond_diag *why)
{
	const struct rule_text *owner = why->source ? why->source->owner : NULL;
	struct told_error *told;
	struct rule_text *mark;

	if (!owner || strcmp(owner->type, "macro condition") != 0)
		return false;
	for (told = owner->told; told; told = told->next)
		if (told->offset == why->pos.offset)
			return true;
	told = arena_alloc(b->arena, sizeof *told);
	if (!told) {
		b->log.out_of_memory = true;
		return false;
	}
	memcpy(&mark, &owner, sizeof mark);
	*told = (struct told_error){ .offset = why->pos.offset, .next = mark->told };
	mark->told = told;
	return false;
}

enum load_code load_code_of(enum cond_error error)
{
	return error == COND_UNDEFINED_MACRO || error == COND_MACRO_LOOP ? LOAD_ERR_VALIDATE : LOAD_ERR_COMPILE_CONDITION;
}

static enum outcome condition_failed(struct ruleset_builder *b, struct raw_rule *rule, struct cond_diag *why)
{
	bool unknown = why->code == COND_UNKNOWN_FIELD || why->code == COND_UNKNOWN_EVENT_TYPE;

	b->condition_errors++;
	near_other_source(b, rule, why);
	if (unknown && rule->skip_unknown) {
		report_condition(b, &rule->condition, LOAD_UNKNOWN_FILTER, why);
		return SKIPPED;
	}
	if (!told_already(b, why))
		report_condition(b, &rule->condition, load_code_of(why->code), why);
	return FAILED;
}

/* ---- the tree: condition and exceptions ---- */

static const struct ast_node *with_exceptions(struct ruleset_builder *b, const struct ast_node *condition,
	const struct ptr_list *exceptions)
{
	struct ptr_list kids = { .items = NULL };
	const struct ast_node *node;
	void *item;

	memcpy(&item, &condition, sizeof item);
	if (exceptions->count == 0)
		return condition;
	if (!ptr_list_push(&kids, b->arena, item))
		return NULL;
	for (size_t i = 0; i < exceptions->count; i++)
		if (!ptr_list_push(&kids, b->arena, exceptions->items[i]))
			return NULL;
	node = ast_group(b->arena, AST_AND, (const struct ast_node *const *)kids.items, kids.count);
	return node;
}

/* ---- warnings of the check ---- */

static const char *deprecated_name(struct ruleset_builder *b, const struct cond_warning *w)
{
	size_t len = strcspn(w->source->text + w->pos.offset, " \t\r\n=!<>[(,)");

	return arena_strndup(b->arena, w->source->text + w->pos.offset, len);
}

void on_condition_warning(void *ctx, const struct cond_warning *w)
{
	static const enum load_code codes[] = {
		[COND_WARN_CONDITION] = LOAD_COMPILE_CONDITION,
		[COND_WARN_UNSAFE_NA] = LOAD_UNSAFE_NA_CHECK,
		[COND_WARN_DEPRECATED_FIELD] = LOAD_DEPRECATED_ITEM,
		[COND_HINT] = LOAD_HINT,
	};
	struct warn_ctx *wc = ctx;
	const struct rule_text *owner = w->source ? w->source->owner : NULL;
	struct load_message *m;
	struct place_chain chain;

	if (!owner)
		owner = wc->fallback;
	m = load_log_add(&wc->b->log, codes[w->kind], text_place(owner, w->pos.offset, &chain), "%s", w->text);
	if (m && w->kind == COND_WARN_DEPRECATED_FIELD && w->source)
		m->deprecated_field = deprecated_name(wc->b, w);
}

/* ---- event types ---- */

/* Falco warns when a syscall rule has to be tried on more than 100 event types. A rule without an upper bound, such as
 * `evt.type != open`, has to be, however few types this vocabulary names: one more type is added that no rule can name,
 * and a rule that may match it has no bound. */
static void check_event_types(struct ruleset_builder *b, struct raw_rule *rule)
{
	const struct vocabulary *v = b->options.sources[rule->source_index].vocab;
	const char **types = arena_alloc(b->arena, (v->event_type_count + 1) * sizeof *types);
	struct cond_diag why = { .code = COND_OK };
	struct vocabulary more = *v;
	struct type_set set;
	struct place_chain chain;

	if (!types) {
		b->log.out_of_memory = true;
		return;
	}
	if (v->event_type_count)
		memcpy(types, v->event_types, v->event_type_count * sizeof *types);
	types[v->event_type_count] = "\x01";
	more.event_types = types;
	more.event_type_count++;
	if (condition_event_types(rule->main.expr, &more, b->arena, &set, &why) != ST_OK)
		return;
	if (type_set_has(&set, v->event_type_count) || type_set_count(&set) > 100)
		load_log_add(&b->log, LOAD_NO_EVTTYPE, text_place(&rule->condition, 0, &chain),
			"Rule matches too many evt.type values. This has a significant performance penalty.");
}

/* ---- rules ---- */

struct text_errors {
	struct symbol_use *use;
	struct raw_rule *rule;
};

static void on_error(void *ctx, struct cond_diag *why)
{
	struct text_errors *e = ctx;

	if (!e->use->cascade)
		condition_failed(e->use->b, e->rule, why);
}

/* Of a rule that may be skipped, the first error decides, as in Falco; and nobody reads thousands. */
static bool first_decides(const struct text_errors *e)
{
	return e->rule->skip_unknown || e->use->b->condition_errors > LOAD_MAX_MESSAGES;
}

/* errors: where they were told already. */
static enum outcome text_failed(struct text_errors *e, const struct cond_errors *errors, struct cond_diag *why)
{
	return !errors->error && !e->use->cascade ? condition_failed(e->use->b, e->rule, why) : FAILED;
}

static enum outcome check_text(struct text_errors *e, const struct ast_node *tree, struct compiled_condition *out)
{
	struct ruleset_builder *b = e->use->b;
	struct cond_checker checker = checker_for(b, e->rule->source_index);
	struct cond_symbols symbols = symbols_of(e->use);
	struct warn_ctx warn = { .b = b, .fallback = &e->rule->condition };
	struct cond_diag why = { .code = COND_OK };

	if (!first_decides(e))
		symbols.errors = (struct cond_errors){ .ctx = e, .error = on_error };
	symbols.warnings = (struct cond_warnings){ .ctx = &warn, .warn = on_condition_warning };
	checker.warnings = symbols.warnings;
	checker.errors = symbols.errors;
	checker.partial = condition_resolve(tree, &symbols, b->arena, &out->resolved, &why) != ST_OK;
	if (!out->resolved)
		return text_failed(e, &symbols.errors, &why);
	e->use->cascade = false;
	if (condition_check(&checker, out->resolved, &out->expr, &why) != ST_OK)
		return text_failed(e, &symbols.errors, &why);
	if (condition_event_types(out->expr, checker.vocabulary, b->arena, &out->types, &why) != ST_OK)
		return condition_failed(b, e->rule, &why);
	return COMPILED;
}

enum outcome compile_text(struct ruleset_builder *b, struct raw_rule *rule, const struct rule_text *text,
	const struct ptr_list *also, struct compiled_condition *out)
{
	struct cond_parser parser = parser_for(b, text);
	struct symbol_use use = { .b = b, .rule = rule };
	struct cond_diag why = { .code = COND_OK };
	const struct ast_node *tree;

	if (condition_parse(&parser, text->ptr, text->len, &tree, &why) != ST_OK)
		return condition_failed(b, rule, &why);
	if (also)
		tree = with_exceptions(b, tree, also);
	if (!tree) {
		b->log.out_of_memory = true;
		return FAILED;
	}
	return check_text(&(struct text_errors){ .use = &use, .rule = rule }, tree, out);
}

static void compile_rule(struct ruleset_builder *b, struct raw_rule *rule)
{
	struct ptr_list also = { .items = NULL };
	bool good, skipped = false;
	enum outcome outcome;

	b->log.sink = &rule->item.log;
	good = exception_trees(b, rule, &also);
	good = add_last_step(b, rule, &also) && good;
	good = compile_output(b, rule, &skipped) && good;
	if (skipped)
		return;
	outcome = compile_text(b, rule, &rule->condition, &also, &rule->main);
	good = compile_correlation(b, rule) && good;
	if (outcome == SKIPPED && good)
		return;
	if (outcome != COMPILED || !good) {
		rule->item.broken = true;
		return;
	}
	if (rule->warn_evttypes && strcmp(rule->source, "syscall") == 0)
		check_event_types(b, rule);
	rule->compiled = true;
}

/* What an earlier compile found is forgotten, errors apart: a file that was wrong when it was loaded stays wrong. */
static void forget(struct ruleset_builder *b)
{
	b->budget = (struct cond_budget){ .parts = 0 };
	for (size_t i = 0; i < b->lists.count; i++)
		((struct raw_list *)b->lists.items[i])->used = false;
	for (size_t i = 0; i < b->macros.count; i++) {
		struct raw_macro *m = b->macros.items[i];

		m->used = false;
		if (!m->item.broken && !log_list_has_error(&m->item.log))
			m->item.log = (struct log_list){ .first = NULL };
	}
	for (size_t i = 0; i < b->rules.count; i++) {
		struct raw_rule *r = b->rules.items[i];

		r->compiled = false;
		r->macros.count = r->lists.count = 0;
		if (!r->item.broken && !log_list_has_error(&r->item.log))
			r->item.log = (struct log_list){ .first = NULL };
	}
}

void compile_collection(struct ruleset_builder *b, const struct rule_file *only)
{
	forget(b);
	b->log.compiling = true;
	compile_symbols(b, only);
	for (size_t i = 0; i < b->rules.count; i++) {
		struct raw_rule *rule = b->rules.items[i];

		if (!rule->item.broken && !rule->unknown_source && (!only || rule->item.file == only))
			compile_rule(b, rule);
	}
	b->log.compiling = false;
}
