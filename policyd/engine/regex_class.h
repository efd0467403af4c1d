/* regex_class: the pieces below a pattern: characters, escapes, bracket classes. Private to regex_syntax. */
#ifndef VITRINE_ENGINE_REGEX_CLASS_H
#define VITRINE_ENGINE_REGEX_CLASS_H

#include "policyd/engine/regex_syntax.h"

struct regex_input {
	const char *text;
	size_t len, at;
	char *problem;         /* REGEX_PROBLEM_BYTES */
};

/* Returns false. */
bool regex_refuse(struct regex_input *in, const char *fmt, ...) VITRINE_PRINTF(2, 3);

/* One UTF-8 character. */
bool regex_take_rune(struct regex_input *in, uint32_t *out);
/* From a backslash on. */
bool regex_take_escape(struct regex_input *in, uint32_t *out);
/* Behind a "[", up to and with the "]". */
bool regex_take_class(struct regex_input *in, struct buf *out);
/* The character as PCRE2 pattern text outside a class. */
bool regex_append_code_point(struct regex_input *in, uint32_t cp, struct buf *out);

#endif
