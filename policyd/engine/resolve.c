/* Macros become their trees, list names their items. */
#include "policyd/engine/condition.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policyd/engine/suggest.h"
#include "policyd/engine/tell.h"

struct resolver {
	const struct cond_symbols *symbols;
	struct arena *arena;
	const struct cond_macro *user;       /* whose body this is; NULL: a rule's */
	unsigned nesting;                    /* macros being resolved around this one */
	unsigned deepest;
	size_t nodes, values;
	struct cond_diag *diag;
	struct telling *telling;
};

static bool fail(struct resolver *r, enum cond_error code, const struct ast_node *at, const char *fmt, ...)
	VITRINE_PRINTF(4, 5);

static bool fail(struct resolver *r, enum cond_error code, const struct ast_node *at, const char *fmt, ...)
{
	va_list args;

	if (r->diag->code != COND_OK)
		return false;
	r->diag->code = code;
	r->diag->source = at ? at->source : NULL;
	if (at)
		r->diag->pos = at->pos;
	va_start(args, fmt);
	vsnprintf(r->diag->text, sizeof r->diag->text, fmt, args);
	va_end(args);
	return false;
}

static bool out_of_memory(struct resolver *r)
{
	return fail(r, COND_OUT_OF_MEMORY, NULL, "out of memory");
}

/* ---- lists ---- */

static bool expand_list(struct resolver *r, struct cond_list *list, unsigned nesting);

/* The list an item names, expanded; NULL: it names none, or one that is being expanded around it. */
static struct cond_list *item_list(struct resolver *r, const struct ast_value *item, unsigned nesting)
{
	struct cond_list *l = NULL;

	if (item->word)
		l = r->symbols->list(r->symbols->ctx, item->ptr, item->len);
	return l && !l->busy && expand_list(r, l, nesting + 1) ? l : NULL;
}

static bool count_items(struct resolver *r, const struct cond_list *list, unsigned nesting, size_t *count)
{
	*count = 0;
	for (size_t i = 0; i < list->item_count; i++) {
		const struct cond_list *inner = item_list(r, &list->items[i], nesting);

		if (r->diag->code != COND_OK)
			return false;
		*count += inner ? inner->expanded_count : 1;
		if (*count > COND_MAX_VALUES)
			return fail(r, COND_TOO_LARGE, NULL, "list '%s' expands to more than %d items", list->name,
				COND_MAX_VALUES);
	}
	return true;
}

/* Room for the expanded items; NULL: failed. */
static struct ast_value *room_for_items(struct resolver *r, const struct cond_list *list, size_t count)
{
	struct cond_budget *budget = r->symbols->budget;
	struct ast_value *out;

	if (budget && count > COND_MAX_ALL_LIST_ITEMS - budget->list_items) {
		fail(r, COND_TOO_LARGE, NULL, "list '%s' expands to %zu items: with it, lists have more than %d together", list->name,
			count, COND_MAX_ALL_LIST_ITEMS);
		return NULL;
	}
	out = arena_alloc(r->symbols->arena, (count ? count : 1) * sizeof *out);
	if (!out)
		out_of_memory(r);
	else if (budget)
		budget->list_items += count;
	return out;
}

static bool expand_list(struct resolver *r, struct cond_list *list, unsigned nesting)
{
	struct ast_value *out;
	size_t count, made = 0;

	if (list->done)
		return true;
	if (nesting > COND_MAX_LIST_NESTING)
		return fail(r, COND_TOO_LARGE, NULL, "lists are nested more than %d deep at '%s'", COND_MAX_LIST_NESTING,
			list->name);
	list->busy = true;
	out = count_items(r, list, nesting, &count) ? room_for_items(r, list, count) : NULL;
	for (size_t i = 0; out && i < list->item_count; i++) {
		const struct cond_list *inner = item_list(r, &list->items[i], nesting);
		const struct ast_value *from = inner ? inner->expanded : &list->items[i];
		size_t n = inner ? inner->expanded_count : 1;

		for (size_t k = 0; k < n; k++) {
			out[made] = from[k];
			out[made++].pos = (struct cond_pos){ 0, 0, 0 };   /* no place in any condition */
		}
	}
	list->busy = false;
	if (!out)
		return false;
	list->expanded = out;
	list->expanded_count = made;
	list->done = true;
	return true;
}

/* ---- checks ---- */

typedef const char *name_fn(void *ctx, size_t index);

static void suggest_names(struct suggest *s, const struct cond_symbols *symbols, name_fn *names)
{
	const char *name;

	for (size_t i = 0; names && (name = names(symbols->ctx, i)) != NULL; i++)
		suggest_offer(s, name);
}

/* A word among values that nearly names a list is a plain word, silently. Names of lists have an underscore; other words
 * are not looked at. */
