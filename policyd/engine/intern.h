/* intern: finds the id of a thing by its hash, so that equal things get one id. Build time only. */
#ifndef VITRINE_ENGINE_INTERN_H
#define VITRINE_ENGINE_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct intern {
	struct intern_entry {
		uint32_t hash, id_plus_1;
	} *entries;
	size_t cap, count;
};

/* Whether the thing with this id equals key. */
typedef bool intern_same_fn(void *ctx, uint32_t id, const void *key);

void intern_init(struct intern *t);
void intern_release(struct intern *t);
/* The id, or UINT32_MAX. */
uint32_t intern_find(const struct intern *t, uint32_t hash, intern_same_fn *same, void *ctx, const void *key);
bool intern_add(struct intern *t, uint32_t hash, uint32_t id);    /* false: out of memory */

#endif
