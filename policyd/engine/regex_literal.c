#include "policyd/engine/regex_literal.h"

#include <string.h>

/* What is known of a part of the pattern. exact: the part matches just these texts. Else: whatever it matches contains
 * one of them; none: nothing is known. */
struct part_info {
	bool exact;
	struct regex_literals texts;
};

struct reader {
	const char *ptr;
	size_t len, at;
	struct arena *arena;
	unsigned depth;
	bool failed;                  /* syntax not understood, or out of memory */
};

static const struct part_info unknown = { .exact = false };

static struct part_info exact_text(const char *ptr, size_t len)
{
	struct part_info info = { .exact = true };

	info.texts.at[0] = (struct glob_text){ ptr, len };
	info.texts.count = 1;
	return info;
}

static size_t shortest(const struct regex_literals *t)
{
	size_t least = t->count ? t->at[0].len : 0;

	for (size_t i = 1; i < t->count; i++)
		least = t->at[i].len < least ? t->at[i].len : least;
	return least;
}

/* The better of two requirements: the one whose shortest text is longer. */
static struct regex_literals better(const struct regex_literals *a, const struct regex_literals *b)
{
	return shortest(b) > shortest(a) ? *b : *a;
}

static bool cross(struct reader *r, const struct part_info *a, const struct part_info *b, struct part_info *out)
{
	struct part_info made = { .exact = true };

	if (!a->exact || !b->exact || a->texts.count * b->texts.count > REGEX_LITERALS_MAX)
		return false;
	for (size_t i = 0; i < a->texts.count; i++) {
		for (size_t k = 0; k < b->texts.count; k++) {
			struct glob_text x = a->texts.at[i], y = b->texts.at[k];
			char *text = arena_alloc(r->arena, x.len + y.len + 1);

			if (!text || x.len + y.len > REGEX_LITERAL_BYTES)
				return false;
			memcpy(text, x.ptr, x.len);
			memcpy(text + x.len, y.ptr, y.len);
			made.texts.at[made.texts.count++] = (struct glob_text){ text, x.len + y.len };
		}
	}
	*out = made;
	return true;
}

static struct part_info alternation(struct reader *r);

/* One of the characters that stand for themselves, or an escaped punctuation character. */
static struct part_info escaped(struct reader *r)
{
	char c = r->at < r->len ? r->ptr[r->at] : 'a';

	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80) {
		r->failed = true;
		return unknown;
	}
	r->at++;
	return exact_text(r->ptr + r->at - 1, 1);
}

/* [...]: passed over, but for one plain character in it. */
static struct part_info bracket(struct reader *r)
{
	size_t start = r->at;

	if (r->at < r->len && r->ptr[r->at] == '^')
		r->at++;
	if (r->at < r->len && r->ptr[r->at] == ']')
		r->at++;
	while (r->at < r->len && r->ptr[r->at] != ']') {
		if (r->ptr[r->at] == '\\') {
			r->at++;
		} else if (r->at + 1 < r->len && r->ptr[r->at] == '[' && r->ptr[r->at + 1] == ':') {
			while (r->at + 1 < r->len && (r->ptr[r->at] != ':' || r->ptr[r->at + 1] != ']' || r->at < start + 2))
				r->at++;
			r->at++;
		}
		r->at++;
	}
	if (r->at >= r->len) {
		r->failed = true;
		return unknown;
	}
	r->at++;
	if (r->at == start + 2 && strchr("^\\[", r->ptr[start]) == NULL && (unsigned char)r->ptr[start] < 0x80)
		return exact_text(r->ptr + start, 1);
	return unknown;
}

static struct part_info group(struct reader *r)
{
	struct part_info inside = unknown;

	if (r->depth >= REGEX_LITERAL_NESTING || (r->at < r->len && r->ptr[r->at] == '?')) {
		r->failed = true;
		return unknown;
	}
	r->depth++;
	inside = alternation(r);
	r->depth--;
	if (r->at >= r->len || r->ptr[r->at] != ')')
		r->failed = true;
	r->at++;
	return inside;
}

static struct part_info atom(struct reader *r)
{
	char c = r->ptr[r->at++];

	switch (c) {
	case '(':
		return group(r);
	case '[':
		return bracket(r);
	case '\\':
		return escaped(r);
	case '^':
	case '$':
		return exact_text("", 0);
	case '.':
		return unknown;
	case '*':
	case '+':
	case '?':
	case '{':
		r->failed = true;      /* a quantifier of nothing: whatever it means elsewhere, it is no literal here */
		return unknown;
	default:
		break;
	}
	if ((unsigned char)c < 0x80)
		return exact_text(r->ptr + r->at - 1, 1);
	/* A character of several bytes is one atom, and none we look for: the text may have it replaced by U+FFFD. */
	while (r->at < r->len && ((unsigned char)r->ptr[r->at] & 0xC0) == 0x80)
		r->at++;
	return unknown;
}

/* The quantifiers behind an atom. *at_least_once: it cannot be left out. False: none there. */
static bool quantifier(struct reader *r, bool *at_least_once)
{
	char c = r->at < r->len ? r->ptr[r->at] : '\0';

	if (c == '*' || c == '?' || c == '+') {
		r->at++;
		*at_least_once = *at_least_once && c == '+';
		return true;
	}
	if (c != '{')
		return false;
	if (r->at + 1 >= r->len || r->ptr[r->at + 1] < '1' || r->ptr[r->at + 1] > '9')
		*at_least_once = false;
	while (r->at < r->len && r->ptr[r->at] != '}')
		r->at++;
	if (r->at >= r->len)
		r->failed = true;
	r->at++;
	return true;
}

static struct part_info repeated(struct reader *r)
{
	struct part_info info = atom(r);
	bool at_least_once = true;

	while (!r->failed && quantifier(r, &at_least_once)) {
		info.exact = false;
		if (!at_least_once)
			info = unknown;
	}
	return info;
}

/* A run of parts: exact as long as all are, and few; then the best requirement met on the way. */
static struct part_info sequence(struct reader *r)
{
	struct part_info run = exact_text("", 0);
	struct regex_literals best = { .count = 0 };
	bool whole = true;

	while (!r->failed && r->at < r->len && r->ptr[r->at] != '|' && r->ptr[r->at] != ')') {
		struct part_info next = repeated(r);

		if (cross(r, &run, &next, &run))
			continue;
		whole = false;
		best = better(&best, &run.texts);
		if (next.exact) {
			run = next;
		} else {
			best = better(&best, &next.texts);
			run = exact_text("", 0);
		}
	}
	if (whole)
		return run;
	run.exact = false;
	run.texts = better(&best, &run.texts);
	return run;
}

static struct part_info alternation(struct reader *r)
{
	struct part_info all = sequence(r);

	while (!r->failed && r->at < r->len && r->ptr[r->at] == '|') {
		struct part_info next;

		r->at++;
		next = sequence(r);
		if (all.texts.count == 0 || next.texts.count == 0 || all.texts.count + next.texts.count > REGEX_LITERALS_MAX) {
			all = unknown;
			continue;
		}
		all.exact = all.exact && next.exact;
		memcpy(&all.texts.at[all.texts.count], next.texts.at, next.texts.count * sizeof next.texts.at[0]);
		all.texts.count += next.texts.count;
	}
	return all;
}

struct regex_literals regex_literals_of(const char *pattern, size_t len, struct arena *a)
{
	struct reader r = { .ptr = pattern, .len = len, .arena = a };
	struct part_info info = alternation(&r);
	struct regex_literals none = { .count = 0 };

	return r.failed || r.at < r.len || shortest(&info.texts) == 0 ? none : info.texts;
}
