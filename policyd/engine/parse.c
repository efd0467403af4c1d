#include "policyd/engine/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/names.h"
#include "policyd/engine/suggest.h"

bool parser_init(struct parser *p, const struct cond_parser *opt, const char *text, size_t len)
{
	const char *copy;

	*p = (struct parser){ .opt = opt, .arena = opt->arena, .max_depth = opt->max_depth ? opt->max_depth : COND_MAX_DEPTH };
	lex_init(&p->lx, "", 0);
	if (len > COND_MAX_TEXT_BYTES)
		return parse_fail_code(p, COND_TOO_LARGE, "condition is longer than %d bytes", COND_MAX_TEXT_BYTES);
	p->source = parse_alloc(p, sizeof *p->source);
	copy = arena_strndup(p->arena, text, len);
	if (!p->source || !copy)
		return parse_fail_code(p, COND_OUT_OF_MEMORY, "out of memory");
	*p->source = (struct cond_source){ .text = copy, .len = len, .owner = opt->owner };
	p->diag.source = p->source;
	lex_init(&p->lx, copy, len);
	if (memchr(copy, '\0', len))
		return parse_fail(p, "condition holds a NUL byte");
	return true;
}

void parser_release(struct parser *p)
{
	free(p->nodes.items);
	free(p->operands.items);
	free(p->values.items);
}

enum status parser_status(const struct parser *p, struct cond_diag *why)
{
	if (p->diag.code == COND_OK)
		return ST_OK;
	if (why)
		*why = p->diag;
	if (p->diag.code == COND_OUT_OF_MEMORY)
		return ST_NOMEM;
	return p->diag.code == COND_TOO_LARGE ? ST_LIMIT : ST_MALFORMED;
}

static bool fail_with(struct parser *p, enum cond_error code, const char *fmt, va_list args)
{
	if (p->diag.code != COND_OK)
		return false;
	p->diag.code = code;
	p->diag.pos = p->lx.pos;
	vsnprintf(p->diag.text, sizeof p->diag.text, fmt, args);
	return false;
}

bool parse_fail(struct parser *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fail_with(p, COND_SYNTAX, fmt, args);
	va_end(args);
	return false;
}

bool parse_fail_code(struct parser *p, enum cond_error code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fail_with(p, code, fmt, args);
	va_end(args);
	return false;
}

bool parse_enter(struct parser *p)
{
	p->depth++;
	if (p->diag.code != COND_OK)
		return false;
	if (p->depth >= p->max_depth)
		return parse_fail_code(p, COND_TOO_LARGE, "exceeded max depth limit of %u", p->max_depth);
	return true;
}

void *parse_alloc(struct parser *p, size_t size)
{
	void *ptr = arena_zalloc(p->arena, size);

	if (!ptr)
		parse_fail_code(p, COND_OUT_OF_MEMORY, "out of memory");
	return ptr;
}

bool parse_push(struct parser *p, struct parse_stack *s, const void *item, size_t size)
{
	if (s->count == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 16;
		void *grown = realloc(s->items, cap * size);

		if (!grown)
			return parse_fail_code(p, COND_OUT_OF_MEMORY, "out of memory");
		s->items = grown;
		s->cap = cap;
	}
	memcpy((char *)s->items + s->count * size, item, size);
	s->count++;
	return true;
}

void *parse_pop(struct parser *p, struct parse_stack *s, size_t base, size_t size)
{
	size_t bytes = (s->count - base) * size;
	void *copy = parse_alloc(p, bytes ? bytes : 1);

	if (copy && bytes)
		memcpy(copy, (char *)s->items + base * size, bytes);
	s->count = base;
	return copy;
}

static const struct ast_node *parse_or(struct parser *p);

/* After a "(". */
static const struct ast_node *parse_embedded(struct parser *p)
{
	const struct ast_node *n = NULL;

	if (parse_enter(p))
		n = parse_or(p);
	if (n && !lex_text(&p->lx, ")")) {
		parse_fail(p, "expected a ')' token");
		n = NULL;
	}
	parse_leave(p);
	return n;
}

static const struct ast_node *parse_macro(struct parser *p)
{
	struct token name;
	struct ast_node *n;

	if (!lex_identifier(&p->lx, &name)) {
		parse_fail(p, "expected a '(' token, a field check, or an identifier");
		return NULL;
	}
	n = parse_alloc(p, sizeof *n);
	if (!n)
		return NULL;
	*n = (struct ast_node){ .kind = AST_MACRO, .pos = name.pos, .source = p->source, .name_len = name.len };
	n->name = arena_strndup(p->arena, name.ptr, name.len);
	if (!n->name)
		parse_fail_code(p, COND_OUT_OF_MEMORY, "out of memory");
	return n;
}

static const struct ast_node *parse_check_body(struct parser *p)
{
	const struct ast_operand *left;

	lex_blanks(&p->lx);
	if (lex_text(&p->lx, "("))
		return parse_embedded(p);
	if (++p->node_count > COND_MAX_NODES) {
		parse_fail_code(p, COND_TOO_LARGE, "condition has more than %d checks", COND_MAX_NODES);
		return NULL;
	}
	left = parse_transformer(p);
	if (!left && p->diag.code == COND_OK)
		left = parse_field(p);
	if (left)
		return parse_test(p, left);
	return p->diag.code == COND_OK ? parse_macro(p) : NULL;
}

