/* Process starts, exits and rundown -> the process table. */
#include "policyd/state/host.h"
#include "policyd/state/sid_name.h"
#include "proto/base/text.h"

static const struct guid kernel_process_guid =
	GUID_INIT(0x22fb2cd6, 0x0e7b, 0x422b, 0xa0, 0xc7, 0x2f, 0xad, 0x1f, 0xd0, 0xe7, 0x16);

enum source event_source(const struct event *ev)
{
	if (ev->rec->kind != RECORD_ETW || !ev->layout)
		return SOURCE_OTHER;
	if (ev->rec->flags & RECORD_CLASSIC)
		return SOURCE_CLASSIC;
	return guid_equal(&ev->rec->provider, &kernel_process_guid) ? SOURCE_MANIFEST : SOURCE_OTHER;
}

void apply_set_path(struct state *st, struct host_state *h, struct proc *p, struct text_view path)
{
	struct text_view dos = device_map_dos_path(h->devices, path, st->scratch);

	proc_table_set_text(h->procs, &p->path, dos);
	if (dos.ptr != path.ptr || dos.len != path.len)
		proc_table_set_text(h->procs, &p->nt_path, path);
	proc_table_set_text(h->procs, &p->name, path_last_part(path));
}

static struct text_view account(const struct state *st, const struct event *ev, enum slot name_slot, enum slot domain_slot)
{
	struct text_view name = state_text(st, ev, name_slot), domain = state_text(st, ev, domain_slot);
	char *full;

	if (!name.len || !domain.len || memchr(name.ptr, '\\', name.len))
		return name;
	full = arena_alloc(st->scratch, domain.len + 1 + name.len);
	if (!full)
		return name;
	memcpy(full, domain.ptr, domain.len);
	full[domain.len] = '\\';
	memcpy(full + domain.len + 1, name.ptr, name.len);
	return (struct text_view){ .ptr = full, .len = domain.len + 1 + name.len };
}

static bool has_subject(const struct event *ev)
{
	return event_has(ev, SLOT_SUBJECT_SID) || event_has(ev, SLOT_SUBJECT_USER);
}

static bool is_null_sid(struct text_view sid)
{
	return text_equal_fold(sid.ptr, sid.len, "S-1-0-0", 7);
}

/* Security 4688 from version 2 on: no target account means that the new process has its creator's token. */
static bool has_creators_token(const struct state *st, const struct event *ev)
{
	return ev->kind == EVENT_process_start && is_null_sid(state_text(st, ev, SLOT_USER_SID)) &&
	       !event_has(ev, SLOT_USER_NAME);
}

void apply_learn_text(struct host_state *h, const struct event *ev, const struct pooled **known, struct text_view text)
{
	if (!text.len || (*known && (!ev->named || ((*known)->len == text.len && !memcmp((*known)->text, text.ptr, text.len)))))
		return;
	proc_table_set_text(h->procs, known, text);
}

static void learn_user(struct host_state *h, struct proc *p, const struct event *ev, struct text_view sid,
	struct text_view name)
{
	if (!is_null_sid(sid))
		apply_learn_text(h, ev, &p->user_sid, sid);
	if (!name.len && !p->user_name && p->user_sid)
		user_names_find(h->users, h->space, pooled_view(p->user_sid), &name);
	apply_learn_text(h, ev, &p->user_name, name);
}

static void fill_user(const struct state *st, struct host_state *h, struct proc *p, const struct event *ev)
{
	struct text_view sid = state_text(st, ev, SLOT_SUBJECT_SID);
	struct text_view name = account(st, ev, SLOT_SUBJECT_USER, SLOT_SUBJECT_DOMAIN);

	user_names_learn(h->users, h->space, sid, name);
	if (has_creators_token(st, ev)) {
		sid_well_known_name(sid, &name);        /* rather than DOMAIN\MACHINE$ */
		learn_user(h, p, ev, sid, name);
		return;
	}
	sid = state_text(st, ev, SLOT_USER_SID);
	name = account(st, ev, SLOT_USER_NAME, SLOT_USER_DOMAIN);
	if (!is_null_sid(sid))
		user_names_learn(h->users, h->space, sid, name);
	/* Audited events name the account they are about, and who asked, who may be impersonated. */
	if (ev->kind == EVENT_process_start || !has_subject(ev))
		learn_user(h, p, ev, sid, name);
}

