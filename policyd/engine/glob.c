#include "policyd/engine/glob.h"

#include <ctype.h>
#include <string.h>

#include "proto/base/text.h"

struct class_name {
	const char *name;
	int (*test)(int c);
};

static const struct class_name classes[] = {
	{ "alpha", isalpha }, { "digit", isdigit }, { "alnum", isalnum }, { "upper", isupper }, { "lower", islower },
	{ "space", isspace }, { "blank", isblank }, { "punct", ispunct }, { "print", isprint }, { "graph", isgraph },
	{ "cntrl", iscntrl }, { "xdigit", isxdigit },
};

/* A bracket expression being read: at is the next character of the pattern. */
struct bracket {
	struct glob_text pattern;
	size_t at;
	unsigned char c;             /* the character of the text, folded if fold */
	bool fold, found;
};

static unsigned char folded(char c, bool fold)
{
	return (unsigned char)(fold ? text_fold(c) : c);
}

/* [:name:] at b->at, which stands on the '['. False: it is no class. */
static bool read_class(struct bracket *b)
{
	const char *name = b->pattern.ptr + b->at + 2;
	size_t left = b->pattern.len - b->at;

	if (left < 4 || b->pattern.ptr[b->at + 1] != ':')
		return false;
	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
		size_t len = strlen(classes[i].name);

		if (left < len + 4 || memcmp(name, classes[i].name, len) != 0 || name[len] != ':' || name[len + 1] != ']')
			continue;
		if (b->c < 0x80 && (classes[i].test(b->c) || (b->fold && classes[i].test(toupper(b->c)))))
			b->found = true;
		b->at += len + 4;
		return true;
	}
	return false;
}

/* One end of a range, escapes resolved. False: the pattern ends. */
static bool read_char(struct bracket *b, unsigned char *out)
{
	if (b->at < b->pattern.len && b->pattern.ptr[b->at] == '\\')
		b->at++;
	if (b->at >= b->pattern.len)
		return false;
	*out = folded(b->pattern.ptr[b->at++], b->fold);
	return true;
}

static bool read_range(struct bracket *b)
{
	unsigned char lo, hi;

	if (!read_char(b, &lo))
		return false;
	hi = lo;
	if (b->at + 1 < b->pattern.len && b->pattern.ptr[b->at] == '-' && b->pattern.ptr[b->at + 1] != ']') {
		b->at++;
		if (!read_char(b, &hi))
			return false;
	}
	if (lo <= b->c && b->c <= hi)
		b->found = true;
	return true;
}

/* b->at stands after '['. False: no closing bracket. *matches: c is in the set. */
static bool read_bracket(struct bracket *b, bool *matches)
{
	bool negated = b->at < b->pattern.len && (b->pattern.ptr[b->at] == '!' || b->pattern.ptr[b->at] == '^');
	bool first = true;

	if (negated)
		b->at++;
	for (; b->at < b->pattern.len; first = false) {
		char p = b->pattern.ptr[b->at];

		if (p == ']' && !first) {
			b->at++;
			*matches = b->found != negated;
			return true;
		}
		if (p == '[' && read_class(b))
			continue;
		if (!read_range(b))
			return false;
	}
	return false;
}

/* Whether the element of the pattern at *at (no '*') takes the character c; *at moves past it if so. */
static bool match_element(struct glob_text pattern, size_t *at, char c, bool fold)
{
	struct bracket b = { .pattern = pattern, .at = *at + 1, .c = folded(c, fold), .fold = fold };
	bool matches = false;
	char p = pattern.ptr[*at];

	if (p == '?') {
		(*at)++;
		return true;
	}
	if (p == '[' && read_bracket(&b, &matches)) {
		*at = b.at;
		return matches;
	}
	if (p == '\\') {
		if (*at + 1 >= pattern.len)
			return false;
		p = pattern.ptr[++*at];
	}
	(*at)++;
	return folded(p, fold) == b.c;
}

bool glob_match(struct glob_text pattern, struct glob_text text, bool fold)
{
	size_t p = 0, t = 0, star = SIZE_MAX, star_text = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = ++p;
			star_text = t;
			continue;
		}
		if (p < pattern.len && match_element(pattern, &p, text.ptr[t], fold)) {
			t++;
			continue;
		}
		/* Only the last star needs another try: an earlier one could not reach further. */
		if (star == SIZE_MAX)
			return false;
		p = star;
		t = ++star_text;
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

bool glob_has_wildcard(struct glob_text pattern)
{
	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.ptr[i] == '*' || pattern.ptr[i] == '?' || pattern.ptr[i] == '[')
			return true;
	}
	return false;
}

/* The run of plain characters from *at on, which ends up past it. */
static size_t plain_run(struct glob_text pattern, size_t *at, char *out)
{
	size_t len = 0;

	while (*at < pattern.len) {
		char c = pattern.ptr[*at];

		if (c == '*' || c == '?' || c == '[')
			break;
		if (c == '\\' && ++*at >= pattern.len)
			break;
		out[len++] = pattern.ptr[(*at)++];
	}
	return len;
}

size_t glob_literal(struct glob_text pattern, char *out)
{
	size_t best = 0, best_at = 0, at = 0, used = 0;

	while (at < pattern.len) {
		size_t len = plain_run(pattern, &at, out + used);

		if (len > best) {
			best = len;
			best_at = used;
		}
		used += len;
		if (at < pattern.len && pattern.ptr[at] == '[')
			break;    /* what follows a bracket is not looked at: where it ends is read_bracket's business */
		at++;
	}
	memmove(out, out + best_at, best);
	return best;
}
