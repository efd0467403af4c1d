/* case: one conformance case while it runs, and the comparisons a kind uses. A comparison whose key is absent from
 * `expected` passes: such a key is not compared. Every difference is added to `failure`; a case without one passed. */
#ifndef VITRINE_CONFORMANCE_CASE_H
#define VITRINE_CONFORMANCE_CASE_H

#include "policyd/yaml/yaml_doc.h"
#include "proto/base/arena.h"
#include "proto/base/buf.h"
#include "tests/conformance/toy.h"

struct case_run {
	const char *id;
	const struct yaml_node *node;        /* the whole case */
	const struct yaml_node *expected;    /* `fixed` where present, else `expected` */
	const struct toy *toy;
	struct arena *arena;                 /* dies with the case */
	bool strict_text;                    /* *_contains texts count too */
	struct buf *failure;
};

typedef void case_fn(struct case_run *run);

struct case_kind {
	const char *name;
	case_fn *run;
};

/* The table of kinds: kinds.c. */
case_fn *case_kind_find(const char *name);

/* Text of a scalar key of the case; NULL when absent or null. Lives as long as the file. */
const char *case_text(const struct case_run *run, const char *key);
/* A key of `expected`; NULL when absent. */
const struct yaml_node *case_expected(const struct case_run *run, const char *key);

void case_fail(struct case_run *run, const char *fmt, ...) VITRINE_PRINTF(2, 3);
void case_expect_bool(struct case_run *run, const char *key, bool got);
void case_expect_number(struct case_run *run, const char *key, int64_t got);
void case_expect_text(struct case_run *run, const char *key, const char *got);    /* got: NULL stands for null */
/* Compared only with --strict-text: Falco's wording is optional (falco-language.md §8). */
void case_expect_contains(struct case_run *run, const char *key, const char *got);
void case_expect_list(struct case_run *run, const char *key, const char *const *got, size_t count);
void case_expect_multiset(struct case_run *run, const char *key, const char *const *got, size_t count);
/* expected: {key: {name: text}}. Fails when the key's map names `name` with another text. */
void case_expect_named_text(struct case_run *run, const char *key, const char *name, const char *got);
void case_compare_list(struct case_run *run, const char *what, const struct yaml_node *want, const char *const *got,
	size_t count);

#endif