bool apply_own_logon_id(const struct state *st, const struct event *ev, uint64_t *out)
{
	return (!has_subject(ev) || has_creators_token(st, ev)) && event_get_u64(ev, SLOT_LOGON_ID, out);
}

/* Security log: %%1936 default, %%1937 full, %%1938 limited; elsewhere the number itself. */
static uint8_t elevation_type(const struct state *st, const struct event *ev)
{
	struct text_view text;
	uint64_t v;

	if (event_get_u64(ev, SLOT_ELEVATION_TYPE, &v))
		return v <= 3 ? (uint8_t)v : 0;
	text = state_text(st, ev, SLOT_ELEVATION_TYPE);
	if (text.len == 6 && memcmp(text.ptr, "%%193", 5) == 0 && text.ptr[5] >= '6' && text.ptr[5] <= '8')
		return (uint8_t)(text.ptr[5] - '5');
	return 0;
}

static void fill_token(const struct state *st, struct proc *p, const struct event *ev)
{
	uint64_t v;

	if (p->integrity_rid == PROC_INTEGRITY_UNKNOWN &&
		!integrity_level_parse(state_text(st, ev, SLOT_INTEGRITY_SID), &p->integrity_rid))
		integrity_level_parse(state_text(st, ev, SLOT_INTEGRITY_LEVEL), &p->integrity_rid);
	if (!p->elevation_type)
		p->elevation_type = elevation_type(st, ev);
	if (event_get_u64(ev, SLOT_ELEVATED, &v)) {
		p->elevated = v != 0;
		p->flags |= PROC_ELEVATION_KNOWN;
	}
	if (!p->logon_id && apply_own_logon_id(st, ev, &v))
		p->logon_id = v;
}

static void fill_numbers(struct proc *p, const struct event *ev)
{
	if (!p->ppid)
		event_get_u32(ev, SLOT_PPID, &p->ppid);
	if (!(p->flags & PROC_SESSION_KNOWN) && event_get_u32(ev, SLOT_SESSION_ID, &p->session_id))
		p->flags |= PROC_SESSION_KNOWN;
	if (!p->seq)
		event_get_u64(ev, SLOT_PROC_SEQ, &p->seq);
	if (!p->parent_seq)
		event_get_u64(ev, SLOT_PARENT_SEQ, &p->parent_seq);
}

void apply_learn_path(struct state *st, struct host_state *h, const struct event *ev, struct proc *p, struct text_view path)
{
	struct text_view known = pooled_view(p->path), dos;

	/* Sysmon writes "<unknown process>" for what it missed. */
	if (!path.len || (known.len && (!ev->named || path.ptr[0] == '<')) || (known.len == path.len && !memcmp(known.ptr, path.ptr, path.len)))
		return;
	dos = device_map_dos_path(h->devices, path, st->scratch);
	/* The Security log writes some paths with devices: with no drive letter for them, what is known is better. */
	if (known.len && dos.len && dos.ptr[0] == '\\')
		return;
	apply_set_path(st, h, p, path);
}

void apply_fill_proc(struct state *st, struct host_state *h, struct proc *p, const struct event *ev)
{
	apply_learn_path(st, h, ev, p, state_text(st, ev, SLOT_IMAGE_PATH));
	if (!p->name)
		proc_table_set_text(h->procs, &p->name, path_last_part(state_text(st, ev, SLOT_IMAGE_NAME)));
	apply_learn_text(h, ev, &p->cmdline, state_text(st, ev, SLOT_CMDLINE));
	apply_learn_text(h, ev, &p->cwd, state_text(st, ev, SLOT_CWD));
	if (!p->guid)
		proc_table_set_text(h->procs, &p->guid, state_text(st, ev, SLOT_PROC_GUID));
	if (!p->package)
		proc_table_set_text(h->procs, &p->package, state_text(st, ev, SLOT_PACKAGE));
	fill_numbers(p, ev);
	fill_user(st, h, p, ev);
	fill_token(st, p, ev);
}

