#include "policyd/kube/kube_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/http/backoff.h"
#include "policyd/pods/json_items.h"

enum {
	MAX_SELECTOR_BYTES = 512,
	ERROR_BODY_BYTES = 16 << 10,
	LIST_IDLE_MS = 30 * 1000,              /* a list that has begun comes at once */
	WATCH_GRACE_MS = 30 * 1000,            /* the server ends a watch itself; later than this it is not there */
	SHORT_WATCH_MS = 1000,                 /* one that ends sooner is no watch: wait, or it would spin */
};

struct kube_watch {
	struct kube_watch_config c;
	char path[256];
	char selector[MAX_SELECTOR_BYTES];     /* as it stands in a URL */
	uv_timer_t timer;
	struct http_call *call;                /* NULL: none is on the way */
	struct json_items items;               /* of the answer */
	struct buf refusal;                    /* body of an answer that is no 200 */
	struct kube_list_meta meta;            /* of the page that comes in */
	char more[KUBE_CONTINUE_BYTES];        /* where the next page begins; "": the first */
	struct backoff backoff;
	uint64_t watch_since_ms;
	uint64_t dice;
	bool newest;                           /* a list of what is newest, not of what the server has at hand */
	bool whole;                            /* a list in one page: pages expired */
	bool must_list;                        /* an error in the watch */
	bool is_current, closing;
	struct kube_watch_stats stats;
};

static void begin_list(struct kube_watch *w);
static void begin_watch(struct kube_watch *w);

const char *kube_watch_state_name(enum kube_watch_state state)
{
	static const char *const names[] = { "waiting", "listing", "connecting", "watching" };

	return (unsigned)state < sizeof names / sizeof names[0] ? names[state] : "?";
}

/* ---- small parts ---- */

/* xorshift64*: spreads waits over nodes; nothing depends on it being hard to guess. */
static uint32_t throw_dice(struct kube_watch *w)
{
	w->dice ^= w->dice >> 12;
	w->dice ^= w->dice << 25;
	w->dice ^= w->dice >> 27;
	return (uint32_t)(w->dice * UINT64_C(0x2545F4914F6CDD1D) >> 32);
}

static void set_current(struct kube_watch *w, bool is)
{
	if (w->is_current == is)
		return;
	w->is_current = is;
	if (w->c.sink.current)
		w->c.sink.current(w->c.sink.ctx, is);
}

static void on_timer(uv_timer_t *timer)
{
	struct kube_watch *w = timer->data;

	if (w->stats.version[0])
		begin_watch(w);
	else
		begin_list(w);
}

static void set_version(struct kube_watch *w, const char *version)
{
	if (version[0])
		snprintf(w->stats.version, sizeof w->stats.version, "%s", version);
}

static void wait_ms(struct kube_watch *w, uint32_t ms)
{
	w->stats.state = KUBE_WATCH_WAITING;
	w->stats.retry_in_ms = ms;
	uv_timer_start(&w->timer, on_timer, ms, 0);
}

static void fail(struct kube_watch *w, const char *what, uint32_t asked_ms)
{
	w->stats.failures++;
	snprintf(w->stats.error, sizeof w->stats.error, "%s", what);
	set_current(w, false);
	wait_ms(w, backoff_next_ms(&w->backoff, throw_dice(w), asked_ms));
}

static void append_escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		bool plain = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || (*text >= '0' && *text <= '9') ||
			     strchr("-._~", *text);

		if (plain)
			buf_append_char(out, *text);
		else
			buf_printf(out, "%%%02X", (unsigned)(uint8_t)*text);
	}
}

/* ---- answers ---- */

static enum status on_list_item(void *ctx, const char *key, const char *json, size_t len)
{
	struct kube_watch *w = ctx;

	if (strcmp(key, "items") == 0)
		w->c.sink.item(w->c.sink.ctx, json, len);
	else if (kube_list_meta_read(json, len, &w->meta) != ST_OK)
		return ST_MALFORMED;
	return ST_OK;
}

static void on_error_event(struct kube_watch *w, const struct kube_event *e)
{
	struct kube_status status;

	kube_status_read(e->object.ptr, e->object.len, &status);
	if (status.code == 410)
		w->stats.expired++;
	snprintf(w->stats.error, sizeof w->stats.error, "the watch ended: %d %s", status.code, status.message);
	w->must_list = true;
}

static enum status on_watch_line(void *ctx, const char *key, const char *json, size_t len)
{
	struct kube_watch *w = ctx;
	struct kube_event e;

	(void)key;
	if (kube_event_read(json, len, &e) != ST_OK) {
		w->stats.refused++;
		return ST_OK;
	}
	if (e.change == KUBE_ERROR) {
		on_error_event(w, &e);
		return ST_STOPPED;
	}
	if (e.change == KUBE_BOOKMARK) {
		w->stats.bookmarks++;
		if (w->c.sink.bookmark)
			w->c.sink.bookmark(w->c.sink.ctx, e.version);
	} else if (e.change == KUBE_CHANGE_UNKNOWN) {
		w->stats.refused++;
	} else {
		w->stats.changes++;
		w->c.sink.change(w->c.sink.ctx, e.change, e.object, e.version);
	}
	set_version(w, e.version);
	backoff_reset(&w->backoff);
	return ST_OK;
}

