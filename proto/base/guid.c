#include "proto/base/guid.h"

/* Text position of each byte: the first three groups print most significant byte first. */
static const uint8_t text_order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

void guid_format(const struct guid *g, char out[GUID_TEXT_BYTES])
{
	static const char hex[] = "0123456789abcdef";
	size_t at = 0;

	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		out[at++] = hex[g->b[text_order[i]] >> 4];
		out[at++] = hex[g->b[text_order[i]] & 15];
	}
	out[at] = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool guid_parse(const char *text, size_t len, struct guid *out)
{
	struct guid g;
	size_t at = 0;

	if (len == 38 && text[0] == '{' && text[37] == '}') {
		text++;
		len = 36;
	}
	if (len != 36)
		return false;
	for (size_t i = 0; i < 16; i++) {
		int hi, lo;

		if (i == 4 || i == 6 || i == 8 || i == 10) {
			if (text[at++] != '-')
				return false;
		}
		hi = hex_digit(text[at]);
		lo = hex_digit(text[at + 1]);
		if (hi < 0 || lo < 0)
			return false;
		g.b[text_order[i]] = (uint8_t)(hi << 4 | lo);
		at += 2;
	}
	*out = g;
	return true;
}