/* A creation cannot lie after the record that tells it; a payload that says so is not believed. */
static uint64_t create_time(const struct event *ev)
{
	uint64_t t;

	return event_get_u64(ev, SLOT_CREATE_TIME, &t) && t <= ev->rec->time_100ns + PROC_TIME_SLACK_100NS ? t : 0;
}

static void inherit_container(struct state *st, struct host_state *h, struct proc *p, const struct event *ev)
{
	const struct proc *parent = proc_parent(p);
	struct container *c = NULL;

	if (p->container)
		return;
	if (ev->rec->kind == RECORD_ETW && (ev->rec->flags & RECORD_HAS_CONTAINER))
		c = host_container(st, h, &ev->rec->container);
	if (!c && parent)
		c = parent->container;
	if (!c)
		c = apply_host_process(st, h, p);
	if (c)
		proc_set_container(p, c);
	else if (parent && (parent->flags & PROC_CONTAINER_KNOWN))
		p->flags |= PROC_CONTAINER_KNOWN;
}

static void note_creator(struct state *st, struct host_state *h, const struct event *ev, struct proc *child)
{
	struct event creator = { .rec = ev->rec };
	struct proc *p;

	if (ev->rec->kind != RECORD_ETW || ev->rec->pid == UINT32_MAX)
		return;
	child->creator_pid = ev->rec->pid;
	p = ev->rec->pid == child->pid ? NULL : host_find_proc(h, ev->rec->pid, ev->rec->time_100ns);
	if (p)
		apply_set_actor(st, h, &creator, p);
}

enum state_verdict apply_process_start(struct state *st, struct host_state *h, struct event *ev)
{
	uint64_t create = create_time(ev);
	uint32_t pid, sources = PROC_FROM_CLASSIC | PROC_FROM_MANIFEST;
	bool twin, repeated, told;
	struct proc *p;

	if (!event_subject_pid(st, h, ev, &pid))
		return STATE_EVALUATE;
	if (apply_starts_itself(ev, pid))
		return apply_forged(st, h, ev, DOUBT_STARTED_ITSELF);
	p = apply_start_entry(st, h, ev, pid, create);
	if (!p)
		return STATE_EVALUATE;
	proc_table_pin(h->procs, p);
	repeated = (p->flags & apply_source_flag(event_source(ev))) != 0;
	told = (p->flags & PROC_SEEN_START) && event_repeats(ev);
	twin = !repeated && (p->flags & sources) && event_source(ev) != SOURCE_OTHER;
	if (!(p->flags & PROC_SEEN_START)) {
		p->start_record_100ns = ev->rec->time_100ns;
		st->count.starts++;
	}
	p->flags |= PROC_SEEN_START | apply_source_flag(event_source(ev));
	p->flags &= ~(uint32_t)PROC_STUB;
	if (create) {
		p->create_100ns = create;
		p->flags |= PROC_CREATE_EXACT;
	}
	if (event_source(ev) == SOURCE_CLASSIC)
		p->flags |= PROC_PROVEN;
	if (p->flags & PROC_DOUBTED)
		ev->doubt = DOUBT_PID_IN_USE;
	h->sees_starts = true;
	apply_note_teller(p, ev);
	apply_fill_proc(st, h, p, ev);
	if (ev->named)
		host_learn_guid(h, pooled_view(p->guid), pid, st->now_100ns);
	if (ev->named)
		apply_logged_parent(st, h, p, ev);
	note_creator(st, h, ev, p);
	apply_set_actor(st, h, ev, p);
	inherit_container(st, h, p, ev);
	ev->container = p->container;
	return told ? STATE_ONLY : apply_hold(st, h, ev, twin);
}
