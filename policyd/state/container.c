#include "policyd/state/container.h"

#include <stdlib.h>
#include <string.h>

struct container_table {
	struct container *list;
	struct text_pool *pool;
	uint32_t count, max, *used;
	uint64_t evictions;
};

struct container_table *container_table_create(uint32_t max_containers, uint32_t *used, struct text_pool *pool)
{
	struct container_table *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->max = max_containers;
	t->used = used;
	t->pool = pool;
	return t;
}

static void forget(struct container_table *t, struct container **at)
{
	struct container *c = *at;

	const struct pooled *const texts[] = { c->full_id, c->name, c->image, c->type, c->pod_name, c->pod_namespace,
		c->pod_uid, c->sandbox_id };

	*at = c->next;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		text_pool_drop(t->pool, texts[i]);
	free(c);
	t->count--;
	(*t->used)--;
}

void container_table_clear(struct container_table *t)
{
	while (t->list)
		forget(t, &t->list);
}

void container_table_destroy(struct container_table *t)
{
	if (!t)
		return;
	container_table_clear(t);
	free(t);
}

struct container *container_table_find(const struct container_table *t, const struct guid *guid)
{
	struct container *c = guid_is_zero(guid) ? NULL : t->list;

	while (c && !guid_equal(&c->guid, guid))
		c = c->next;
	return c;
}

/* The oldest stopped container without processes, else the oldest without processes. */
static bool make_room(struct container_table *t)
{
	struct container **stopped = NULL, **idle = NULL;

	for (struct container **at = &t->list; *at; at = &(*at)->next) {
		if ((*at)->proc_count)
			continue;
		idle = at;
		if ((*at)->flags & CONTAINER_STOPPED)
			stopped = at;
	}
	t->evictions++;
	if (!idle)
		return false;
	forget(t, stopped ? stopped : idle);
	return true;
}

/* "The GUID's first 12 hex digits" (design §4): the dash after eight is no digit. */
static void short_id(struct text_view full, char out[CONTAINER_SHORT_ID_CHARS + 1], bool skip_dashes)
{
	size_t n = 0;

	for (size_t i = 0; i < full.len && n < CONTAINER_SHORT_ID_CHARS; i++) {
		if (!skip_dashes || full.ptr[i] != '-')
			out[n++] = full.ptr[i];
	}
	out[n] = '\0';
}

static struct container *add(struct container_table *t, struct text_view full_id)
{
	struct container *c;

	if (*t->used >= t->max && !make_room(t))
		return NULL;
	c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->full_id = text_pool_take(t->pool, full_id);
	if (!c->full_id) {
		free(c);
		t->evictions++;
		return NULL;
	}
	c->next = t->list;
	t->list = c;
	t->count++;
	(*t->used)++;
	return c;
}

struct container *container_table_get(struct container_table *t, const struct guid *guid)
{
	struct container *c;
	char text[GUID_TEXT_BYTES];
	struct text_view full = { .ptr = text, .len = GUID_TEXT_BYTES - 1 };

	if (guid_is_zero(guid))
		return NULL;
	c = container_table_find(t, guid);
	if (c)
		return c;
	guid_format(guid, text);
	c = add(t, full);
	if (!c)
		return NULL;
	c->guid = *guid;
	short_id(full, c->id, true);
	return c;
}

struct container *container_table_find_by_id(const struct container_table *t, struct text_view id)
{
	struct container *c = t->list;

	while (c && !(c->full_id->len == id.len && memcmp(c->full_id->text, id.ptr, id.len) == 0))
		c = c->next;
	return c;
}

struct container *container_table_get_by_id(struct container_table *t, struct text_view id)
{
	struct container *c;

	if (!id.len)
		return NULL;
	c = container_table_find_by_id(t, id);
	if (c)
		return c;
	c = add(t, id);
	if (!c)
		return NULL;
	short_id(id, c->id, false);
	c->flags |= CONTAINER_BRIDGED;
	return c;
}

static void set_text(struct container_table *t, const struct pooled **slot, struct text_view text)
{
	const struct pooled *new_text;

	if (!text.len)
		return;
	new_text = text_pool_take(t->pool, text);
	if (!new_text)
		return;
	text_pool_drop(t->pool, *slot);
	*slot = new_text;
}

void container_bridge(struct container_table *t, struct container *c, const struct container_names *names)
{
	set_text(t, &c->name, names->name);
	set_text(t, &c->image, names->image);
	set_text(t, &c->type, names->type);
	set_text(t, &c->pod_name, names->pod_name);
	set_text(t, &c->pod_namespace, names->pod_namespace);
	set_text(t, &c->pod_uid, names->pod_uid);
	set_text(t, &c->sandbox_id, names->sandbox_id);
	if (!names->id.len)
		return;
	set_text(t, &c->full_id, names->id);
	short_id(pooled_view(c->full_id), c->id, false);
	c->flags |= CONTAINER_BRIDGED;
}

uint32_t container_table_count(const struct container_table *t)
{
	return t->count;
}

uint64_t container_table_evictions(const struct container_table *t)
{
	return t->evictions;
}