static void on_answered(void *ctx, int status)
{
	struct kube_watch *w = ctx;

	w->stats.contact_ns = uv_hrtime();
	if (status != 200 || w->stats.state != KUBE_WATCH_CONNECTING)
		return;
	w->stats.state = KUBE_WATCH_WATCHING;
	w->stats.watches++;
	w->stats.error[0] = '\0';
	set_current(w, true);
}

static bool on_piece(void *ctx, int status, const char *ptr, size_t len)
{
	struct kube_watch *w = ctx;

	w->stats.contact_ns = uv_hrtime();
	w->stats.bytes += len;
	if (status == 200)
		return json_items_feed(&w->items, ptr, len) == ST_OK;
	return buf_append(&w->refusal, ptr, len) || w->refusal.len < ERROR_BODY_BYTES;
}

/* Counts, and says it as the server did. */
static void refused(struct kube_watch *w, const struct http_loop_end *end)
{
	struct kube_status status;
	char what[320];

	w->stats.throttled += end->status == 429;
	w->stats.unauthorized += end->status == 401 || end->status == 403;
	kube_status_read((const char *)w->refusal.data, w->refusal.len, &status);
	if (end->status)
		snprintf(what, sizeof what, "the API answers %d%s%s", end->status, status.message[0] ? ": " : "", status.message);
	else
		snprintf(what, sizeof what, "%s", end->error);
	fail(w, what, end->retry_after_ms);
}

/* ---- a list ---- */

/* The pages are of a version that is forgotten: all at once then, as client-go does. */
static void list_expired(struct kube_watch *w)
{
	w->stats.expired++;
	w->whole = w->whole || w->more[0];
	w->more[0] = '\0';
	w->newest = true;
	snprintf(w->stats.error, sizeof w->stats.error, "the list's version is forgotten (410)");
	wait_ms(w, backoff_next_ms(&w->backoff, throw_dice(w), 0));
}

static void list_page_done(struct kube_watch *w)
{
	w->stats.pages++;
	if (w->meta.more[0]) {
		memcpy(w->more, w->meta.more, sizeof w->more);
		begin_list(w);
		return;
	}
	w->stats.lists++;
	w->stats.error[0] = '\0';
	w->more[0] = '\0';
	w->whole = false;
	set_version(w, w->meta.version[0] ? w->meta.version : "0");
	w->c.sink.end(w->c.sink.ctx, w->stats.version);
	begin_watch(w);
}

static void on_list_done(void *ctx, const struct http_loop_end *end)
{
	struct kube_watch *w = ctx;
	enum status st = json_items_finish(&w->items);
	char what[320];

	w->call = NULL;
	w->stats.refused += w->items.too_long;
	if (end->status == 410) {
		list_expired(w);
	} else if (end->status != 200) {
		w->more[0] = '\0';
		refused(w, end);
	} else if (end->error[0] || st != ST_OK) {
		w->more[0] = '\0';
		snprintf(what, sizeof what, "the list broke off: %s", end->error[0] ? end->error : status_text(st));
		fail(w, what, 0);
	} else {
		list_page_done(w);
	}
}

/* ---- a watch ---- */

static void list_again(struct kube_watch *w)
{
	set_current(w, false);
	w->stats.version[0] = '\0';
	w->newest = true;
	wait_ms(w, backoff_next_ms(&w->backoff, throw_dice(w), 0));
}

static void watch_broke_off(struct kube_watch *w, const char *why)
{
	char what[320];

	snprintf(what, sizeof what, "the watch broke off: %s", why);
	fail(w, what, 0);
}

static void on_watch_done(void *ctx, const struct http_loop_end *end)
{
	struct kube_watch *w = ctx;
	bool was_short = uv_now(w->c.loop) - w->watch_since_ms < SHORT_WATCH_MS;

	w->call = NULL;
	w->stats.refused += w->items.too_long;
	if (!was_short)
		backoff_reset(&w->backoff);
	if (end->status == 410) {
		w->stats.expired++;
		snprintf(w->stats.error, sizeof w->stats.error, "the watch's version is forgotten (410)");
		list_again(w);
	} else if (w->must_list) {
		list_again(w);
	} else if (end->status != 200) {
		refused(w, end);
	} else if (end->error[0]) {
		watch_broke_off(w, end->error);
	} else if (w->items.status != ST_OK) {
		watch_broke_off(w, status_text(w->items.status));
	} else if (was_short) {
		watch_broke_off(w, "it ended at once");
	} else {
		begin_watch(w);
	}
}

/* ---- requests ---- */

static void send_request(struct kube_watch *w, const char *path, struct http_loop_request *r)
{
	struct diag why = DIAG_INIT;
	enum status st = kube_server_request(w->c.server, path, r, &why);

	r->answered = on_answered;
	r->piece = on_piece;
	r->ctx = w;
	buf_clear(&w->refusal);
	if (st == ST_OK && (st = http_loop_begin(w->c.http, r, &w->call)) != ST_OK)
		diag_set(&why, st, "the request cannot be made: %s", status_text(st));
	if (st != ST_OK)
		fail(w, why.text, 0);
}

