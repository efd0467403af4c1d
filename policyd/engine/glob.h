/* glob: what fnmatch(3) does with no flags, in the C locale and on every system: '*' any run, '?' one byte, [a-z] [!a-z]
 * [[:alpha:]], '\\' makes the next character literal; '/' is a character like any other. A '[' without its ']' stands for
 * itself; a lone '\\' at the end matches nothing. Time is at most pattern times text. No allocation; any thread. */
#ifndef VITRINE_ENGINE_GLOB_H
#define VITRINE_ENGINE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

struct glob_text {
	const char *ptr;
	size_t len;
};

/* fold: ASCII letters compare equal in either case. */
bool glob_match(struct glob_text pattern, struct glob_text text, bool fold);

/* The longest run of plain characters every matching text must contain (fold: in either case), copied without escapes to
 * out, which has room for pattern.len bytes. Returns its length, 0 when there is none. */
size_t glob_literal(struct glob_text pattern, char *out);

/* Whether the pattern holds any of * ? [ */
bool glob_has_wildcard(struct glob_text pattern);

#endif
