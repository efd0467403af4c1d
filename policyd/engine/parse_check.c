/* Operators and what stands behind them. */
#include "policyd/engine/parse.h"

#include <stdio.h>
#include <string.h>

#include "policyd/engine/names.h"
#include "policyd/engine/suggest.h"

#define OPERATOR_LIST                                                                                                  \
	"<=, <, >=, >, ==, =, !=, glob, iglob, contains, icontains, bcontains, startswith, bstartswith, "              \
	"endswith, regex, intersects, in, pmatch, exists"

/* In the order Falco tries them. */
static const char *const order_ops[] = { "<=", "<", ">=", ">" };
static const char *const symbol_ops[] = { "==", "=", "!=" };
static const char *const word_ops[] = { "glob", "iglob", "contains", "icontains", "bcontains", "startswith",
	"bstartswith", "endswith", "regex" };
static const char *const list_ops[] = { "intersects", "in", "pmatch" };

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void set_operator(struct ast_check *c, const char *text)
{
	c->op = cmp_op_by_name(text, strlen(text));
	c->op_text = text;
}

static bool take_operator(struct parser *p, const char *const *ops, size_t count, struct ast_check *c)
{
	for (size_t i = 0; i < count; i++) {
		bool word = is_identifier_start(ops[i][0]);

		if (word ? lex_word(&p->lx, ops[i]) : lex_text(&p->lx, ops[i])) {
			set_operator(c, ops[i]);
			return true;
		}
	}
	return false;
}

/* A word operator counts only with a blank behind it. */
static bool take_word_operator(struct parser *p, struct ast_check *c)
{
	struct lexer before = p->lx;

	if (take_operator(p, word_ops, COUNT(word_ops), c)) {
		char next = lex_peek(&p->lx, 0);

		if (next == ' ' || next == '\t' || next == '\n' || next == '\r' || next == '\b')
			return true;
	}
	p->lx = before;
	return false;
}

static bool is_list_name(const struct parser *p, const struct token *t)
{
	return p->opt->is_list && p->opt->is_list(p->opt->ctx, t->ptr, t->len);
}

/* The bare text here if it names a list, else the identifier here. */
static bool lex_list_name(struct parser *p, struct token *out)
{
	struct lexer before = p->lx;

	if (lex_bare_string(&p->lx, out) && is_list_name(p, out))
		return true;
	p->lx = before;
	return lex_identifier(&p->lx, out);
}

static bool set_single_value(struct parser *p, const struct ast_value *v, enum ast_form form, struct ast_check *c)
{
	struct ast_value *copy = parse_alloc(p, sizeof *copy);

	if (!copy)
		return false;
	*copy = *v;
	c->form = form;
	c->values = copy;
	c->value_count = 1;
	return true;
}

static bool set_token_value(struct parser *p, const struct token *t, enum ast_form form, struct ast_check *c)
{
	struct ast_value v = { .len = t->len, .pos = t->pos, .word = true };

	v.ptr = arena_strndup(p->arena, t->ptr, t->len);
	if (!v.ptr)
		return parse_fail_code(p, COND_OUT_OF_MEMORY, "out of memory");
	return set_single_value(p, &v, form, c);
}

/* "(a, b)" or a name. False without a failure: neither. */
static bool parse_list_or_name(struct parser *p, struct ast_check *c)
{
	struct token name;

	if (lex_text(&p->lx, "("))
		return parse_values(p, c);
	return lex_list_name(p, &name) && set_token_value(p, &name, FORM_WORD, c);
}

static bool is_keyword(const struct token *t)
{
	return (t->len == 3 && (memcmp(t->ptr, "and", 3) == 0 || memcmp(t->ptr, "not", 3) == 0)) ||
		(t->len == 2 && memcmp(t->ptr, "or", 2) == 0);
}

/* A modifier is one only if a list or a name follows; else the word is a plain value. */
static bool take_modifier(struct parser *p, struct ast_check *c)
{
	struct lexer before = p->lx, ahead;
	struct token word;
	enum op_modifier mod = MOD_NONE;

	if (lex_identifier(&p->lx, &word))
		mod = op_modifier_by_name(word.ptr, word.len);
	if (mod != MOD_NONE && lex_blanks(&p->lx)) {
		ahead = p->lx;
		if (lex_peek(&p->lx, 0) == '(' || (lex_list_name(p, &word) && !is_keyword(&word))) {
			p->lx = ahead;
			c->mod = mod;
			return true;
		}
	}
	p->lx = before;
	return false;
}

/* RightRef into *c. False without a failure: none stands here. */
static bool take_right(struct parser *p, struct ast_check *c)
{
	c->right = parse_right(p, &c->right_is_val);
	return c->right != NULL;
}