static void reset_items(struct kube_watch *w, enum json_items_shape shape, json_items_visit *visit)
{
	json_items_release(&w->items);
	json_items_init(&w->items, shape, KUBE_MAX_OBJECT_BYTES);
	w->items.visit = visit;
	w->items.ctx = w;
}

static void append_selector(const struct kube_watch *w, struct buf *path)
{
	buf_append_str(path, w->path);
	buf_append_char(path, '?');
	if (w->selector[0])
		buf_printf(path, "fieldSelector=%s&", w->selector);
}

static void begin_list(struct kube_watch *w)
{
	struct http_loop_request r = { .idle_ms = LIST_IDLE_MS, .done = on_list_done };
	struct buf path;

	if (w->closing)
		return;
	if (!w->more[0])
		w->c.sink.begin(w->c.sink.ctx);
	w->stats.state = KUBE_WATCH_LISTING;
	w->meta = (struct kube_list_meta){ .version = "" };
	reset_items(w, JSON_ITEMS_LIST, on_list_item);
	buf_init(&path, KUBE_MAX_URL_BYTES);
	append_selector(w, &path);
	if (!w->whole)
		buf_printf(&path, "limit=%u", w->c.page_objects);
	if (w->more[0]) {
		buf_append_str(&path, "&continue=");
		append_escaped(&path, w->more);
	} else if (!w->newest) {
		buf_append_str(&path, "&resourceVersion=0");    /* from the server's memory: cheap for it, perhaps a little old */
	}
	send_request(w, buf_cstr(&path), &r);
	buf_release(&path);
}

static void begin_watch(struct kube_watch *w)
{
	uint32_t seconds = w->c.watch_s + throw_dice(w) % (w->c.watch_s + 1);
	struct http_loop_request r = { .idle_ms = w->c.idle_ms, .total_ms = seconds * 1000 + WATCH_GRACE_MS, .done = on_watch_done };
	struct buf path;

	if (w->closing)
		return;
	w->stats.state = KUBE_WATCH_CONNECTING;
	w->must_list = false;
	w->watch_since_ms = uv_now(w->c.loop);
	reset_items(w, JSON_ITEMS_SEQUENCE, on_watch_line);
	buf_init(&path, KUBE_MAX_URL_BYTES);
	append_selector(w, &path);
	buf_printf(&path, "watch=1&allowWatchBookmarks=true&timeoutSeconds=%u&resourceVersion=", seconds);
	append_escaped(&path, w->stats.version);
	send_request(w, buf_cstr(&path), &r);
	buf_release(&path);
}

/* ---- life ---- */

static bool take_texts(struct kube_watch *w, const struct kube_watch_config *c)
{
	struct buf escaped;
	bool good;

	if (snprintf(w->path, sizeof w->path, "%s", c->path) >= (int)sizeof w->path)
		return false;
	buf_init(&escaped, sizeof w->selector - 1);
	if (c->selector)
		append_escaped(&escaped, c->selector);
	good = !escaped.failed;
	if (good)
		memcpy(w->selector, buf_cstr(&escaped), escaped.len + 1);
	buf_release(&escaped);
	return good;
}

enum status kube_watch_open(const struct kube_watch_config *c, struct kube_watch **out)
{
	struct kube_watch *w = calloc(1, sizeof *w);

	*out = NULL;
	if (!w)
		return ST_NOMEM;
	w->c = *c;
	if (!take_texts(w, c)) {
		free(w);
		return ST_LIMIT;
	}
	w->c.page_objects = c->page_objects ? c->page_objects : KUBE_PAGE_OBJECTS;
	w->c.watch_s = c->watch_s ? c->watch_s : KUBE_WATCH_S;
	w->c.idle_ms = c->idle_ms ? c->idle_ms : KUBE_IDLE_MS;
	w->backoff = (struct backoff){ .base_ms = KUBE_BACKOFF_MS, .max_ms = KUBE_BACKOFF_MAX_MS };
	if (uv_random(NULL, NULL, &w->dice, sizeof w->dice, 0, NULL) != 0)
		w->dice = uv_hrtime();
	w->dice |= 1;
	buf_init(&w->refusal, ERROR_BODY_BYTES);
	json_items_init(&w->items, JSON_ITEMS_LIST, KUBE_MAX_OBJECT_BYTES);
	uv_timer_init(c->loop, &w->timer);
	w->timer.data = w;
	wait_ms(w, 0);
	*out = w;
	return ST_OK;
}

void kube_watch_close(struct kube_watch *w)
{
	if (!w || w->closing)
		return;
	w->closing = true;
	http_call_cancel(w->call);
	w->call = NULL;
	uv_close((uv_handle_t *)&w->timer, NULL);
}

void kube_watch_release(struct kube_watch *w)
{
	if (!w)
		return;
	json_items_release(&w->items);
	buf_release(&w->refusal);
	free(w);
}

void kube_watch_get_stats(const struct kube_watch *w, struct kube_watch_stats *out)
{
	*out = w->stats;
}
