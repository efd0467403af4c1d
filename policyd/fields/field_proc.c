#include "policyd/fields/field_proc.h"

#include "policyd/fields/cmdline.h"
#include "policyd/state/sid_name.h"
#include "proto/base/clock.h"
#include "proto/base/text.h"

static const struct proc *proc_of(const struct event_view *view, uint32_t ancestor)
{
	const struct event *ev = getter_event(view);

	return ev->proc ? proc_ancestor(ev->proc, ancestor) : NULL;
}

static struct text_view text_at(const struct proc *p, size_t offset)
{
	const struct pooled *text;

	memcpy(&text, (const char *)p + offset, sizeof text);
	return pooled_view(text);
}

/* What the table keeps, or for the start of the process itself what the event says where the table has no text or only
 * the first part of it. */
static struct text_view own_text(const struct event_view *view, const struct proc *p, size_t offset)
{
	struct text_view kept = { .ptr = "", .len = 0 }, told = kept;

	if (p)
		kept = text_at(p, offset);
	/* A cut between characters leaves out at most three bytes. */
	if (getter_event(view)->kind != EVENT_process_start || (kept.len && kept.len + 3 < PROC_TEXT_BYTES))
		return kept;
	if (offset == offsetof(struct proc, cmdline))
		getter_text(view, SLOT_CMDLINE, &told);
	else if (offset == offsetof(struct proc, path) || offset == offsetof(struct proc, name))
		getter_text(view, SLOT_IMAGE_PATH, &told);
	if (offset == offsetof(struct proc, name)) {
		if (!told.len)
			getter_text(view, SLOT_IMAGE_NAME, &told);
		told = text_last_part(told);
	}
	return told.len ? told : kept;
}

static struct text_view text_of(const struct event_view *view, uint32_t ancestor, size_t offset)
{
	const struct proc *p = proc_of(view, ancestor);

	if (!ancestor)
		return own_text(view, p, offset);
	return p ? text_at(p, offset) : (struct text_view){ .ptr = "", .len = 0 };
}

enum field_result get_proc_text(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)arg;
	return give_text(out, text_of(view, (uint32_t)(f->user >> 16), f->user & 0xFFFF));
}

enum field_result get_proc_nt_path(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct proc *p = proc_of(view, 0);

	(void)f;
	(void)arg;
	if (p && p->nt_path)
		return give_text(out, pooled_view(p->nt_path));
	return give_text(out, own_text(view, p, offsetof(struct proc, path)));
}

static struct text_view program_or_name(struct text_view cmdline, struct text_view name)
{
	struct text_view program = cmdline_program(cmdline);

	return program.len ? program : name;
}

static struct text_view program_of(const struct proc *p)
{
	return program_or_name(pooled_view(p->cmdline), pooled_view(p->name));
}

enum field_result get_proc_exe(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	uint32_t ancestor = (uint32_t)f->user;

	(void)arg;
	return give_text(out, program_or_name(text_of(view, ancestor, offsetof(struct proc, cmdline)),
				      text_of(view, ancestor, offsetof(struct proc, name))));
}

typedef struct text_view text_of_proc(const struct field *f, const struct proc *p);

static struct text_view member_text(const struct field *f, const struct proc *p)
{
	return text_at(p, f->user);
}

static struct text_view program_text(const struct field *f, const struct proc *p)
{
	(void)f;
	return program_of(p);
}

static size_t append(char *out, size_t at, struct text_view text)
{
	if (at && text.len)
		out[at++] = ' ';
	if (text.len)
		memcpy(out + at, text.ptr, text.len);
	return at + text.len;
}

/* All ancestors, parent first, joined by blanks: what outputs print without an index. */
static enum field_result join_ancestors(const struct field *f, const struct event_view *view, text_of_proc *text,
	struct value *out)
{
	const struct proc *first = proc_of(view, 1);
	size_t len = 0, at = 0;
	char *joined;

	for (const struct proc *p = first; p && len < LIMIT_ARGS_BYTES; p = proc_parent(p))
		len += text(f, p).len + 1;
	joined = len ? arena_alloc(view->scratch, len) : NULL;
	if (!joined)
		return FIELD_MISSING;
	for (const struct proc *p = first; p && at + text(f, p).len + 1 <= len; p = proc_parent(p))
		at = append(joined, at, text(f, p));
	return give_text(out, (struct text_view){ .ptr = joined, .len = at });
}

