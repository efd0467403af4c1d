/* regex: one compiled pattern of the `regex` operator: RE2 in its POSIX mode (falco-language.md §1.9), the whole value
 * must match. Compiled with PCRE2, to machine code at the first match where the system allows it. Any thread may
 * match, each with a scratch of its own. The only file that sees PCRE2's matcher. */
#ifndef VITRINE_ENGINE_REGEX_H
#define VITRINE_ENGINE_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/base/status.h"

enum {
	REGEX_MATCH_LIMIT = 2000,            /* points to return to of the fast way; each can cost a pass over the text */
	REGEX_JIT_STACK_BYTES = 512 * 1024,  /* grows to this with nested repeats on long values */
	REGEX_HEAP_LIMIT_KIB = 4096,         /* the same where there is no JIT */
	REGEX_SLOW_STATES = 8192,            /* alternatives the slow way follows at once; REGEX_MAX_REPEAT needs no more */
	REGEX_SLOW_BUDGET = 32 << 20,        /* bytes of text times bytes of compiled pattern: some hundredths of a second */
	REGEX_MAX_TEXT_BYTES = 4 << 20,      /* a value that invalid UTF-8 would make longer than this never matches */
};

struct regex;
struct regex_scratch;

/* pattern: as written in the rule (regex_syntax.h). fold: ASCII case is ignored. ST_MALFORMED: no valid pattern. */
enum status regex_create(const char *pattern, size_t len, bool fold, struct regex **out, struct diag *why);
void regex_destroy(struct regex *re);                     /* NULL is fine */
size_t regex_bytes(const struct regex *re);               /* without machine code */

struct regex_scratch *regex_scratch_create(void);         /* NULL: out of memory */
void regex_scratch_destroy(struct regex_scratch *s);      /* NULL is fine */

struct regex_counters {
	uint64_t slow;         /* matches that backtracked too long and were decided the slow way */
	uint64_t gave_up;      /* those for which that was too much as well: they counted as no match */
};
struct regex_counters regex_scratch_counters(const struct regex_scratch *s);

/* Bytes of text that are no UTF-8 are seen as U+FFFD. Backtracking is fast but can be made to take forever by whoever
 * writes the text; past a limit all alternatives are followed side by side instead, so that padding hides no match. */
bool regex_match(const struct regex *re, struct regex_scratch *s, const char *text, size_t len);

#endif
