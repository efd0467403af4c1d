/* ast: a parsed condition with the place of every node. Everything lives in the arena it was built in, or in the one
 * it was resolved in; nodes are never changed once built, so trees may share parts (a resolved macro is shared by its
 * users). Built by parse.c from text, and by the ruleset loader for exceptions, which never become text. */
#ifndef VITRINE_ENGINE_AST_H
#define VITRINE_ENGINE_AST_H

#include "policyd/engine/expr.h"

/* Where something stands in its text; line and column are 1-based, the column counts bytes. */
struct cond_pos {
	uint32_t offset, line, column;
};

/* The text that positions refer to. owner is the maker's business: the loader finds its YAML item by it. */
struct cond_source {
	const char *text;
	size_t len;
	const void *owner;
};

/* A constant. word: it was written bare, so it may name a list. */
struct ast_value {
	const char *ptr;        /* NUL-terminated; unescaped; may hold NULs when it was quoted */
	size_t len;
	struct cond_pos pos;
	bool word;
};

enum ast_operand_kind { AST_FIELD, AST_TRANSFORM, AST_TEXT, AST_LIST };

struct ast_operand {
	enum ast_operand_kind kind;
	struct cond_pos pos;
	const char *name;       /* AST_FIELD: its name; AST_TEXT: the constant */
	size_t name_len;
	enum transformer transformer;
	const char *arg;        /* [arg] of a field, or of getopt(); NULL: none */
	size_t arg_len;
	const struct ast_operand *const *args;   /* AST_TRANSFORM, AST_LIST */
	size_t arg_count;
};

enum ast_kind { AST_AND, AST_OR, AST_NOT, AST_MACRO, AST_CHECK };

/* How the right-hand constants were written: decides printing, and whether a list name may stand there. */
enum ast_form {
	FORM_NONE,              /* exists, or a right-hand operand */
	FORM_SCALAR,            /* x = v, x > 5 */
	FORM_WORD,              /* x in name, x contains anyof name */
	FORM_LIST,              /* x in (a, b) */
};

struct ast_check {
	const struct ast_operand *left;
	enum cmp_op op;
	enum op_modifier mod;
	const char *op_text;                 /* as written: "==" */
	struct cond_pos op_pos;
	enum ast_form form;
	const struct ast_operand *right;     /* NULL: values */
	bool right_is_val;                   /* printed as val(field) */
	const struct ast_value *values;
	size_t value_count;
};

struct ast_node {
	enum ast_kind kind;
	struct cond_pos pos;
	const struct cond_source *source;
	const struct ast_node *const *kids;  /* AND, OR: two or more; NOT: one */
	size_t kid_count;
	const char *name;                    /* MACRO */
	size_t name_len;
	const struct ast_check *check;       /* CHECK */
};

/* Builders; NULL: the arena is full. They copy arrays, not texts. */
const struct ast_node *ast_group(struct arena *a, enum ast_kind kind, const struct ast_node *const *kids, size_t count);
const struct ast_node *ast_not(struct arena *a, const struct ast_node *kid);
/* source and pos are those of the left side's text. */
const struct ast_node *ast_check_node(struct arena *a, const struct cond_source *source, const struct ast_check *check);

/* Calls visit for every check of the tree, depth first, left to right; stops when it returns false. */
typedef bool ast_visit_fn(void *ctx, const struct ast_node *check);
bool ast_each_check(const struct ast_node *root, ast_visit_fn *visit, void *ctx);
/* The same for every field of an operand, arguments of transformers included. */
typedef bool ast_field_fn(void *ctx, const struct ast_operand *field);
bool ast_each_field(const struct ast_operand *o, ast_field_fn *visit, void *ctx);

#endif
