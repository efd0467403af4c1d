#include "policyd/decode/named.h"

#include "proto/base/text.h"

enum {
	NAME_MAX_BYTES = 64,            /* the longest name of a row is 32 */
	MESSAGE_SCAN_BYTES = 4096,      /* where a line is looked for: contexts and messages have their names well before that */
};

static bool equal(struct text_view a, const char *b, size_t b_len)
{
	return a.len == b_len && memcmp(a.ptr, b, b_len) == 0;
}

/* Ends and middle tell names of one event apart; letter case must not count. */
static size_t hash_name(const char *name, size_t len)
{
	size_t h = len * 7 + (uint8_t)(name[0] | 0x20) * 31u + (uint8_t)(name[len / 2] | 0x20) * 17u +
		   (uint8_t)(name[len - 1] | 0x20);

	return (h ^ h >> 7) % NAMED_NAME_BUCKETS;
}

/* Defender's log says "Product Name" where its manifest, like any, says ProductName. Returns the length, 0: too long. */
static size_t without_blanks(struct text_view name, char out[NAME_MAX_BYTES])
{
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == ' ')
			continue;
		if (n == NAME_MAX_BYTES)
			return 0;
		out[n++] = name.ptr[i];
	}
	return n;
}

void named_index_build(const struct named_layout *l, struct named_index *out)
{
	memset(out, 0, sizeof *out);
	/* From the last to the first, so that chains are in the order of rows. */
	for (size_t row = l->row_count; row > 0; row--) {
		const struct named_row *r = &l->rows[row - 1];
		size_t len = strlen(r->name), h = hash_name(r->name, len);

		out->name_bytes[row] = (uint8_t)len;
		out->next_in_bucket[row] = out->bucket[h];
		out->bucket[h] = (uint8_t)row;
		out->next_of_slot[row] = out->by_slot[r->slot];
		out->by_slot[r->slot] = (uint8_t)row;
	}
}

/* Number of the row, 0: none; *exact: spelled the same. */
static size_t find_row(const struct named_layout *l, struct text_view name, bool *exact)
{
	const struct named_index *x = l->index;
	size_t folded = 0;

	*exact = true;
	if (!name.len || name.len > UINT8_MAX)
		return 0;
	for (size_t row = x->bucket[hash_name(name.ptr, name.len)]; row; row = x->next_in_bucket[row]) {
		const char *known = l->rows[row - 1].name;

		if (equal(name, known, x->name_bytes[row]))
			return row;
		if (!folded && text_equal_fold(name.ptr, name.len, known, x->name_bytes[row]))
			folded = row;
	}
	*exact = false;
	return folded;
}

static size_t find_row_squeezed(const struct named_layout *l, struct text_view name, bool *exact)
{
	char text[NAME_MAX_BYTES];
	size_t row = find_row(l, name, exact);

	if (row || !name.len || !memchr(name.ptr, ' ', name.len))
		return row;
	return find_row(l, (struct text_view){ text, without_blanks(name, text) }, exact);
}

/* The row for the next value of a name that stands in the record more than once; 0: none. */
static size_t next_same(const struct named_layout *l, struct text_view name, size_t row, const uint32_t *index)
{
	const struct named_index *x = l->index;
	char text[NAME_MAX_BYTES];

	if (memchr(name.ptr, ' ', name.len))
		name = (struct text_view){ text, without_blanks(name, text) };
	for (row = x->next_in_bucket[row]; row; row = x->next_in_bucket[row]) {
		if (index[row - 1] == NAMED_ABSENT && equal(name, l->rows[row - 1].name, x->name_bytes[row]))
			return row;
	}
	return 0;
}

