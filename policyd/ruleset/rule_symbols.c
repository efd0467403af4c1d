/* Macros and lists as the engine asks for them, and their own compilation (falco-language.md §2.4, §2.5). */
#include "policyd/ruleset/rule_build.h"

#include <stdio.h>
#include <string.h>

static bool list_is_defined(void *ctx, const char *name, size_t len)
{
	const struct ruleset_builder *b = ctx;

	return rule_names_get(&b->list_by_name, name, len) != NULL;
}

struct cond_parser parser_for(struct ruleset_builder *b, const struct rule_text *owner)
{
	return (struct cond_parser){ .arena = b->arena, .owner = owner, .is_list = list_is_defined, .ctx = b };
}

struct cond_checker checker_for(struct ruleset_builder *b, size_t source_index)
{
	return (struct cond_checker){ .vocabulary = b->options.sources[source_index].vocab,
		.index = b->fields[source_index], .arena = b->arena };
}

static struct raw_macro *macro_of(const struct cond_macro *m)
{
	struct raw_macro *raw;

	m = (const struct cond_macro *)(const void *)((const char *)m - offsetof(struct raw_macro, cond));
	memcpy(&raw, &m, sizeof raw);
	return raw;
}

/* Each once: rules name few. */
static void note_use(struct ruleset_builder *b, struct ptr_list *list, void *item)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == item)
			return;
	if (list->count < BUILD_MAX_FIELDS && !ptr_list_push(list, b->arena, item))
		b->log.out_of_memory = true;
}

static struct cond_macro *find_macro(void *ctx, const char *name, size_t len, const struct cond_macro *user)
{
	struct symbol_use *use = ctx;
	struct raw_macro *m = rule_names_get(&use->b->macro_by_name, name, len);

	use->cascade = false;
	use->later = NULL;
	if (!m)
		return NULL;
	if (user && m->order >= macro_of(user)->sees) {
		use->later = m;
		return NULL;
	}
	m->used = true;
	if (m->item.broken || !m->cond.body) {
		use->cascade = true;
		return NULL;
	}
	if (use->rule && !user)
		note_use(use->b, &use->rule->macros, m);
	return &m->cond;
}

static struct cond_list *find_list(void *ctx, const char *name, size_t len)
{
	struct symbol_use *use = ctx;
	struct raw_list *l = rule_names_get(&use->b->list_by_name, name, len);

	use->cascade = l && l->item.broken;
	if (!l)
		return NULL;
	l->used = true;
	if (use->rule)
		note_use(use->b, &use->rule->lists, l);
	return &l->cond;
}

/* NULL past the end, and when the load has compared enough. */
static const char *name_item(struct ruleset_builder *b, const struct ptr_list *list, size_t index)
{
	const struct raw_item *item;

	if (index >= list->count || b->suggestions >= BUILD_MAX_SUGGESTIONS)
		return NULL;
	b->suggestions++;
	item = list->items[index];    /* macros and lists begin with it */
	return item->name;
}

static const char *name_macro(void *ctx, size_t index)
{
	const struct symbol_use *use = ctx;

	return name_item(use->b, &use->b->macros, index);
}

static const char *name_list(void *ctx, size_t index)
{
	const struct symbol_use *use = ctx;

	return name_item(use->b, &use->b->lists, index);
}

struct cond_symbols symbols_of(struct symbol_use *use)
{
	return (struct cond_symbols){ .ctx = use, .macro = find_macro, .list = find_list, .macro_name = name_macro,
		.list_name = name_list, .budget = &use->b->budget, .arena = use->b->arena };
}

/* ---- lists ---- */

static void list_error(struct ruleset_builder *b, struct raw_list *list, enum load_code code,
	const struct cond_diag *why)
{
	struct place_chain chain;

	b->log.sink = &list->item.log;
	load_log_add(&b->log, code, item_place(&list->item, &chain), "%s", why->text);
	list->item.broken = true;
}

static void item_error_at(struct ruleset_builder *b, struct raw_list *list, const struct list_part *part,
	const struct yaml_node *node, const struct cond_diag *why)
{
	struct place_chain chain;
	struct place at;

	b->log.sink = &list->item.log;
	at = place_of(item_place(&list->item, &chain), "list item", "", node);
	at.file = part->file;
	load_log_hint(&b->log, load_log_add(&b->log, LOAD_ERR_COMPILE_CONDITION, &at, "%s", why->text), why->hint);
	list->item.broken = true;
}

