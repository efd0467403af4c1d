#include "policyd/http/http_loop.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HEADER_BYTES = HTTP_LOOP_MAX_SECRET_BYTES + 64, MAX_ASKED_WAIT_S = 3600 };

struct http_call {
	struct http_loop *owner;
	struct http_call *next, **at;
	CURL *easy;
	struct curl_slist *headers, *connect_to;
	bool (*piece)(void *ctx, int status, const char *ptr, size_t len);
	void (*answered)(void *ctx, int status);
	void (*done)(void *ctx, const struct http_loop_end *end);
	void *ctx;
	bool cancelled, enough, ended;
	char said[CURL_ERROR_SIZE];
};

/* One socket that libcurl wants watched. */
struct watched {
	uv_poll_t poll;
	curl_socket_t socket;
	struct http_loop *owner;
};

struct http_loop {
	uv_loop_t *loop;
	uv_timer_t timer;
	CURLM *multi;
	const char *user_agent;
	struct http_call *calls;
	size_t count;
	int inside;                            /* libcurl is on the stack: its handles must not be removed now */
	bool reading;                          /* in read_results: a call's `done` may close all of it */
	bool closing;
};

/* ---- libcurl on libuv ---- */

static void free_call(struct http_call *c)
{
	*c->at = c->next;
	if (c->next)
		c->next->at = c->at;
	c->owner->count--;
	curl_multi_remove_handle(c->owner->multi, c->easy);
	curl_easy_cleanup(c->easy);
	curl_slist_free_all(c->headers);
	curl_slist_free_all(c->connect_to);
	free(c);
}

static void fill_end(struct http_call *c, CURLcode result, struct http_loop_end *end)
{
	curl_off_t wait_s = 0;
	long status = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(c->easy, CURLINFO_RETRY_AFTER, &wait_s);
	*end = (struct http_loop_end){ .status = (int)status };
	if (result != CURLE_OK && !c->enough)
		snprintf(end->error, sizeof end->error, "%s", c->said[0] ? c->said : curl_easy_strerror(result));
	if (wait_s > 0)
		end->retry_after_ms = (uint32_t)(wait_s < MAX_ASKED_WAIT_S ? wait_s : MAX_ASKED_WAIT_S) * 1000;
}

static void end_all(struct http_loop *h)
{
	while (h->calls)
		free_call(h->calls);
	curl_multi_cleanup(h->multi);              /* unwatches every socket */
	h->multi = NULL;
	uv_close((uv_handle_t *)&h->timer, NULL);
	curl_global_cleanup();
}

static void read_results(struct http_loop *h)
{
	CURLMsg *message;
	int left = 0;

	h->reading = true;
	while (!h->closing && (message = curl_multi_info_read(h->multi, &left))) {
		struct http_call *c = NULL;
		struct http_loop_end end;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&c);
		fill_end(c, message->data.result, &end);
		c->ended = true;
		if (!c->cancelled)
			c->done(c->ctx, &end);
		free_call(c);
	}
	h->reading = false;
	if (h->closing)
		end_all(h);
}

/* Those that were cancelled while libcurl was on the stack. */
static void free_cancelled(struct http_loop *h)
{
	struct http_call *next;

	for (struct http_call *c = h->calls; c; c = next) {
		next = c->next;
		if (c->cancelled)
			free_call(c);
	}
}

static void act(struct http_loop *h, curl_socket_t socket, int events)
{
	int running;

	h->inside++;
	curl_multi_socket_action(h->multi, socket, events, &running);
	h->inside--;
	if (h->inside || h->closing)
		return;
	free_cancelled(h);
	read_results(h);
}

