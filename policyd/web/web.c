#include "policyd/web/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/log.h"

enum { BACKLOG = 16, TICK_MS = 1000 };

struct visitor {
	uv_tcp_t tcp;
	uv_write_t write;
	struct web *web;
	struct visitor *next;
	uint64_t opened_ms;
	bool closing, answered;
	struct buf answer;
	size_t len;
	char request[WEB_MAX_REQUEST_BYTES];
};

struct web {
	struct web_options options;
	uv_tcp_t listener;
	uv_timer_t tick;
	struct visitor *visitors;
	struct web_stats stats;
	bool opened, closing;
	int port;
};

static void on_closed(uv_handle_t *handle)
{
	struct visitor *v = handle->data, **link = &v->web->visitors;

	while (*link && *link != v)
		link = &(*link)->next;
	if (*link)
		*link = v->next;
	v->web->stats.connections--;
	buf_release(&v->answer);
	free(v);
}

static void close_visitor(struct visitor *v)
{
	if (v->closing)
		return;
	v->closing = true;
	uv_close((uv_handle_t *)&v->tcp, on_closed);
}

static void on_written(uv_write_t *write, int err)
{
	(void)err;
	close_visitor(write->data);
}

static const char *reason_of(int status)
{
	return status == 200 ? "OK" : status == 404 ? "Not Found" : status == 405 ? "Method Not Allowed"
		: status == 503 ? "Service Unavailable" : "Bad Request";
}

static void send_answer(struct visitor *v, int status, const char *type, struct buf *body, bool head)
{
	uv_buf_t bytes;

	buf_init(&v->answer, WEB_MAX_ANSWER_BYTES + 1024);
	buf_printf(&v->answer, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", status,
		reason_of(status), type, body->len);
	if (!head)
		buf_append(&v->answer, body->data, body->len);
	bytes = uv_buf_init((char *)v->answer.data, (unsigned)v->answer.len);
	v->write.data = v;
	if (v->answer.failed || uv_write(&v->write, (uv_stream_t *)&v->tcp, &bytes, 1, on_written) != 0)
		close_visitor(v);
}

static int find_answer(struct web *w, const struct web_request *r, struct buf *body, const char **type)
{
	for (const struct web_page *p = w->options.pages; p->path; p++) {
		if (strlen(p->path) == r->path_len && memcmp(p->path, r->path, r->path_len) == 0)
			return r->other_method ? 405 : p->answer(w->options.ctx, body, type);
	}
	return 404;
}

static void answer(struct visitor *v)
{
	const char *line_end = memchr(v->request, '\n', v->len), *type = "text/plain; charset=utf-8";
	struct web_request r = { .head = false };
	struct buf body;
	int status = 400;

	buf_init(&body, WEB_MAX_ANSWER_BYTES);
	v->answered = true;
	uv_read_stop((uv_stream_t *)&v->tcp);
	if (line_end && web_parse_request(v->request, (size_t)(line_end - v->request), &r))
		status = find_answer(v->web, &r, &body, &type);
	if (status != 200 && body.len == 0)
		buf_printf(&body, "%s\n", reason_of(status));
	v->web->stats.requests++;
	v->web->stats.refused += status == 400 || status == 404 || status == 405;
	send_answer(v, status, type, &body, r.head);
	buf_release(&body);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct visitor *v = handle->data;

	(void)suggested;
	*out = uv_buf_init(v->request + v->len, (unsigned)(sizeof v->request - v->len));
}

/* The blank line that ends the headers. */
static bool is_whole(const struct visitor *v)
{
	for (size_t i = 0; i + 1 < v->len; i++) {
		if (v->request[i] != '\n')
			continue;
		if (v->request[i + 1] == '\n' || (i + 2 < v->len && v->request[i + 1] == '\r' && v->request[i + 2] == '\n'))
			return true;
	}
	return false;
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct visitor *v = stream->data;

	(void)room;
	if (v->closing || v->answered || n == 0)
		return;
	if (n < 0) {
		close_visitor(v);
		return;
	}
	v->len += (size_t)n;
	if (is_whole(v)) {
		answer(v);
	} else if (v->len == sizeof v->request) {
		v->web->stats.refused++;
		close_visitor(v);
	}
}

