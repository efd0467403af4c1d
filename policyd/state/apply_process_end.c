/* Process exits, and processes that were there before the stream: rundown and snapshots. */
#include "policyd/state/host.h"

/* An end cannot lie after the record that tells it; a payload that says so is not believed. */
static uint64_t exit_time(const struct event *ev)
{
	uint64_t t;

	return event_get_u64(ev, SLOT_EXIT_TIME, &t) && t && t <= ev->rec->time_100ns ? t : ev->rec->time_100ns;
}

static struct proc *by_create_time(const struct host_state *h, uint32_t pid, uint64_t create_100ns)
{
	struct proc *p = NULL;

	while ((p = host_next_of_pid(h, pid, p)) != NULL) {
		if ((p->flags & PROC_CREATE_EXACT) && p->create_100ns == create_100ns)
			return p;
	}
	return NULL;
}

static void set_exact_create(struct proc *p, uint64_t create_100ns)
{
	if (!create_100ns || (p->flags & PROC_CREATE_EXACT))
		return;
	p->create_100ns = create_100ns;
	p->flags |= PROC_CREATE_EXACT;
}

static struct proc *exit_entry(struct state *st, struct host_state *h, const struct event *ev, uint32_t pid)
{
	uint64_t create = 0;
	struct proc *p = NULL;

	if (event_get_u64(ev, SLOT_CREATE_TIME, &create) && create)
		p = by_create_time(h, pid, create);
	if (!p && ev->named)
		p = apply_logged_actor(st, h, ev, pid);
	if (!p)
		p = host_find_proc(h, pid, ev->rec->time_100ns);
	if (p && create && (p->flags & PROC_CREATE_EXACT) && p->create_100ns != create)
		p = NULL;                 /* the pid has a new owner already */
	return p ? p : host_add_proc(h, pid, create, ev->rec->time_100ns);
}

static bool other_exit_record(const struct proc *p, const struct event *ev, uint32_t other)
{
	uint64_t a = p->exit_record_100ns, b = ev->rec->time_100ns;

	return (p->flags & other) && (a > b ? a - b : b - a) <= PROC_TIME_SLACK_100NS;
}

enum state_verdict apply_process_exit(struct state *st, struct host_state *h, struct event *ev)
{
	static const uint32_t flags[] = { PROC_EXIT_CLASSIC, PROC_EXIT_MANIFEST, 0 };
	static const uint32_t others[] = { PROC_EXIT_MANIFEST, PROC_EXIT_CLASSIC, 0 };
	enum source source = event_source(ev);
	struct proc *p;
	uint64_t create = 0;
	uint32_t pid;
	bool twin;

	if (!event_subject_pid(st, h, ev, &pid))
		return STATE_EVALUATE;
	p = exit_entry(st, h, ev, pid);
	if (!p)
		return STATE_EVALUATE;
	if (!apply_may_end(p, ev)) {
		apply_forged(st, h, ev, DOUBT_ENDED_BY_ANOTHER);
		ev->target = p;
		return STATE_EVALUATE;
	}
	if (event_get_u64(ev, SLOT_CREATE_TIME, &create))
		set_exact_create(p, create);
	h->sees_exits |= source != SOURCE_OTHER;
	twin = other_exit_record(p, ev, others[source]) && !(p->flags & flags[source]);
	if (!(p->flags & PROC_EXITED)) {
		p->exit_record_100ns = ev->rec->time_100ns;
		st->count.exits++;
	}
	p->flags |= flags[source];
	apply_fill_proc(st, h, p, ev);
	if (event_get_u32(ev, SLOT_EXIT_CODE, &p->exit_code))
		p->flags |= PROC_EXIT_CODE_KNOWN;
	apply_set_actor(st, h, ev, p);
	proc_table_exit(h->procs, p, exit_time(ev));
	return apply_hold(st, h, ev, twin);
}

struct proc *apply_listed_proc(struct state *st, struct host_state *h, const struct event *ev, uint32_t pid,
	uint64_t create_100ns)
{
	struct proc *p = create_100ns ? by_create_time(h, pid, create_100ns) : NULL;

	if (!p)
		p = host_find_proc(h, pid, st->now_100ns);
	if (p && create_100ns && (p->flags & PROC_CREATE_EXACT) && p->create_100ns != create_100ns) {
		if (create_100ns < p->create_100ns)
			return NULL;
		if (ev && !apply_may_replace(st, h, p, ev)) {
			st->count.forged++;
			return NULL;
		}
		proc_table_exit(h->procs, p, create_100ns);
		p = NULL;
	}
	if (p && (p->flags & PROC_EXITED) && p->create_100ns != create_100ns)
		p = NULL;                 /* ended, and listed as alive: somebody else by now */
	if (!p) {
		p = host_add_proc(h, pid, create_100ns, st->now_100ns);
		proc_table_new_parents(h->procs);
		st->count.rundown++;
	}
	if (p) {
		set_exact_create(p, create_100ns);
		p->flags &= ~(uint32_t)PROC_STUB;
	}
	return p;
}

enum state_verdict apply_process_rundown(struct state *st, struct host_state *h, struct event *ev)
{
	uint64_t create = 0;
	struct proc *p;
	uint32_t pid;

	event_get_u64(ev, SLOT_CREATE_TIME, &create);
	if (!event_get_u32(ev, SLOT_PID, &pid))
		return STATE_ONLY;
	p = apply_listed_proc(st, h, ev, pid, create <= ev->rec->time_100ns ? create : 0);
	if (!p)
		return STATE_ONLY;
	if (event_source(ev) == SOURCE_CLASSIC)
		p->flags |= PROC_PROVEN;
	device_map_learn(h->devices, state_text(st, ev, SLOT_IMAGE_PATH));
	apply_fill_proc(st, h, p, ev);
	return STATE_ONLY;
}
