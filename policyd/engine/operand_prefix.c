/* Operands at the start of a text that goes on. */
#include <stdio.h>

#include "policyd/engine/check.h"
#include "policyd/engine/parse.h"
#include "policyd/engine/suggest.h"

/* A parser that stands at the start of the text, which it does not copy. */
static void prefix_parser(struct parser *p, const struct cond_parser *opt, struct cond_source *source)
{
	*p = (struct parser){ .opt = opt, .arena = opt->arena, .source = source, .max_depth = COND_DEFAULT_DEPTH,
		.prefix = true };
	lex_init(&p->lx, source->text, source->len);
}

/* The whole name with its argument, if there is one. */
static bool whole_field(struct checking *k, const char *text, size_t len, struct cond_prefix *out)
{
	struct cond_parser opt = { .arena = k->c->arena };
	struct cond_source source = { .text = text, .len = len };
	struct operand ignored;
	struct parser p;

	prefix_parser(&p, &opt, &source);
	out->ast = parse_field(&p);
	out->used = p.lx.pos.offset;
	parser_release(&p);
	return p.diag.code == COND_OK && out->ast && check_field(k, out->ast, &ignored);
}

/* The longest beginning of the name that is a field without argument. */
static bool shorter_field(struct checking *k, const char *text, size_t len, struct cond_prefix *out)
{
	struct ast_operand o = { .kind = AST_FIELD, .pos = { 0, 1, 1 }, .name = text };
	struct ast_operand *copy = NULL;
	struct operand ignored;
	struct lexer lx;
	struct token name;

	lex_init(&lx, text, len);
	if (!lex_field_name(&lx, &name))
		return false;
	for (o.name_len = name.len; o.name_len > 0 && !check_field(k, &o, &ignored);)
		o.name_len--;
	if (o.name_len == 0)
		return false;
	copy = arena_alloc(k->c->arena, sizeof *copy);
	o.name = arena_strndup(k->c->arena, text, o.name_len);
	if (!copy || !o.name)
		return check_nomem(k);
	*copy = o;
	out->ast = copy;
	out->used = o.name_len;
	return true;
}

static bool field_prefix(struct checking *k, const char *text, size_t len, struct cond_prefix *out)
{
	return (whole_field(k, text, len, out) || shorter_field(k, text, len, out)) &&
		check_operand(k, out->ast, &out->operand);
}

/* A transformer; *tried: there is one, so a failure is its own. */
static bool transformer_prefix(struct checking *k, const char *text, size_t len, struct cond_prefix *out, bool *tried)
{
	struct cond_parser opt = { .arena = k->c->arena };
	struct cond_source source = { .text = text, .len = len };
	struct parser p;
	bool ok = false;

	prefix_parser(&p, &opt, &source);
	out->ast = parse_transformer(&p);
	*tried = out->ast || p.diag.code != COND_OK;
	out->used = p.lx.pos.offset;
	if (p.diag.code != COND_OK)
		k->diag = p.diag;
	else if (out->ast)
		ok = check_operand(k, out->ast, &out->operand);
	parser_release(&p);
	return ok;
}

static void hint_field(struct checking *k, const char *text, size_t len)
{
	const struct vocabulary *v = k->c->vocabulary;
	struct lexer lx;
	struct token name;
	struct suggest s;

	lex_init(&lx, text, len);
	if (!lex_field_name(&lx, &name))
		return;
	suggest_init(&s, name.ptr, name.len);
	for (size_t i = 0; i < v->field_count; i++)
		suggest_offer(&s, v->fields[i].name);
	suggest_text(&s, k->diag.hint, sizeof k->diag.hint);
	k->diag.name = name.ptr;
	k->diag.name_len = name.len;
}

/* Falco's words, with the reason where there is one. */
static enum status fail_prefix(struct checking *k, const char *text, size_t len, struct cond_diag *why)
{
	char reason[400];
	int shown = len > 60 ? 60 : (int)len;

	if (k->diag.code == COND_OUT_OF_MEMORY) {
		if (why)
			*why = k->diag;
		return ST_NOMEM;
	}
	snprintf(reason, sizeof reason, "%s%.300s", k->diag.text[0] ? ": " : "", k->diag.text);
	if (!k->diag.text[0])
		hint_field(k, text, len);
	snprintf(k->diag.text, sizeof k->diag.text, "unknown filter: %.*s%s", shown, text, reason);
	k->diag.code = COND_UNKNOWN_FIELD;
	k->diag.source = NULL;
	k->diag.pos = (struct cond_pos){ 0, 1, 1 };
	if (why)
		*why = k->diag;
	return ST_MALFORMED;
}

enum status condition_operand_prefix(const struct cond_checker *c, const char *text, size_t len,
	struct cond_prefix *out, struct cond_diag *why)
{
	struct checking k = { .c = c };
	bool tried = false;

	*out = (struct cond_prefix){ .used = 0 };
	if (transformer_prefix(&k, text, len, out, &tried))
		return ST_OK;
	if (!tried && field_prefix(&k, text, len, out))
		return ST_OK;
	return fail_prefix(&k, text, len, why);
}