static bool parse_order_operand(struct parser *p, struct ast_check *c)
{
	struct lexer before;
	struct token t;

	lex_blanks(&p->lx);
	if (take_right(p, c))
		return true;
	if (p->diag.code != COND_OK)
		return false;
	if (lex_number(&p->lx, &t)) {
		lex_unit(&p->lx, &t);
		return set_token_value(p, &t, FORM_SCALAR, c);
	}
	before = p->lx;
	if (lex_bare_string(&p->lx, &t) && is_list_name(p, &t))
		return set_token_value(p, &t, FORM_SCALAR, c);
	p->lx = before;
	return parse_fail(p, "expected a number value or a field with a valid transformer: val, tolower, toupper, b64, "
		"basename, len, join, concat, getopt");
}

static bool parse_string_operand(struct parser *p, struct ast_check *c)
{
	struct ast_value v;
	bool unclosed;

	if (lex_blanks(&p->lx) && take_modifier(p, c)) {
		if (parse_list_or_name(p, c))
			return true;
		return parse_fail(p, "expected a list or an identifier");
	}
	if (take_right(p, c))
		return true;
	if (p->diag.code != COND_OK)
		return false;
	unclosed = lex_peek(&p->lx, 0) == '"' || lex_peek(&p->lx, 0) == '\'';
	if (parse_value(p, &v))
		return set_single_value(p, &v, FORM_SCALAR, c);
	if (p->diag.code != COND_OK)
		return false;
	if (unclosed)
		snprintf(p->diag.hint, sizeof p->diag.hint, "the quoted string is not closed");
	return parse_fail(p, "expected a string value or a field with a valid transformer: val, tolower, toupper, b64, basename, "
		"len, join, concat, getopt");
}

static bool parse_list_operand(struct parser *p, struct ast_check *c)
{
	lex_blanks(&p->lx);
	if (take_right(p, c))
		return true;
	if (p->diag.code == COND_OK && parse_list_or_name(p, c))
		return true;
	return parse_fail(p, "expected a list, an identifier, or a field with a valid transformer: val, tolower, toupper, "
		"b64, basename, len, join, concat, getopt");
}

static void hint_operator(struct parser *p)
{
	struct lexer ahead = p->lx;
	struct token word;
	struct suggest s;

	if (!lex_identifier(&ahead, &word))
		return;
	suggest_init(&s, word.ptr, word.len);
	for (int op = 0; op < CMP_OP_COUNT; op++)
		suggest_offer(&s, cmp_op_name((enum cmp_op)op));
	suggest_text(&s, p->diag.hint, sizeof p->diag.hint);
}

static bool parse_test_body(struct parser *p, struct ast_check *c)
{
	lex_blanks(&p->lx);
	c->op_pos = p->lx.pos;
	if (lex_word(&p->lx, "exists")) {
		set_operator(c, "exists");
		return true;
	}
	if (take_operator(p, order_ops, COUNT(order_ops), c))
		return parse_order_operand(p, c);
	if (take_operator(p, symbol_ops, COUNT(symbol_ops), c) || take_word_operator(p, c))
		return parse_string_operand(p, c);
	if (take_operator(p, list_ops, COUNT(list_ops), c))
		return parse_list_operand(p, c);
	parse_fail(p, "expected a valid check operator: one of " OPERATOR_LIST);
	hint_operator(p);
	return false;
}

const struct ast_node *parse_test(struct parser *p, const struct ast_operand *left)
{
	struct ast_check c = { .left = left };
	const struct ast_node *n;

	if (!parse_test_body(p, &c))
		return NULL;
	n = ast_check_node(p->arena, p->source, &c);
	if (!n)
		parse_fail_code(p, COND_OUT_OF_MEMORY, "out of memory");
	return n;
}

static bool takes_modifier(enum cmp_op op)
{
	return op == OP_EQ || op == OP_NE || (op >= OP_CONTAINS && op <= OP_REGEX);
}

/* The operator's text from the tables above, so that it outlives the caller's. */
static bool find_operator(const char *text, size_t len, struct ast_check *out)
{
	if (cmp_op_by_name(text, len) == CMP_OP_COUNT)
		return false;
	set_operator(out, len == 2 && memcmp(text, "==", 2) == 0 ? "==" : cmp_op_name(cmp_op_by_name(text, len)));
	return true;
}

bool condition_parse_operator(const char *text, size_t len, struct ast_check *out)
{
	const char *blank;

	while (len && (text[0] == ' ' || text[0] == '\t' || text[0] == '\n' || text[0] == '\r')) {
		text++;
		len--;
	}
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	blank = len ? memchr(text, ' ', len) : NULL;
	out->mod = MOD_NONE;
	if (!blank)
		return len > 0 && find_operator(text, len, out);
	out->mod = op_modifier_by_name(blank + 1, len - (size_t)(blank + 1 - text));
	return out->mod != MOD_NONE && find_operator(text, (size_t)(blank - text), out) && takes_modifier(out->op);
}
