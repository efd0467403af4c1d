#include "proto/base/ring.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	HEADER_BYTES = 8,            /* length, and whether the chunk only fills the end of the ring */
	APART_BYTES = 128,           /* two cache lines: what the two threads write must not share one */
};

struct ring {
	uint8_t *bytes;
	uint64_t mask;
	char apart_1[APART_BYTES];
	/* Written by the writer. */
	_Atomic uint64_t head;
	uint64_t head_next;          /* behind the reserved chunk */
	uint64_t tail_seen;
	_Atomic uint64_t refused, committed;
	char apart_2[APART_BYTES];
	/* Written by the reader. */
	_Atomic uint64_t tail;
	uint64_t head_seen;
	char apart_3[APART_BYTES];
};

struct header {
	uint32_t bytes;              /* of the chunk with this header, a multiple of 8 */
	uint32_t filler;
};

_Static_assert(sizeof(struct header) == HEADER_BYTES, "chunks stay 8-byte aligned");

struct ring *ring_create(size_t bytes)
{
	struct ring *r = calloc(1, sizeof *r);
	size_t size = RING_MIN_BYTES;

	while (size < bytes && size < RING_MAX_BYTES)
		size *= 2;
	if (!r)
		return NULL;
	r->bytes = malloc(size);
	r->mask = size - 1;
	if (r->bytes)
		return r;
	free(r);
	return NULL;
}

void ring_destroy(struct ring *r)
{
	if (!r)
		return;
	free(r->bytes);
	free(r);
}

static void put_header(struct ring *r, uint64_t pos, uint64_t bytes, bool filler)
{
	const struct header h = { .bytes = (uint32_t)bytes, .filler = filler };

	memcpy(r->bytes + (pos & r->mask), &h, sizeof h);
}

/* Free bytes from head on; asks the reader's side only when what is known of it does not do. */
static bool has_room(struct ring *r, uint64_t head, uint64_t need)
{
	uint64_t size = r->mask + 1;

	if (head - r->tail_seen + need <= size)
		return true;
	r->tail_seen = atomic_load_explicit(&r->tail, memory_order_acquire);
	return head - r->tail_seen + need <= size;
}

static void *refuse(struct ring *r)
{
	uint64_t n = atomic_load_explicit(&r->refused, memory_order_relaxed);

	atomic_store_explicit(&r->refused, n + 1, memory_order_relaxed);
	return NULL;
}

void *ring_reserve(struct ring *r, size_t bytes)
{
	uint64_t head = atomic_load_explicit(&r->head, memory_order_relaxed);
	uint64_t need, to_end = r->mask + 1 - (head & r->mask), filler;

	if (bytes > r->mask)
		return refuse(r);
	need = ((uint64_t)bytes + HEADER_BYTES + 7) & ~UINT64_C(7);
	filler = need > to_end ? to_end : 0;
	if (!has_room(r, head, filler + need))
		return refuse(r);
	if (filler)
		put_header(r, head, filler, true);
	head += filler;
	put_header(r, head, need, false);
	r->head_next = head + need;
	return r->bytes + (head & r->mask) + HEADER_BYTES;
}

void ring_commit(struct ring *r)
{
	uint64_t n = atomic_load_explicit(&r->committed, memory_order_relaxed);

	atomic_store_explicit(&r->committed, n + 1, memory_order_relaxed);
	atomic_store_explicit(&r->head, r->head_next, memory_order_release);
}

void *ring_peek(struct ring *r, uint64_t *pos, uint64_t *next)
{
	struct header h;

	for (;;) {
		if (*pos == r->head_seen)
			r->head_seen = atomic_load_explicit(&r->head, memory_order_acquire);
		if (*pos == r->head_seen)
			return NULL;
		memcpy(&h, r->bytes + (*pos & r->mask), sizeof h);
		if (!h.filler)
			break;
		*pos += h.bytes;
	}
	*next = *pos + h.bytes;
	return r->bytes + (*pos & r->mask) + HEADER_BYTES;
}

void ring_release(struct ring *r, uint64_t pos)
{
	atomic_store_explicit(&r->tail, pos, memory_order_release);
}

uint64_t ring_released(const struct ring *r)
{
	return atomic_load_explicit(&r->tail, memory_order_relaxed);
}

size_t ring_used_bytes(const struct ring *r)
{
	uint64_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);

	return (size_t)(atomic_load_explicit(&r->head, memory_order_relaxed) - tail);
}

size_t ring_size_bytes(const struct ring *r)
{
	return (size_t)r->mask + 1;
}

uint64_t ring_refused(const struct ring *r)
{
	return atomic_load_explicit(&r->refused, memory_order_relaxed);
}

uint64_t ring_committed(const struct ring *r)
{
	return atomic_load_explicit(&r->committed, memory_order_relaxed);
}
