/* check: AST to expr. Private to the checker's files; condition.h is the way in. */
#ifndef VITRINE_ENGINE_CHECK_H
#define VITRINE_ENGINE_CHECK_H

#include "policyd/engine/tell.h"

struct checking {
	const struct cond_checker *c;
	const struct cond_source *source;    /* of the check at hand */
	struct cond_pos pos;                 /* where errors of the moment are put */
	struct cond_diag diag;               /* code COND_OK until the first failure */
	struct telling *telling;             /* NULL: the first failure ends it all */
};

/* After a failure: whether to examine what comes behind it. */
static inline bool check_goes_on(struct checking *k)
{
	return k->telling && tell_and_go_on(k->telling, &k->diag);
}

/* The first failure wins. Return false. */
bool check_fail(struct checking *k, enum cond_error code, const char *fmt, ...) VITRINE_PRINTF(3, 4);
bool check_nomem(struct checking *k);

/* check_operand.c. False: failure set. */
bool check_operand(struct checking *k, const struct ast_operand *in, const struct operand **out);
/* Looks a name and its argument up. False without a failure: no such field. arg NULL: none. */
bool check_field(const struct checking *k, const struct ast_operand *in, struct operand *out);
/* The field or transformer in words, for errors. Truncates. */
void check_operand_name(const struct ast_operand *o, char *out, size_t out_bytes);

/* check_transformer.c: type and shape of *out, whose args are checked, or a failure. */
bool check_transformer(struct checking *k, const struct ast_operand *in, struct operand *out);

/* constants.c */
struct constant_rule {
	enum value_type type;        /* of the left side */
	enum cmp_op op;
	bool fold;
	bool extended;               /* windows vocabularies */
	struct arena *arena;
};
/* False: why says what is wrong with it. cut: the value was shortened to the width of the type. */
bool constant_parse(const struct constant_rule *rule, const struct ast_value *in, struct value *out, struct cond_diag *why,
	bool *cut);

/* check_warn.c: Falco's warnings and our hints about one check. */
void warn_check(struct checking *k, const struct ast_node *n, const struct predicate *p);
void warn_constant_cut(struct checking *k, const struct ast_value *v, enum value_type type);

#endif