void named_bind(const struct named_layout *l, const struct record *r, uint32_t *index)
{
	uint64_t exact_rows = 0;
	size_t next = 0;

	for (size_t row = 0; row < l->row_count; row++)
		index[row] = NAMED_ABSENT;
	for (size_t i = 0; i < r->value_count; i++) {
		struct text_view name = r->values[i].name;
		bool exact = true;
		size_t row = 0;

		/* Rows stand in the order of the log: mostly the next one is it. */
		if (next < l->row_count && equal(name, l->rows[next].name, l->index->name_bytes[next + 1]))
			row = next + 1;
		else
			row = find_row_squeezed(l, name, &exact);
		if (row && exact_rows >> (row - 1) & 1)
			row = exact ? next_same(l, name, row, index) : 0;
		if (!row || (index[row - 1] != NAMED_ABSENT && !exact))
			continue;
		index[row - 1] = (uint32_t)i;
		exact_rows |= (uint64_t)exact << (row - 1);
		next = row;
	}
}

uint32_t named_find(const struct record *r, struct text_view name)
{
	for (size_t i = 0; i < r->value_count; i++) {
		if (equal(r->values[i].name, name.ptr, name.len))
			return (uint32_t)i;
	}
	for (size_t i = 0; i < r->value_count; i++) {
		if (text_equal_fold(r->values[i].name.ptr, r->values[i].name.len, name.ptr, name.len))
			return (uint32_t)i;
	}
	return NAMED_ABSENT;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* One line: "  name = value", "name: value"; blanks within the line's name do not count. */
static bool line_value(struct text_view line, struct text_view name, struct text_view *out)
{
	size_t i = 0, at = 0;

	for (; i < line.len && at < name.len; i++) {
		if (is_blank(line.ptr[i]))
			continue;
		if (line.ptr[i] != name.ptr[at++])
			return false;
	}
	while (i < line.len && is_blank(line.ptr[i]))
		i++;
	if (at < name.len || i == line.len || (line.ptr[i] != '=' && line.ptr[i] != ':'))
		return false;
	for (i++; i < line.len && is_blank(line.ptr[i]); i++)
		;
	while (line.len > i && is_blank(line.ptr[line.len - 1]))
		line.len--;
	*out = (struct text_view){ .ptr = line.ptr + i, .len = line.len - i };
	return out->len > 0;
}

static bool find_line(struct text_view text, struct text_view name, struct text_view *out)
{
	size_t left = text.len < MESSAGE_SCAN_BYTES ? text.len : MESSAGE_SCAN_BYTES;

	while (left) {
		const char *end = memchr(text.ptr, '\n', left);
		size_t len = end ? (size_t)(end - text.ptr) : text.len;

		if (line_value((struct text_view){ text.ptr, len }, name, out))
			return true;
		if (!end)
			return false;
		text.ptr += len + 1;
		text.len -= len + 1;
		left -= len + 1;
	}
	return false;
}

static bool unnamed_value(const struct record *r, struct text_view number, struct text_view *out)
{
	size_t wanted = 0, seen = 0;

	if (number.len == 0 || number.len > 3)
		return false;
	for (size_t i = 0; i < number.len; i++) {
		if (number.ptr[i] < '0' || number.ptr[i] > '9')
			return false;
		wanted = wanted * 10 + (size_t)(number.ptr[i] - '0');
	}
	for (size_t i = 0; i < r->value_count; i++) {
		if (r->values[i].name.len != 0 || seen++ != wanted)
			continue;
		*out = r->values[i].value;
		return true;
	}
	return false;
}

bool named_line(const struct record *r, struct text_view name, struct text_view *out)
{
	for (size_t i = 0; i < r->value_count; i++) {
		struct text_view v = r->values[i].value;

		if (v.len > name.len && memchr(v.ptr, '\n', v.len) && find_line(v, name, out))
			return true;
	}
	return false;
}

bool named_arg(const struct record *r, struct text_view name, struct text_view *out)
{
	uint32_t at = named_find(r, name);

	if (at != NAMED_ABSENT) {
		*out = r->values[at].value;
		return true;
	}
	if (!name.len)
		return false;
	return unnamed_value(r, name, out) || named_line(r, name, out);
}
