/* regex_literal: texts of which every match of a pattern must contain at least one, so that the index can leave the
 * pattern alone on events without them. Any pattern may be given: where its syntax is not understood, nothing is said. */
#ifndef VITRINE_ENGINE_REGEX_LITERAL_H
#define VITRINE_ENGINE_REGEX_LITERAL_H

#include "policyd/engine/glob.h"
#include "proto/base/arena.h"

enum {
	REGEX_LITERALS_MAX = 16,          /* alternatives; more would make a weak guard */
	REGEX_LITERAL_BYTES = 64,         /* a longer run is cut */
	REGEX_LITERAL_NESTING = 64,       /* groups */
};

struct regex_literals {
	struct glob_text at[REGEX_LITERALS_MAX];    /* in the arena */
	size_t count;                               /* 0: nothing is known */
};

struct regex_literals regex_literals_of(const char *pattern, size_t len, struct arena *a);

#endif
