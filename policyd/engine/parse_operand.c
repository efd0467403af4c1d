/* Fields and transformers: the left side of a check, its right side, and arguments of both. */
#include "policyd/engine/parse.h"

#include <stdio.h>
#include <string.h>

#include "policyd/engine/names.h"

static const char *copy_token(struct parser *p, const struct token *t)
{
	const char *copy = arena_strndup(p->arena, t->ptr, t->len);

	if (!copy)
		parse_fail_code(p, COND_OUT_OF_MEMORY, "out of memory");
	return copy;
}

static struct ast_operand *new_operand(struct parser *p, enum ast_operand_kind kind, struct cond_pos pos)
{
	struct ast_operand *o = parse_alloc(p, sizeof *o);

	if (o)
		*o = (struct ast_operand){ .kind = kind, .pos = pos };
	return o;
}

/* "[arg]" right behind a name, if there is one. */
static bool parse_argument(struct parser *p, struct ast_operand *o)
{
	char quote;
	struct token t;
	struct ast_value v;

	if (!lex_text(&p->lx, "["))
		return true;
	quote = lex_peek(&p->lx, 0);
	if (lex_quoted(&p->lx, p->opt->falco_quotes, &t)) {
		if (!parse_unescape(p, &t, quote, &v))
			return false;
		o->arg = v.ptr;
		o->arg_len = v.len;
	} else if (lex_bare_argument(&p->lx, &t)) {
		o->arg = copy_token(p, &t);
		o->arg_len = t.len;
	} else {
		return parse_fail(p, "expected a valid field argument: a quoted string or a bare string");
	}
	if (!o->arg)
		return false;
	return lex_text(&p->lx, "]") || parse_fail(p, "expected a ']' token");
}

const struct ast_operand *parse_field(struct parser *p)
{
	struct token name;
	struct ast_operand *o;

	if (!lex_field_name(&p->lx, &name))
		return NULL;
	o = new_operand(p, AST_FIELD, name.pos);
	if (!o)
		return NULL;
	o->name = copy_token(p, &name);
	o->name_len = name.len;
	return o->name && parse_argument(p, o) ? o : NULL;
}

static const struct ast_operand *parse_constant(struct parser *p)
{
	char quote = lex_peek(&p->lx, 0);
	struct ast_operand *o;
	struct ast_value v = { .ptr = NULL };
	struct token t;

	if (lex_number(&p->lx, &t)) {
		v = (struct ast_value){ .ptr = copy_token(p, &t), .len = t.len, .pos = t.pos };
	} else if (lex_quoted(&p->lx, p->opt->falco_quotes, &t)) {
		if (!parse_unescape(p, &t, quote, &v))
			return NULL;
	}
	o = v.ptr ? new_operand(p, AST_TEXT, v.pos) : NULL;
	if (!o)
		return NULL;
	o->name = v.ptr;
	o->name_len = v.len;
	return o;
}

/* Number, quoted text, transformer or field. NULL without a failure: none of them. */
static const struct ast_operand *parse_item(struct parser *p)
{
	const struct ast_operand *o = parse_constant(p);

	if (!o && p->diag.code == COND_OK)
		o = parse_transformer(p);
	if (!o && p->diag.code == COND_OK)
		o = parse_field(p);
	return o;
}

static const struct ast_operand *parse_list_item(struct parser *p)
{
	const struct ast_operand *o = parse_item(p);

	if (!o && p->diag.code == COND_OK)
		parse_fail(p, "expected transformer list argument: field, transformer, quoted string, or number");
	return o;
}

static const struct ast_operand *parse_list(struct parser *p);

static const struct ast_operand *parse_transformer_argument(struct parser *p)
{
	const struct ast_operand *o;

	if (lex_peek(&p->lx, 0) == '(')
		return parse_list(p);
	o = parse_item(p);
	if (!o && p->diag.code == COND_OK)
		parse_fail(p, "expected field transformer argument: field, transformer, quoted string, number, "
			"or transformer list");
	return o;
}

