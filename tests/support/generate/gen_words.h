/* gen_words: one line of a scenario, cut into words and key=value pairs. A value with blanks stands in double quotes,
 * in which "" is one quote and nothing else is special (paths are full of backslashes). */
#ifndef VITRINE_TEST_GEN_WORDS_H
#define VITRINE_TEST_GEN_WORDS_H

#include "proto/base/status.h"

enum { WORDS_MAX = 24 };

struct words {
	const char *plain[WORDS_MAX];        /* words without '=', in order */
	const char *key[WORDS_MAX], *value[WORDS_MAX];
	int plain_count, pair_count, line;
};

/* line: changed in place; the words point into it. */
enum status words_cut(char *line, int line_number, struct words *out, struct diag *why);
/* NULL: not there. */
const char *words_find(const struct words *w, const char *key);
const char *words_get(const struct words *w, const char *key, const char *otherwise);
uint64_t words_number(const struct words *w, const char *key, uint64_t otherwise);

#endif