static enum field_result ancestor_text(const struct field *f, const struct field_arg *arg,
	const struct event_view *view, text_of_proc *text, struct value *out)
{
	const struct proc *p;

	if (!arg->present)
		return join_ancestors(f, view, text, out);
	p = proc_of(view, arg->index);
	return p ? give_text(out, text(f, p)) : FIELD_END;
}

enum field_result get_proc_ancestor_text(const struct field *f, const struct field_arg *arg,
	const struct event_view *view, struct value *out)
{
	return ancestor_text(f, arg, view, member_text, out);
}

enum field_result get_proc_ancestor_exe(const struct field *f, const struct field_arg *arg,
	const struct event_view *view, struct value *out)
{
	return ancestor_text(f, arg, view, program_text, out);
}

enum field_result get_proc_ancestor_args(const struct field *f, const struct field_arg *arg,
	const struct event_view *view, struct value *out)
{
	const struct proc *p = proc_of(view, arg->index);

	(void)f;
	return p ? give_text(out, cmdline_arguments(pooled_view(p->cmdline))) : FIELD_MISSING;
}

static enum field_result give_pid(const struct proc *p, struct value *out)
{
	return proc_is_stand_in(p->pid) ? FIELD_MISSING : give_i64(out, p->pid);
}

enum field_result get_proc_ancestor_pid(const struct field *f, const struct field_arg *arg,
	const struct event_view *view, struct value *out)
{
	const struct proc *p = proc_of(view, arg->present ? arg->index : 0);

	(void)f;
	return p ? give_pid(p, out) : FIELD_END;
}

/* The header names the actor where the table does not know it. */
static enum field_result actor_pid(const struct event_view *view, struct value *out)
{
	const struct event *ev = getter_event(view);
	uint64_t pid;

	if (ev->proc)
		return give_pid(ev->proc, out);
	/* A service's record names the client it worked for; the header names the service. */
	if (ev->kind != EVENT_remote_thread &&
		((getter_u64(view, SLOT_PID, &pid) && pid) || (getter_u64(view, SLOT_CLIENT_PID, &pid) && pid)))
		return give_i64(out, (int64_t)pid);
	return ev->rec->pid != UINT32_MAX && !event_is_of_logger(ev) ? give_i64(out, ev->rec->pid) : FIELD_MISSING;
}

static enum field_result proc_times(const struct event_view *view, const struct proc *p, enum proc_number what,
	struct value *out)
{
	uint64_t now = getter_event(view)->rec->time_100ns;

	if (!p->create_100ns)
		return FIELD_MISSING;
	if (what == PROC_START_TS)
		return give_u64(out, (uint64_t)filetime_to_unix_ns(p->create_100ns));
	return give_u64(out, now > p->create_100ns ? (now - p->create_100ns) * 100 : 0);
}

static enum field_result nonzero(uint64_t number, struct value *out)
{
	return number ? give_u64(out, number) : FIELD_MISSING;
}

static enum field_result proc_number(const struct proc *p, enum proc_number what, struct value *out)
{
	switch (what) {
	case PROC_PID:
		return give_pid(p, out);
	case PROC_SESSION:
		return p->flags & PROC_SESSION_KNOWN ? give_i64(out, p->session_id) : FIELD_MISSING;
	case PROC_THREADS:
		return give_u64(out, p->thread_count);
	case PROC_CHILDREN:
		return give_u64(out, p->child_count);
	case PROC_EXIT_CODE:
		return p->flags & PROC_EXIT_CODE_KNOWN ? give_i64(out, p->exit_code) : FIELD_MISSING;
	case PROC_ELEVATED:
		return p->flags & PROC_ELEVATION_KNOWN ? give_bool(out, p->elevated) : FIELD_MISSING;
	case PROC_CREATOR:
		return p->creator_pid != UINT32_MAX ? give_i64(out, p->creator_pid) : FIELD_MISSING;
	case PROC_START_KEY:
		return nonzero(p->start_key, out);
	case PROC_SEQUENCE:
		return nonzero(p->seq, out);
	default:
		return FIELD_MISSING;
	}
}

enum field_result get_proc_number(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	enum proc_number what = (enum proc_number)(f->user & 0xFFFF);
	uint32_t ancestor = (uint32_t)(f->user >> 16);
	const struct proc *p = proc_of(view, ancestor);

	(void)arg;
	if (!p)
		return what == PROC_PID && !ancestor ? actor_pid(view, out) : FIELD_MISSING;
	if (what == PROC_START_TS || what == PROC_AGE)
		return proc_times(view, p, what, out);
	return proc_number(p, what, out);
}

