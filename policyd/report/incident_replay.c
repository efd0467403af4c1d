#include "policyd/report/incident_replay.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/fields/fields.h"
#include "policyd/state/container.h"
#include "policyd/state/proc.h"
#include "policyd/state/sid_name.h"
#include "proto/base/clock.h"

enum {
	ALERT_BYTES = 4 << 20,         /* its values are bounded one by one (alert.h) */
	HOST_BYTES = 1024,
};

struct incident_replay {
	struct incident *incident;
	struct alert_writer *writer;
	struct buf message, fields;
	const struct rule *last_rule;  /* most alerts come in runs */
	uint32_t last_index;
	int64_t last_ns;               /* of an event that had a time: where those without one stand */
};

struct incident_replay *incident_replay_create(struct incident *incident)
{
	const struct alert_settings settings = ALERT_SETTINGS_DEFAULT;
	struct incident_replay *g = calloc(1, sizeof *g);

	if (!g)
		return NULL;
	g->incident = incident;
	g->writer = alert_writer_create(&settings);
	buf_init(&g->message, ALERT_BYTES);
	buf_init(&g->fields, ALERT_BYTES);
	if (g->writer)
		return g;
	free(g);
	return NULL;
}

void incident_replay_destroy(struct incident_replay *g)
{
	if (!g)
		return;
	alert_writer_destroy(g->writer);
	buf_release(&g->message);
	buf_release(&g->fields);
	free(g);
}

/* ---- processes ---- */

static uint32_t host_of(struct incident_replay *g, struct text_view name)
{
	char text[HOST_BYTES];
	size_t len = name.len < sizeof text ? name.len : sizeof text - 1;

	if (len)
		memcpy(text, name.ptr, len);
	text[len] = '\0';
	return incident_host(g->incident, text);
}

static struct incident_proc_key key_of(const struct proc *p, uint32_t host)
{
	return (struct incident_proc_key){ .host = host, .pid = p->pid, .born = p->first_seen_100ns };
}

static int64_t time_of(uint64_t filetime)
{
	return filetime ? filetime_to_unix_ns(filetime) : 0;
}

static int64_t start_of(const struct proc *p)
{
	if (p->create_100ns)
		return time_of(p->create_100ns);
	return p->flags & PROC_SEEN_START ? time_of(p->start_record_100ns) : 0;
}

static void fill_container(struct incident_proc *out, const struct container *c)
{
	if (!c)
		return;
	out->container = (struct text_view){ c->id, strlen(c->id) };
	out->container_name = pooled_view(c->name);
	out->image = pooled_view(c->image);
}

static uint32_t put_one(struct incident_replay *g, const struct proc *p, uint32_t host, uint32_t parent, bool is_context)
{
	struct incident_proc out = { .key = key_of(p, host), .parent = parent, .is_context = is_context,
		.ppid = p->ppid, .has_ppid = !(p->flags & PROC_STUB), .start_ns = start_of(p), .session_id = p->session_id,
		.has_session = p->flags & PROC_SESSION_KNOWN, .name = pooled_view(p->name), .path = pooled_view(p->path),
		.cmdline = pooled_view(p->cmdline), .cwd = pooled_view(p->cwd), .user = pooled_view(p->user_name),
		.sid = pooled_view(p->user_sid), .guid = pooled_view(p->guid) };
	uint32_t at;

	if (p->integrity_rid != PROC_INTEGRITY_UNKNOWN)
		out.integrity = integrity_level_name(p->integrity_rid);
	fill_container(&out, p->container);
	at = incident_put_proc(g->incident, &out);
	if (at != INCIDENT_NONE && p->flags & PROC_EXITED)
		incident_end_proc(g->incident, at, time_of(p->exit_100ns), p->flags & PROC_EXIT_CODE_KNOWN ? &p->exit_code : NULL);
	return at;
}

/* The process and all above it, the uppermost first. INCIDENT_NONE: p is NULL, or the incident is full. */
static uint32_t put_chain(struct incident_replay *g, const struct proc *p, uint32_t host, bool is_context)
{
	const struct proc *chain[STATE_MAX_ANCESTORS];
	size_t count = 0;
	uint32_t parent = INCIDENT_NONE;

	for (; p && count < STATE_MAX_ANCESTORS; p = proc_parent(p))
		chain[count++] = p;
	while (count > 0) {
		count--;
		parent = put_one(g, chain[count], host, parent, is_context || count > 0);
	}
	return parent;
}

/* ---- alerts ---- */

