/* One fact, two records: what to do with the first and with the second (join.h). */
#include "policyd/state/host.h"

void host_note_source(struct host_state *h, enum source source)
{
	enum source other = source == SOURCE_CLASSIC ? SOURCE_MANIFEST : SOURCE_CLASSIC;

	h->seen[source] = true;
	h->run_without_twin[other] = 0;
}

static bool expects_twin(const struct state *st, const struct host_state *h, enum source source)
{
	if (st->limits.join != STATE_JOIN_AUTO)
		return st->limits.join == STATE_JOIN_ALWAYS;
	return h->run_without_twin[source] < JOIN_LEARN_RUN;
}

/* Kernel-Process leads, in whichever order they came: the same stream then gives the same event. */
static enum state_verdict merge(struct state *st, struct event *ev, struct event *held)
{
	st->count.joined++;
	held->doubt = ev->doubt;                  /* the kernel logger's word is enough */
	if (event_source(held) == SOURCE_CLASSIC) {
		ev->twin = held;
		return STATE_EVALUATE;
	}
	held->proc = ev->proc;
	held->container = ev->container;
	st->second = *ev;
	*ev = *held;
	ev->twin = &st->second;
	return STATE_EVALUATE;
}

static enum state_verdict first_of_two(struct state *st, struct host_state *h, struct event *ev, enum source source)
{
	if (!expects_twin(st, h, source)) {
		st->count.single++;
		return STATE_EVALUATE;
	}
	if (h->run_without_twin[source] < JOIN_LEARN_RUN)
		h->run_without_twin[source]++;
	if (join_hold(st->join, ev, st->now_100ns))
		return STATE_HELD;
	st->count.hold_refused++;
	return STATE_EVALUATE;
}

enum state_verdict apply_hold(struct state *st, struct host_state *h, struct event *ev, bool twin)
{
	enum source source = event_source(ev);
	struct event *held;

	if (source == SOURCE_OTHER)
		return STATE_EVALUATE;
	host_note_source(h, source);
	if (!twin)
		return first_of_two(st, h, ev, source);
	h->run_without_twin[source] = 0;
	held = join_take_twin(st->join, ev->proc, ev->kind);
	if (held)
		return merge(st, ev, held);
	/* The first record was not held (a full pool, or the stream seemed to have one source), and rules saw a start without
	 * what only this record tells, such as the command line: an alert told twice is better than one that is missed. */
	if (ev->kind != EVENT_process_start)
		return STATE_ONLY;
	ev->partial = true;
	st->count.partial++;
	return STATE_EVALUATE;
}

bool apply_is_told_twice(struct state *st, struct host_state *h, const struct event *ev, uint32_t pid, uint64_t id)
{
	enum source source = event_source(ev);
	uint64_t now = ev->rec->time_100ns, mixed = (id * 31 + pid) * UINT64_C(0x9E3779B97F4A7C15);
	struct recent_fact *f = &h->facts[(mixed >> 40) % HOST_RECENT_FACTS];
	uint64_t apart = f->time_100ns > now ? f->time_100ns - now : now - f->time_100ns;

	if (source == SOURCE_OTHER || !id)
		return false;
	if (f->id == id && f->pid == pid && f->kind == ev->kind && f->source != source && apart <= PROC_TIME_SLACK_100NS) {
		f->id = 0;
		st->count.told_twice++;
		return true;
	}
	*f = (struct recent_fact){ .id = id, .time_100ns = now, .pid = pid, .kind = (uint8_t)ev->kind, .source = (uint8_t)source };
	return false;
}

void apply_overdue(struct state *st, struct event *ev)
{
	struct host_state *h = state_host(st, ev->rec);
	enum source other = event_source(ev) == SOURCE_CLASSIC ? SOURCE_MANIFEST : SOURCE_CLASSIC;

	if (ev->proc)
		ev->container = ev->proc->container;
	/* With one source in the stream nothing is missing. */
	ev->partial = h->seen[other];
	if (ev->partial)
		st->count.partial++;
	else
		st->count.single++;
}
