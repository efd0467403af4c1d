#include "tests/conformance/toy_value.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/engine/ip_text.h"


static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_hex(const struct yaml_node *node, struct arena *arena, struct value *out)
{
	char *bytes = yaml_is_scalar(node) ? arena_alloc(arena, node->count / 2 + 1) : NULL;

	if (!bytes || node->count % 2)
		return false;
	for (size_t i = 0; i < node->count; i += 2) {
		int high = hex_digit(node->text[i]), low = hex_digit(node->text[i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i / 2] = (char)(high << 4 | low);
	}
	out->str.ptr = bytes;
	out->str.len = node->count / 2;
	return true;
}

static bool parse_text(const struct yaml_node *node, struct arena *arena, struct value *out)
{
	if (yaml_is_map(node))
		return parse_hex(yaml_map_get(node, "hex"), arena, out);
	out->str.ptr = node->text;
	out->str.len = node->count;
	return true;
}

bool toy_value_parse(enum value_type type, const struct yaml_node *node, struct arena *arena, struct value *out)
{
	memset(out, 0, sizeof *out);
	if (type == VT_STRING || type == VT_PATH || type == VT_BYTES)
		return parse_text(node, arena, out);
	if (!yaml_is_scalar(node))
		return false;
	switch (type) {
	case VT_INT8:
	case VT_INT16:
	case VT_INT32:
	case VT_INT64:
		out->i = strtoll(node->text, NULL, 10);
		return true;
	case VT_BOOL:
		out->u = yaml_scalar_is(node, "true");
		return true;
	case VT_DOUBLE:
		out->d = strtod(node->text, NULL);
		return true;
	case VT_IPADDR:
	case VT_IPNET:
		return ip_parse(node->text, node->count, &out->ip);
	default:
		out->u = strtoull(node->text, NULL, 10);
		return true;
	}
}

bool toy_value_list(enum value_type type, const struct yaml_node *node, struct arena *arena, struct value *out)
{
	struct value *items;

	if (!yaml_is_sequence(node) || !(items = arena_alloc(arena, (node->count + 1) * sizeof *items)))
		return false;
	for (size_t i = 0; i < node->count; i++)
		if (!toy_value_parse(type, node->items[i], arena, &items[i]))
			return false;
	out->list.items = items;
	out->list.count = node->count;
	return node->count > 0;
}