static void hint_list(struct resolver *r, const struct ast_node *n, const struct ast_value *v)
{
	const struct cond_symbols *symbols = r->symbols;
	struct cond_warning w = { .kind = COND_HINT, .source = n->source, .pos = v->pos };
	char text[256];
	struct suggest s;

	if (!symbols->warnings.warn || n->check->form != FORM_LIST || !memchr(v->ptr, '_', v->len) ||
		!condition_is_macro_name(v->ptr, v->len))
		return;
	suggest_init(&s, v->ptr, v->len);
	suggest_names(&s, symbols, symbols->list_name);
	if (!s.best)
		return;
	snprintf(text, sizeof text, "'%.63s' is no list, so it is the text itself: did you mean the list '%.63s'?", v->ptr,
		s.best);
	w.text = text;
	symbols->warnings.warn(symbols->warnings.ctx, &w);
}

/* The list that value i of a check names, expanded. */
static const struct cond_list *value_list(struct resolver *r, const struct ast_value *v)
{
	struct cond_list *l = v->word ? r->symbols->list(r->symbols->ctx, v->ptr, v->len) : NULL;

	return l && expand_list(r, l, 0) ? l : NULL;
}

/* Falco pastes lists as text, so where one value is due the list must have one item. */
static bool need_one_item(struct resolver *r, const struct ast_node *n, const struct cond_list *l)
{
	if (l->expanded_count == 1)
		return true;
	if (l->expanded_count == 0)
		fail(r, COND_SYNTAX, n, "expected a string value: list '%s' is empty", l->name);
	else
		fail(r, COND_SYNTAX, n, "unexpected token after '%.64s', expecting 'or', 'and'", l->expanded[0].ptr);
	r->diag->pos = n->check->values[0].pos;
	snprintf(r->diag->hint, sizeof r->diag->hint, "list '%.64s' has %zu items: write it in parentheses", l->name,
		l->expanded_count);
	return false;
}

static bool sum_values(struct resolver *r, const struct ast_node *n, size_t *total, bool *any)
{
	const struct ast_check *c = n->check;

	*total = 0;
	*any = false;
	for (size_t i = 0; i < c->value_count; i++) {
		const struct cond_list *l = value_list(r, &c->values[i]);

		if (r->diag->code != COND_OK || (l && c->form != FORM_LIST && !need_one_item(r, n, l)))
			return false;
		if (!l && c->values[i].word)
			hint_list(r, n, &c->values[i]);
		*any = *any || l;
		*total += l ? l->expanded_count : 1;
	}
	r->values += *total;
	if (r->values > COND_MAX_VALUES)
		return fail(r, COND_TOO_LARGE, n, "condition expands to more than %d constants", COND_MAX_VALUES);
	return true;
}

static const struct ast_value *join_values(struct resolver *r, const struct ast_check *c, size_t total)
{
	const struct cond_list *only = c->value_count == 1 ? value_list(r, &c->values[0]) : NULL;
	struct ast_value *out;
	size_t made = 0;

	if (only)
		return only->expanded;
	out = arena_alloc(r->arena, (total ? total : 1) * sizeof *out);
	for (size_t i = 0; out && i < c->value_count; i++) {
		const struct cond_list *l = value_list(r, &c->values[i]);
		size_t n = l ? l->expanded_count : 1;

		memcpy(out + made, l ? l->expanded : &c->values[i], n * sizeof *out);
		made += n;
	}
	return out;
}

static const struct ast_node *resolve_check(struct resolver *r, const struct ast_node *n)
{
	struct ast_check check = *n->check;
	const struct ast_node *copy;
	size_t total;
	bool any;

	if (!sum_values(r, n, &total, &any))
		return NULL;
	if (!any)
		return n;
	check.values = join_values(r, n->check, total);
	check.value_count = total;
	copy = check.values ? ast_check_node(r->arena, n->source, &check) : NULL;
	if (!copy)
		out_of_memory(r);
	return copy;
}

/* ---- macros ---- */

static void hint_macro(struct resolver *r, const struct ast_node *n)
{
	struct suggest s;

	suggest_init(&s, n->name, n->name_len);
	suggest_names(&s, r->symbols, r->symbols->list_name);
	if (s.best && strcmp(s.best, n->name) == 0) {
		snprintf(r->diag->hint, sizeof r->diag->hint, "'%.63s' is a list: it stands behind a field and `in`", n->name);
		return;
	}
	suggest_init(&s, n->name, n->name_len);
	suggest_names(&s, r->symbols, r->symbols->macro_name);
	suggest_text(&s, r->diag->hint, sizeof r->diag->hint);
}

static bool expand_macro(struct resolver *from, struct cond_macro *m);

static const struct ast_node *resolve_macro(struct resolver *r, const struct ast_node *n, unsigned level)
{
	struct cond_macro *m = r->symbols->macro(r->symbols->ctx, n->name, n->name_len, r->user);

	if (!m) {
		fail(r, COND_UNDEFINED_MACRO, n, "Undefined macro '%.128s' used in filter.", n->name);
		hint_macro(r, n);
		return NULL;
	}
	if (m->busy) {
		fail(r, COND_MACRO_LOOP, n, "reference loop in macro '%.128s'", n->name);
		return NULL;
	}
	if (r->nesting >= COND_MAX_MACRO_NESTING) {
		fail(r, COND_TOO_LARGE, n, "macros are nested more than %d deep", COND_MAX_MACRO_NESTING);
		return NULL;
	}
	if (!m->resolved && !expand_macro(r, m))
		return NULL;
	r->nodes += m->resolved_nodes;
	r->values += m->resolved_values;
	if (level + m->resolved_depth > r->deepest)
		r->deepest = level + m->resolved_depth;
	return m->resolved;
}

