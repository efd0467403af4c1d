#include "policyd/report/incident_out.h"

#include <string.h>

#include "proto/base/text.h"

enum {
	PENDING_BYTES = 32 << 20,      /* one alert at most, each byte of it escaped */
	EXACT_DIGITS = 15,             /* decimal digits that a double always keeps */
};

void incident_out_init(struct incident_out *o, FILE *file)
{
	*o = (struct incident_out){ .file = file };
	buf_init(&o->pending, PENDING_BYTES);
	o->json = json_out_to(&o->pending);
}

void incident_out_release(struct incident_out *o)
{
	buf_release(&o->pending);
}

void incident_out_raw(struct incident_out *o, const void *ptr, size_t len)
{
	if (incident_out_flush(o) && fwrite(ptr, 1, len, o->file) != len)
		o->failed = true;
}

/* Length of what must be escaped at p; 0: nothing. */
static size_t escape_at(const unsigned char *p, size_t left, char out[7])
{
	static const char digits[] = "0123456789abcdef";

	if (*p == '<' || *p == '>' || *p == '&') {
		memcpy(out, "\\u00", 4);
		out[4] = digits[*p >> 4];
		out[5] = digits[*p & 15];
		out[6] = '\0';
		return 1;
	}
	if (left >= 3 && p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9)) {
		memcpy(out, p[2] == 0xA8 ? "\\u2028" : "\\u2029", 7);
		return 3;
	}
	return 0;
}

bool incident_out_flush(struct incident_out *o)
{
	const unsigned char *p = o->pending.data;
	size_t len = o->pending.len, from = 0;

	if (o->pending.failed)
		o->failed = true;
	for (size_t i = 0; i < len && !o->failed; i++) {
		char escaped[7];
		size_t taken = escape_at(p + i, len - i, escaped);

		if (!taken)
			continue;
		if (fwrite(p + from, 1, i - from, o->file) != i - from || fputs(escaped, o->file) < 0)
			o->failed = true;
		from = i + taken;
		i = from - 1;
	}
	if (!o->failed && from < len && fwrite(p + from, 1, len - from, o->file) != len - from)
		o->failed = true;
	buf_clear(&o->pending);
	return !o->failed;
}

void incident_out_text(struct incident_out *o, const char *key, const char *ptr, size_t len)
{
	json_key(&o->json, key);
	text_append_json(&o->pending, ptr, len);
}

/* ---- objects made elsewhere ---- */

static bool in_number(char c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* Length of the string at p, quotes included. */
static size_t string_length(const char *p, size_t left)
{
	size_t i = 1;

	while (i < left && p[i] != '"')
		i += p[i] == '\\' && i + 1 < left ? 2 : 1;
	return i < left ? i + 1 : left;
}

static size_t number_length(const char *p, size_t left)
{
	size_t i = 0;

	while (i < left && in_number(p[i]))
		i++;
	return i;
}

void incident_out_object(struct incident_out *o, const char *json, size_t len)
{
	json_key(&o->json, NULL);
	for (size_t i = 0; i < len;) {
		bool is_number = (json[i] >= '0' && json[i] <= '9') || json[i] == '-';
		size_t n = json[i] == '"' ? string_length(json + i, len - i) : is_number ? number_length(json + i, len - i) : 1;
		bool quote = is_number && n > EXACT_DIGITS;

		if (quote)
			buf_append_char(&o->pending, '"');
		buf_append(&o->pending, json + i, n);
		if (quote)
			buf_append_char(&o->pending, '"');
		i += n;
	}
}
