/* Constants of a check, parsed as the type of its left side (falco-language.md §1.7). */
#include "policyd/engine/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/engine/ip_text.h"
#include "policyd/engine/lex.h"
#include "policyd/engine/names.h"
#include "policyd/engine/regex_syntax.h"
#include "policyd/engine/service_names.h"
#include "proto/base/text.h"

static bool refuse(struct cond_diag *why, const char *fmt, ...) VITRINE_PRINTF(2, 3);

static bool refuse(struct cond_diag *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	why->code = COND_VALUE;
	vsnprintf(why->text, sizeof why->text, fmt, args);
	va_end(args);
	return false;
}

static int hex_nibble(char c)
{
	if (is_digit(c))
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct integer {
	bool negative;
	uint64_t magnitude;
};

static bool digits_value(const char *text, size_t len, unsigned base, uint64_t *out)
{
	uint64_t v = 0;

	for (size_t i = 0; i < len; i++) {
		int d = hex_nibble(text[i]);

		if (d < 0 || (unsigned)d >= base || v > (UINT64_MAX - (unsigned)d) / base)
			return false;
		v = v * base + (unsigned)d;
	}
	*out = v;
	return len > 0;
}

static bool integer_parse(const char *text, size_t len, bool hex, struct integer *out)
{
	out->negative = false;
	while (len && (*text == ' ' || (*text >= '\t' && *text <= '\r'))) {
		text++;
		len--;
	}
	if (hex && len > 2 && text[0] == '0' && (text[1] | 0x20) == 'x')
		return digits_value(text + 2, len - 2, 16, &out->magnitude);
	if (len && (*text == '-' || *text == '+')) {
		out->negative = *text == '-';
		text++;
		len--;
	}
	return digits_value(text, len, 10, &out->magnitude);
}

/* Cuts to the width of the type, as Falco does; negatives wrap for unsigned types. */
static void store_integer(enum value_type type, const struct integer *n, struct value *out, bool *cut)
{
	uint64_t v = n->negative ? 0 - n->magnitude : n->magnitude;

	switch (type) {
	case VT_INT8:
		out->i = (int8_t)v;
		break;
	case VT_INT16:
		out->i = (int16_t)v;
		break;
	case VT_INT32:
		out->i = (int32_t)v;
		break;
	case VT_UINT8:
		out->u = (uint8_t)v;
		break;
	case VT_UINT16:
	case VT_PORT:
		out->u = (uint16_t)v;
		break;
	case VT_UINT32:
		out->u = (uint32_t)v;
		break;
	default:
		out->u = v;
		break;
	}
	*cut = out->u != v || (n->negative && n->magnitude && !value_type_is_signed(type));
}

/* Suffixes of reltime constants, nanoseconds each. */
static bool duration_parse(const struct ast_value *in, struct integer *out)
{
	static const struct {
		const char *suffix;
		uint64_t ns;
	} units[] = { { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 }, { "m", 60000000000 },
		{ "h", 3600000000000 }, { "d", 86400000000000 } };

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		size_t n = strlen(units[i].suffix);

		if (in->len > n && memcmp(in->ptr + in->len - n, units[i].suffix, n) == 0 &&
			integer_parse(in->ptr, in->len - n, false, out) && out->magnitude <= UINT64_MAX / units[i].ns) {
			out->magnitude *= units[i].ns;
			return true;
		}
	}
	return false;
}

static bool parse_integer(const struct constant_rule *rule, const struct ast_value *in, struct value *out,
	struct cond_diag *why, bool *cut)
{
	struct integer n;
	bool ok = integer_parse(in->ptr, in->len, rule->extended, &n);

	if (!ok && rule->extended && rule->type == VT_RELTIME)
		ok = duration_parse(in, &n);
	if (ok && rule->type == VT_INT64)
		ok = n.magnitude <= (uint64_t)INT64_MAX + (n.negative ? 1 : 0);
	if (!ok)
		return refuse(why, "%.200s is not a valid number", in->ptr);
	store_integer(rule->type, &n, out, cut);
	return true;
}

static bool parse_double(const struct constant_rule *rule, const struct ast_value *in, struct value *out,
	struct cond_diag *why)
{
	struct integer n;
	struct lexer lx;
	struct token t;

	if (integer_parse(in->ptr, in->len, false, &n)) {
		out->d = n.negative ? -(double)n.magnitude : (double)n.magnitude;
		return true;
	}
	lex_init(&lx, in->ptr, in->len);
	if (!rule->extended || !lex_number(&lx, &t) || lex_left(&lx) > 0)
		return refuse(why, "%.200s is not a valid number", in->ptr);
	out->d = strtod(in->ptr, NULL);
	return true;
}

static bool parse_port(const struct constant_rule *rule, const struct ast_value *in, struct value *out,
	struct cond_diag *why, bool *cut)
{
	struct integer n;
	uint16_t port = 0;

