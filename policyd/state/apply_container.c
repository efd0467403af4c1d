/* Containers: server silos, which is what Windows containers with process isolation are to the kernel. */
#include "policyd/state/host.h"

/* SERVERSILO_STATE. Source: ntddk.h. */
enum { SILO_STARTED = 1, SILO_TERMINATING = 3, SILO_TERMINATED = 4 };

static struct container *seen(const struct state *st, struct container *c)
{
	if (c && !c->first_seen_100ns)
		c->first_seen_100ns = st->now_100ns;
	return c;
}

struct container *host_container(const struct state *st, struct host_state *h, const struct guid *silo)
{
	return seen(st, container_table_get(h->containers, silo));
}

struct container *host_container_by_id(const struct state *st, struct host_state *h, struct text_view id)
{
	return seen(st, container_table_get_by_id(h->containers, id));
}

void apply_correct_container(struct state *st, struct proc *p, struct container *c)
{
	if (p->container == c)
		return;
	if (p->container)
		st->count.containers_corrected++;
	proc_set_container(p, c);
}

static enum state_verdict silo_started(struct container *c, struct event *ev)
{
	if (c->flags & CONTAINER_STARTED)
		return STATE_ONLY;
	c->flags |= CONTAINER_STARTED;
	c->start_100ns = ev->rec->time_100ns;
	ev->kind = EVENT_container_start;
	return STATE_EVALUATE;
}

static enum state_verdict silo_stopped(struct container *c, struct event *ev)
{
	if (c->flags & CONTAINER_STOPPED)
		return STATE_ONLY;
	c->flags |= CONTAINER_STOPPED;
	c->stop_100ns = ev->rec->time_100ns;
	ev->kind = EVENT_container_stop;
	return STATE_EVALUATE;
}

enum state_verdict apply_silo(struct state *st, struct host_state *h, struct event *ev)
{
	enum state_verdict verdict = STATE_ONLY;
	struct container *c;
	struct view guid;
	struct guid id;
	uint64_t silo_state;

	if (!event_get_bytes(ev, SLOT_CONTAINER_GUID, &guid) || guid.len != sizeof id.b)
		return STATE_ONLY;
	memcpy(id.b, guid.ptr, sizeof id.b);
	c = host_container(st, h, &id);
	if (!c)
		return ev->kind == EVENT_NONE ? STATE_ONLY : STATE_EVALUATE;
	event_get_u32(ev, SLOT_JOB_ID, &c->job_id);
	if (!event_get_u64(ev, SLOT_SILO_STATE, &silo_state))
		return STATE_ONLY;
	if (silo_state == SILO_STARTED)
		verdict = silo_started(c, ev);
	else if (silo_state == SILO_TERMINATING || silo_state == SILO_TERMINATED)
		verdict = silo_stopped(c, ev);
	if (verdict != STATE_EVALUATE)
		return verdict;
	if (ev->rec->pid != UINT32_MAX)
		apply_set_actor(st, h, ev, host_find_proc(h, ev->rec->pid, ev->rec->time_100ns));
	ev->container = c;                /* the event is about it, whoever made it */
	return STATE_EVALUATE;
}

/* A process joins a job; a silo's job has the silo's GUID. */
enum state_verdict apply_job(struct state *st, struct host_state *h, struct event *ev)
{
	struct container *c;
	struct proc *p;
	struct view guid;
	struct guid id;
	uint32_t pid;

	if (!event_get_bytes(ev, SLOT_CONTAINER_GUID, &guid) || guid.len != sizeof id.b ||
		!event_get_u32(ev, SLOT_PID, &pid))
		return STATE_ONLY;
	memcpy(id.b, guid.ptr, sizeof id.b);
	c = container_table_find(h->containers, &id);
	p = c ? host_find_proc(h, pid, ev->rec->time_100ns) : NULL;
	if (p)
		apply_correct_container(st, p, c);
	return STATE_ONLY;
}
