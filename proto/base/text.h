/* text: UTF-16LE to UTF-8 (lossy, bounded), ASCII case folding, and escaping. No allocation; any thread. */
#ifndef VITRINE_BASE_TEXT_H
#define VITRINE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/base/buf.h"
#include "proto/base/bytes.h"

/* Longest UTF-8 that utf16_bytes of UTF-16 can become: 3 bytes a unit. */
#define TEXT_UTF8_MAX(utf16_bytes) ((utf16_bytes) / 2 * 3)

/* Writes at most out_bytes, never half a character, no NUL; lone surrogates become U+FFFD. Returns bytes written.
 * An odd last input byte is ignored. */
size_t text_utf16_to_utf8(struct view utf16, char *out, size_t out_bytes);
/* The other way, for generators and tests: bytes written; invalid UTF-8 becomes U+FFFD. */
size_t text_utf8_to_utf16(const char *utf8, size_t len, uint8_t *out, size_t out_bytes);

static inline char text_fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* ASCII letters compare equal in either case; all other bytes must be the same. */
bool text_equal_fold(const char *a, size_t a_len, const char *b, size_t b_len);

/* One JSON string with quotes: control characters and quotes escaped, invalid UTF-8 as U+FFFD. False: buffer full. */
bool text_append_json(struct buf *out, const char *text, size_t len);
/* The same without the surrounding quotes. */
bool text_append_json_body(struct buf *out, const char *text, size_t len);

/* Length of the UTF-8 sequence at p (1..4), 0 when it is not valid. Rejects overlong forms and surrogates. */
size_t text_utf8_sequence(const char *p, size_t left);

#endif
