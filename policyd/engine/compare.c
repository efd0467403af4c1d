#include "policyd/engine/compare.h"

#include <string.h>

#include "policyd/engine/glob.h"
#include "proto/base/text.h"

static bool contains_fold(const char *text, size_t len, const char *needle, size_t needle_len)
{
	char first = text_fold(needle[0]);

	for (size_t i = 0; i + needle_len <= len; i++) {
		if (text_fold(text[i]) == first && text_equal_fold(text + i, needle_len, needle, needle_len))
			return true;
	}
	return false;
}

bool text_contains(const char *text, size_t len, const char *needle, size_t needle_len, bool fold)
{
	const char *end;

	if (needle_len == 0)
		return true;
	if (needle_len > len)
		return false;
	if (fold)
		return contains_fold(text, len, needle, needle_len);
	end = text + (len - needle_len) + 1;
	while (text < end && (text = memchr(text, needle[0], (size_t)(end - text))) != NULL) {
		if (memcmp(text, needle, needle_len) == 0)
			return true;
		text++;
	}
	return false;
}

static bool same_bytes(const char *a, const char *b, size_t len, bool fold)
{
	return len == 0 || (fold ? text_equal_fold(a, len, b, len) : memcmp(a, b, len) == 0);
}

static int order_text(const struct value *a, const struct value *b, bool fold)
{
	size_t common = a->str.len < b->str.len ? a->str.len : b->str.len;

	for (size_t i = 0; i < common; i++) {
		unsigned char x = (unsigned char)(fold ? text_fold(a->str.ptr[i]) : a->str.ptr[i]);
		unsigned char y = (unsigned char)(fold ? text_fold(b->str.ptr[i]) : b->str.ptr[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return a->str.len < b->str.len ? -1 : a->str.len > b->str.len;
}

static int order(const struct check *c, const struct value *a, const struct value *b)
{
	switch (c->cls) {
	case CLASS_TEXT:
		return order_text(a, b, c->fold);
	case CLASS_SIGNED:
		return a->i < b->i ? -1 : a->i > b->i;
	default:
		return a->u < b->u ? -1 : a->u > b->u;
	}
}

static bool ordered(const struct check *c, const struct value *a, const struct value *b)
{
	bool less, greater;

	if (c->cls == CLASS_DOUBLE) {
		less = a->d < b->d;
		greater = a->d > b->d;
		if (!less && !greater && a->d != b->d)
			return false;     /* not a number */
	} else {
		int o = order(c, a, b);

		less = o < 0;
		greater = o > 0;
	}
	switch (c->op) {
	case OP_LT:
		return less;
	case OP_LE:
		return !greater;
	case OP_GT:
		return greater;
	default:
		return !less;
	}
}

static bool holds_text(const struct check *c, const struct value *v, const struct value *k)
{
	size_t len = v->str.len, part = k->str.len;

	switch (c->op) {
	case OP_CONTAINS:
		return text_contains(v->str.ptr, len, k->str.ptr, part, c->fold);
	case OP_STARTSWITH:
		return part <= len && same_bytes(v->str.ptr, k->str.ptr, part, c->fold);
	case OP_ENDSWITH:
		return part <= len && same_bytes(v->str.ptr + (len - part), k->str.ptr, part, c->fold);
	default:
		return glob_match((struct glob_text){ k->str.ptr, part }, (struct glob_text){ v->str.ptr, len }, c->fold);
	}
}

/* The check with its i'th constant alone. */
static bool holds(const struct check *c, const struct value *v, size_t i, struct regex_scratch *scratch)
{
	switch (c->op) {
	case OP_EQ:
	case OP_IN:
	case OP_INTERSECTS:
		return value_equal(c->cls, c->fold, v, &c->consts[i]);
	case OP_NE:
		return !value_equal(c->cls, c->fold, v, &c->consts[i]);
	case OP_LT:
	case OP_LE:
	case OP_GT:
	case OP_GE:
		return ordered(c, v, &c->consts[i]);
	case OP_REGEX:
		return regex_match(c->regexes[i], scratch, v->str.ptr, v->str.len);
	default:
		return holds_text(c, v, &c->consts[i]);
	}
}

/* One constant against all the values: != asks both ends of a connection, all else any. */
static bool holds_any(const struct check *c, const struct value *items, size_t count, size_t i,
	struct regex_scratch *scratch)
{
	bool all = c->op == OP_NE;

	for (size_t k = 0; k < count; k++) {
		if (holds(c, &items[k], i, scratch) != all)
			return !all;
	}
	return all;
}

static bool in_consts(const struct check *c, const struct value *v, struct regex_scratch *scratch)
{
	if (c->set)
		return const_set_has(c->set, v);
	for (size_t i = 0; i < c->const_count; i++) {
		if (holds(c, v, i, scratch))
			return true;
	}
	return false;
}

static void note_found(void *ctx, uint32_t constant)
{
	(void)constant;
	*(bool *)ctx = true;
}

/* Whether one of very many constants is found in any of the values. */
static bool find_any(const struct check *c, const struct value *items, size_t count)
{
	bool found = false;

	for (size_t i = 0; i < count && !found; i++) {
		if (c->scan)
			gram_scan_run(c->scan, items[i].str.ptr, items[i].str.len, note_found, &found);
		else
			affix_trie_run(c->affix, items[i].str.ptr, items[i].str.len, note_found, &found);
	}
	return found;
}

/* The modifiers over the constants; values as for holds_any. */
static bool check_modified(const struct check *c, const struct value *items, size_t count, struct regex_scratch *scratch)
{
	size_t fits = 0;

	if (c->scan || c->affix)
		return find_any(c, items, count);
	if (c->mod == MOD_NONE)
		return c->const_count > 0 && holds_any(c, items, count, 0, scratch);
	for (size_t i = 0; i < c->const_count; i++) {
		bool fit = holds_any(c, items, count, i, scratch);

		if (fit && c->mod == MOD_ANYOF)
			return true;
		if (!fit && c->mod == MOD_ALLOF)
			return false;
		if (fit && ++fits > 1 && c->mod == MOD_ONEOF)
			return false;
	}
	return c->mod == MOD_ALLOF ? c->const_count > 0 : fits == 1;
}

static bool check_some(const struct check *c, const struct value *items, size_t count, struct regex_scratch *scratch)
{
	switch (c->op) {
	case OP_EXISTS:
		return true;
	case OP_IN:
	case OP_INTERSECTS:
		for (size_t i = 0; i < count; i++) {
			if (in_consts(c, &items[i], scratch))
				return true;
		}
		return false;
	case OP_PMATCH:
		for (size_t i = 0; i < count; i++) {
			if (pathtrie_match(c->paths, items[i].str.ptr, items[i].str.len))
				return true;
		}
		return false;
	default:
		return check_modified(c, items, count, scratch);
	}
}

static bool check_list(const struct check *c, const struct value *items, size_t count, struct regex_scratch *scratch)
{
	if (c->op != OP_IN)
		return (c->op == OP_INTERSECTS || c->op == OP_EXISTS) && check_some(c, items, count, scratch);
	for (size_t i = 0; i < count; i++) {
		if (!in_consts(c, &items[i], scratch))
			return false;
	}
	return true;
}

bool check_values(const struct check *c, enum operand_shape shape, const struct value *items, size_t count,
	struct regex_scratch *scratch)
{
	if (shape == SHAPE_LIST)
		return check_list(c, items, count, scratch);
	if (shape != SHAPE_ANCESTORS)
		return check_some(c, items, count, scratch);
	for (size_t i = 0; i < count; i++) {
		if (check_some(c, &items[i], 1, scratch))
			return true;
	}
	return false;
}
