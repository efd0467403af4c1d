#include "tests/support/generate/gen_words.h"

#include <stdlib.h>
#include <string.h>

/* Copies a quoted value over itself; returns the place after the closing quote, NULL when there is none. */
static char *unquote(char *from, char *to)
{
	for (from++; *from; from++) {
		if (*from == '"' && from[1] != '"') {
			*to = '\0';
			return from + 1;
		}
		if (*from == '"')
			from++;
		*to++ = *from;
	}
	return NULL;
}

static char *skip_blanks(char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
		p++;
	return p;
}

static char *word_end(char *p)
{
	while (*p && *p != ' ' && *p != '\t' && *p != '\n' && *p != '\r')
		p++;
	return p;
}

/* One word at p; returns the place after it, NULL: an open quote. */
static char *cut_word(char *p, struct words *out)
{
	char *equals = strchr(p, '='), *end = word_end(p), *after = end;

	if (!equals || equals > end) {
		out->plain[out->plain_count++] = p;
	} else {
		*equals = '\0';
		out->key[out->pair_count] = p;
		out->value[out->pair_count++] = equals + 1;
		if (equals[1] == '"')
			return unquote(equals + 1, equals + 1);
	}
	if (*end)
		after = end + 1;
	*end = '\0';
	return after;
}

enum status words_cut(char *line, int line_number, struct words *out, struct diag *why)
{
	char *p = skip_blanks(line);

	*out = (struct words){ .line = line_number };
	while (*p && *p != '#') {
		if (out->plain_count == WORDS_MAX || out->pair_count == WORDS_MAX)
			return diag_set(why, ST_LIMIT, "line %d: more than %d words", line_number, WORDS_MAX);
		p = cut_word(p, out);
		if (!p)
			return diag_set(why, ST_MALFORMED, "line %d: a quote is not closed", line_number);
		p = skip_blanks(p);
	}
	return ST_OK;
}

const char *words_find(const struct words *w, const char *key)
{
	for (int i = 0; i < w->pair_count; i++) {
		if (strcmp(w->key[i], key) == 0)
			return w->value[i];
	}
	return NULL;
}

const char *words_get(const struct words *w, const char *key, const char *otherwise)
{
	const char *found = words_find(w, key);

	return found ? found : otherwise;
}

uint64_t words_number(const struct words *w, const char *key, uint64_t otherwise)
{
	const char *found = words_find(w, key);

	return found ? strtoull(found, NULL, 0) : otherwise;
}
