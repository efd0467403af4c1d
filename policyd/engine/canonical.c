#include "policyd/engine/condition.h"

#include <string.h>

#include "policyd/engine/names.h"

static bool needs_quotes(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\0' || strchr(" \t\r\n\f\b=\\\"'", text[i]))
			return true;
	}
	return false;
}

static void append_escaped(struct buf *out, char c)
{
	static const char special[] = "\b\f\n\r\t\\\"";
	static const char letters[] = "bfnrt\\\"";
	const char *found = c ? strchr(special, c) : NULL;

	if (c == '\0') {
		buf_append_str(out, "\\x00");
	} else if (found) {
		buf_append_char(out, '\\');
		buf_append_char(out, letters[found - special]);
	} else {
		buf_append_char(out, c);
	}
}

static void append_value(struct buf *out, const char *text, size_t len)
{
	if (!needs_quotes(text, len)) {
		buf_append(out, text, len);
		return;
	}
	buf_append_char(out, '"');
	for (size_t i = 0; i < len; i++)
		append_escaped(out, text[i]);
	buf_append_char(out, '"');
}

static void append_argument(struct buf *out, const struct ast_operand *o)
{
	if (!o->arg)
		return;
	buf_append_char(out, '[');
	if (o->arg_len == 0)
		buf_append_str(out, "\"\"");
	else
		append_value(out, o->arg, o->arg_len);
	buf_append_char(out, ']');
}

bool condition_canonical_operand(const struct ast_operand *o, struct buf *out)
{
	switch (o->kind) {
	case AST_FIELD:
		buf_append(out, o->name, o->name_len);
		break;
	case AST_TEXT:
		append_value(out, o->name, o->name_len);
		break;
	case AST_TRANSFORM:
		buf_append_str(out, transformer_name(o->transformer));
		/* fall through */
	case AST_LIST:
		buf_append_char(out, '(');
		for (size_t i = 0; i < o->arg_count; i++) {
			if (i > 0)
				buf_append_char(out, ',');
			condition_canonical_operand(o->args[i], out);
		}
		buf_append_char(out, ')');
		break;
	}
	append_argument(out, o);
	return !out->failed;
}

static void append_values(struct buf *out, const struct ast_check *c)
{
	if (c->form == FORM_LIST)
		buf_append_char(out, '(');
	for (size_t i = 0; i < c->value_count; i++) {
		if (i > 0)
			buf_append_str(out, ", ");
		append_value(out, c->values[i].ptr, c->values[i].len);
	}
	if (c->form == FORM_LIST)
		buf_append_char(out, ')');
}

static void append_check(struct buf *out, const struct ast_check *c)
{
	condition_canonical_operand(c->left, out);
	buf_append_char(out, ' ');
	buf_append_str(out, c->op_text);
	if (c->mod != MOD_NONE) {
		buf_append_char(out, ' ');
		buf_append_str(out, op_modifier_name(c->mod));
	}
	if (c->op == OP_EXISTS)
		return;
	buf_append_char(out, ' ');
	if (!c->right) {
		append_values(out, c);
		return;
	}
	buf_append_str(out, c->right_is_val ? "val(" : "");
	condition_canonical_operand(c->right, out);
	buf_append_str(out, c->right_is_val ? ")" : "");
}

bool condition_canonical(const struct ast_node *root, struct buf *out)
{
	const char *join = root->kind == AST_AND ? " and " : " or ";

	switch (root->kind) {
	case AST_CHECK:
		append_check(out, root->check);
		break;
	case AST_MACRO:
		buf_append(out, root->name, root->name_len);
		break;
	case AST_NOT:
		buf_append_str(out, "not ");
		condition_canonical(root->kids[0], out);
		break;
	case AST_AND:
	case AST_OR:
		buf_append_char(out, '(');
		for (size_t i = 0; i < root->kid_count && !out->failed; i++) {
			if (i > 0)
				buf_append_str(out, join);
			condition_canonical(root->kids[i], out);
		}
		buf_append_char(out, ')');
		break;
	}
	return !out->failed;
}
