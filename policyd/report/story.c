#include "policyd/report/story.h"

#include "policyd/state/container.h"
#include "policyd/state/proc.h"
#include "policyd/state/sid_name.h"
#include "proto/base/clock.h"
#include "proto/base/json_out.h"
#include "proto/base/text.h"

static void put_text(struct json_out *j, const char *key, struct text_view text, size_t max_bytes)
{
	if (!text.len)
		return;
	if (text.len > max_bytes) {
		text.len = max_bytes;
		while (text.len && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
			text.len--;
	}
	json_key(j, key);
	text_append_json(j->to, text.ptr, text.len);
}

static struct text_view view_of(const char *text)
{
	return (struct text_view){ text, text ? strlen(text) : 0 };
}

static void put_container(struct json_out *j, const struct container *c)
{
	if (!c)
		return;
	put_text(j, "container", view_of(c->id), STORY_TEXT_BYTES);
	put_text(j, "container_name", pooled_view(c->name), STORY_TEXT_BYTES);
	put_text(j, "image", pooled_view(c->image), STORY_TEXT_BYTES);
}

static void put_proc(struct json_out *j, const struct proc *p, bool is_first)
{
	uint64_t start = p->create_100ns ? p->create_100ns : p->flags & PROC_SEEN_START ? p->start_record_100ns : 0;

	json_open(j, NULL, '{');
	json_count(j, "pid", p->pid);
	json_count(j, "born", p->first_seen_100ns);
	if (!(p->flags & PROC_STUB))
		json_count(j, "ppid", p->ppid);
	if (start)
		json_number(j, "start", filetime_to_unix_ns(start));
	if (p->flags & PROC_SESSION_KNOWN)
		json_count(j, "session", p->session_id);
	if (p->integrity_rid != PROC_INTEGRITY_UNKNOWN)
		put_text(j, "integrity", view_of(integrity_level_name(p->integrity_rid)), STORY_TEXT_BYTES);
	put_text(j, "name", pooled_view(p->name), STORY_TEXT_BYTES);
	put_text(j, "path", pooled_view(p->path), STORY_TEXT_BYTES);
	put_text(j, "cmdline", pooled_view(p->cmdline), is_first ? STORY_FIRST_TEXT_BYTES : STORY_TEXT_BYTES);
	put_text(j, "cwd", pooled_view(p->cwd), STORY_TEXT_BYTES);
	put_text(j, "user", pooled_view(p->user_name), STORY_TEXT_BYTES);
	put_text(j, "sid", pooled_view(p->user_sid), STORY_TEXT_BYTES);
	put_text(j, "guid", pooled_view(p->guid), STORY_TEXT_BYTES);
	put_container(j, p->container);
	json_close(j, '}');
}

static void put_chain(struct json_out *j, const char *key, const struct proc *p)
{
	json_open(j, key, '[');
	for (size_t i = 0; p && i < STORY_MAX_PROCS; i++, p = proc_parent(p))
		put_proc(j, p, i == 0);
	json_close(j, ']');
}

bool story_write(const struct event *ev, struct buf *out)
{
	struct json_out j = json_out_to(out);
	size_t before = out->len;

	if (!ev->proc && !ev->target)
		return true;
	json_open(&j, NULL, '{');
	put_chain(&j, "actor", ev->proc);
	if (ev->target && ev->target != ev->proc)
		put_chain(&j, "target", ev->target);
	json_close(&j, '}');
	if (!out->failed)
		return true;
	out->len = before;
	out->failed = false;
	return false;
}
