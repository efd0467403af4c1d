/* buf: a growable byte buffer that cannot grow past the maximum given at init.
 * A refused append sticks in `failed`, so that a writer checks once at its end. Not thread-safe. */
#ifndef VITRINE_BASE_BUF_H
#define VITRINE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/base/status.h"

struct buf {
	uint8_t *data;
	size_t len, cap, max_bytes;
	bool failed;
};

void buf_init(struct buf *b, size_t max_bytes);
void buf_release(struct buf *b);               /* zeroed; may be init'ed again */
static inline void buf_clear(struct buf *b)    /* keeps the memory */
{
	b->len = 0;
	b->failed = false;
}

/* Room for n more bytes at data + len, NULL when over the maximum or out of memory. Does not change len. */
uint8_t *buf_reserve(struct buf *b, size_t n);
bool buf_append(struct buf *b, const void *ptr, size_t n);
bool buf_append_str(struct buf *b, const char *text);
bool buf_append_char(struct buf *b, char c);
bool buf_printf(struct buf *b, const char *fmt, ...) VITRINE_PRINTF(2, 3);
/* NUL-terminated view of the contents (the NUL is not counted in len); "" when empty or failed to grow. */
const char *buf_cstr(struct buf *b);

#endif
