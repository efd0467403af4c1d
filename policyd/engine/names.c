#include "policyd/engine/names.h"

#include <string.h>

/* clang-format off */
static const char *const op_names[CMP_OP_COUNT] = {
	[OP_EXISTS] = "exists",
	[OP_EQ] = "=", [OP_NE] = "!=", [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">", [OP_GE] = ">=",
	[OP_CONTAINS] = "contains", [OP_ICONTAINS] = "icontains", [OP_BCONTAINS] = "bcontains",
	[OP_STARTSWITH] = "startswith", [OP_BSTARTSWITH] = "bstartswith", [OP_ENDSWITH] = "endswith",
	[OP_GLOB] = "glob", [OP_IGLOB] = "iglob", [OP_REGEX] = "regex",
	[OP_IN] = "in", [OP_INTERSECTS] = "intersects", [OP_PMATCH] = "pmatch",
};

static const char *const op_upper_names[CMP_OP_COUNT] = {
	[OP_EXISTS] = "EXISTS",
	[OP_EQ] = "EQ", [OP_NE] = "NE", [OP_LT] = "LT", [OP_LE] = "LE", [OP_GT] = "GT", [OP_GE] = "GE",
	[OP_CONTAINS] = "CONTAINS", [OP_ICONTAINS] = "ICONTAINS", [OP_BCONTAINS] = "BCONTAINS",
	[OP_STARTSWITH] = "STARTSWITH", [OP_BSTARTSWITH] = "BSTARTSWITH", [OP_ENDSWITH] = "ENDSWITH",
	[OP_GLOB] = "GLOB", [OP_IGLOB] = "IGLOB", [OP_REGEX] = "REGEX",
	[OP_IN] = "IN", [OP_INTERSECTS] = "INTERSECTS", [OP_PMATCH] = "PMATCH",
};

static const char *const modifier_names[] = {
	[MOD_NONE] = "", [MOD_ONEOF] = "oneof", [MOD_ANYOF] = "anyof", [MOD_ALLOF] = "allof",
};

static const char *const transformer_names[TRANSFORMER_COUNT] = {
	[TR_TOLOWER] = "tolower", [TR_TOUPPER] = "toupper", [TR_B64] = "b64", [TR_BASENAME] = "basename",
	[TR_LEN] = "len", [TR_CONCAT] = "concat", [TR_JOIN] = "join", [TR_GETOPT] = "getopt",
};

static const char *const type_names[VALUE_TYPE_COUNT] = {
	[VT_STRING] = "CHARBUF", [VT_PATH] = "FSPATH", [VT_BYTES] = "BYTEBUF",
	[VT_INT8] = "INT8", [VT_INT16] = "INT16", [VT_INT32] = "INT32", [VT_INT64] = "INT64",
	[VT_UINT8] = "UINT8", [VT_UINT16] = "UINT16", [VT_UINT32] = "UINT32", [VT_UINT64] = "UINT64",
	[VT_PORT] = "PORT", [VT_BOOL] = "BOOL", [VT_DOUBLE] = "DOUBLE",
	[VT_RELTIME] = "RELTIME", [VT_ABSTIME] = "ABSTIME", [VT_IPADDR] = "IPADDR", [VT_IPNET] = "IPNET",
};
/* clang-format on */

const char *cmp_op_name(enum cmp_op op)
{
	return (unsigned)op < CMP_OP_COUNT ? op_names[op] : "";
}

const char *cmp_op_upper_name(enum cmp_op op)
{
	return (unsigned)op < CMP_OP_COUNT ? op_upper_names[op] : "";
}

const char *op_modifier_name(enum op_modifier mod)
{
	return (unsigned)mod <= MOD_ALLOF ? modifier_names[mod] : "";
}

const char *transformer_name(enum transformer t)
{
	return (unsigned)t < TRANSFORMER_COUNT ? transformer_names[t] : "";
}

const char *value_type_name(enum value_type type)
{
	return (unsigned)type < VALUE_TYPE_COUNT ? type_names[type] : "";
}

static size_t find_name(const char *const *names, size_t count, const char *name, size_t len)
{
	size_t i = 0;

	while (i < count && !(strlen(names[i]) == len && memcmp(names[i], name, len) == 0))
		i++;
	return i;
}

enum cmp_op cmp_op_by_name(const char *name, size_t len)
{
	if (len == 2 && memcmp(name, "==", 2) == 0)
		return OP_EQ;
	return (enum cmp_op)find_name(op_names, CMP_OP_COUNT, name, len);
}

enum op_modifier op_modifier_by_name(const char *name, size_t len)
{
	size_t i = find_name(modifier_names, MOD_ALLOF + 1, name, len);

	return i > MOD_ALLOF ? MOD_NONE : (enum op_modifier)i;
}

enum transformer transformer_by_name(const char *name, size_t len)
{
	return (enum transformer)find_name(transformer_names, TRANSFORMER_COUNT, name, len);
}
