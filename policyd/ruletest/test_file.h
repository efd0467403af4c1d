/* test_file: a *_test.yaml as its list of tests, keys checked, nothing resolved yet. Private to the layer. */
#ifndef VITRINE_RULETEST_TEST_FILE_H
#define VITRINE_RULETEST_TEST_FILE_H

#include "policyd/yaml/yaml_doc.h"
#include "proto/base/arena.h"

enum {
	TEST_FILE_MAX_BYTES = 16 << 20,
	TEST_MAX_PATHS = 256,              /* rules, or inputs, of one test */
	TEST_MAX_PATH_BYTES = 4096,
};

struct test_paths {
	const char *items[TEST_MAX_PATHS];     /* resolved against the file's folder */
	size_t count;
};

struct rule_test {
	const char *name;
	const struct yaml_node *node;
	struct test_paths rules;               /* none given: that folder */
	struct test_paths inputs;
	const struct yaml_node *events;        /* a sequence; NULL: inputs are given */
	const struct yaml_node *expect;        /* a sequence */
};

/* Reads a whole file. ST_SYSTEM, ST_MALFORMED, ST_LIMIT, ST_NOMEM: why has file and place. The caller destroys *out. */
enum status test_file_read(const char *path, struct yaml_doc **out, struct diag *why);
/* Test number i of the file's first document, which is a sequence. Texts live in a or in the document. */
enum status test_file_test(const struct yaml_node *node, const char *file, struct arena *a, struct rule_test *out,
	struct diag *why);

#endif
