/* Constants: quoted and bare strings, lists of them, and items of YAML lists. */
#include "policyd/engine/parse.h"

#include <stdio.h>
#include <string.h>

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct unescape {
	const char *in;
	size_t len, at;      /* at: behind the backslash */
	char quote;
	char *out;
	size_t made;
};

static bool hex_escape(struct parser *p, struct unescape *u)
{
	int high, low;

	if (u->len - u->at < 3)
		return parse_fail(p, "truncated hex char escape sequence");
	high = hex_value(u->in[u->at + 1]);
	low = hex_value(u->in[u->at + 2]);
	if (high < 0 || low < 0)
		return parse_fail(p, "invalid hex char escape sequence: %.2s", u->in + u->at + 1);
	u->out[u->made++] = (char)(high << 4 | low);
	u->at += 3;
	return true;
}

static bool simple_escape(struct parser *p, struct unescape *u)
{
	static const char names[] = "bfnrt\\/ ";
	static const char values[] = "\b\f\n\r\t\\/\\";   /* backslash blank: one backslash, as Falco has it */
	char c = u->in[u->at];
	const char *found = c ? strchr(names, c) : NULL;

	if (found) {
		u->out[u->made++] = values[found - names];
		u->at++;
		return true;
	}
	if (c == u->quote) {
		u->out[u->made++] = c;
		u->at++;
		return true;
	}
	if (c == '"' || c == '\'')
		return parse_fail(p, "invalid \\%c escape in %c-quoted string", c, u->quote);
	snprintf(p->diag.hint, sizeof p->diag.hint, "write \\\\ for a backslash, or leave the quotes away");
	return parse_fail(p, "unsupported string escape sequence: \\%c", c);
}

static bool unescape_all(struct parser *p, struct unescape *u)
{
	while (u->at < u->len) {
		char c = u->in[u->at++];
		bool ok = true;

		if (c != '\\')
			u->out[u->made++] = c;
		else if (u->at == u->len)
			return parse_fail(p, "unsupported string escape sequence: \\");
		else
			ok = u->in[u->at] == 'x' ? hex_escape(p, u) : simple_escape(p, u);
		if (!ok)
			return false;
	}
	return true;
}

/* Moves the place of the failure to the backslash inside the string. */
static void locate_escape(struct parser *p, const struct token *quoted, const struct unescape *u)
{
	struct lexer at = { .text = p->lx.text, .len = p->lx.len, .pos = quoted->pos };

	lex_advance(&at, u->at ? u->at - 1 : 0);
	p->diag.pos = at.pos;
}

bool parse_unescape(struct parser *p, const struct token *quoted, char quote, struct ast_value *out)
{
	struct unescape u = { .in = quoted->ptr, .len = quoted->len, .quote = quote };
	bool fresh = p->diag.code == COND_OK;

	u.out = parse_alloc(p, quoted->len + 1);
	if (!u.out)
		return false;
	if (!unescape_all(p, &u)) {
		if (fresh)
			locate_escape(p, quoted, &u);
		return false;
	}
	*out = (struct ast_value){ .ptr = u.out, .len = u.made, .pos = quoted->pos };
	return true;
}

bool parse_value(struct parser *p, struct ast_value *out)
{
	char quote = lex_peek(&p->lx, 0);
	struct token t;

	if (lex_quoted(&p->lx, p->opt->falco_quotes, &t))
		return parse_unescape(p, &t, quote, out);
	if (!lex_bare_string(&p->lx, &t))
		return false;
	*out = (struct ast_value){ .ptr = arena_strndup(p->arena, t.ptr, t.len), .len = t.len, .pos = t.pos, .word = true };
	return out->ptr || parse_fail_code(p, COND_OUT_OF_MEMORY, "out of memory");
}

static bool push_values(struct parser *p)
{
	struct ast_value v;

	lex_blanks(&p->lx);
	if (!parse_value(p, &v))
		return parse_fail(p, "expected a ')' token");
	if (!parse_push(p, &p->values, &v, sizeof v))
		return false;
	lex_blanks(&p->lx);
	while (lex_text(&p->lx, ",")) {
		lex_blanks(&p->lx);
		if (!parse_value(p, &v))
			return parse_fail(p, "expected a string value");
		if (!parse_push(p, &p->values, &v, sizeof v))
			return false;
		lex_blanks(&p->lx);
	}
	return lex_text(&p->lx, ")") || parse_fail(p, "expected a ')' token");
}

bool parse_values(struct parser *p, struct ast_check *out)
{
	size_t base = p->values.count;

	out->form = FORM_LIST;
	lex_blanks(&p->lx);
	if (!lex_text(&p->lx, ")") && !push_values(p))
		return false;
	out->value_count = p->values.count - base;
	out->values = parse_pop(p, &p->values, base, sizeof(struct ast_value));
	return out->values != NULL;
}

enum status condition_parse_values(const struct cond_parser *opt, const char *text, size_t len, struct ast_check *out,
	struct cond_diag *why)
{
	struct parser p;
	enum status st;

	if (!parser_init(&p, opt, text, len))
		goto done;
	lex_blanks(&p.lx);
	if (!lex_text(&p.lx, "("))
		parse_fail(&p, "expected a list");
	else if (parse_values(&p, out))
		lex_blanks(&p.lx);
	if (p.diag.code == COND_OK && lex_left(&p.lx) > 0)
		parse_fail(&p, "unexpected text behind the list");
done:
	st = parser_status(&p, why);
	parser_release(&p);
	return st;
}

enum status condition_item_value(const struct cond_parser *opt, const char *text, size_t len, struct ast_value *out,
	struct cond_diag *why)
{
	struct parser p;
	struct token t;
	enum status st;
	char quote = len ? text[0] : '\0';

	if (!parser_init(&p, opt, text, len))
		goto done;
	/* Only a text that is one quoted string through and through brings its own quotes. */
	if (lex_quoted(&p.lx, opt->falco_quotes, &t) && lex_left(&p.lx) == 0)
		parse_unescape(&p, &t, quote, out);
	else
		*out = (struct ast_value){ .ptr = p.source->text, .len = len, .pos = { 0, 1, 1 }, .word = true };
done:
	st = parser_status(&p, why);
	parser_release(&p);
	return st;
}

bool condition_is_macro_name(const char *text, size_t len)
{
	struct lexer lx;
	struct token t;

	lex_init(&lx, text, len);
	return lex_identifier(&lx, &t) && lex_left(&lx) == 0;
}

bool condition_is_list_name(const char *text, size_t len)
{
	struct lexer lx;
	struct token t;

	lex_init(&lx, text, len);
	return lex_bare_string(&lx, &t) && lex_left(&lx) == 0;
}
