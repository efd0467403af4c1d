/* literal: a text that the index looks for, and the trigger it fires. The text belongs to the program. */
#ifndef VITRINE_ENGINE_LITERAL_H
#define VITRINE_ENGINE_LITERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "proto/base/text.h"

struct literal {
	const char *ptr;
	uint32_t len;
	uint32_t trigger;
	bool fold;                 /* ASCII case is ignored; the text is folded already */
};

/* at: as many bytes as the literal has. */
static inline bool literal_is_at(const struct literal *l, const char *at)
{
	if (!l->fold)
		return memcmp(l->ptr, at, l->len) == 0;
	for (uint32_t i = 0; i < l->len; i++) {
		if (l->ptr[i] != text_fold(at[i]))
			return false;
	}
	return true;
}

/* Called for each literal found; a literal may be reported more than once for one text. */
typedef void literal_fn(void *ctx, uint32_t trigger);

/* Text that Windows events are full of: parts of it tell nothing. */
const char *literal_common_text(void);

#endif
