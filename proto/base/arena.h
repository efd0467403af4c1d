/* arena: bump allocation with a ceiling; everything is freed or reset as one. Pointers stay valid until
 * arena_reset or arena_destroy. Not thread-safe. */
#ifndef VITRINE_BASE_ARENA_H
#define VITRINE_BASE_ARENA_H

#include <stddef.h>

#include "proto/base/bytes.h"

struct arena;

struct arena *arena_create(size_t max_bytes);        /* NULL: out of memory */
void arena_destroy(struct arena *a);                 /* NULL is fine */
void *arena_alloc(struct arena *a, size_t n);        /* 16-byte aligned, not zeroed; NULL: over the ceiling or out of memory */
void *arena_zalloc(struct arena *a, size_t n);
char *arena_strdup(struct arena *a, const char *text);
char *arena_strndup(struct arena *a, const char *text, size_t len);   /* adds a NUL */
void arena_reset(struct arena *a);                   /* keeps the newest block, so a steady load allocates nothing */
size_t arena_used_bytes(const struct arena *a);
size_t arena_held_bytes(const struct arena *a);

#endif