/* Items as constants. */
static void read_items(struct ruleset_builder *b, struct raw_list *list)
{
	struct cond_parser parser = { .arena = b->arena };
	struct ast_value *values = arena_alloc(b->arena, (list->item_count + 1) * sizeof *values);
	struct cond_diag why = { .code = COND_OK };
	size_t n = 0;

	if (!values) {
		b->log.out_of_memory = true;
		return;
	}
	for (const struct list_part *p = list->first; p; p = p->next)
		for (size_t i = 0; i < p->items->count; i++) {
			const struct yaml_node *node = p->items->items[i];

			if (condition_item_value(&parser, node->text, node->count, &values[n], &why) == ST_OK)
				n++;
			else
				item_error_at(b, list, p, node, &why);
		}
	list->cond = (struct cond_list){ .name = list->item.name, .items = values, .item_count = n };
}

static void compile_lists(struct ruleset_builder *b)
{
	struct symbol_use use = { .b = b };
	struct cond_symbols symbols = symbols_of(&use);

	for (size_t i = 0; i < b->lists.count; i++) {
		struct raw_list *list = b->lists.items[i];

		list->cond = (struct cond_list){ .name = list->item.name };
		if (!list->item.broken)
			read_items(b, list);
	}
	for (size_t i = 0; i < b->lists.count; i++) {
		struct raw_list *list = b->lists.items[i];
		struct cond_diag why = { .code = COND_OK };

		if (!list->item.broken && condition_resolve_list(&list->cond, &symbols, &why) != ST_OK)
			list_error(b, list, LOAD_ERR_VALIDATE, &why);
	}
}

/* ---- macros ---- */

static void parse_macro(struct ruleset_builder *b, struct raw_macro *m)
{
	struct cond_parser parser = parser_for(b, &m->condition);
	struct cond_diag why = { .code = COND_OK };

	m->cond = (struct cond_macro){ .name = m->item.name };
	if (condition_parse(&parser, m->condition.ptr, m->condition.len, &m->cond.body, &why) == ST_OK)
		return;
	b->log.sink = &m->item.log;
	report_condition(b, &m->condition, LOAD_ERR_COMPILE_CONDITION, &why);
	m->item.broken = true;
}

static void hint_later(const struct symbol_use *use, const struct raw_macro *user, struct cond_diag *why)
{
	if (use->later == user)
		snprintf(why->hint, sizeof why->hint, "a macro cannot use itself");
	else if (use->later)
		snprintf(why->hint, sizeof why->hint, "'%.60s' is defined after its use, and a macro sees only those above it",
			use->later->item.name);
}

struct macro_errors {
	struct symbol_use *use;
	struct raw_macro *m;
};

static void on_macro_error(void *ctx, struct cond_diag *why)
{
	struct macro_errors *e = ctx;

	e->m->item.broken = true;
	if (e->use->cascade)
		return;
	hint_later(e->use, e->m, why);
	report_condition(e->use->b, &e->m->condition, load_code_of(why->code), why);
}

static void resolve_macro(struct ruleset_builder *b, struct raw_macro *m)
{
	struct symbol_use use = { .b = b };
	struct cond_symbols symbols = symbols_of(&use);
	struct macro_errors errors = { .use = &use, .m = m };
	struct warn_ctx warn = { .b = b, .fallback = &m->condition };

	b->log.sink = &m->item.log;
	symbols.warnings = (struct cond_warnings){ .ctx = &warn, .warn = on_condition_warning };
	symbols.errors = (struct cond_errors){ .ctx = &errors, .error = on_macro_error };
	condition_resolve_macro(&m->cond, &symbols, NULL);
}

/* only: macros of other files are resolved where a rule or macro asks for them. */
void compile_symbols(struct ruleset_builder *b, const struct rule_file *only)
{
	compile_lists(b);
	for (size_t i = 0; i < b->macros.count; i++) {
		struct raw_macro *m = b->macros.items[i];

		if (!m->item.broken)
			parse_macro(b, m);
	}
	for (size_t i = 0; i < b->macros.count; i++) {
		struct raw_macro *m = b->macros.items[i];

		if (!m->item.broken && (!only || m->item.file == only))
			resolve_macro(b, m);
	}
}

void compile_unused(struct ruleset_builder *b)
{
	struct place_chain chain;

	b->log.sink = &b->unused;
	for (size_t i = 0; i < b->macros.count; i++) {
		const struct raw_macro *m = b->macros.items[i];

		if (!m->used)
			load_log_add(&b->log, LOAD_UNUSED_MACRO, item_place(&m->item, &chain),
				"Macro not referred to by any other rule/macro");
	}
	for (size_t i = 0; i < b->lists.count; i++) {
		const struct raw_list *l = b->lists.items[i];

		if (!l->used)
			load_log_add(&b->log, LOAD_UNUSED_LIST, item_place(&l->item, &chain),
				"List not referred to by any other rule/macro");
	}
}
