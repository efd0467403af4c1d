/* suggest: "did you mean": the candidate with the smallest edit distance, if it is near enough to be a slip.
 * No allocation; any thread. */
#ifndef VITRINE_ENGINE_SUGGEST_H
#define VITRINE_ENGINE_SUGGEST_H

#include <stddef.h>

enum { SUGGEST_MAX_LEN = 63 };   /* longer names are not compared: no real name is so long, and the cost is squared */

struct suggest {
	const char *word;
	size_t len;
	const char *best;        /* borrowed from the candidates; NULL: none near enough */
	size_t best_distance;
};

void suggest_init(struct suggest *s, const char *word, size_t len);
void suggest_offer(struct suggest *s, const char *candidate);
/* "did you mean 'best'?" into out, or "" when nothing is near. */
void suggest_text(const struct suggest *s, char *out, size_t out_bytes);

#endif
