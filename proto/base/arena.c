#include "proto/base/arena.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK_BYTES = 4096, MAX_BLOCK_BYTES = 1 << 20, ALIGN = 16 };

struct block {
	struct block *next;     /* older block */
	size_t cap, used;
	_Alignas(16) unsigned char data[];
};

struct arena {
	struct block *top;
	size_t max_bytes, held_bytes, used_bytes;
};

struct arena *arena_create(size_t max_bytes)
{
	struct arena *a = calloc(1, sizeof *a);

	if (a)
		a->max_bytes = max_bytes;
	return a;
}

static void free_blocks(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void arena_destroy(struct arena *a)
{
	if (!a)
		return;
	free_blocks(a->top);
	free(a);
}

static struct block *push_block(struct arena *a, size_t need)
{
	size_t cap = a->top ? a->top->cap * 2 : FIRST_BLOCK_BYTES;
	struct block *b;

	if (cap > MAX_BLOCK_BYTES)
		cap = MAX_BLOCK_BYTES;
	if (cap < need)
		cap = need;
	if (cap > a->max_bytes - a->held_bytes)
		cap = need;
	if (cap > a->max_bytes - a->held_bytes)
		return NULL;
	b = malloc(sizeof *b + cap);
	if (!b)
		return NULL;
	b->next = a->top;
	b->cap = cap;
	b->used = 0;
	a->top = b;
	a->held_bytes += cap;
	return b;
}

void *arena_alloc(struct arena *a, size_t n)
{
	struct block *b = a->top;
	void *p;

	if (n > a->max_bytes - (ALIGN - 1))
		return NULL;
	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!b || n > b->cap - b->used)
		b = push_block(a, n);
	if (!b)
		return NULL;
	p = b->data + b->used;
	b->used += n;
	a->used_bytes += n;
	return p;
}

void *arena_zalloc(struct arena *a, size_t n)
{
	void *p = arena_alloc(a, n);

	if (p)
		memset(p, 0, n);
	return p;
}

char *arena_strndup(struct arena *a, const char *text, size_t len)
{
	char *copy = len == (size_t)-1 ? NULL : arena_alloc(a, len + 1);

	if (!copy)
		return NULL;
	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *arena_strdup(struct arena *a, const char *text)
{
	return arena_strndup(a, text, strlen(text));
}

void arena_reset(struct arena *a)
{
	struct block *keep = a->top;

	/* The newest block is the largest: keeping it means a steady load settles in one block. */
	if (keep) {
		free_blocks(keep->next);
		keep->next = NULL;
		keep->used = 0;
		a->held_bytes = keep->cap;
	}
	a->used_bytes = 0;
}

size_t arena_used_bytes(const struct arena *a)
{
	return a->used_bytes;
}

size_t arena_held_bytes(const struct arena *a)
{
	return a->held_bytes;
}
