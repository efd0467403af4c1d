#include "policyd/daemon/completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/fields/fields.h"
#include "policyd/output/alert_patch.h"
#include "policyd/pods/pods.h"
#include "policyd/state/container.h"

enum { SCRATCH_BYTES = 1 << 20, NAME_BYTES = 256 };

/* One alert that waits. */
struct waiting {
	char uid[ALERT_UID_CHARS + 1];
	int64_t time_ns;
	uint64_t time_100ns;                   /* of the event, on the stream's clock */
	uint64_t since_ms;
	struct guid silo;
	char id[COMPLETION_MAX_ID_BYTES];
	size_t id_len;
	struct alert_gaps gaps;
};

struct completion {
	struct outputs *outputs;
	struct arena *scratch;
	struct waiting *waiting[COMPLETION_MAX];    /* in the order of their coming */
	size_t count;
	uint64_t now_ms;                       /* of the last look */
	uint64_t current_since_ms;             /* the API answers; 0: it does not */
	struct completion_stats stats;
};

struct completion *completion_create(struct outputs *outputs)
{
	struct completion *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	c->outputs = outputs;
	c->scratch = arena_create(SCRATCH_BYTES);
	if (c->scratch)
		return c;
	free(c);
	return NULL;
}

void completion_destroy(struct completion *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++)
		free(c->waiting[i]);
	arena_destroy(c->scratch);
	free(c);
}

void completion_add(struct completion *c, const char *uid, const struct alert *alert, const struct alert_gaps *gaps)
{
	const struct fields_ctx *ctx = alert->event->ctx;
	const struct container *container = ctx->ev->container;
	struct waiting *w;

	c->stats.incomplete++;
	w = c->count < COMPLETION_MAX && container->full_id->len < COMPLETION_MAX_ID_BYTES ? calloc(1, sizeof *w) : NULL;
	if (!w) {
		c->stats.refused++;
		return;
	}
	snprintf(w->uid, sizeof w->uid, "%s", uid);
	w->time_ns = alert->time_ns;
	w->time_100ns = ctx->ev->rec->time_100ns;
	w->since_ms = c->now_ms;
	w->silo = container->guid;
	w->id_len = container->full_id->len;
	memcpy(w->id, container->full_id->text, w->id_len);
	w->gaps = *gaps;
	c->waiting[c->count++] = w;
}

/* ---- the pod has come ---- */

static bool value_of(const struct alert_gap *gap, const struct event_view *view, struct text_view *out)
{
	struct field_arg arg = gap->arg;
	struct value v;

	arg.key = gap->key;
	/* Numbers of a container (its start) stay away: what they mean does not depend on its pod. */
	if (gap->field->type != VT_STRING || gap->field->get(gap->field, &arg, view, &v) != FIELD_OK)
		return false;
	*out = (struct text_view){ v.str.ptr, v.str.len };
	return true;
}

/* A field with an argument is written "name[key]" or "name.key". */
static void add_gap(struct alert_patch *p, const struct alert_gap *gap, const struct event_view *view)
{
	struct text_view value;
	char name[NAME_BYTES];

	if (!value_of(gap, view, &value))
		return;
	alert_patch_mark(p, gap->mark, value.ptr, value.len);
	if (!gap->arg.present) {
		alert_patch_field(p, gap->field->name, value.ptr, value.len, false);
		return;
	}
	snprintf(name, sizeof name, "%s[%s]", gap->field->name, gap->key);
	alert_patch_field(p, name, value.ptr, value.len, false);
	snprintf(name, sizeof name, "%s.%s", gap->field->name, gap->key);
	alert_patch_field(p, name, value.ptr, value.len, false);
}

static struct alert_patch *make_patch(const struct waiting *w, const struct event_view *view)
{
	struct alert_patch *p = alert_patch_create(w->uid, w->time_ns);
	struct field_text place[FIELDS_PLACE_MAX];
	size_t count = fields_place(view, place);

	if (!p)
		return NULL;
	for (size_t i = 0; i < count; i++)
		alert_patch_field(p, place[i].name, place[i].text.ptr, place[i].text.len, true);
	for (size_t i = 0; i < w->gaps.count; i++)
		add_gap(p, &w->gaps.gaps[i], view);
	return p;
}

static const struct container *find_container(const struct stream_set *streams, const struct waiting *w)
{
	const struct container *found = NULL;

	for (size_t i = 0; i < streams->count && !found; i++)
		found = state_find_container(pipeline_state(streams->streams[i]->pipeline), &w->silo,
			(struct text_view){ w->id, w->id_len });
	return found;
}

static bool waited_long(const struct completion *c, const struct waiting *w)
{
	uint64_t since = w->since_ms > c->current_since_ms ? w->since_ms : c->current_since_ms;

	return c->now_ms - w->since_ms > COMPLETION_WAIT_MS ||
	       (c->current_since_ms && c->now_ms - since > COMPLETION_CURRENT_MS);
}

/* True: it waits no more. */
static bool look_at(struct completion *c, const struct stream_set *streams, const struct waiting *w)
{
	const struct record rec = { .kind = RECORD_ETW, .time_100ns = w->time_100ns };
	struct event ev = { .kind = EVENT_process_start, .rec = &rec, .container = find_container(streams, w) };
	struct fields_ctx ctx = { .ev = &ev, .pods = streams->pods };
	struct event_view view = { .ctx = &ctx, .scratch = c->scratch };
	struct alert_patch *p;

	if (!ev.container || !fields_has_pod(&view)) {
		if (ev.container && !waited_long(c, w))
			return false;
		c->stats.given_up++;
		return true;
	}
	p = make_patch(w, &view);
	arena_reset(c->scratch);
	if (p && outputs_patch(c->outputs, p))
		c->stats.found++;
	else
		c->stats.refused++;
	return true;
}

void completion_look(struct completion *c, const struct stream_set *streams, uint64_t now_ms)
{
	size_t kept = 0;

	c->now_ms = now_ms;
	if (pods_source(streams->pods) != PODS_CURRENT)
		c->current_since_ms = 0;
	else if (!c->current_since_ms)
		c->current_since_ms = now_ms;
	for (size_t i = 0; i < c->count; i++) {
		if (look_at(c, streams, c->waiting[i]))
			free(c->waiting[i]);
		else
			c->waiting[kept++] = c->waiting[i];
	}
	c->count = kept;
}

void completion_get_stats(const struct completion *c, struct completion_stats *out)
{
	*out = c->stats;
	out->waiting = c->count;
}
