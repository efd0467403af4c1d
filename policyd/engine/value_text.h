/* value_text: a value as output texts and join() print it: bool true/false, double with one decimal, lists (a,b),
 * addresses in their usual notation, byte buffers as printable text ('.' for the rest). Any thread. */
#ifndef VITRINE_ENGINE_VALUE_TEXT_H
#define VITRINE_ENGINE_VALUE_TEXT_H

#include "policyd/engine/value.h"
#include "proto/base/buf.h"

/* False: the buffer is full. */
bool value_append_text(struct buf *out, enum value_type type, bool is_list, const struct value *v);

/* Longest text of a value that is no string, path, byte buffer or list: a double of 300 digits. */
enum { VALUE_SCALAR_TEXT_BYTES = 352 };
/* The same for such a value without allocation. Returns the length; 0 for the other types. */
size_t value_scalar_text(enum value_type type, const struct value *v, char out[VALUE_SCALAR_TEXT_BYTES]);

#endif
