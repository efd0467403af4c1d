/* Falco's warnings about a check that is valid (falco-language.md §1.13, §2.10), and hints of our own. */
#include "policyd/engine/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policyd/engine/lex.h"
#include "policyd/engine/names.h"
#include "policyd/engine/regex_syntax.h"

static void warn(struct checking *k, enum cond_warning_kind kind, struct cond_pos pos, const char *fmt, ...)
	VITRINE_PRINTF(4, 5);

static void warn(struct checking *k, enum cond_warning_kind kind, struct cond_pos pos, const char *fmt, ...)
{
	const struct cond_warnings *sink = &k->c->warnings;
	struct cond_warning w = { .kind = kind, .source = k->source, .pos = pos };
	char text[512];
	va_list args;

	if (!sink->warn)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	w.text = text;
	sink->warn(sink->ctx, &w);
}

/* The value without its blanks. room: COND_MAX_CONSTANT_BYTES. Longer values name nothing. */
static struct token without_blanks(const struct ast_value *v, char *room)
{
	struct token t = { .ptr = room };

	if (strcspn(v->ptr, " \t\n\v\f\r") == v->len)
		return (struct token){ .ptr = v->ptr, .len = v->len };
	for (size_t i = 0; i < v->len && v->len <= COND_MAX_CONSTANT_BYTES; i++) {
		if (v->ptr[i] != ' ' && !(v->ptr[i] >= '\t' && v->ptr[i] <= '\r'))
			room[t.len++] = v->ptr[i];
	}
	return t;
}

/* True if the whole text is a field of the vocabulary with a fitting argument. */
static bool names_field(const struct checking *k, const struct token *t)
{
	struct ast_operand o = { .kind = AST_FIELD };
	struct operand ignored;
	struct token name, arg;
	struct lexer lx;
	char key[COND_MAX_CONSTANT_BYTES + 1];

	lex_init(&lx, t->ptr, t->len);
	if (!lex_field_name(&lx, &name))
		return false;
	o.name = name.ptr;
	o.name_len = name.len;
	if (lex_text(&lx, "[")) {
		if (!lex_quoted(&lx, false, &arg) && !lex_bare_argument(&lx, &arg))
			return false;
		if (!lex_text(&lx, "]") || arg.len >= sizeof key)
			return false;
		memcpy(key, arg.ptr, arg.len);
		key[arg.len] = '\0';
		o.arg = key;
		o.arg_len = arg.len;
	}
	return lex_left(&lx) == 0 && check_field(k, &o, &ignored);
}

/* "tolower( ... )" */
static bool looks_like_transformer(const struct token *t)
{
	const char *open = t->len ? memchr(t->ptr, '(', t->len) : NULL;
	size_t n = open ? (size_t)(open - t->ptr) : 0;

	if (!open || t->ptr[t->len - 1] != ')')
		return false;
	return transformer_by_name(t->ptr, n) != TRANSFORMER_COUNT || (n == 3 && memcmp(t->ptr, "val", 3) == 0);
}

static void warn_constant(struct checking *k, const struct ast_value *v, struct cond_pos pos)
{
	char room[COND_MAX_CONSTANT_BYTES];
	struct token t;

	/* Most values have neither the dot of a field nor the parenthesis of a transformer. */
	if (!memchr(v->ptr, '.', v->len) && !memchr(v->ptr, '(', v->len))
		return;
	t = without_blanks(v, room);
	if (t.len == 0 || t.len > COND_MAX_CONSTANT_BYTES)
		return;
	if (names_field(k, &t))
		warn(k, COND_WARN_CONDITION, pos, "'%.200s' may be a valid field misused as a const string value", v->ptr);
	else if (looks_like_transformer(&t))
		warn(k, COND_WARN_CONDITION, pos, "'%.200s' may be a valid field transformer misused as a const string value",
			v->ptr);
}

static void warn_pattern(struct checking *k, const struct ast_value *v, enum cmp_op op, struct cond_pos pos)
{
	if (op == OP_REGEX && regex_is_plain(v->ptr, v->len))
		warn(k, COND_WARN_CONDITION, pos, "regex check with '%.200s' may be optimized with simpler operators such as "
			"'=', 'contains', 'startswith', 'endswith'", v->ptr);
	if ((op == OP_GLOB || op == OP_IGLOB) && k->c->vocabulary->windows && memchr(v->ptr, '\\', v->len) &&
		!strstr(v->ptr, "\\\\"))
		warn(k, COND_HINT, pos, "a backslash in a glob makes the next character literal: write two for a path");
}

