/* wildcard: the pattern of rule selection: `*` stands for any run of bytes, all else for itself; the whole text must fit.
 * Falco takes the first place of each literal and never retries; here `*ab` fits "abab". Linear in practice, at worst
 * pattern length times text length. Any thread. */
#ifndef VITRINE_RULESET_WILDCARD_H
#define VITRINE_RULESET_WILDCARD_H

#include <stdbool.h>

bool wildcard_match(const char *pattern, const char *text);

#endif