	if (integer_parse(in->ptr, in->len, rule->extended, &n)) {
		store_integer(VT_PORT, &n, out, cut);
		return true;
	}
	if (in->len && !service_port(in->ptr, in->len, &port))
		return refuse(why, "unrecognized protocol %.200s", in->ptr);
	out->u = port;
	return true;
}

static bool parse_bool(const struct ast_value *in, struct value *out, struct cond_diag *why)
{
	out->u = in->len == 4;
	if ((in->len == 4 && memcmp(in->ptr, "true", 4) == 0) || (in->len == 5 && memcmp(in->ptr, "false", 5) == 0))
		return true;
	return refuse(why, "filter error: unrecognized boolean value %.200s", in->ptr);
}

static bool parse_ip(const struct ast_value *in, struct value *out, struct cond_diag *why)
{
	bool v4 = in->len && memchr(in->ptr, '.', in->len);

	if (ip_parse(in->ptr, in->len, &out->ip) && (out->ip.family == 4) == v4)
		return true;
	return refuse(why, "unrecognized %s address %.200s", v4 ? "IPv4" : "IPv6", in->ptr);
}

static bool parse_net(const struct ast_value *in, struct value *out, struct cond_diag *why)
{
	const char *slash = in->len ? memchr(in->ptr, '/', in->len) : NULL;
	struct ip address;

	if (!slash || !ip_parse(in->ptr, (size_t)(slash - in->ptr), &address))
		return refuse(why, "unrecognized IP network %.200s", in->ptr);
	if (!ip_parse_net(in->ptr, in->len, &out->ip) || (out->ip.family == 6 && out->ip.prefix == 0))
		return refuse(why, "invalid netmask %.200s", slash + 1);
	return true;
}

static bool parse_hex_bytes(const struct constant_rule *rule, const struct ast_value *in, struct value *out,
	struct cond_diag *why)
{
	char *bytes = arena_alloc(rule->arena, in->len / 2 + 1);

	if (!bytes) {
		why->code = COND_OUT_OF_MEMORY;
		return false;
	}
	for (size_t i = 0; i + 1 < in->len; i += 2) {
		int high = hex_nibble(in->ptr[i]), low = hex_nibble(in->ptr[i + 1]);

		if (high < 0 || low < 0)
			return refuse(why, "filter error: bcontains and bstartswith operator support hex strings only");
		bytes[i / 2] = (char)(high << 4 | low);
	}
	if (in->len % 2)
		return refuse(why, "filter error: bcontains and bstartswith operator support hex strings only");
	out->str.ptr = bytes;
	out->str.len = in->len / 2;
	return true;
}

static bool fold_text(const struct constant_rule *rule, struct value *v, struct cond_diag *why)
{
	char *copy = arena_strndup(rule->arena, v->str.ptr, v->str.len);

	if (!copy) {
		why->code = COND_OUT_OF_MEMORY;
		return false;
	}
	for (size_t i = 0; i < v->str.len; i++)
		copy[i] = text_fold(copy[i]);
	v->str.ptr = copy;
	return true;
}

static bool parse_text(const struct constant_rule *rule, const struct ast_value *in, struct value *out,
	struct cond_diag *why)
{
	size_t max = rule->extended ? COND_MAX_WINDOWS_CONSTANT_BYTES : COND_MAX_CONSTANT_BYTES;
	char problem[REGEX_PROBLEM_BYTES];

	if (in->len > max)
		return refuse(why, "filter parameter too long: %zu bytes, at most %zu are allowed", in->len, max);
	if (rule->type == VT_BYTES && (rule->op == OP_BCONTAINS || rule->op == OP_BSTARTSWITH))
		return parse_hex_bytes(rule, in, out, why);
	if (rule->type != VT_BYTES && memchr(in->ptr, '\0', in->len))
		return refuse(why, "filter error: filter value cannot contain a NUL byte (\\x00)");
	if (rule->op == OP_REGEX && regex_check(in->ptr, in->len, problem) != ST_OK)
		return refuse(why, "invalid regex pattern: %s", problem);
	out->str.ptr = in->ptr;
	out->str.len = in->len;
	return !rule->fold || rule->op == OP_REGEX || fold_text(rule, out, why);
}

bool constant_parse(const struct constant_rule *rule, const struct ast_value *in, struct value *out, struct cond_diag *why,
	bool *cut)
{
	*cut = false;
	switch (rule->type) {
	case VT_STRING:
	case VT_PATH:
	case VT_BYTES:
		return parse_text(rule, in, out, why);
	case VT_BOOL:
		return parse_bool(in, out, why);
	case VT_DOUBLE:
		return parse_double(rule, in, out, why);
	case VT_PORT:
		return parse_port(rule, in, out, why, cut);
	case VT_IPADDR:
		return parse_ip(in, out, why);
	case VT_IPNET:
		return parse_net(in, out, why);
	default:
		return parse_integer(rule, in, out, why, cut);
	}
}
