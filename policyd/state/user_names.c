#include "policyd/state/user_names.h"

#include <stdlib.h>

#include "policyd/state/lru_map.h"
#include "policyd/state/sid_name.h"

/* Texts are pooled, so the address of the SID's pooled form is its key for as long as the pair holds it. */
struct pair {
	const struct pooled *sid, *name;
};

struct user_names {
	struct lru_map *map;
	struct text_pool *pool;
};

struct user_names *user_names_create(uint32_t max_users, struct text_pool *pool)
{
	struct user_names *u = calloc(1, sizeof *u);

	if (!u)
		return NULL;
	u->pool = pool;
	u->map = lru_map_create(max_users, 0);
	if (!u->map) {
		free(u);
		return NULL;
	}
	return u;
}

static void drop_pair(struct user_names *u, const void *value)
{
	struct pair *p = (struct pair *)(uintptr_t)value;

	text_pool_drop(u->pool, p->sid);
	text_pool_drop(u->pool, p->name);
	free(p);
}

void user_names_clear(struct user_names *u)
{
	union lru_value old;

	while (lru_map_pop_oldest(u->map, &old))
		drop_pair(u, old.ptr);
}

void user_names_destroy(struct user_names *u)
{
	if (!u)
		return;
	user_names_clear(u);
	lru_map_destroy(u->map);
	free(u);
}

static struct lru_key key_of(uint32_t space, const struct pooled *sid)
{
	return (struct lru_key){ .id = (uint64_t)(uintptr_t)sid, .space = space };
}

static void store(struct user_names *u, uint32_t space, const struct pooled *sid, const struct pooled *name)
{
	struct pair *p = malloc(sizeof *p);
	union lru_value value = { .ptr = p }, old;
	enum lru_put put;

	if (!p) {
		text_pool_drop(u->pool, sid);
		text_pool_drop(u->pool, name);
		return;
	}
	p->sid = sid;
	p->name = name;
	put = lru_map_put(u->map, key_of(space, sid), value, &old);
	if (put == LRU_NOMEM)
		drop_pair(u, p);
	else if (put != LRU_STORED)
		drop_pair(u, old.ptr);
}

void user_names_learn(struct user_names *u, uint32_t space, struct text_view sid, struct text_view name)
{
	const struct pooled *sid_text, *name_text;
	struct text_view known;
	union lru_value found;

	if (!sid.len || !name.len || sid_well_known_name(sid, &known))
		return;
	sid_text = text_pool_take(u->pool, sid);
	name_text = text_pool_take(u->pool, name);
	if (!sid_text || !name_text ||
		(lru_map_get(u->map, key_of(space, sid_text), &found) && ((const struct pair *)found.ptr)->name == name_text)) {
		text_pool_drop(u->pool, sid_text);
		text_pool_drop(u->pool, name_text);
		return;
	}
	store(u, space, sid_text, name_text);
}

bool user_names_find(struct user_names *u, uint32_t space, struct text_view sid, struct text_view *name)
{
	const struct pooled *sid_text = text_pool_take(u->pool, sid);
	union lru_value found;
	bool hit;

	if (!sid_text)
		return sid_well_known_name(sid, name);
	hit = lru_map_get(u->map, key_of(space, sid_text), &found);
	if (hit)
		*name = pooled_view(((const struct pair *)found.ptr)->name);
	text_pool_drop(u->pool, sid_text);
	return hit || sid_well_known_name(sid, name);
}
