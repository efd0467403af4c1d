/* names: how operators, modifiers, transformers and value types are written in conditions and errors. Const tables. */
#ifndef VITRINE_ENGINE_NAMES_H
#define VITRINE_ENGINE_NAMES_H

#include "policyd/engine/expr.h"

const char *cmp_op_name(enum cmp_op op);                 /* "=", "startswith" */
const char *cmp_op_upper_name(enum cmp_op op);           /* "PMATCH": as errors about right-hand sides spell it */
const char *op_modifier_name(enum op_modifier mod);      /* "" for MOD_NONE */
const char *transformer_name(enum transformer t);        /* "tolower" */
const char *value_type_name(enum value_type type);       /* "CHARBUF", "UINT64": Falco's names, used in errors */

/* The operator that the whole text names ("==" and "=" are one); CMP_OP_COUNT: none. */
enum cmp_op cmp_op_by_name(const char *name, size_t len);
/* MOD_NONE when it names none. */
enum op_modifier op_modifier_by_name(const char *name, size_t len);
/* TRANSFORMER_COUNT when it names none. val() is no transformer. */
enum transformer transformer_by_name(const char *name, size_t len);

static inline bool value_type_is_text(enum value_type t)
{
	return t == VT_STRING || t == VT_PATH;
}

static inline bool value_type_is_signed(enum value_type t)
{
	return t >= VT_INT8 && t <= VT_INT64;
}

/* Numbers in the language's sense: everything with an order. Bool has none. */
static inline bool value_type_is_number(enum value_type t)
{
	return (t >= VT_INT8 && t <= VT_PORT) || t == VT_DOUBLE || t == VT_RELTIME || t == VT_ABSTIME;
}

#endif
