#include "policyd/fields/field_user.h"

#include "policyd/decode/sid.h"
#include "policyd/state/sid_name.h"

/* Events of a process: what the table knows of it is at least as good as what the record says. */
static bool about_process(const struct event *ev)
{
	return ev->proc && (ev->kind == EVENT_process_start || ev->kind == EVENT_process_exit);
}

static struct text_view nothing(void)
{
	return (struct text_view){ .ptr = "", .len = 0 };
}

/* Whether the process that wrote the record is the one it is about; Sysmon, as the local system, writes about others. */
static bool about_its_writer(const struct event_view *view)
{
	const struct event *ev = getter_event(view);
	struct text_view name;
	uint64_t pid;

	if (getter_text(view, SLOT_USER_NAME, &name) && name.len)
		return false;
	if (ev->proc)
		return ev->proc->pid == ev->rec->pid;
	return !getter_u64(view, SLOT_PID, &pid) || pid == ev->rec->pid;
}

/* The user of the thread that wrote the record: an extended item of ETW, System/Security in event logs. */
static struct text_view header_sid(const struct event_view *view)
{
	struct view sid = getter_event(view)->rec->sid;
	char *text = sid.len && about_its_writer(view) ? arena_alloc(view->scratch, SID_TEXT_BYTES) : NULL;

	if (!text)
		return nothing();
	return (struct text_view){ .ptr = text, .len = sid_format(sid, text) };
}

static bool is_null_sid(struct text_view sid)
{
	return sid.len == 7 && memcmp(sid.ptr, "S-1-0-0", 7) == 0;
}

/* Who asked stands for a user that is not known otherwise; the creator of a process is not its user. */
static bool asked(const struct event_view *view, enum slot slot, struct text_view *out)
{
	return getter_event(view)->kind != EVENT_process_start && getter_text(view, slot, out) && out->len;
}

static struct text_view user_sid(const struct event_view *view)
{
	const struct event *ev = getter_event(view);
	struct text_view sid = nothing();

	if (about_process(ev) && ev->proc->user_sid)
		return pooled_view(ev->proc->user_sid);
	if (ev->kind != EVENT_process_start && getter_text(view, SLOT_USER_SID, &sid) && sid.len)
		return sid;
	if (ev->proc && ev->proc->user_sid)
		return pooled_view(ev->proc->user_sid);
	return asked(view, SLOT_SUBJECT_SID, &sid) && !is_null_sid(sid) ? sid : header_sid(view);
}

static struct text_view join(const struct event_view *view, struct text_view domain, struct text_view name)
{
	char *full;

	if (!domain.len || !name.len || memchr(name.ptr, '\\', name.len))
		return name;
	full = arena_alloc(view->scratch, domain.len + 1 + name.len);
	if (!full)
		return name;
	memcpy(full, domain.ptr, domain.len);
	full[domain.len] = '\\';
	memcpy(full + domain.len + 1, name.ptr, name.len);
	return (struct text_view){ .ptr = full, .len = domain.len + 1 + name.len };
}

static struct text_view user_name(const struct event_view *view)
{
	const struct event *ev = getter_event(view);
	struct text_view name = nothing(), domain = nothing(), sid;

	if (about_process(ev) && ev->proc->user_name)
		return pooled_view(ev->proc->user_name);
	if (getter_text(view, SLOT_USER_NAME, &name) && name.len) {
		getter_text(view, SLOT_USER_DOMAIN, &domain);
		return join(view, domain, name);
	}
	if (ev->proc && ev->proc->user_name)
		return pooled_view(ev->proc->user_name);
	if (asked(view, SLOT_SUBJECT_SID, &sid) && sid_well_known_name(sid, &name) && !is_null_sid(sid))
		return name;
	if (asked(view, SLOT_SUBJECT_USER, &name)) {
		getter_text(view, SLOT_SUBJECT_DOMAIN, &domain);
		return join(view, domain, name);
	}
	sid = user_sid(view);
	return sid.len && sid_well_known_name(sid, &name) ? name : nothing();
}

enum field_result get_user(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view name;
	const char *slash;

	(void)arg;
	if (f->user == USER_SID_TEXT)
		return give_text(out, user_sid(view));
	name = user_name(view);
	if (f->user == USER_FULL)
		return give_text(out, name);
	slash = memchr(name.ptr, '\\', name.len);
	return slash ? give_text(out, (struct text_view){ name.ptr, (size_t)(slash - name.ptr) }) : FIELD_MISSING;
}

enum field_result get_logon_id(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);
	uint64_t id = 0;

	(void)f;
	(void)arg;
	if (!getter_u64(view, SLOT_LOGON_ID, &id) && ev->proc)
		id = ev->proc->logon_id;
	return id ? give_hex(view, out, id) : FIELD_MISSING;
}