/* The letter of the escape, of a condition or of YAML, that makes this character; 0: none does. */
static char escape_letter(char c)
{
	static const char made[] = "\a\b\t\n\v\f\r\x1b", letters[] = "abtnvfre";
	const char *at = c ? strchr(made, c) : NULL;

	return at ? letters[at - made] : '\0';
}

/* Where a quoted path holds a control character that a single backslash made: no name of Windows has one. */
static size_t control_in_path(const struct ast_value *v, const struct operand *left)
{
	bool name = left->kind == OPERAND_FIELD && (left->type == VT_PATH || left->field->flags & FIELD_WINDOWS_NAME);

	for (size_t i = 0; i < v->len; i++) {
		bool drive = i >= 2 && v->ptr[i - 1] == ':' && is_identifier_start(v->ptr[i - 2]);

		if (escape_letter(v->ptr[i]) && (name || drive))
			return i;
	}
	return v->len;
}

static void hint_control(struct checking *k, const struct ast_value *v, const struct predicate *p, struct cond_pos pos)
{
	char text[320];
	size_t made = 0, at;

	if (!k->c->vocabulary->windows || p->op == OP_REGEX || !value_type_is_text(p->left->type))
		return;
	at = control_in_path(v, p->left);
	if (at == v->len)
		return;
	for (size_t i = 0; i < v->len && made + 4 < sizeof text; i++) {
		char letter = escape_letter(v->ptr[i]);

		if (letter || v->ptr[i] == '\\') {
			text[made++] = '\\';
			text[made++] = '\\';
		}
		if (letter || v->ptr[i] != '\\')
			text[made++] = letter ? letter : v->ptr[i];
	}
	text[made] = '\0';
	warn(k, COND_HINT, pos, "in quotes \\%c is one control character: did you mean \"%s\"?", escape_letter(v->ptr[at]), text);
}

static bool compares_equal(enum cmp_op op)
{
	return op == OP_EQ || op == OP_NE || op == OP_IN || op == OP_INTERSECTS || op == OP_PMATCH;
}

static void warn_na(struct checking *k, const struct ast_check *c, const struct ast_value *v, struct cond_pos pos)
{
	const struct ast_operand *left = c->left;
	bool unsafe = left->kind == AST_FIELD && (strncmp(left->name, "ka.", 3) == 0 || strncmp(left->name, "jevt.", 5) == 0);

	if (unsafe && c->mod == MOD_NONE && compares_equal(c->op) && v->len == 4 && memcmp(v->ptr, "<NA>", 4) == 0)
		warn(k, COND_WARN_UNSAFE_NA, pos, "<NA> is only how a missing value is printed: to ask whether '%.100s' has "
			"a value, use 'exists'", left->name);
}

static bool warn_deprecated(void *ctx, const struct ast_operand *field)
{
	struct checking *k = ctx;
	struct operand o;

	if (check_field(k, field, &o) && o.field->flags & FIELD_DEPRECATED)
		warn(k, COND_WARN_DEPRECATED_FIELD, field->pos, "field '%.200s' is deprecated", field->name);
	return true;
}

static void hint_predicate(struct checking *k, const struct ast_check *c, const struct predicate *p)
{
	if (c->op != OP_EXISTS && !c->right && c->value_count == 0)
		warn(k, COND_HINT, c->op_pos, "the list is empty, so this check is never true");
	if (c->op == OP_NE && p->left->kind == OPERAND_FIELD && p->left->field->flags & FIELD_MAY_BE_MISSING)
		warn(k, COND_HINT, c->op_pos, "'!=' is false when '%s' has no value; 'not %s = ...' is true then",
			p->left->field->name, p->left->field->name);
}

void warn_check(struct checking *k, const struct ast_node *n, const struct predicate *p)
{
	const struct ast_check *c = n->check;

	if (!k->c->warnings.warn)
		return;
	for (size_t i = 0; i < c->value_count; i++) {
		const struct ast_value *v = &c->values[i];
		struct cond_pos pos = v->pos.line ? v->pos : c->op_pos;

		warn_constant(k, v, pos);
		warn_pattern(k, v, c->op, pos);
		hint_control(k, v, p, pos);
		warn_na(k, c, v, pos);
	}
	ast_each_field(c->left, warn_deprecated, k);
	if (c->right)
		ast_each_field(c->right, warn_deprecated, k);
	hint_predicate(k, c, p);
}

void warn_constant_cut(struct checking *k, const struct ast_value *v, enum value_type type)
{
	warn(k, COND_HINT, k->pos, "%.100s does not fit the type %s and is cut to its width", v->ptr, value_type_name(type));
}
