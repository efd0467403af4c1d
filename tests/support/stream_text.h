/* stream_text: a readable rendering of a stream, one line a frame or record, every field that is not empty.
 * For golden tests: what later versions must still read out of old bytes. */
#ifndef VITRINE_TEST_STREAM_TEXT_H
#define VITRINE_TEST_STREAM_TEXT_H

#include "proto/base/buf.h"
#include "proto/wire/stream_reader.h"

/* ctx is a struct buf. */
extern const struct stream_callbacks stream_text_callbacks;

/* Feeds the bytes in steps of at most `step`; appends the lines to *out. */
enum status stream_text_render(struct view stream, size_t step, struct buf *out, struct diag *why);

#endif