static uint32_t rule_of(struct incident_replay *g, const struct rule *rule)
{
	const struct incident_rule r = { .name = rule->name, .source = rule->source, .desc = rule->desc,
		.condition = rule->condition, .priority = rule->priority, .tags = &rule->tags };

	if (rule != g->last_rule) {
		g->last_index = incident_rule(g->incident, &r);
		g->last_rule = g->last_index == INCIDENT_NONE ? NULL : rule;
	}
	return g->last_index;
}

void incident_replay_alert(struct incident_replay *g, const struct alert *a)
{
	const struct fields_ctx *ctx = a->event->ctx;
	struct incident_alert out = { .rule = rule_of(g, a->rule), .target = INCIDENT_NONE,
		.time_ns = a->time_ns > 0 ? a->time_ns : g->last_ns };

	if (out.rule == INCIDENT_NONE)
		return;
	buf_clear(&g->message);
	buf_clear(&g->fields);
	if (!alert_write_parts(g->writer, a, &g->message, &g->fields)) {
		incident_lose_alert(g->incident, out.rule);
		return;
	}
	out.host = host_of(g, state_host_name(ctx->state, ctx->ev->rec));
	out.proc = put_chain(g, ctx->ev->proc, out.host, false);
	if (ctx->ev->target && ctx->ev->target != ctx->ev->proc)
		out.target = put_chain(g, ctx->ev->target, out.host, true);
	out.message = (const char *)g->message.data;
	out.message_len = g->message.len;
	out.fields = (const char *)g->fields.data;
	out.fields_len = g->fields.len;
	incident_add_alert(g->incident, &out);
}

/* ---- other events ---- */

static uint64_t number_of(const struct event *ev, const char *name)
{
	uint64_t n = 0;

	for (size_t i = 0; i < ev->rec->value_count; i++) {
		const struct named_value *v = &ev->rec->values[i];

		if (v->name.len != strlen(name) || memcmp(v->name.ptr, name, v->name.len) != 0)
			continue;
		for (size_t k = 0; k < v->value.len && v->value.ptr[k] >= '0' && v->value.ptr[k] <= '9'; k++)
			n = n * 10 + (uint64_t)(v->value.ptr[k] - '0');
	}
	return n;
}

static struct text_view text_named(const struct event *ev, const char *name)
{
	for (size_t i = 0; i < ev->rec->value_count; i++) {
		const struct named_value *v = &ev->rec->values[i];

		if (v->name.len == strlen(name) && memcmp(v->name.ptr, name, v->name.len) == 0)
			return v->value;
	}
	return (struct text_view){ .ptr = "", .len = 0 };
}

static void note_gap(struct incident_replay *g, const struct event *ev)
{
	const struct incident_gap gap = { .time_ns = time_of(ev->rec->time_100ns), .events = number_of(ev, "events_lost"),
		.buffers = number_of(ev, "buffers_lost"), .reason = text_named(ev, "reason"),
		.session = text_named(ev, "session") };

	incident_add_gap(g->incident, &gap);
}

/* A process started by one that is told of, or by what that one started, is part of the story. */
static void note_start(struct incident_replay *g, const struct proc *p, uint32_t host)
{
	const struct proc *parent = proc_parent(p);
	struct incident_proc_key key;
	uint32_t at;

	if (!parent)
		return;
	key = key_of(parent, host);
	at = incident_find_proc(g->incident, &key);
	if (at != INCIDENT_NONE && incident_proc_is_told(g->incident, at))
		put_one(g, p, host, at, true);
}

static void note_end(struct incident_replay *g, const struct proc *p, uint32_t host)
{
	struct incident_proc_key key = key_of(p, host);
	uint32_t at = incident_find_proc(g->incident, &key);

	if (at != INCIDENT_NONE)
		incident_end_proc(g->incident, at, time_of(p->exit_100ns), p->flags & PROC_EXIT_CODE_KNOWN ? &p->exit_code : NULL);
}

void incident_replay_event(struct incident_replay *g, const struct state *st, const struct event *ev)
{
	int64_t time_ns = time_of(ev->rec->time_100ns);

	if (time_ns > 0)
		g->last_ns = time_ns;
	incident_count_event(g->incident, time_ns);
	if (ev->kind == EVENT_events_lost)
		note_gap(g, ev);
	else if (ev->kind == EVENT_process_start && ev->proc)
		note_start(g, ev->proc, host_of(g, state_host_name(st, ev->rec)));
	else if (ev->kind == EVENT_process_exit && ev->proc)
		note_end(g, ev->proc, host_of(g, state_host_name(st, ev->rec)));
}
