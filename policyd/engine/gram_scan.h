/* gram_scan: finds all of many literals in a text in one pass whose cost does not grow with their number.
 * Every literal is known by as many 4-byte windows ("grams") as the pass is wide in steps, so that looking at every
 * step'th position of the text meets one of them; a bitmap says at once that nearly all positions hold no such gram, and
 * what is left is compared whole. Literals of two and three bytes are looked for at every position by two bytes.
 * The text is never changed: letters hash the same in either case. Lives in an arena; immutable. */
#ifndef VITRINE_ENGINE_GRAM_SCAN_H
#define VITRINE_ENGINE_GRAM_SCAN_H

#include "policyd/engine/hash_index.h"
#include "policyd/engine/literal.h"

enum {
	GRAM_SCAN_MIN_BYTES = 2,       /* shorter literals would be met all over; they are not taken */
	GRAM_SCAN_MAX_STEP = 8,        /* wider steps cost memory per literal and save little */
};

struct gram_scan;

/* Takes literals of at least GRAM_SCAN_MIN_BYTES. */
enum status gram_scan_create(struct arena *a, const struct literal *literals, size_t count, struct gram_scan **out);
void gram_scan_run(const struct gram_scan *s, const char *text, size_t len, literal_fn *found, void *ctx);

#endif
