/* junit: results as the JUnit XML that build servers read: one testsuite for each file, one testcase for each test. */
#ifndef VITRINE_RULETEST_JUNIT_H
#define VITRINE_RULETEST_JUNIT_H

#include "policyd/ruletest/ruletest.h"
#include "proto/base/buf.h"

enum { JUNIT_MAX_BYTES = 64 << 20 };

struct junit {
	struct buf cases;                  /* of the suite at hand */
	struct buf suites;                 /* finished ones */
	char file[4096];                   /* of the suite at hand; "": none yet */
	size_t tests, failures;            /* of it */
	size_t all_tests, all_failures;
	uint64_t elapsed_ns;
};

void junit_init(struct junit *j);
void junit_release(struct junit *j);
void junit_add(struct junit *j, const struct ruletest_case *c);
/* The whole document. False: it is too long, or memory is out. */
bool junit_write(struct junit *j, struct buf *out);

#endif
