#include "policyd/engine/suggest.h"

#include <stdio.h>
#include <string.h>

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Optimal string alignment: insert, delete, replace, and swap of two neighbours cost 1 each. */
static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][SUGGEST_MAX_LEN + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		before[j] = last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *spare = before;

		now[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[b_len];
}

void suggest_init(struct suggest *s, const char *word, size_t len)
{
	/* A third of the letters may be wrong, at most three: more would suggest unrelated names. */
	size_t allowed = len / 3 < 1 ? 1 : len / 3 > 3 ? 3 : len / 3;

	*s = (struct suggest){ .word = word, .len = len, .best_distance = allowed + 1 };
}

void suggest_offer(struct suggest *s, const char *candidate)
{
	size_t len = strlen(candidate);
	size_t d;

	if (len > SUGGEST_MAX_LEN || s->len > SUGGEST_MAX_LEN || len == 0)
		return;
	if ((len > s->len ? len - s->len : s->len - len) >= s->best_distance)
		return;
	d = edit_distance(s->word, s->len, candidate, len);
	if (d < s->best_distance) {
		s->best = candidate;
		s->best_distance = d;
	}
}

void suggest_text(const struct suggest *s, char *out, size_t out_bytes)
{
	if (s->best)
		snprintf(out, out_bytes, "did you mean '%s'?", s->best);
	else if (out_bytes)
		out[0] = '\0';
}
