/* affix_trie: finds all literals that a text begins with, or ends with, in one walk. Lives in an arena; immutable. */
#ifndef VITRINE_ENGINE_AFFIX_TRIE_H
#define VITRINE_ENGINE_AFFIX_TRIE_H

#include "policyd/engine/literal.h"
#include "proto/base/arena.h"
#include "proto/base/status.h"

enum { AFFIX_MAX_BYTES = 64 };    /* of a literal the walk looks at; longer ones are compared whole at the end of it */

enum affix_end { AFFIX_PREFIX, AFFIX_SUFFIX };

struct affix_trie;

/* Literals of at least one byte. */
enum status affix_trie_create(struct arena *a, const struct literal *literals, size_t count, enum affix_end end,
	struct affix_trie **out);
void affix_trie_run(const struct affix_trie *t, const char *text, size_t len, literal_fn *found, void *ctx);

#endif
