/* ruletest: runs rule tests (*_test.yaml): events written as maps, or recordings, judged by rules, and the alerts
 * compared with what is expected. The form stands in docs/rule-language.md. Blocks; one thread. */
#ifndef VITRINE_RULETEST_RULETEST_H
#define VITRINE_RULETEST_RULETEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/base/status.h"

enum {
	RULETEST_MAX_FOLDER_DEPTH = 32,
	RULETEST_MAX_FILES = 65536,        /* of one folder */
	RULETEST_STEP_MS = 1,              /* between two events of a test that do not say when they happen */
};

struct ruletest_case {
	const char *file, *name;
	uint32_t line;
	bool passed;
	const char *why;                   /* of a failure: lines, each indented and ended */
	uint64_t elapsed_ns;
};

/* One test is done. Borrowed for the call. */
typedef void ruletest_done(void *ctx, const struct ruletest_case *c);

struct ruletest;

struct ruletest *ruletest_create(ruletest_done *done, void *ctx);    /* NULL: out of memory */
void ruletest_destroy(struct ruletest *rt);                          /* NULL is fine */

/* A file, or a folder with its subfolders: every *_test.yaml and *_test.yml in them, sorted. A file that cannot be read is
 * one failed case. Any other status than ST_OK: the run as a whole has failed, why says how. */
enum status ruletest_run(struct ruletest *rt, const char *path, struct diag *why);

size_t ruletest_passed(const struct ruletest *rt);
size_t ruletest_failed(const struct ruletest *rt);

#endif
