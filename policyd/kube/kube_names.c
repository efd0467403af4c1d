#include "policyd/kube/kube_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/kube/kube_json.h"
#include "policyd/pods/pod_read.h"
#include "proto/base/buf.h"

enum { LOOK_MS = 1000, CALL_MS = 10 * 1000 };

struct name {
	struct kube_names *owner;
	struct http_call *call;                /* NULL: not on the way */
	struct buf body;
	uint64_t due_ms;
	bool told;                             /* found was called, gone not since */
	char text[POD_MAX_NAME_BYTES + 1];
};

struct kube_names {
	struct kube_names_config c;
	uv_timer_t timer;
	struct name *names[KUBE_NAMES_MAX];    /* in the order of their coming; a node has few */
	size_t count, calls;
	bool closing;
	struct kube_names_stats stats;
};

static void look(struct kube_names *n);

static bool is_label(const char *name)
{
	return name[0] && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == strlen(name) && strlen(name) <= POD_MAX_NAME_BYTES;
}

/* ---- answers ---- */

static bool on_piece(void *ctx, int status, const char *ptr, size_t len)
{
	struct name *name = ctx;

	(void)status;
	return buf_append(&name->body, ptr, len);
}

static void failed(struct name *name, const struct http_loop_end *end)
{
	struct kube_names *n = name->owner;
	struct kube_status status;
	uint32_t wait_ms = KUBE_NAMES_RETRY_MS;

	kube_status_read((const char *)name->body.data, name->body.len, &status);
	n->stats.failures++;
	n->stats.forbidden += end->status == 401 || end->status == 403;
	if (end->status)
		snprintf(n->stats.error, sizeof n->stats.error, "namespace %.63s: the API answers %d%s%.120s", name->text, end->status,
			status.message[0] ? ": " : "", status.message);
	else
		snprintf(n->stats.error, sizeof n->stats.error, "namespace %.63s: %.180s", name->text, end->error);
	if (end->status == 401 || end->status == 403)
		wait_ms = KUBE_NAMES_FRESH_MS;
	name->due_ms = uv_now(n->c.loop) + (end->retry_after_ms > wait_ms ? end->retry_after_ms : wait_ms);
}

static void not_found(struct name *name)
{
	struct kube_names *n = name->owner;

	name->due_ms = uv_now(n->c.loop) + KUBE_NAMES_FRESH_MS;
	if (name->told)
		n->c.gone(n->c.ctx, name->text);
	name->told = false;
}

static void on_done(void *ctx, const struct http_loop_end *end)
{
	struct name *name = ctx;
	struct kube_names *n = name->owner;
	struct pod_namespace *ns = NULL;

	name->call = NULL;
	n->calls--;
	if (end->status == 404) {
		not_found(name);
	} else if (end->status == 200 && !end->error[0] && !name->body.failed &&
		   pod_namespace_read((const char *)name->body.data, name->body.len, &ns) == ST_OK) {
		n->stats.error[0] = '\0';
		name->due_ms = uv_now(n->c.loop) + KUBE_NAMES_FRESH_MS;
		name->told = true;
		n->c.found(n->c.ctx, ns);
	} else {
		failed(name, end);
	}
	buf_release(&name->body);
	look(n);
}

/* ---- requests ---- */

static void ask(struct kube_names *n, struct name *name)
{
	struct http_loop_request r = { .total_ms = CALL_MS, .piece = on_piece, .done = on_done, .ctx = name };
	struct http_loop_end none = { .status = 0 };
	char path[POD_MAX_NAME_BYTES + 32];
	struct diag why = DIAG_INIT;
	enum status st;

	snprintf(path, sizeof path, "/api/v1/namespaces/%s", name->text);
	buf_init(&name->body, KUBE_NAMES_MAX_BYTES);
	st = kube_server_request(n->c.server, path, &r, &why);
	if (st == ST_OK)
		st = http_loop_begin(n->c.http, &r, &name->call);
	n->stats.requests++;
	if (st == ST_OK) {
		n->calls++;
		return;
	}
	snprintf(none.error, sizeof none.error, "%.255s", why.text[0] ? why.text : status_text(st));
	failed(name, &none);
}

static void look(struct kube_names *n)
{
	uint64_t now = uv_now(n->c.loop);

	for (size_t i = 0; i < n->count && n->calls < KUBE_NAMES_CALLS && !n->closing; i++) {
		if (!n->names[i]->call && n->names[i]->due_ms <= now)
			ask(n, n->names[i]);
	}
}

static void on_timer(uv_timer_t *timer)
{
	look(timer->data);
}

void kube_names_want(struct kube_names *n, const char *text)
{
	struct name *name;

	for (size_t i = 0; i < n->count; i++) {
		if (strcmp(n->names[i]->text, text) == 0)
			return;
	}
	name = n->count < KUBE_NAMES_MAX && is_label(text) ? calloc(1, sizeof *name) : NULL;
	if (!name) {
		n->stats.refused++;
		return;
	}
	name->owner = n;
	snprintf(name->text, sizeof name->text, "%s", text);
	n->names[n->count++] = name;
	uv_timer_start(&n->timer, on_timer, 0, LOOK_MS);    /* not now: this may be within an answer */
}

/* ---- life ---- */

struct kube_names *kube_names_open(const struct kube_names_config *c)
{
	struct kube_names *n = calloc(1, sizeof *n);

	if (!n)
		return NULL;
	n->c = *c;
	uv_timer_init(c->loop, &n->timer);
	n->timer.data = n;
	uv_timer_start(&n->timer, on_timer, LOOK_MS, LOOK_MS);
	return n;
}

void kube_names_close(struct kube_names *n)
{
	if (!n || n->closing)
		return;
	n->closing = true;
	for (size_t i = 0; i < n->count; i++)
		http_call_cancel(n->names[i]->call);
	uv_close((uv_handle_t *)&n->timer, NULL);
}

void kube_names_release(struct kube_names *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->count; i++) {
		buf_release(&n->names[i]->body);
		free(n->names[i]);
	}
	free(n);
}

void kube_names_get_stats(const struct kube_names *n, struct kube_names_stats *out)
{
	*out = n->stats;
	out->names = n->count;
}
