/* File events: the path of what they act on, from the event or by file object and file key. */
#include "policyd/state/host.h"

/* Ids of Microsoft-Windows-Kernel-File and opcodes of classic FileIo; etw.md §1.3. */
enum {
	KF_NAME_DELETE = 11,
	KF_CLOSE = 14,
	KF_RENAME_PATH = 27,
	KF_CREATE_NEW = 30,
	FIO_NAME_DELETE = 35,
	FIO_CLOSE = 66,
	FIO_RENAME_PATH = 80,
};

static bool is_classic(const struct event *ev)
{
	return (ev->rec->flags & RECORD_CLASSIC) != 0;
}

static uint64_t object_of(const struct event *ev, enum slot slot)
{
	uint64_t object;

	return event_get_u64(ev, slot, &object) ? object : 0;
}

static struct text_view own_path(const struct state *st, const struct host_state *h, const struct event *ev,
	enum slot slot)
{
	struct text_view path = state_text(st, ev, slot);

	return path.len ? device_map_dos_path(h->devices, path, st->scratch) : path;
}

static struct text_view known_path(struct host_state *h, const struct event *ev)
{
	uint64_t object = object_of(ev, SLOT_FILE_OBJECT), key = object_of(ev, SLOT_FILE_KEY);
	const struct pooled *name = NULL;

	if (object)
		name = name_table_get(h->files, host_key(h, object));
	if (!name && key)
		name = name_table_get(h->files, host_key(h, key));
	return pooled_view(name);
}

static struct text_view find_path(const struct state *st, struct host_state *h, const struct event *ev)
{
	struct text_view path = own_path(st, h, ev, SLOT_FILE_PATH);

	return path.len || !ev->layout ? path : known_path(h, ev);
}

/* A new file is reported twice by Kernel-File: as a create (12) and as "new file" (30). Rules see one file_create. */
static bool reported_before(struct host_state *h, const struct event *ev, uint64_t object)
{
	uint64_t *slot = &h->recent_creates[(object >> 4 ^ object >> 12) % HOST_RECENT_CREATES];
	bool before = object && *slot == object;

	if (ev->kind == EVENT_file_create)
		*slot = before ? 0 : object;
	return before;
}

enum state_verdict apply_file_open(struct state *st, struct host_state *h, struct event *ev)
{
	uint64_t object = object_of(ev, SLOT_FILE_OBJECT);
	const struct pooled *name;

	apply_actor(st, h, ev);
	ev->path = own_path(st, h, ev, SLOT_FILE_PATH);
	if (!ev->layout || !ev->path.len)
		return STATE_EVALUATE;
	name = name_table_put(h->files, host_key(h, object), ev->path);
	if (name)
		ev->path = pooled_view(name);
	if (!is_classic(ev) && ev->kind == EVENT_file_create && reported_before(h, ev, object)) {
		if (ev->layout->id == KF_CREATE_NEW)
			return STATE_ONLY;
		ev->kind = EVENT_file_open;
	}
	return STATE_EVALUATE;
}

enum state_verdict apply_file_other(struct state *st, struct host_state *h, struct event *ev)
{
	apply_actor(st, h, ev);
	ev->path = find_path(st, h, ev);
	return STATE_EVALUATE;
}

enum state_verdict apply_file_rename(struct state *st, struct host_state *h, struct event *ev)
{
	bool moves;

	apply_actor(st, h, ev);
	/* The table is about to give this text away: the event keeps its own copy. */
	ev->path = find_path(st, h, ev);
	ev->target_path = own_path(st, h, ev, SLOT_FILE_TARGET);
	moves = ev->layout && ev->target_path.len && ev->layout->id == (is_classic(ev) ? FIO_RENAME_PATH : KF_RENAME_PATH);
	if (!moves)
		return STATE_EVALUATE;
	if (ev->path.len) {
		char *copy = arena_strndup(st->scratch, ev->path.ptr, ev->path.len);

		ev->path = copy ? (struct text_view){ .ptr = copy, .len = ev->path.len } :
				  (struct text_view){ .ptr = "", .len = 0 };
	}
	name_table_put(h->files, host_key(h, object_of(ev, SLOT_FILE_OBJECT)), ev->target_path);
	name_table_put(h->files, host_key(h, object_of(ev, SLOT_FILE_KEY)), ev->target_path);
	return STATE_EVALUATE;
}

/* Name events, closes: nobody sees them, they only keep the table right. */
enum state_verdict apply_file_name(struct state *st, struct host_state *h, struct event *ev)
{
	uint16_t id = ev->layout->id;
	bool classic = is_classic(ev);
	struct text_view path;

	if (id == (classic ? FIO_CLOSE : KF_CLOSE)) {
		name_table_remove(h->files, host_key(h, object_of(ev, SLOT_FILE_OBJECT)));
		return STATE_ONLY;
	}
	if (id == (classic ? FIO_NAME_DELETE : KF_NAME_DELETE)) {
		name_table_remove(h->files, host_key(h, object_of(ev, SLOT_FILE_KEY)));
		return STATE_ONLY;
	}
	path = own_path(st, h, ev, SLOT_FILE_PATH);
	if (path.len)
		name_table_put(h->files, host_key(h, object_of(ev, SLOT_FILE_KEY)), path);
	return STATE_ONLY;
}
