#include "policyd/engine/operand.h"

#include "policyd/engine/transform.h"

enum value_class value_class_of(enum value_type type)
{
	switch (type) {
	case VT_INT8:
	case VT_INT16:
	case VT_INT32:
	case VT_INT64:
		return CLASS_SIGNED;
	case VT_UINT8:
	case VT_UINT16:
	case VT_UINT32:
	case VT_UINT64:
	case VT_PORT:
	case VT_BOOL:
	case VT_RELTIME:
	case VT_ABSTIME:
		return CLASS_UNSIGNED;
	case VT_DOUBLE:
		return CLASS_DOUBLE;
	case VT_IPADDR:
	case VT_IPNET:
		return CLASS_IP;
	default:
		return CLASS_TEXT;
	}
}

enum operand_shape operand_shape_of(const struct operand *o)
{
	if (o->kind == OPERAND_FIELD && o->field->either[0])
		return SHAPE_EITHER;
	if (o->kind == OPERAND_FIELD && (o->field->flags & FIELD_ANCESTOR) && !o->arg.present)
		return SHAPE_ANCESTORS;
	return o->is_list || o->kind == OPERAND_LIST ? SHAPE_LIST : SHAPE_ONE;
}

void *operand_room(const struct operand_context *ctx, size_t n)
{
	void *p = arena_alloc(ctx->ev->scratch, n);

	if (!p)
		operand_count_refused(ctx);
	return p;
}

static bool ancestors(const struct operand *o, const struct operand_context *ctx, struct value *out)
{
	struct field_arg arg = { .present = true, .is_index = true, .key = "", .key_len = 0 };
	struct value *items = operand_room(ctx, OPERAND_MAX_ANCESTORS * sizeof *items);
	size_t count = 0;

	if (!items)
		return false;
	for (arg.index = 1; arg.index <= OPERAND_MAX_ANCESTORS; arg.index++) {
		enum field_result got = o->field->get(o->field, &arg, ctx->ev, &items[count]);

		if (got == FIELD_END)
			break;
		if (got == FIELD_OK)
			count++;
	}
	out->list.items = items;
	out->list.count = count;
	return count > 0;
}

static bool field_value(const struct operand *o, const struct operand_context *ctx, struct value *out)
{
	switch (operand_shape_of(o)) {
	case SHAPE_EITHER:
		return false;
	case SHAPE_ANCESTORS:
		return ancestors(o, ctx, out);
	case SHAPE_LIST:
		return o->field->get(o->field, &o->arg, ctx->ev, out) == FIELD_OK && out->list.count > 0;
	default:
		return o->field->get(o->field, &o->arg, ctx->ev, out) == FIELD_OK;
	}
}

bool operand_apply(const struct operand *o, const struct value *args, const struct operand_context *ctx,
	struct value *out)
{
	switch (o->kind) {
	case OPERAND_FIELD:
		return field_value(o, ctx, out);
	case OPERAND_CONST:
		*out = o->constant;
		return true;
	case OPERAND_LIST:
		return transform_list(o, args, ctx, out);
	default:
		return transform_apply(o, args, ctx, out);
	}
}

bool operand_eval(const struct operand *o, const struct event_view *ev, bool windows_path, struct value *out)
{
	struct operand_context ctx = { .ev = ev, .windows_path = windows_path };
	struct value *args = NULL;

	if (o->arg_count > 0 && !(args = operand_room(&ctx, o->arg_count * sizeof *args)))
		return false;
	for (size_t i = 0; i < o->arg_count; i++) {
		if (!operand_eval(o->args[i], ev, windows_path, &args[i]))
			return false;
	}
	return operand_apply(o, args, &ctx, out);
}
