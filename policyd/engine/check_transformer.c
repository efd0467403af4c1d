/* What each transformer takes and yields (falco-language.md §1.12). */
#include "policyd/engine/check.h"

#include "policyd/engine/names.h"

static bool is_text_operand(const struct operand *o)
{
	return value_type_is_text(o->type);
}

/* The field that carries the flag: arguments that are themselves transformers were checked on their own. */
static bool check_flags(struct checking *k, const struct ast_operand *in, const struct operand *o)
{
	for (size_t i = 0; i < o->arg_count; i++) {
		const struct operand *arg = o->args[i];
		char name[200];

		if (arg->kind == OPERAND_LIST && !check_flags(k, in->args[i], arg))
			return false;
		if (arg->kind != OPERAND_FIELD || !(arg->field->flags & FIELD_NO_TRANSFORMER))
			continue;
		k->pos = in->args[i]->pos;
		check_operand_name(in->args[i], name, sizeof name);
		return check_fail(k, COND_TYPE, "field '%s' does not support transformers", name);
	}
	return true;
}

static bool fail_type(struct checking *k, const struct ast_operand *in, const struct operand *o)
{
	char name[200];

	check_operand_name(in->args[0], name, sizeof name);
	return check_fail(k, COND_TYPE,
		"can't add field transformer: type '%s' is not supported by '%s' transformer applied on %sfield '%s'",
		value_type_name(o->args[0]->type), transformer_name(o->transformer), o->args[0]->is_list ? "list " : "", name);
}

static bool check_one_argument(struct checking *k, const struct operand *o)
{
	if (o->arg_count == 1)
		return true;
	return check_fail(k, COND_TYPE, "%s() requires exactly 1 argument, %zu given", transformer_name(o->transformer),
		o->arg_count);
}

static bool check_map(struct checking *k, const struct ast_operand *in, struct operand *o)
{
	const struct operand *arg = o->args[0];
	bool b64 = o->transformer == TR_B64;

	if (!check_one_argument(k, o))
		return false;
	/* No path is base64, but for windows paths and strings are one type. */
	if (b64 ? arg->type == VT_PATH && !k->c->vocabulary->windows : arg->type == VT_BYTES)
		return fail_type(k, in, o);
	if (!is_text_operand(arg) && arg->type != VT_BYTES)
		return fail_type(k, in, o);
	o->type = arg->type;
	o->is_list = arg->is_list;
	return true;
}

static bool check_len(struct checking *k, const struct ast_operand *in, struct operand *o)
{
	const struct operand *arg = o->args[0];

	if (!check_one_argument(k, o))
		return false;
	if (!arg->is_list && !is_text_operand(arg) && arg->type != VT_BYTES)
		return fail_type(k, in, o);
	o->type = VT_UINT64;
	return true;
}

static bool check_concat(struct checking *k, struct operand *o)
{
	if (o->arg_count < 2)
		return check_fail(k, COND_TYPE, "concat() requires at least 2 arguments");
	for (size_t i = 0; i < o->arg_count; i++) {
		if (o->args[i]->is_list || !is_text_operand(o->args[i]))
			return check_fail(k, COND_TYPE, "concat() arguments must be strings");
	}
	o->type = VT_STRING;
	return true;
}

static bool check_join(struct checking *k, struct operand *o)
{
	if (o->arg_count != 2)
		return check_fail(k, COND_TYPE, "join() requires exactly 2 arguments: separator and list");
	if (o->args[0]->is_list)
		return check_fail(k, COND_TYPE, "join() first argument (separator) must be a single value, not a list");
	if (!is_text_operand(o->args[0]))
		return check_fail(k, COND_TYPE, "join() first argument (separator) must be a string");
	if (!o->args[1]->is_list)
		return check_fail(k, COND_TYPE, "join() second argument must be a list");
	o->type = VT_STRING;
	return true;
}

static bool check_getopt(struct checking *k, const struct ast_operand *in, struct operand *o)
{
	if (o->arg_count != 2)
		return check_fail(k, COND_TYPE, "getopt() requires exactly 2 arguments: args list and optstring");
	if (!o->args[0]->is_list)
		return check_fail(k, COND_TYPE, "getopt() first argument must be a list");
	if (o->args[1]->is_list)
		return check_fail(k, COND_TYPE, "getopt() second argument (optstring) must be a single value");
	if (!is_text_operand(o->args[0]) || !is_text_operand(o->args[1]))
		return check_fail(k, COND_TYPE, "getopt() arguments must be strings");
	if (in->arg && in->arg_len != 1)
		return check_fail(k, COND_TYPE, "getopt() field argument must be a single option character");
	o->getopt_option = in->arg ? in->arg[0] : '\0';
	o->type = VT_STRING;
	o->is_list = !in->arg;
	return true;
}

bool check_transformer(struct checking *k, const struct ast_operand *in, struct operand *out)
{
	if (in->arg && in->transformer != TR_GETOPT)
		return check_fail(k, COND_TYPE, "filter error: transformer '%s' does not support field arguments",
			transformer_name(in->transformer));
	if (!check_flags(k, in, out))
		return false;
	switch (out->transformer) {
	case TR_TOLOWER:
	case TR_TOUPPER:
	case TR_B64:
	case TR_BASENAME:
		return check_map(k, in, out);
	case TR_LEN:
		return check_len(k, in, out);
	case TR_CONCAT:
		return check_concat(k, out);
	case TR_JOIN:
		return check_join(k, out);
	case TR_GETOPT:
		return check_getopt(k, in, out);
	case TRANSFORMER_COUNT:
		break;
	}
	return false;
}