static void on_timer(uv_timer_t *timer)
{
	act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static int set_timer(CURLM *multi, long ms, void *ctx)
{
	struct http_loop *h = ctx;

	(void)multi;
	if (h->closing || ms < 0)
		uv_timer_stop(&h->timer);
	else
		uv_timer_start(&h->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
	struct watched *w = poll->data;
	int flags = status < 0 ? CURL_CSELECT_ERR : 0;

	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	act(w->owner, w->socket, flags);
}

static void on_unwatched(uv_handle_t *handle)
{
	free(handle->data);
}

static void unwatch(struct http_loop *h, struct watched *w)
{
	if (!w)
		return;
	curl_multi_assign(h->multi, w->socket, NULL);
	uv_poll_stop(&w->poll);
	uv_close((uv_handle_t *)&w->poll, on_unwatched);
}

static struct watched *watch_socket(struct http_loop *h, curl_socket_t socket)
{
	struct watched *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->owner = h;
	w->socket = socket;
	w->poll.data = w;
	if (uv_poll_init_socket(h->loop, &w->poll, socket) != 0) {
		free(w);
		return NULL;
	}
	curl_multi_assign(h->multi, socket, w);
	return w;
}

static int set_socket(CURL *easy, curl_socket_t socket, int what, void *ctx, void *of_socket)
{
	struct http_loop *h = ctx;
	struct watched *w = of_socket;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		unwatch(h, w);
		return 0;
	}
	if (!w)
		w = watch_socket(h, socket);
	if (!w)
		return -1;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= UV_READABLE;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= UV_WRITABLE;
	return uv_poll_start(&w->poll, events, on_ready) == 0 ? 0 : -1;
}

enum status http_loop_create(uv_loop_t *loop, const char *user_agent, struct http_loop **out)
{
	struct http_loop *h = calloc(1, sizeof *h);

	*out = NULL;
	if (!h || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(h);
		return ST_NOMEM;
	}
	h->multi = curl_multi_init();
	if (!h->multi) {
		curl_global_cleanup();
		free(h);
		return ST_NOMEM;
	}
	h->loop = loop;
	h->user_agent = user_agent;
	uv_timer_init(loop, &h->timer);
	h->timer.data = h;
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	*out = h;
	return ST_OK;
}

void http_loop_close(struct http_loop *h)
{
	if (!h || h->closing)
		return;
	h->closing = true;
	if (!h->reading)
		end_all(h);
}

void http_loop_release(struct http_loop *h)
{
	free(h);
}

/* ---- calls ---- */

static size_t on_piece(char *ptr, size_t size, size_t count, void *ctx)
{
	struct http_call *c = ctx;
	long status = 0;

	if (c->cancelled)
		return 0;
	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	if (c->piece && !c->piece(c->ctx, (int)status, ptr, size * count)) {
		c->enough = true;
		return 0;
	}
	return size * count;
}

/* The blank line that ends a head; "100 Continue" comes before it. */
static size_t on_header(char *ptr, size_t size, size_t count, void *ctx)
{
	struct http_call *c = ctx;
	size_t len = size * count;
	long status = 0;

	if (len > 2 || c->cancelled)
		return len;
	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 200)
		c->answered(c->ctx, (int)status);
	(void)ptr;
	return len;
}

static enum status add_header(struct http_call *c, const char *name, const char *value)
{
	char line[MAX_HEADER_BYTES];
	struct curl_slist *grown;
	int len = snprintf(line, sizeof line, "%s: %s", name, value ? value : "");

	if (!value)
		return ST_OK;
	if (len < 0 || (size_t)len >= sizeof line || strpbrk(line, "\r\n"))
		return ST_LIMIT;
	grown = curl_slist_append(c->headers, line);
	if (!grown)
		return ST_NOMEM;
	c->headers = grown;
	return ST_OK;
}

static enum status add_headers(struct http_call *c, const struct http_loop_request *r)
{
	char bearer[MAX_HEADER_BYTES];
	enum status st = add_header(c, "Accept", r->accept);
	int len = snprintf(bearer, sizeof bearer, "Bearer %s", r->bearer ? r->bearer : "");

	if (len < 0 || (size_t)len >= sizeof bearer)
		return ST_LIMIT;
	if (st == ST_OK)
		st = add_header(c, "Content-Type", r->content_type);
	if (st == ST_OK)
		st = add_header(c, "Authorization", r->bearer ? bearer : NULL);
	curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers);
	return st;
}

static void set_times(CURL *e, const struct http_loop_request *r)
{
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_LOOP_CONNECT_MS);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)r->total_ms);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	if (!r->idle_ms)
		return;
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, (long)((r->idle_ms + 999) / 1000));
}

static void set_blob(CURL *e, CURLoption option, struct view bytes)
{
	struct curl_blob blob = { .data = (void *)(uintptr_t)bytes.ptr, .len = bytes.len, .flags = CURL_BLOB_COPY };

	if (bytes.len)
		curl_easy_setopt(e, option, &blob);
}

