/* key_table: keys of bytes to a state of fixed size, bounded in bytes; when full, the key used longest ago gives way.
 * Keys come from events, so they are compared whole, and their hash is seeded. One thread. */
#ifndef VITRINE_CORRELATE_KEY_TABLE_H
#define VITRINE_CORRELATE_KEY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct key_table;

/* A state gives way, last used then, to make room for a key that comes now. Not told of at destroy. */
typedef void key_gone(void *ctx, const void *state, uint64_t used_100ns, uint64_t now_100ns);

struct key_table_options {
	size_t state_bytes;            /* starts as zeros, aligned for uint64_t */
	size_t max_bytes;              /* keys, states and links; at least one key always fits */
	key_gone *gone;                /* may be NULL */
	void *ctx;
};

struct key_table *key_table_create(const struct key_table_options *options);    /* NULL: out of memory */
void key_table_destroy(struct key_table *t);                                    /* NULL is fine */

/* Both count as a use at that time. find: NULL where there is none. get makes it; NULL: out of memory. */
void *key_table_find(struct key_table *t, const void *key, size_t len, uint64_t now_100ns);
void *key_table_get(struct key_table *t, const void *key, size_t len, uint64_t now_100ns);

/* The table goes on under another owner; a smaller bound holds from the next new key on. */
void key_table_set_owner(struct key_table *t, void *ctx, size_t max_bytes);

size_t key_table_count(const struct key_table *t);
size_t key_table_bytes(const struct key_table *t);

#endif
