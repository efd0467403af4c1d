/* text_input: the plain bytes of an input as a growing window of UTF-8 text, with line numbers. A byte order mark is taken
 * off; UTF-16 of either order becomes UTF-8. Bytes that are no UTF-8 are handed on as they are. Not thread-safe. */
#ifndef VITRINE_IMPORT_TEXT_INPUT_H
#define VITRINE_IMPORT_TEXT_INPUT_H

#include "collector/import/input/byte_input.h"

enum {
	TEXT_WINDOW_MAX_BYTES = 8 << 20,    /* one line or element: several times what a frame can carry */
};

struct text_input;

struct text_input *text_input_create(struct byte_input *in);    /* NULL: out of memory. in is borrowed */
void text_input_destroy(struct text_input *t);                  /* NULL is fine */

/* What has been read and not consumed; dies at the next call but text_input_offset and text_input_line. */
struct view text_input_window(const struct text_input *t);
/* Makes the window longer. False: the input has ended, or the window is at its maximum, or there is no memory for more. */
bool text_input_more(struct text_input *t);
bool text_input_is_full(const struct text_input *t);             /* more is false because of the maximum, not the end */
void text_input_consume(struct text_input *t, size_t n);         /* at most the window */

uint64_t text_input_offset(const struct text_input *t);          /* of the window's start, in text bytes behind the mark */
uint64_t text_input_line(const struct text_input *t);            /* of the window's start, from 1 */

/* The same at the start of an input that is only peeked at: UTF-8 text in out, its length. */
size_t text_input_peek(struct view head, char *out, size_t out_bytes);

#endif