static const struct ast_node *parse_check(struct parser *p)
{
	const struct ast_node *n = parse_enter(p) ? parse_check_body(p) : NULL;

	parse_leave(p);
	return n;
}

static const struct ast_node *parse_not_body(struct parser *p)
{
	const struct ast_node *n = NULL;
	bool negate = false;

	lex_blanks(&p->lx);
	while (!n) {
		struct lexer before = p->lx;
		bool is_not = lex_text(&p->lx, "not");

		if (is_not && lex_blanks(&p->lx)) {
			negate = !negate;
			continue;
		}
		if (is_not && lex_text(&p->lx, "(")) {
			negate = !negate;
			n = parse_embedded(p);
		} else {
			p->lx = before;
			n = parse_check(p);
		}
		if (!n)
			return NULL;
	}
	if (!negate)
		return n;
	n = ast_not(p->arena, n);
	if (!n)
		parse_fail_code(p, COND_OUT_OF_MEMORY, "out of memory");
	return n;
}

static const struct ast_node *parse_not(struct parser *p)
{
	const struct ast_node *n = parse_enter(p) ? parse_not_body(p) : NULL;

	parse_leave(p);
	return n;
}

struct group {
	enum ast_kind kind;
	const char *word;                                     /* "and" */
	const struct ast_node *(*member)(struct parser *p);
};

/* One member, or what stands in parentheses right behind the word. */
static const struct ast_node *next_member(struct parser *p, const struct group *g)
{
	if (lex_blanks(&p->lx))
		return g->member(p);
	if (lex_text(&p->lx, "("))
		return parse_embedded(p);
	parse_fail(p, "expected blank or '(' after '%s'", g->word);
	return NULL;
}

static const struct ast_node *parse_group(struct parser *p, const struct group *g)
{
	size_t base = p->nodes.count, count;
	const struct ast_node *const *kids;
	const struct ast_node *n;

	lex_blanks(&p->lx);
	n = g->member(p);
	while (n && parse_push(p, &p->nodes, &n, sizeof n)) {
		lex_blanks(&p->lx);
		if (!lex_text(&p->lx, g->word))
			break;
		n = next_member(p, g);
	}
	if (p->diag.code != COND_OK || !n)
		return NULL;
	count = p->nodes.count - base;
	kids = parse_pop(p, &p->nodes, base, sizeof n);
	n = kids ? ast_group(p->arena, g->kind, kids, count) : NULL;
	if (!n)
		parse_fail_code(p, COND_OUT_OF_MEMORY, "out of memory");
	return n;
}

static const struct ast_node *parse_and(struct parser *p)
{
	static const struct group and_group = { AST_AND, "and", parse_not };
	const struct ast_node *n = parse_enter(p) ? parse_group(p, &and_group) : NULL;

	parse_leave(p);
	return n;
}

static const struct ast_node *parse_or(struct parser *p)
{
	static const struct group or_group = { AST_OR, "or", parse_and };
	const struct ast_node *n = parse_enter(p) ? parse_group(p, &or_group) : NULL;

	parse_leave(p);
	return n;
}

/* What may have been meant by the word that should not stand here. */
static void hint_unexpected(struct parser *p)
{
	struct suggest s;
	struct token word = { .ptr = "" };
	struct lexer ahead = p->lx;

	if (lex_peek(&p->lx, 0) == '(') {
		suggest_init(&s, p->lx.last.ptr, p->lx.last.len);
		for (int t = 0; t < TRANSFORMER_COUNT; t++)
			suggest_offer(&s, transformer_name((enum transformer)t));
		suggest_text(&s, p->diag.hint, sizeof p->diag.hint);
	} else if (lex_identifier(&ahead, &word) && word.len == 3 && memcmp(word.ptr, "AND", 3) == 0) {
		snprintf(p->diag.hint, sizeof p->diag.hint, "keywords are lower case: 'and'");
	} else if (word.len == 2 && memcmp(word.ptr, "OR", 2) == 0) {
		snprintf(p->diag.hint, sizeof p->diag.hint, "keywords are lower case: 'or'");
	}
}

enum status condition_parse(const struct cond_parser *opt, const char *text, size_t len, const struct ast_node **out,
	struct cond_diag *why)
{
	struct parser p;
	const struct ast_node *root = NULL;
	enum status st;

	*out = NULL;
	if (!parser_init(&p, opt, text, len))
		goto done;
	if (len == 0)
		parse_fail(&p, "filter input string is empty");
	else
		root = parse_or(&p);
	if (root && lex_left(&p.lx) > 0) {
		int shown = p.lx.last.len > 64 ? 64 : (int)p.lx.last.len;

		parse_fail(&p, "unexpected token after '%.*s', expecting 'or', 'and'", shown, p.lx.last.ptr);
		hint_unexpected(&p);
	}
done:
	st = parser_status(&p, why);
	if (st == ST_OK)
		*out = root;
	parser_release(&p);
	return st;
}
