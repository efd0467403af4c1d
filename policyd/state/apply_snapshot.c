/* Snapshots: processes that ran before the stream, and the runtime's names of containers. */
#include "policyd/decode/sid.h"
#include "policyd/state/host.h"

static void fill_from_row(struct state *st, struct host_state *h, struct proc *p, const struct stream_process *row)
{
	char sid[SID_TEXT_BYTES];
	struct text_view name, sid_text = { .ptr = sid, .len = 0 };
	struct container *c;

	if (!p->ppid)
		p->ppid = row->ppid;
	if (!p->start_key)
		p->start_key = row->start_key;
	if (!(p->flags & PROC_SESSION_KNOWN)) {
		p->session_id = row->session_id;
		p->flags |= PROC_SESSION_KNOWN;
	}
	if (!p->path && row->image_path.len)
		apply_set_path(st, h, p, row->image_path);
	if (!p->cmdline)
		proc_table_set_text(h->procs, &p->cmdline, row->cmdline);
	sid_text.len = sid_format(row->user_sid, sid);
	if (!p->user_sid && sid_text.len)
		proc_table_set_text(h->procs, &p->user_sid, sid_text);
	if (!p->user_name && p->user_sid && user_names_find(h->users, h->space, pooled_view(p->user_sid), &name))
		proc_table_set_text(h->procs, &p->user_name, name);
	p->flags |= PROC_PROVEN;
	c = host_container(st, h, &row->container);
	if (c)
		apply_correct_container(st, p, c);
	else if (guid_is_zero(&row->container))
		p->flags |= PROC_CONTAINER_KNOWN;      /* the collector asks each container for its processes */
}

void state_apply_snapshot(struct state *st, const struct stream_snapshot *snapshot)
{
	struct host_state *h = st->hosts[0];

	arena_reset(st->scratch);
	if (!st->now_100ns)
		st->now_100ns = snapshot->time_100ns;
	for (size_t i = 0; i < snapshot->process_count; i++) {
		const struct stream_process *row = &snapshot->processes[i];
		struct proc *p = apply_listed_proc(st, h, NULL, row->pid, row->create_time_100ns);

		if (p)
			fill_from_row(st, h, p, row);
	}
	for (size_t i = 0; i < snapshot->container_count; i++)
		apply_listed_container(st, h, &snapshot->containers[i]);
}
