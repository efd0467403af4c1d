/* Scalars of a rule test as typed values. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/ip_text.h"
#include "policyd/ruleset/duration.h"
#include "policyd/ruletest/shadow_parts.h"

static bool parse_signed(const char *text, int64_t low, int64_t high, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoimax(text, &end, 0);
	return end != text && *end == '\0' && errno == 0 && *out >= low && *out <= high;
}

static bool parse_unsigned(const char *text, uint64_t high, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoumax(text, &end, 0);
	return text[0] != '-' && end != text && *end == '\0' && errno == 0 && *out <= high;
}

static bool parse_bool(const struct yaml_node *node, uint64_t *out)
{
	*out = yaml_scalar_is(node, "true");
	return *out || yaml_scalar_is(node, "false");
}

static bool parse_double(const char *text, double *out)
{
	char *end;

	*out = strtod(text, &end);
	return end != text && *end == '\0';
}

/* Nanoseconds, or a duration such as 5s. */
static bool parse_span(const char *text, uint64_t *out)
{
	uint64_t ms;

	if (parse_unsigned(text, UINT64_MAX, out))
		return true;
	ms = duration_ms_parse(text);
	*out = ms * 1000000;
	return ms > 0 && ms <= UINT64_MAX / 1000000;
}

/* Bits of a number type; 0: no number. */
static unsigned width_of(enum value_type type)
{
	switch (type) {
	case VT_INT8:
	case VT_UINT8:
		return 8;
	case VT_INT16:
	case VT_UINT16:
	case VT_PORT:
		return 16;
	case VT_INT32:
	case VT_UINT32:
		return 32;
	default:
		return 64;
	}
}

bool shadow_value_parse(enum value_type type, const struct yaml_node *node, struct value *out)
{
	unsigned drop = 64 - width_of(type);

	memset(out, 0, sizeof *out);
	switch (type) {
	case VT_STRING:
	case VT_PATH:
	case VT_BYTES:
		out->str.ptr = node->text;
		out->str.len = node->count;
		return true;
	case VT_BOOL:
		return parse_bool(node, &out->u);
	case VT_DOUBLE:
		return parse_double(node->text, &out->d);
	case VT_IPADDR:
	case VT_IPNET:
		return ip_parse(node->text, node->count, &out->ip);
	case VT_RELTIME:
		return parse_span(node->text, &out->u);
	case VT_INT8:
	case VT_INT16:
	case VT_INT32:
	case VT_INT64:
		return parse_signed(node->text, INT64_MIN >> drop, INT64_MAX >> drop, &out->i);
	default:
		return parse_unsigned(node->text, UINT64_MAX >> drop, &out->u);
	}
}
