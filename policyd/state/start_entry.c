/* Which process a start or an end tells of, and whether to believe it.
 *
 * Any process may write events in the name of any provider that is enabled; only the header's pid, thread and start key
 * are the kernel's own (etw.md). So a record may not take a living process's place only because its payload says so. The
 * kernel logger (classic records) and the System process cannot be written as by others. */
#include "policyd/state/host.h"
#include "proto/base/text.h"

enum {
	/* A log may keep whole seconds only: the same start told by two logs is up to one apart (measured: 0.998 s). */
	LOG_SLACK_100NS = 12 * 1000000,
	SYSTEM_PID = 4,
	LOSS_SLACK_100NS = 2 * 10000000,       /* a process's last sign of life is kept to the second (proc_table_touch) */
};

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

uint32_t apply_source_flag(enum source source)
{
	static const uint32_t flags[] = { PROC_FROM_CLASSIC, PROC_FROM_MANIFEST, 0 };

	return flags[source];
}

/* A log or other provider, as a number that is never 0. */
static uint32_t teller_of(const struct event *ev)
{
	const struct record *rec = ev->rec;
	const uint8_t *at = rec->kind == RECORD_NAMED ? (const uint8_t *)rec->provider_name.ptr : rec->provider.b;
	size_t len = rec->kind == RECORD_NAMED ? rec->provider_name.len : sizeof rec->provider.b;
	uint32_t hash = 2166136261u;           /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * 16777619u;
	return hash | 1;
}

void apply_note_teller(struct proc *p, const struct event *ev)
{
	uint32_t teller = teller_of(ev);
	size_t i = 0;

	if (event_source(ev) != SOURCE_OTHER)
		return;
	while (i < PROC_MAX_TELLERS && p->told[i].teller && p->told[i].teller != teller)
		i++;
	if (i < PROC_MAX_TELLERS) {
		p->told[i].teller = teller;
		p->told[i].time_100ns = ev->rec->time_100ns;
	}
}

/* The same log told of p's start already, by another record: it would not tell of one start twice. */
static bool told_by_same_log(const struct proc *p, const struct event *ev)
{
	uint32_t teller = teller_of(ev);

	for (size_t i = 0; i < PROC_MAX_TELLERS && !event_repeats(ev); i++) {
		if (p->told[i].teller == teller)
			return p->told[i].time_100ns != ev->rec->time_100ns;
	}
	return false;
}

static struct text_view trimmed(struct text_view t)
{
	while (t.len && t.ptr[t.len - 1] == ' ')
		t.len--;
	return t;
}

/* Of a long command line only the beginning is kept. */
static bool other_cmdline(const struct proc *p, struct text_view cmdline)
{
	struct text_view known = trimmed(pooled_view(p->cmdline)), told = trimmed(proc_text_to_keep(cmdline));

	return known.len && told.len && (known.len != told.len || memcmp(known.ptr, told.ptr, told.len) != 0);
}

/* Something that the record says cannot be true of p. What either does not know tells nothing. */
static bool contradicts(const struct state *st, const struct proc *p, const struct event *ev)
{
	uint64_t logon_id;
	uint32_t ppid;

	if ((p->flags & PROC_EXITED) && ev->rec->time_100ns > p->exit_100ns + PROC_TIME_SLACK_100NS)
		return true;
	if (p->ppid && event_get_u32(ev, SLOT_PPID, &ppid) && ppid && ppid != p->ppid && ppid != p->creator_pid)
		return true;
	if (p->logon_id && apply_own_logon_id(st, ev, &logon_id) && logon_id && logon_id != p->logon_id)
		return true;
	return other_cmdline(p, state_text(st, ev, SLOT_CMDLINE));
}

static bool same_logged_start(const struct state *st, const struct proc *p, const struct event *ev)
{
	struct text_view guid = state_text(st, ev, SLOT_PROC_GUID);
	struct text_view last = path_last_part(state_text(st, ev, SLOT_IMAGE_PATH)), name = pooled_view(p->name);

	if (guid.len && p->guid)
		return text_equal_fold(guid.ptr, guid.len, p->guid->text, p->guid->len);
	return (p->flags & PROC_SEEN_START) && distance(p->start_record_100ns, ev->rec->time_100ns) <= LOG_SLACK_100NS &&
	       text_equal_fold(last.ptr, last.len, name.ptr, name.len) && !told_by_same_log(p, ev) && !contradicts(st, p, ev);
}

