/* ring: variable-sized chunks of bytes from one thread to one other, without a lock, an allocation or a system call. What
 * does not fit is refused and counted: the newest goes, order is kept. The reader looks ahead as far as it likes and
 * releases later, so that what was sent can be sent again.
 * Positions are counts of bytes since the start; they only grow. */
#ifndef VITRINE_BASE_RING_H
#define VITRINE_BASE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RING_MIN_BYTES = 1 << 20,    /* some of the largest events fit */
	RING_MAX_BYTES = 1 << 30,    /* non-paged for practical purposes: a mistyped setting must not take the machine */
};

struct ring;

/* bytes: rounded up to a power of two within the bounds above. NULL: out of memory. */
struct ring *ring_create(size_t bytes);
void ring_destroy(struct ring *r);    /* NULL is fine */

/* Writer. Room for one chunk, 8-byte aligned; NULL: full, and counted. The chunk is not there before ring_commit. */
void *ring_reserve(struct ring *r, size_t bytes);
void ring_commit(struct ring *r);

/* Reader. The chunk at or behind *pos; *pos moves to it, *next behind it. NULL: none is there yet. The chunk is the
 * reader's, to write to also, until it is released. */
void *ring_peek(struct ring *r, uint64_t *pos, uint64_t *next);
/* Gives everything before pos back to the writer. */
void ring_release(struct ring *r, uint64_t pos);
uint64_t ring_released(const struct ring *r);

/* Any thread. */
size_t ring_used_bytes(const struct ring *r);    /* not released; a moment's view */
size_t ring_size_bytes(const struct ring *r);
uint64_t ring_refused(const struct ring *r);     /* chunks, since the start */
uint64_t ring_committed(const struct ring *r);

#endif
