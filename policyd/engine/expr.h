/* expr: a checked condition: names resolved, types agreed, constants parsed. Made by check.c from the AST
 * (macros and lists already resolved as trees), read by emit.c, explain, and the event-type analysis.
 * Lives in the ruleset builder's arena; the emitted program copies what it keeps. */
#ifndef VITRINE_ENGINE_EXPR_H
#define VITRINE_ENGINE_EXPR_H

#include "policyd/engine/field.h"

enum cmp_op {
	OP_EXISTS,
	OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE,
	OP_CONTAINS, OP_ICONTAINS, OP_BCONTAINS,
	OP_STARTSWITH, OP_BSTARTSWITH, OP_ENDSWITH,
	OP_GLOB, OP_IGLOB, OP_REGEX,
	OP_IN, OP_INTERSECTS, OP_PMATCH,
	CMP_OP_COUNT
};

enum op_modifier { MOD_NONE, MOD_ONEOF, MOD_ANYOF, MOD_ALLOF };

enum transformer { TR_TOLOWER, TR_TOUPPER, TR_B64, TR_BASENAME, TR_LEN, TR_CONCAT, TR_JOIN, TR_GETOPT, TRANSFORMER_COUNT };

enum operand_kind {
	OPERAND_FIELD,
	OPERAND_TRANSFORM,
	OPERAND_CONST,         /* argument of a transformer: a text */
	OPERAND_LIST,          /* argument of join(): (a, b, c) */
};

struct operand {
	enum operand_kind kind;
	enum value_type type;      /* of the result */
	bool is_list;              /* result is list-valued */
	/* OPERAND_FIELD */
	const struct field *field;
	struct field_arg arg;
	/* OPERAND_TRANSFORM, OPERAND_LIST */
	enum transformer transformer;
	char getopt_option;        /* getopt(..)[c]; 0: none */
	const struct operand *const *args;
	size_t arg_count;
	/* OPERAND_CONST */
	struct value constant;
};

/* One check. consts: parsed to the left side's type (string ops: text; OP_REGEX: pattern text; IPs: struct ip).
 * fold: ASCII case is ignored (Windows names); constants are already folded then, but for OP_REGEX: a folded pattern
 * would change its classes, so the matcher compiles it caseless. OP_REGEX patterns are valid (regex_syntax.h). */
struct predicate {
	const struct operand *left;
	enum cmp_op op;
	enum op_modifier mod;
	bool fold;
	bool windows_path;               /* '\\' separates path parts too (pmatch, basename) */
	const struct operand *right;     /* field-to-field or transformer; NULL: consts */
	const struct value *consts;
	size_t const_count;
};

enum expr_kind { EXPR_AND, EXPR_OR, EXPR_NOT, EXPR_PREDICATE };

struct expr {
	enum expr_kind kind;
	const struct expr *const *kids;  /* AND, OR: two or more; NOT: one */
	size_t kid_count;
	const struct predicate *pred;    /* EXPR_PREDICATE */
};

#endif
