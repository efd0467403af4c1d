/* Who did it, to whom: the process of an event, from the header, the payload, or what a log record tells of it. */
#include "policyd/state/host.h"
#include "proto/base/text.h"

bool event_get_u32(const struct event *ev, enum slot slot, uint32_t *out)
{
	uint64_t v;

	if (!event_get_u64(ev, slot, &v) || v > UINT32_MAX)
		return false;
	*out = (uint32_t)v;
	return true;
}

struct text_view state_text(const struct state *st, const struct event *ev, enum slot slot)
{
	struct text_view text = { .ptr = "", .len = 0 };

	event_get_text(ev, slot, st->scratch, &text);
	return text;
}

struct text_view path_last_part(struct text_view path)
{
	size_t i = path.len;

	while (i && path.ptr[i - 1] != '\\' && path.ptr[i - 1] != '/')
		i--;
	return (struct text_view){ .ptr = path.ptr + i, .len = path.len - i };
}

static uint32_t header_pid(const struct host_state *h, const struct event *ev)
{
	union lru_value pid;
	uint32_t tid = ev->rec->tid;

	if (ev->rec->pid != UINT32_MAX)
		return event_is_of_logger(ev) ? UINT32_MAX : ev->rec->pid;
	/* Compact kernel headers have no process: the issuing thread tells it. */
	if (tid == UINT32_MAX && !event_get_u32(ev, SLOT_TID, &tid))
		return UINT32_MAX;
	return lru_map_get(h->threads, host_key(h, tid), &pid) ? (uint32_t)pid.number : UINT32_MAX;
}

bool event_subject_pid(const struct state *st, const struct host_state *h, const struct event *ev, uint32_t *out)
{
	if (event_get_u32(ev, SLOT_PID, out))
		return true;
	*out = ev->named ? host_pid_of_guid(h, state_text(st, ev, SLOT_PROC_GUID)) : UINT32_MAX;
	return *out != UINT32_MAX;
}

uint32_t event_actor_pid(const struct state *st, const struct host_state *h, const struct event *ev)
{
	static const enum slot slots[] = { SLOT_PID, SLOT_CLIENT_PID };
	uint32_t pid;

	for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
		if (event_get_u32(ev, slots[i], &pid) && pid)
			return pid;
	}
	return event_subject_pid(st, h, ev, &pid) ? pid : header_pid(h, ev);
}

/* The kernel's own word on the process that logs; what a parent gave is only a guess. */
static void note_container(struct state *st, struct host_state *h, struct proc *p, const struct record *rec)
{
	struct container *c;

	if (!(rec->flags & RECORD_HAS_CONTAINER) || (p->container && guid_equal(&p->container->guid, &rec->container)))
		return;
	c = host_container(st, h, &rec->container);
	if (c)
		apply_correct_container(st, p, c);
}

void apply_set_actor(struct state *st, struct host_state *h, struct event *ev, struct proc *p)
{
	bool stamped = p && ev->rec->kind == RECORD_ETW && ev->rec->pid == p->pid;

	if (stamped)
		p = apply_owner_by_key(h, p, ev->rec);
	ev->proc = p;
	ev->container = NULL;
	if (!p)
		return;
	proc_table_pin(h->procs, p);
	proc_table_touch(h->procs, p, st->now_100ns);
	proc_tree_link(h->procs, p);
	if (stamped) {
		p->flags |= PROC_ACTED | PROC_PROVEN;
		if (ev->rec->flags & RECORD_HAS_START_KEY)
			p->start_key = ev->rec->start_key;
		note_container(st, h, p, ev->rec);
	}
	ev->container = p->container;
}

static bool names_differ(const struct proc *p, struct text_view path)
{
	struct text_view name = pooled_view(p->name), last = path_last_part(path);

	return name.len && last.len && !text_equal_fold(name.ptr, name.len, last.ptr, last.len);
}

/* The entry a log record means by pid, guid and path; one that is somebody else's has missed its end. */
static struct proc *logged_proc(struct state *st, struct host_state *h, uint32_t pid, struct text_view guid,
	struct text_view path)
{
	struct proc *p = host_find_proc(h, pid, st->now_100ns);
	bool other = false;

	if (p) {
		other = guid.len && p->guid ? !text_equal_fold(p->guid->text, p->guid->len, guid.ptr, guid.len) :
					      names_differ(p, path);
		if (other) {
			proc_table_exit(h->procs, p, st->now_100ns);
			p = NULL;
		}
	}
	if (!p || !p->guid)
		host_learn_guid(h, guid, pid, st->now_100ns);
	if (!p && !other && guid.len)
		p = host_find_proc(h, pid, st->now_100ns);       /* known by its GUID till now */
	if (p || (!guid.len && !path.len))
		return p;
	p = host_add_proc(h, pid, 0, st->now_100ns);
	if (p)
		p->flags |= PROC_STUB;
	proc_table_new_parents(h->procs);
	return p;
}

struct proc *apply_logged_actor(struct state *st, struct host_state *h, const struct event *ev, uint32_t pid)
{
	struct text_view guid = state_text(st, ev, SLOT_PROC_GUID), path = state_text(st, ev, SLOT_IMAGE_PATH);
	struct proc *p = logged_proc(st, h, pid, guid, path);

	if (!p)
		return NULL;
	apply_fill_proc(st, h, p, ev);
	return p;
}

struct proc *apply_logged_target(struct state *st, struct host_state *h, const struct event *ev, uint32_t pid)
{
	struct text_view guid = state_text(st, ev, SLOT_TARGET_GUID), path = state_text(st, ev, SLOT_TARGET_PATH);
	struct proc *p = logged_proc(st, h, pid, guid, path);

	if (!p)
		return NULL;
	if (!p->guid)
		proc_table_set_text(h->procs, &p->guid, guid);
	apply_learn_path(st, h, ev, p, path);
	apply_learn_text(h, ev, &p->user_name, state_text(st, ev, SLOT_TARGET_USER));
	return p;
}

void apply_logged_parent(struct state *st, struct host_state *h, struct proc *child, const struct event *ev)
{
	struct text_view guid = state_text(st, ev, SLOT_PARENT_GUID), path = state_text(st, ev, SLOT_PARENT_PATH);
	struct proc *p;

	if (!child->ppid || (!guid.len && !path.len))
		return;
	proc_table_pin(h->procs, child);
	p = logged_proc(st, h, child->ppid, guid, path);
	if (!p || p == child)
		return;
	if (!p->guid)
		proc_table_set_text(h->procs, &p->guid, guid);
	apply_learn_path(st, h, ev, p, path);
	apply_learn_text(h, ev, &p->cmdline, state_text(st, ev, SLOT_PARENT_CMDLINE));
	apply_learn_text(h, ev, &p->user_name, state_text(st, ev, SLOT_PARENT_USER));
}

enum state_verdict apply_actor(struct state *st, struct host_state *h, struct event *ev)
{
	uint32_t pid = event_actor_pid(st, h, ev), target;
	struct proc *p = NULL;

	if (pid != UINT32_MAX)
		p = ev->named ? apply_logged_actor(st, h, ev, pid) : host_find_proc(h, pid, ev->rec->time_100ns);
	apply_set_actor(st, h, ev, p);
	if (event_get_u32(ev, SLOT_TARGET_PID, &target))
		ev->target = ev->named ? apply_logged_target(st, h, ev, target) :
					 host_find_proc(h, target, ev->rec->time_100ns);
	return STATE_EVALUATE;
}
