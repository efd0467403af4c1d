#include "policyd/engine/transform.h"

#include <string.h>

#include "policyd/engine/operand.h"
#include "policyd/engine/value_text.h"

static bool text_result(struct value *out, const char *ptr, size_t len)
{
	out->str.ptr = ptr;
	out->str.len = len;
	return true;
}

static bool map_case(const struct value *in, enum transformer tr, const struct operand_context *ctx, struct value *out)
{
	char lo = tr == TR_TOLOWER ? 'A' : 'a', hi = tr == TR_TOLOWER ? 'Z' : 'z';
	char *copy = operand_room(ctx, in->str.len ? in->str.len : 1);

	if (!copy)
		return false;
	for (size_t i = 0; i < in->str.len; i++) {
		char c = in->str.ptr[i];

		copy[i] = c >= lo && c <= hi ? (char)(c ^ 0x20) : c;
	}
	return text_result(out, copy, in->str.len);
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* RFC 4648 alphabet; padding is optional, but if there it must be whole; spare bits must be 0. */
static bool decode_base64(const struct value *in, const struct operand_context *ctx, struct value *out)
{
	const char *text = in->str.ptr;
	size_t len = in->str.len, pad = 0, made = 0;
	uint32_t bits = 0, held = 0;
	char *bytes;

	while (pad < 2 && pad < len && text[len - pad - 1] == '=')
		pad++;
	if (pad > 0 && len % 4 != 0)
		return false;
	len -= pad;
	bytes = operand_room(ctx, len / 4 * 3 + 3);
	if (!bytes || len % 4 == 1)
		return false;
	for (size_t i = 0; i < len; i++) {
		int digit = base64_digit(text[i]);

		if (digit < 0)
			return false;
		bits = bits << 6 | (uint32_t)digit;
		held += 6;
		if (held >= 8) {
			held -= 8;
			bytes[made++] = (char)(bits >> held & 0xff);
			bits &= (1u << held) - 1;
		}
	}
	return bits == 0 && text_result(out, bytes, made);
}

static bool base_name(const struct value *in, bool windows_path, struct value *out)
{
	size_t start = in->str.len;

	while (start > 0 && in->str.ptr[start - 1] != '/' && !(windows_path && in->str.ptr[start - 1] == '\\'))
		start--;
	return text_result(out, in->str.ptr + start, in->str.len - start);
}

static bool apply_text(enum transformer tr, const struct value *in, const struct operand_context *ctx, struct value *out)
{
	switch (tr) {
	case TR_B64:
		return decode_base64(in, ctx, out);
	case TR_BASENAME:
		return base_name(in, ctx->windows_path, out);
	default:
		return map_case(in, tr, ctx, out);
	}
}

/* Text transformers work on each element of a list; an element that yields nothing is left out. */
static bool apply_elements(const struct operand *o, const struct value *arg, const struct operand_context *ctx,
	struct value *out)
{
	struct value *items;
	size_t count = 0;

	if (!o->args[0]->is_list)
		return apply_text(o->transformer, arg, ctx, out);
	items = operand_room(ctx, (arg->list.count + 1) * sizeof *items);
	if (!items)
		return false;
	for (size_t i = 0; i < arg->list.count; i++) {
		if (apply_text(o->transformer, &arg->list.items[i], ctx, &items[count]))
			count++;
	}
	out->list.items = items;
	out->list.count = count;
	return count > 0;
}

/* parts joined by separator; NULL parts never occur. */
static bool join_texts(const struct value *parts, size_t count, const struct value *separator, const struct operand_context *ctx,
	struct value *out)
{
	size_t total = 0, at = 0;
	char *text;

	for (size_t i = 0; i < count; i++) {
		size_t more = parts[i].str.len + (i ? separator->str.len : 0);

		total = more > OPERAND_MAX_TEXT_BYTES - total ? SIZE_MAX : total + more;
		if (total == SIZE_MAX) {
			operand_count_refused(ctx);
			return false;
		}
	}
	text = operand_room(ctx, total ? total : 1);
	if (!text)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (i && separator->str.len) {
			memcpy(text + at, separator->str.ptr, separator->str.len);
			at += separator->str.len;
		}
		if (parts[i].str.len)
			memcpy(text + at, parts[i].str.ptr, parts[i].str.len);
		at += parts[i].str.len;
	}
	return text_result(out, text, total);
}

/* Text of a value that is no text, for join(). */
static bool number_text(enum value_type type, const struct value *in, const struct operand_context *ctx, struct value *out)
{
	char text[VALUE_SCALAR_TEXT_BYTES];
	size_t len = value_scalar_text(type, in, text);
	char *copy = operand_room(ctx, len + 1);

	if (copy)
		memcpy(copy, text, len);
	return copy && text_result(out, copy, len);
}

static bool texts_of(enum value_type type, const struct value *in, size_t count, const struct operand_context *ctx, struct value *out)
{
	for (size_t i = 0; i < count; i++) {
		if (value_class_of(type) == CLASS_TEXT)
			out[i] = in[i];
		else if (!number_text(type, &in[i], ctx, &out[i]))
			return false;
	}
	return true;
}

bool transform_list(const struct operand *o, const struct value *args, const struct operand_context *ctx, struct value *out)
{
	struct value *items = operand_room(ctx, (o->arg_count + 1) * sizeof *items);

	if (!items)
		return false;
	for (size_t i = 0; i < o->arg_count; i++) {
		if (!texts_of(o->args[i]->type, &args[i], 1, ctx, &items[i]))
			return false;
	}
	out->list.items = items;
	out->list.count = o->arg_count;
	return true;
}

/* args: separator, list. Items of an OPERAND_LIST are texts already. */
static bool join(const struct operand *o, const struct value *args, const struct operand_context *ctx, struct value *out)
{
	const struct operand *list = o->args[1];
	size_t count = args[1].list.count;
	struct value *texts = operand_room(ctx, (count + 1) * sizeof *texts);
	enum value_type type = list->kind == OPERAND_LIST ? VT_STRING : list->type;

	return texts && texts_of(type, args[1].list.items, count, ctx, texts) &&
		join_texts(texts, count, &args[0], ctx, out);
}

bool transform_apply(const struct operand *o, const struct value *args, const struct operand_context *ctx,
	struct value *out)
{
	static const struct value nothing = { .str = { "", 0 } };

	if (o->arg_count == 0)
		return false;
	switch (o->transformer) {
	case TR_LEN:
		out->u = o->args[0]->is_list ? args[0].list.count : args[0].str.len;
		return true;
	case TR_CONCAT:
		return join_texts(args, o->arg_count, &nothing, ctx, out);
	case TR_JOIN:
		return o->arg_count == 2 && join(o, args, ctx, out);
	case TR_GETOPT:
		return o->arg_count == 2 && transform_getopt(o, args, ctx, out);
	default:
		return apply_elements(o, &args[0], ctx, out);
	}
}
