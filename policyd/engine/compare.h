/* compare: one check against values that are there (falco-language.md §1.8 to §1.10). Pure; any thread, with its own
 * regex scratch. */
#ifndef VITRINE_ENGINE_COMPARE_H
#define VITRINE_ENGINE_COMPARE_H

#include "policyd/engine/affix_trie.h"
#include "policyd/engine/const_set.h"
#include "policyd/engine/gram_scan.h"
#include "policyd/engine/pathtrie.h"
#include "policyd/engine/regex.h"

/* The right side of a check and how to compare. Operators are reduced: icontains is OP_CONTAINS with fold, bcontains is
 * OP_CONTAINS over bytes, and so on. With fold the constants need not be folded, except within paths. */
struct check {
	enum cmp_op op;
	enum op_modifier mod;
	enum value_class cls;
	bool fold;
	const struct value *consts;
	size_t const_count;
	/* May be NULL; for many constants of which any will do. */
	const struct const_set *set;             /* equality */
	const struct gram_scan *scan;            /* OP_CONTAINS */
	const struct affix_trie *affix;          /* OP_STARTSWITH, OP_ENDSWITH */
	struct regex *const *regexes;            /* OP_REGEX: one per constant */
	const struct pathtrie *paths;            /* OP_PMATCH */
};

/* count values, at least one. Shape as operand_shape_of tells. */
bool check_values(const struct check *c, enum operand_shape shape, const struct value *items, size_t count,
	struct regex_scratch *scratch);

/* Whether text holds needle anywhere; fold: in either ASCII case on both sides. */
bool text_contains(const char *text, size_t len, const char *needle, size_t needle_len, bool fold);

#endif