static const struct ast_node *resolve_node(struct resolver *r, const struct ast_node *n, unsigned level);

static const struct ast_node *resolve_kids(struct resolver *r, const struct ast_node *n, unsigned level)
{
	const struct ast_node **kids = arena_alloc(r->arena, (n->kid_count ? n->kid_count : 1) * sizeof *kids);
	struct ast_node *copy;
	bool same = true;

	for (size_t i = 0; kids && i < n->kid_count; i++) {
		kids[i] = resolve_node(r, n->kids[i], level + 1);
		if (!kids[i] && !tell_and_go_on(r->telling, r->diag))
			return NULL;
		if (!kids[i])
			kids[i] = n->kids[i];
		same = same && kids[i] == n->kids[i];
	}
	if (kids && same)
		return n;
	copy = kids ? arena_alloc(r->arena, sizeof *copy) : NULL;
	if (!copy) {
		out_of_memory(r);
		return NULL;
	}
	*copy = *n;
	copy->kids = kids;
	return copy;
}

static const struct ast_node *resolve_node(struct resolver *r, const struct ast_node *n, unsigned level)
{
	const struct ast_node *out = NULL;

	if (level > r->deepest)
		r->deepest = level;
	r->nodes++;
	if (n->kind == AST_MACRO)
		out = resolve_macro(r, n, level);
	else if (n->kind == AST_CHECK)
		out = resolve_check(r, n);
	else
		out = resolve_kids(r, n, level);
	if (out && r->nodes > COND_MAX_NODES)
		fail(r, COND_TOO_LARGE, n, "condition expands to more than %d checks", COND_MAX_NODES);
	if (out && r->values > COND_MAX_VALUES)
		fail(r, COND_TOO_LARGE, n, "condition expands to more than %d constants", COND_MAX_VALUES);
	if (out && r->deepest > COND_MAX_TREE_DEPTH)
		fail(r, COND_TOO_LARGE, n, "condition expands to more than %d levels", COND_MAX_TREE_DEPTH);
	return r->diag->code == COND_OK ? out : NULL;
}

/* A macro in which something failed stays unresolved. */
static bool expand_macro(struct resolver *from, struct cond_macro *m)
{
	struct resolver r = { .symbols = from->symbols, .arena = from->symbols->arena, .user = m,
		.nesting = from->nesting + 1, .diag = from->diag, .telling = from->telling };
	size_t told = r.telling->count;
	const struct ast_node *out;

	m->busy = true;
	out = resolve_node(&r, m->body, 1);
	m->busy = false;
	if (!out || r.telling->count != told)
		return false;
	m->resolved = out;
	m->resolved_nodes = r.nodes;
	m->resolved_values = r.values;
	m->resolved_depth = r.deepest;
	return true;
}

static bool take_parts(struct resolver *r, const struct ast_node *in)
{
	struct cond_budget *budget = r->symbols->budget;
	size_t parts = r->nodes + r->values;

	if (budget && parts > COND_MAX_ALL_PARTS - budget->parts)
		return fail(r, COND_TOO_LARGE, in, "condition expands to %zu checks and constants: with it, rules have more than %d "
			"together", parts, COND_MAX_ALL_PARTS);
	if (budget)
		budget->parts += parts;
	return true;
}

enum status condition_resolve(const struct ast_node *in, const struct cond_symbols *symbols, struct arena *a,
	const struct ast_node **out, struct cond_diag *why)
{
	struct cond_diag diag = { .code = COND_OK };
	struct telling telling = { .to = symbols->errors };
	struct resolver r = { .symbols = symbols, .arena = a, .diag = &diag, .telling = &telling };

	*out = resolve_node(&r, in, 1);
	if (*out && !take_parts(&r, in))
		*out = NULL;
	if (!*out && tell_and_go_on(&telling, &diag))
		*out = in;
	return tell_finish(&telling, &diag, why);
}

enum status condition_resolve_macro(struct cond_macro *m, const struct cond_symbols *symbols, struct cond_diag *why)
{
	struct cond_diag diag = { .code = COND_OK };
	struct telling telling = { .to = symbols->errors };
	struct resolver none = { .symbols = symbols, .diag = &diag, .telling = &telling };

	if (!m->resolved)
		expand_macro(&none, m);
	return tell_finish(&telling, &diag, why);
}

enum status condition_resolve_list(struct cond_list *list, const struct cond_symbols *symbols, struct cond_diag *why)
{
	struct cond_diag diag = { .code = COND_OK };
	struct telling telling = { .to = symbols->errors };
	struct resolver r = { .symbols = symbols, .arena = symbols->arena, .diag = &diag, .telling = &telling };

	expand_list(&r, list, 0);
	return tell_finish(&telling, &diag, why);
}
