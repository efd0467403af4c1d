/* Threads and images: who runs where, threads made in another process, drivers. */
#include "policyd/state/host.h"
#include "proto/base/text.h"

enum { IDLE_PID = 0, SYSTEM_PID = 4 };

/* False: the thread was known already (two sources tell of it). */
static bool add_thread(struct state *st, struct host_state *h, uint32_t tid, uint32_t pid)
{
	union lru_value value = { .number = pid }, old;
	enum lru_put put = lru_map_put(h->threads, host_key(h, tid), value, &old);

	if (put == LRU_EVICTED)
		st->count.thread_evictions++;
	return put != LRU_REPLACED || old.number != pid;
}

static void note_thread(struct state *st, struct host_state *h, struct proc *target, uint32_t tid, uint32_t pid)
{
	bool added = add_thread(st, h, tid, pid);

	if (!target)
		return;
	if (added)
		target->thread_count++;
	if (!target->first_tid)
		target->first_tid = tid;
}

/* A thread made by another process than its own, except the first one of a new process, which its creator makes, and
 * threads of the kernel, which have no environment block. (The header's pid is stamped by the kernel.)
 * Of an unknown process only when starts are seen: then it is no new one. */
static bool is_remote(const struct host_state *h, const struct event *ev, const struct proc *target, uint32_t pid,
	uint32_t tid)
{
	uint32_t creator = ev->rec->pid;
	uint64_t teb;

	if (event_get_u64(ev, SLOT_TEB, &teb) && !teb)
		return false;
	if (creator == UINT32_MAX || creator == pid || creator == IDLE_PID || creator == SYSTEM_PID)
		return false;
	if (!target)
		return h->sees_starts;
	return !(target->flags & PROC_SEEN_START) || (target->first_tid && target->first_tid != tid);
}

enum state_verdict apply_thread_start(struct state *st, struct host_state *h, struct event *ev)
{
	struct proc *target, *creator;
	uint32_t pid, tid;
	bool remote;

	if (ev->rec->kind == RECORD_NAMED || !event_get_u32(ev, SLOT_PID, &pid) || !event_get_u32(ev, SLOT_TID, &tid))
		return apply_actor(st, h, ev);
	target = host_find_proc(h, pid, ev->rec->time_100ns);
	remote = is_remote(h, ev, target, pid, tid);
	note_thread(st, h, target, tid, pid);
	if (apply_is_told_twice(st, h, ev, pid, tid))
		return STATE_ONLY;
	if (!remote) {
		apply_set_actor(st, h, ev, target);
		return STATE_EVALUATE;
	}
	creator = host_find_proc(h, ev->rec->pid, ev->rec->time_100ns);
	apply_set_actor(st, h, ev, creator);
	ev->kind = EVENT_remote_thread;
	ev->target = target;
	return STATE_EVALUATE;
}

enum state_verdict apply_thread_rundown(struct state *st, struct host_state *h, struct event *ev)
{
	uint32_t pid, tid;

	if (event_get_u32(ev, SLOT_PID, &pid) && event_get_u32(ev, SLOT_TID, &tid))
		note_thread(st, h, host_find_proc(h, pid, ev->rec->time_100ns), tid, pid);
	return STATE_ONLY;
}

enum state_verdict apply_thread_end(struct state *st, struct host_state *h, struct event *ev)
{
	union lru_value old;
	struct proc *p;
	uint32_t tid;

	(void)st;
	if (!event_get_u32(ev, SLOT_TID, &tid) || !lru_map_remove(h->threads, host_key(h, tid), &old))
		return STATE_ONLY;
	p = host_find_proc(h, (uint32_t)old.number, ev->rec->time_100ns);
	if (p && p->thread_count)
		p->thread_count--;
	return STATE_ONLY;
}

static bool ends_with(struct text_view t, const char *end)
{
	size_t n = strlen(end);

	return t.len >= n && text_equal_fold(t.ptr + t.len - n, n, end, n);
}

/* Classic process events have a short name only; the program's own image, which is loaded first, has the path. */
static void learn_path(struct state *st, struct host_state *h, struct proc *p, struct text_view module)
{
	struct text_view last = path_last_part(module), name = pooled_view(p->name);

	if (!p->path && name.len && text_equal_fold(last.ptr, last.len, name.ptr, name.len))
		apply_set_path(st, h, p, module);
}

enum state_verdict apply_image_load(struct state *st, struct host_state *h, struct event *ev)
{
	struct text_view module = state_text(st, ev, SLOT_MODULE_PATH);
	enum state_verdict verdict;

	if (ev->named) {
		verdict = apply_actor(st, h, ev);
	} else {
		uint32_t pid = event_actor_pid(st, h, ev);
		uint64_t base = 0;

		if (event_get_u32(ev, SLOT_PID, &pid) && (pid == IDLE_PID || pid == SYSTEM_PID)) {
			pid = SYSTEM_PID;
			if (ends_with(module, ".sys"))
				ev->kind = EVENT_driver_load;
		}
		apply_set_actor(st, h, ev, host_find_proc(h, pid, ev->rec->time_100ns));
		if (ev->proc)
			learn_path(st, h, ev->proc, module);
		event_get_u64(ev, SLOT_IMAGE_BASE, &base);
		verdict = apply_is_told_twice(st, h, ev, pid, base) ? STATE_ONLY : STATE_EVALUATE;
	}
	ev->path = device_map_dos_path(h->devices, module, st->scratch);
	return verdict;
}

enum state_verdict apply_image_rundown(struct state *st, struct host_state *h, struct event *ev)
{
	struct text_view module = state_text(st, ev, SLOT_MODULE_PATH);
	struct proc *p;
	uint32_t pid;

	device_map_learn(h->devices, module);
	if (!event_get_u32(ev, SLOT_PID, &pid))
		return STATE_ONLY;
	p = host_find_proc(h, pid, ev->rec->time_100ns);
	if (p)
		learn_path(st, h, p, module);
	return STATE_ONLY;
}