/* Whether p is the process whose start ev tells. */
static bool same_start(const struct state *st, const struct proc *p, const struct event *ev, uint64_t create_100ns)
{
	enum source source = event_source(ev);
	uint32_t both = PROC_FROM_CLASSIC | PROC_FROM_MANIFEST;

	if (source == SOURCE_OTHER)
		return same_logged_start(st, p, ev);
	if (create_100ns && (p->flags & PROC_CREATE_EXACT))
		return p->create_100ns == create_100ns;
	if (p->flags & apply_source_flag(source))
		return false;
	if (p->flags & both)
		return distance(p->start_record_100ns, ev->rec->time_100ns) <= PROC_TIME_SLACK_100NS;
	return same_logged_start(st, p, ev);
}

static bool is_written_by_anyone(const struct record *rec)
{
	return rec->kind == RECORD_ETW && !(rec->flags & RECORD_CLASSIC) && rec->pid != UINT32_MAX && rec->pid != SYSTEM_PID;
}

bool apply_starts_itself(const struct event *ev, uint32_t pid)
{
	return is_written_by_anyone(ev->rec) && ev->rec->pid == pid;
}

bool apply_may_replace(const struct state *st, const struct host_state *h, const struct proc *p, const struct event *ev)
{
	if (!is_written_by_anyone(ev->rec) || !(p->flags & PROC_PROVEN) || (p->flags & PROC_EXITED) || !h->sees_exits)
		return true;
	return st->lost_100ns && st->lost_100ns + LOSS_SLACK_100NS >= p->last_seen_100ns;
}

bool apply_may_end(const struct proc *p, const struct event *ev)
{
	return event_source(ev) != SOURCE_MANIFEST || ev->rec->pid == p->pid || !is_written_by_anyone(ev->rec) ||
	       !(p->flags & PROC_ACTED) || (p->flags & PROC_EXITED);
}

enum state_verdict apply_forged(struct state *st, struct host_state *h, struct event *ev, enum event_doubt doubt)
{
	st->count.forged++;
	ev->kind = EVENT_etw_tamper;
	ev->doubt = doubt;
	apply_set_actor(st, h, ev, host_find_proc(h, ev->rec->pid, ev->rec->time_100ns));
	return STATE_EVALUATE;
}

static void end_others(struct host_state *h, const struct proc *p, uint64_t at_100ns)
{
	struct proc *other, *next;

	for (other = host_next_of_pid(h, p->pid, NULL); other; other = next) {
		next = host_next_of_pid(h, p->pid, other);
		if (other != p)
			proc_table_exit(h->procs, other, at_100ns);
	}
}

static bool all_may_go(const struct state *st, const struct host_state *h, const struct event *ev, uint32_t pid)
{
	struct proc *p = NULL;

	while ((p = host_next_of_pid(h, pid, p)) != NULL) {
		if (!apply_may_replace(st, h, p, ev))
			return false;
	}
	return true;
}

void apply_confirm(struct host_state *h, struct proc *p)
{
	proc_table_revive(h->procs, p);
	end_others(h, p, proc_born(p));
}

struct proc *apply_owner_by_key(struct host_state *h, struct proc *p, const struct record *rec)
{
	struct proc *other = NULL, *doubted = NULL;

	if (!(rec->flags & RECORD_HAS_START_KEY) || !p->start_key || p->start_key == rec->start_key)
		return p;
	while ((other = host_next_of_pid(h, p->pid, other)) != NULL) {
		if (other->start_key == rec->start_key)
			return other;
		if ((other->flags & PROC_DOUBTED) && !other->start_key)
			doubted = other;
	}
	/* Keys grow: an older one's process is forgotten, a newer one's started unseen, or seen and doubted. */
	if (rec->start_key < p->start_key)
		return NULL;
	proc_table_exit(h->procs, p, rec->time_100ns);
	if (doubted)
		apply_confirm(h, doubted);
	return doubted;
}

struct proc *apply_start_entry(struct state *st, struct host_state *h, struct event *ev, uint32_t pid, uint64_t create_100ns)
{
	uint64_t born = create_100ns ? create_100ns : ev->rec->time_100ns;
	struct proc *p = NULL;
	bool believed;

	while ((p = host_next_of_pid(h, pid, p)) != NULL) {
		if (!same_start(st, p, ev, create_100ns))
			continue;
		if ((p->flags & PROC_DOUBTED) && !is_written_by_anyone(ev->rec))
			apply_confirm(h, p);
		return p;
	}
	believed = all_may_go(st, h, ev, pid);
	p = host_add_proc(h, pid, born, ev->rec->time_100ns);
	if (!p)
		return NULL;
	if (believed) {
		/* The pid is used again: whoever had it has ended, unseen. */
		end_others(h, p, born);
		return p;
	}
	st->count.forged++;
	proc_table_doubt(h->procs, p, born);
	return p;
}
