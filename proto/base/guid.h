/* guid: the 16 bytes of a Windows GUID as they stand in memory and in ETW records (Data1..3 little-endian). */
#ifndef VITRINE_BASE_GUID_H
#define VITRINE_BASE_GUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct guid {
	uint8_t b[16];
};

/* GUID_INIT(0x22fb2cd6, 0x0e7b, 0x422b, 0xa0,0xc7, 0x2f,0xad,0x1f,0xd0,0xe7,0x16) */
#define GUID_INIT(d1, d2, d3, a, c, e, f, g, h, i, j)                                                                  \
	{ { (uint8_t)((d1) & 0xff), (uint8_t)((d1) >> 8 & 0xff), (uint8_t)((d1) >> 16 & 0xff),                         \
	    (uint8_t)((d1) >> 24 & 0xff), (uint8_t)((d2) & 0xff), (uint8_t)((d2) >> 8 & 0xff), (uint8_t)((d3) & 0xff),  \
	    (uint8_t)((d3) >> 8 & 0xff), a, c, e, f, g, h, i, j } }

enum { GUID_TEXT_BYTES = 37 };

static inline bool guid_equal(const struct guid *a, const struct guid *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0;
}

static inline bool guid_is_zero(const struct guid *g)
{
	static const struct guid zero;

	return guid_equal(g, &zero);
}

/* "22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716", lower case, no braces. */
void guid_format(const struct guid *g, char out[GUID_TEXT_BYTES]);
/* Accepts either letter case, with or without braces; false leaves *out untouched. */
bool guid_parse(const char *text, size_t len, struct guid *out);

#endif
