#include "policyd/decode/named.h"

#include "proto/base/text.h"

static bool equal(struct text_view a, const char *b, size_t b_len)
{
	return a.len == b_len && memcmp(a.ptr, b, b_len) == 0;
}

/* Defender's log says "Product Name" where its manifest, like any, says ProductName. */
static bool equal_without_blanks(struct text_view logged, const char *name, size_t len)
{
	size_t at = 0;

	if (logged.len == len)
		return memcmp(logged.ptr, name, len) == 0;
	for (size_t i = 0; i < logged.len; i++) {
		if (logged.ptr[i] == ' ')
			continue;
		if (at == len || logged.ptr[i] != name[at++])
			return false;
	}
	return at == len;
}

void named_bind(const struct named_layout *l, const struct record *r, uint32_t *index)
{
	size_t next = 0;

	for (size_t row = 0; row < l->row_count; row++) {
		const char *name = l->rows[row].name;
		size_t len = strlen(name), left = r->value_count;

		index[row] = NAMED_ABSENT;
		/* Rows stand in the order of the log, so the search starts where the last one ended. */
		for (size_t i = next; left > 0; left--, i++) {
			if (i >= r->value_count)
				i = 0;
			if (!equal_without_blanks(r->values[i].name, name, len))
				continue;
			index[row] = (uint32_t)i;
			next = i + 1;
			break;
		}
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