static void set_tls(CURL *e, const struct http_loop_request *r)
{
	set_blob(e, CURLOPT_CAINFO_BLOB, r->ca_pem);
	set_blob(e, CURLOPT_SSLCERT_BLOB, r->cert_pem);
	set_blob(e, CURLOPT_SSLKEY_BLOB, r->key_pem);
	curl_easy_setopt(e, CURLOPT_CA_CACHE_TIMEOUT, 0L);    /* a file that is changed under us counts for the next connection */
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, r->insecure ? 0L : 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, r->insecure ? 0L : 2L);
	if (r->ca_file)
		curl_easy_setopt(e, CURLOPT_CAINFO, r->ca_file);
	if (r->ca_file || r->ca_pem.len)
		curl_easy_setopt(e, CURLOPT_CAPATH, NULL);        /* else the system's folder is trusted beside it */
	else
		curl_easy_setopt(e, CURLOPT_SSL_OPTIONS, (long)CURLSSLOPT_NATIVE_CA);
	curl_easy_setopt(e, CURLOPT_SSLCERT, r->cert_file);
	curl_easy_setopt(e, CURLOPT_SSLKEY, r->key_file);
}

static enum status set_body(CURL *e, const struct http_loop_request *r)
{
	CURLcode result = CURLE_OK;

	if (r->body) {
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_len);
		result = curl_easy_setopt(e, CURLOPT_COPYPOSTFIELDS, r->body);
	}
	if (result == CURLE_OK && r->method)
		result = curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, r->method);
	return result == CURLE_OK ? ST_OK : ST_NOMEM;
}

static enum status set_connect_to(struct http_call *c, const struct http_loop_request *r)
{
	char line[300];
	int len = snprintf(line, sizeof line, "::%s:", r->connect_to ? r->connect_to : "");

	if (!r->connect_to)
		return ST_OK;
	if (len < 0 || (size_t)len >= sizeof line)
		return ST_LIMIT;
	c->connect_to = curl_slist_append(NULL, line);
	curl_easy_setopt(c->easy, CURLOPT_CONNECT_TO, c->connect_to);
	return c->connect_to ? ST_OK : ST_NOMEM;
}

static enum status set_up(struct http_call *c, const struct http_loop_request *r)
{
	CURL *e = c->easy;
	enum status st;

	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_USERAGENT, c->owner->user_agent);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, c->said);
	curl_easy_setopt(e, CURLOPT_PRIVATE, c);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_piece);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (c->answered) {
		curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
		curl_easy_setopt(e, CURLOPT_HEADERDATA, c);
	}
	if (r->proxy)
		curl_easy_setopt(e, CURLOPT_PROXY, r->proxy);
	set_times(e, r);
	set_tls(e, r);
	if (strncmp(r->url, "http://", 7) != 0 && strncmp(r->url, "https://", 8) != 0)
		return ST_MALFORMED;
	if (curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") != CURLE_OK || curl_easy_setopt(e, CURLOPT_URL, r->url) != CURLE_OK)
		return ST_NOMEM;
	st = set_body(e, r);
	if (st == ST_OK)
		st = set_connect_to(c, r);
	return st == ST_OK ? add_headers(c, r) : st;
}

enum status http_loop_begin(struct http_loop *h, const struct http_loop_request *r, struct http_call **out)
{
	struct http_call *c;
	enum status st;

	*out = NULL;
	if (h->closing || h->count == HTTP_LOOP_MAX_CALLS)
		return ST_LIMIT;
	c = calloc(1, sizeof *c);
	if (!c)
		return ST_NOMEM;
	*c = (struct http_call){ .owner = h, .next = h->calls, .at = &h->calls, .piece = r->piece, .answered = r->answered, .done = r->done, .ctx = r->ctx,
		.easy = curl_easy_init() };
	if (c->next)
		c->next->at = &c->next;
	h->calls = c;
	h->count++;
	st = c->easy ? set_up(c, r) : ST_NOMEM;
	if (st == ST_OK && curl_multi_add_handle(h->multi, c->easy) != CURLM_OK)
		st = ST_NOMEM;
	if (st == ST_OK)
		*out = c;
	else
		free_call(c);
	return st;
}

void http_call_cancel(struct http_call *c)
{
	if (!c || c->cancelled || c->ended)
		return;
	c->cancelled = true;
	if (!c->owner->inside)
		free_call(c);
}
