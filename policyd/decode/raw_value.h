/* raw_value: one value of a payload by its type: its number, its text, its bytes. Inner header of the decode layer. */
#ifndef VITRINE_DECODE_RAW_VALUE_H
#define VITRINE_DECODE_RAW_VALUE_H

#include "policyd/decode/layout.h"
#include "proto/base/arena.h"

/* Where a value stands. Empty bytes: the record leaves the field out, or the field is empty. */
struct value {
	enum layout_type type;
	enum slot slot;          /* sockaddr bytes print as addresses */
	struct view bytes;
};

/* The value without terminators and length words: text without its NUL, a SID from its revision byte. */
struct view raw_value_content(const struct value *v, unsigned pointer_bytes);
bool raw_value_get_u64(const struct value *v, uint64_t *out);
/* Most bytes that raw_value_write can write for it. */
size_t raw_value_text_max(const struct value *v);
/* Writes the text, at most out_bytes, no NUL, cut at a whole character; returns what was written. */
size_t raw_value_write(const struct value *v, unsigned pointer_bytes, char *out, size_t out_bytes);
/* raw_value_write into scratch, or a view of the payload itself when it is plain ASCII already. */
bool raw_value_get_text(const struct value *v, unsigned pointer_bytes, struct arena *scratch, struct text_view *out);
/* One whole decimal or 0x number, blanks around it allowed. */
bool raw_value_parse_number(const char *text, size_t len, uint64_t *out);

#endif