static void on_tick(uv_timer_t *timer)
{
	struct web *w = timer->data;
	uint64_t now = uv_now(w->options.loop);

	for (struct visitor *v = w->visitors; v; v = v->next) {
		if (v->closing || now - v->opened_ms <= WEB_REQUEST_MS)
			continue;
		w->stats.too_slow++;
		close_visitor(v);
	}
}

static void on_connection(uv_stream_t *listener, int err)
{
	struct web *w = listener->data;
	struct visitor *v = err ? NULL : calloc(1, sizeof *v);
	bool full = w->stats.connections >= WEB_MAX_CONNECTIONS;

	if (!v)
		return;
	uv_tcp_init(w->options.loop, &v->tcp);
	v->tcp.data = v;
	v->web = w;
	v->opened_ms = uv_now(w->options.loop);
	v->next = w->visitors;
	w->visitors = v;
	w->stats.connections++;
	w->stats.refused += full;
	if (uv_accept(listener, (uv_stream_t *)&v->tcp) != 0 || full ||
		uv_read_start((uv_stream_t *)&v->tcp, on_room, on_read) != 0)
		close_visitor(v);
}

static int listen_on(struct web *w, const struct sockaddr *address)
{
	struct sockaddr_storage bound;
	int len = sizeof bound, err;

	uv_tcp_init(w->options.loop, &w->listener);
	uv_timer_init(w->options.loop, &w->tick);
	w->listener.data = w->tick.data = w;
	w->opened = true;
	err = uv_tcp_bind(&w->listener, address, 0);
	if (!err)
		err = uv_listen((uv_stream_t *)&w->listener, BACKLOG, on_connection);
	if (!err)
		err = uv_tcp_getsockname(&w->listener, (struct sockaddr *)&bound, &len);
	if (!err) {
		/* The port stands at the same place in both families: RFC 3493 §3.3. */
		w->port = ntohs(((const struct sockaddr_in *)(const void *)&bound)->sin_port);
		err = uv_timer_start(&w->tick, on_tick, TICK_MS, TICK_MS);
	}
	return err;
}

enum status web_open(const struct web_options *o, struct web **out, struct diag *why)
{
	struct web *w = calloc(1, sizeof *w);
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;
	int err;

	*out = w;
	if (!w)
		return diag_set(why, ST_NOMEM, "out of memory");
	w->options = *o;
	if (uv_ip4_addr(o->address, o->port, &v4) == 0)
		err = listen_on(w, (const struct sockaddr *)&v4);
	else if (uv_ip6_addr(o->address, o->port, &v6) == 0)
		err = listen_on(w, (const struct sockaddr *)&v6);
	else
		return diag_set(why, ST_SYSTEM, "webserver: %s is no address", o->address);
	if (err)
		return diag_set(why, ST_SYSTEM, "webserver: cannot listen on %s port %d: %s", o->address, o->port, uv_strerror(err));
	log_line(LOG_LEVEL_INFO, "webserver: listening on %s port %d", o->address, w->port);
	return ST_OK;
}

void web_close(struct web *w)
{
	if (!w || w->closing)
		return;
	w->closing = true;
	for (struct visitor *v = w->visitors; v; v = v->next)
		close_visitor(v);
	if (!w->opened)
		return;
	uv_close((uv_handle_t *)&w->listener, NULL);
	uv_close((uv_handle_t *)&w->tick, NULL);
}

void web_release(struct web *w)
{
	free(w);
}

int web_port(const struct web *w)
{
	return w->port;
}

const struct web_stats *web_stats(const struct web *w)
{
	return &w->stats;
}
