/* Registry events: the path of a key, from the event or by key object (manifest) and key control block (classic). */
#include "policyd/state/host.h"
#include "policyd/state/registry_path.h"

/* Opcode of classic Registry; etw.md §1.3. */
enum { REG_KCB_DELETE = 23 };

static uint64_t object_of(const struct event *ev, enum slot slot)
{
	uint64_t object;

	return event_get_u64(ev, slot, &object) ? object : 0;
}

static struct text_view path_of_object(struct host_state *h, uint64_t object)
{
	return object ? pooled_view(name_table_get(h->keys, host_key(h, object))) : (struct text_view){ .ptr = "", .len = 0 };
}

/* A name is whole, or relative to a base that is named or known. Relative to an unknown base it stays as it is: the end
 * of a path is still worth matching. */
static struct text_view whole_path(const struct state *st, struct host_state *h, const struct event *ev)
{
	struct text_view name = state_text(st, ev, SLOT_KEY_NAME), base;

	if (registry_path_is_absolute(name))
		return registry_path(name, st->scratch);
	base = registry_path(state_text(st, ev, SLOT_KEY_BASE_NAME), st->scratch);
	if (!base.len)
		base = path_of_object(h, object_of(ev, SLOT_BASE_OBJECT));
	return registry_path_join(base, name, st->scratch);
}

enum state_verdict apply_registry_open(struct state *st, struct host_state *h, struct event *ev)
{
	const struct pooled *stored;
	uint64_t status = 0;

	apply_actor(st, h, ev);
	ev->key_path = whole_path(st, h, ev);
	if (!ev->layout || !registry_path_is_absolute(ev->key_path))
		return STATE_EVALUATE;
	event_get_u64(ev, SLOT_STATUS, &status);
	if (status)
		return STATE_EVALUATE;        /* no key object came of it */
	stored = name_table_put(h->keys, host_key(h, object_of(ev, SLOT_KEY_OBJECT)), ev->key_path);
	if (stored)
		ev->key_path = pooled_view(stored);
	return STATE_EVALUATE;
}

enum state_verdict apply_registry_other(struct state *st, struct host_state *h, struct event *ev)
{
	struct text_view name = state_text(st, ev, SLOT_KEY_NAME);

	apply_actor(st, h, ev);
	if (!ev->layout || registry_path_is_absolute(name)) {
		ev->key_path = registry_path(name, st->scratch);
		return STATE_EVALUATE;
	}
	ev->key_path = path_of_object(h, object_of(ev, SLOT_KEY_OBJECT));
	if (!ev->key_path.len)
		ev->key_path = name;
	return STATE_EVALUATE;
}

/* Control blocks that come and go, keys that are closed. */
enum state_verdict apply_registry_name(struct state *st, struct host_state *h, struct event *ev)
{
	bool classic = (ev->rec->flags & RECORD_CLASSIC) != 0;
	struct text_view path;

	if (!classic || ev->layout->id == REG_KCB_DELETE) {
		name_table_remove(h->keys, host_key(h, object_of(ev, SLOT_KEY_OBJECT)));
		return STATE_ONLY;
	}
	path = registry_path(state_text(st, ev, SLOT_KEY_NAME), st->scratch);
	if (registry_path_is_absolute(path))
		name_table_put(h->keys, host_key(h, object_of(ev, SLOT_KEY_OBJECT)), path);
	return STATE_ONLY;
}