enum field_result get_proc_ppid(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct proc *p = proc_of(view, 0);
	uint64_t ppid;

	(void)f;
	(void)arg;
	if (p && p->ppid)
		return give_i64(out, p->ppid);
	return !p && getter_u64(view, SLOT_PPID, &ppid) ? give_i64(out, (int64_t)ppid) : FIELD_MISSING;
}

enum field_result get_proc_creator_name(const struct field *f, const struct field_arg *arg,
	const struct event_view *view, struct value *out)
{
	const struct fields_ctx *ctx = getter_ctx(view);
	const struct proc *p = proc_of(view, 0), *creator;

	(void)f;
	(void)arg;
	if (!p || p->creator_pid == UINT32_MAX || !ctx->state)
		return FIELD_MISSING;
	creator = proc_parent(p);
	if (!creator || creator->pid != p->creator_pid)
		creator = state_find_proc(ctx->state, ctx->ev->rec, p->creator_pid);
	return creator ? give_text(out, pooled_view(creator->name)) : FIELD_MISSING;
}

static enum field_result one_word(const struct cmdline_words *words, uint32_t index, struct value *out)
{
	if (index >= words->count - 1)
		return give_str(out, "");        /* Falco: an index out of range is an empty text */
	out->str.ptr = words->word[index + 1].ptr;
	out->str.len = words->word[index + 1].len;
	return FIELD_OK;
}

enum field_result get_proc_words(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view cmdline = text_of(view, 0, offsetof(struct proc, cmdline));
	struct cmdline_words words;
	struct text_view args;
	uint64_t length = 0;

	if (!cmdline.len)
		return FIELD_MISSING;
	if (f->user == WORDS_ARGS && !arg->present) {
		args = cmdline_arguments(cmdline);
		out->str.ptr = args.ptr;
		out->str.len = args.len;
		return FIELD_OK;
	}
	if (!cmdline_split(cmdline, view->scratch, &words))
		return FIELD_MISSING;
	if (f->user == WORDS_ARGS)
		return one_word(&words, arg->index, out);
	for (size_t i = 1; i < words.count; i++)
		length += words.word[i].len;
	return give_u64(out, f->user == WORDS_COUNT ? words.count - 1 : length);
}

enum field_result get_proc_decoded(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view cmdline = text_of(view, 0, offsetof(struct proc, cmdline));
	struct text_view text;

	(void)f;
	(void)arg;
	if (!cmdline.len || !cmdline_decode_powershell(cmdline, view->scratch, &text))
		return FIELD_MISSING;
	return give_text(out, text);
}

enum field_result get_proc_integrity(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct proc *p = proc_of(view, (uint32_t)f->user);
	const char *name;

	(void)arg;
	if (!p || p->integrity_rid == PROC_INTEGRITY_UNKNOWN)
		return FIELD_MISSING;
	name = integrity_level_name(p->integrity_rid);
	return name ? give_str(out, name) : give_hex(view, out, p->integrity_rid);
}

enum field_result get_proc_elevation(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	static const char *const names[] = { NULL, "default", "full", "limited" };
	const struct proc *p = proc_of(view, 0);

	(void)f;
	(void)arg;
	if (!p || !p->elevation_type || p->elevation_type >= sizeof names / sizeof names[0])
		return FIELD_MISSING;
	return give_str(out, names[p->elevation_type]);
}

enum field_result get_proc_hash(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)arg;
	if (getter_event(view)->kind != EVENT_process_start)
		return FIELD_MISSING;
	return give_hash(view, (enum hash_name)f->user, out);
}

static bool event_tid(const struct event_view *view, uint64_t *tid)
{
	const struct event *ev = getter_event(view);

	if (getter_u64(view, SLOT_TID, tid))
		return true;
	*tid = ev->rec->tid;
	return ev->rec->tid != UINT32_MAX;
}

enum field_result get_thread_tid(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	uint64_t tid;

	(void)f;
	(void)arg;
	return event_tid(view, &tid) ? give_i64(out, (int64_t)tid) : FIELD_MISSING;
}

enum field_result get_thread_main(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);
	const struct proc *p = ev->kind == EVENT_remote_thread ? ev->target : ev->proc;
	uint64_t tid;

	(void)f;
	(void)arg;
	if (!p || !p->first_tid || !event_tid(view, &tid))
		return FIELD_MISSING;
	return give_bool(out, p->first_tid == tid);
}