/* Members separated by commas; what closes them is the caller's. */
static bool parse_operands(struct parser *p, struct ast_operand *o, const struct ast_operand *(*member)(struct parser *p))
{
	size_t base = p->operands.count, count;

	do {
		const struct ast_operand *kid;

		lex_blanks(&p->lx);
		kid = member(p);
		if (!kid || !parse_push(p, &p->operands, &kid, sizeof kid))
			return false;
		lex_blanks(&p->lx);
	} while (lex_text(&p->lx, ","));
	count = p->operands.count - base;
	o->args = parse_pop(p, &p->operands, base, sizeof *o->args);
	o->arg_count = count;
	return o->args != NULL;
}

static const struct ast_operand *parse_list_body(struct parser *p)
{
	struct ast_operand *o = new_operand(p, AST_LIST, p->lx.pos);

	if (!o || !lex_text(&p->lx, "("))
		return NULL;
	lex_blanks(&p->lx);
	if (lex_text(&p->lx, ")"))
		return o;
	if (!parse_operands(p, o, parse_list_item))
		return NULL;
	if (lex_text(&p->lx, ")"))
		return o;
	parse_fail(p, "expected a ')' token closing the transformer list");
	return NULL;
}

static const struct ast_operand *parse_list(struct parser *p)
{
	const struct ast_operand *o = parse_enter(p) ? parse_list_body(p) : NULL;

	parse_leave(p);
	return o;
}

static const struct ast_operand *parse_transformer_body(struct parser *p, enum transformer t)
{
	struct ast_operand *o = new_operand(p, AST_TRANSFORM, p->lx.pos);

	if (!o)
		return NULL;
	o->transformer = t;
	lex_text(&p->lx, transformer_name(t));
	lex_text(&p->lx, "(");
	if (!parse_operands(p, o, parse_transformer_argument))
		return NULL;
	if (!lex_text(&p->lx, ")")) {
		parse_fail(p, "expected a ')' token closing the transformer");
		return NULL;
	}
	if (p->prefix && t != TR_GETOPT)
		return o;
	return parse_argument(p, o) ? o : NULL;
}

const struct ast_operand *parse_transformer(struct parser *p)
{
	struct lexer ahead = p->lx;
	struct token name;
	enum transformer t;
	const struct ast_operand *o;

	if (!lex_identifier(&ahead, &name) || lex_peek(&ahead, 0) != '(')
		return NULL;
	t = transformer_by_name(name.ptr, name.len);
	if (t == TRANSFORMER_COUNT)
		return NULL;
	o = parse_enter(p) ? parse_transformer_body(p, t) : NULL;
	parse_leave(p);
	return o;
}

const struct ast_operand *parse_right(struct parser *p, bool *is_val)
{
	const struct ast_operand *o;

	*is_val = false;
	if (!lex_text(&p->lx, "val("))
		return parse_transformer(p);
	*is_val = true;
	lex_blanks(&p->lx);
	o = parse_field(p);
	if (!o) {
		parse_fail(p, "expected a field within 'val' transformer");
		return NULL;
	}
	lex_blanks(&p->lx);
	if (lex_text(&p->lx, ")"))
		return o;
	parse_fail(p, "expected a ')' token closing the transformer");
	return NULL;
}

enum status condition_parse_left(const struct cond_parser *opt, const char *text, size_t len, struct ast_left *out,
	struct cond_diag *why)
{
	struct parser p;
	const struct ast_operand *o = NULL;
	enum status st;

	*out = (struct ast_left){ .operand = NULL };
	if (!parser_init(&p, opt, text, len))
		goto done;
	lex_blanks(&p.lx);
	o = parse_transformer(&p);
	if (!o && p.diag.code == COND_OK)
		o = parse_field(&p);
	lex_blanks(&p.lx);
	if (!o || lex_left(&p.lx) > 0)
		parse_fail(&p, "expected a field or a transformer");
done:
	st = parser_status(&p, why);
	if (st == ST_OK)
		*out = (struct ast_left){ .operand = o, .source = p.source };
	parser_release(&p);
	return st;
}
