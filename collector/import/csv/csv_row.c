#include "collector/import/csv/csv_row.h"

size_t csv_row_length(struct text_input *in, bool *whole)
{
	bool quoted = false;
	size_t at = 0;

	*whole = true;
	for (;;) {
		struct view w = text_input_window(in);

		for (; at < w.len; at++) {
			if (w.ptr[at] == '"')
				quoted = !quoted;
			if (w.ptr[at] == '\n' && !quoted)
				return at + 1;
		}
		if (!text_input_more(in))
			break;
	}
	*whole = !quoted && !text_input_is_full(in);
	return at;
}

/* A quoted field from behind its quote; returns what follows it. Doubled quotes become one, in place. */
static char *parse_quoted(char *at, char *end, struct text_view *out)
{
	char *to = at;

	out->ptr = at;
	while (at < end) {
		if (*at == '"' && (end - at < 2 || at[1] != '"')) {
			at++;
			break;
		}
		at += *at == '"';
		*to++ = *at++;
	}
	out->len = (size_t)(to - out->ptr);
	while (at < end && *at != ',')    /* what stands behind the quote belongs to no field */
		at++;
	return at;
}

static char *parse_plain(char *at, char *end, struct text_view *out)
{
	char *comma = memchr(at, ',', (size_t)(end - at));

	out->ptr = at;
	at = comma ? comma : end;
	out->len = (size_t)(at - out->ptr);
	return at;
}

bool csv_row_parse(char *text, size_t len, struct csv_row *out)
{
	char *at = text, *end;

	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	end = text + len;
	out->count = 0;
	do {
		if (out->count == CSV_COLUMNS_MAX)
			return false;
		if (at < end && *at == '"')
			at = parse_quoted(at + 1, end, &out->fields[out->count]);
		else
			at = parse_plain(at, end, &out->fields[out->count]);
		out->count++;
	} while (at < end && at++);
	return true;
}
