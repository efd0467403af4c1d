#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <uv.h>

#include "policyd/http/http_loop.h"

/* A server on loopback that says the same to everybody, and what one caller heard. */
struct world {
	uv_loop_t loop;
	uv_tcp_t listener;
	struct http_loop *http;
	char base[64];
	const char *answer;                    /* then the connection is closed, unless stay_open */
	bool stay_open;
	char request[4096];
	struct visitor *visitors[4];
	size_t visitor_count;

	struct http_call *call;
	bool (*on_piece)(struct world *w);     /* NULL: goes on */
	char heard[1024];
	int status, ended;
	struct http_loop_end end;
};

struct visitor {
	uv_tcp_t tcp;
	uv_write_t write;
	struct world *world;
	bool answered;
	char room[2048];
};

static void note(char *to, size_t bytes, const char *ptr, size_t len)
{
	size_t at = strlen(to);

	assert_true(len < bytes - at);
	memcpy(to + at, ptr, len);
	to[at + len] = '\0';
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_written(uv_write_t *write, int err)
{
	struct visitor *v = write->data;

	(void)err;
	if (!v->world->stay_open && !uv_is_closing((uv_handle_t *)&v->tcp))
		uv_close((uv_handle_t *)&v->tcp, on_closed);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct visitor *v = handle->data;

	(void)suggested;
	*out = uv_buf_init(v->room, sizeof v->room);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct visitor *v = stream->data;
	uv_buf_t bytes = uv_buf_init((char *)(uintptr_t)v->world->answer, (unsigned)strlen(v->world->answer));

	if (n < 0) {
		if (!uv_is_closing((uv_handle_t *)stream))
			uv_close((uv_handle_t *)stream, on_closed);
		return;
	}
	note(v->world->request, sizeof v->world->request, room->base, (size_t)n);
	if (v->answered)
		return;
	v->answered = true;
	v->write.data = v;
	assert_int_equal(uv_write(&v->write, stream, &bytes, 1, on_written), 0);
}

static void on_connection(uv_stream_t *listener, int err)
{
	struct world *w = listener->data;
	struct visitor *v = calloc(1, sizeof *v);

	assert_int_equal(err, 0);
	assert_non_null(v);
	assert_true(w->visitor_count < 4);
	w->visitors[w->visitor_count++] = v;
	v->world = w;
	v->tcp.data = v;
	uv_tcp_init(listener->loop, &v->tcp);
	assert_int_equal(uv_accept(listener, (uv_stream_t *)&v->tcp), 0);
	assert_int_equal(uv_read_start((uv_stream_t *)&v->tcp, on_room, on_read), 0);
}

static void set_up(struct world *w, const char *answer)
{
	struct sockaddr_in at;
	int len = sizeof at;

	*w = (struct world){ .answer = answer };
	uv_loop_init(&w->loop);
	uv_tcp_init(&w->loop, &w->listener);
	w->listener.data = w;
	uv_ip4_addr("127.0.0.1", 0, &at);
	assert_int_equal(uv_tcp_bind(&w->listener, (const struct sockaddr *)&at, 0), 0);
	assert_int_equal(uv_listen((uv_stream_t *)&w->listener, 4, on_connection), 0);
	uv_tcp_getsockname(&w->listener, (struct sockaddr *)&at, &len);
	snprintf(w->base, sizeof w->base, "http://127.0.0.1:%d/x", ntohs(at.sin_port));
	assert_int_equal(http_loop_create(&w->loop, "test", &w->http), ST_OK);
}

static void stop(struct world *w)
{
	http_loop_close(w->http);
	uv_close((uv_handle_t *)&w->listener, NULL);
	if (w->stay_open) {
		for (size_t i = 0; i < w->visitor_count; i++)
			uv_close((uv_handle_t *)&w->visitors[i]->tcp, on_closed);
	}
}

static void tear_down(struct world *w)
{
	uv_run(&w->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&w->loop), 0);
	http_loop_release(w->http);
}

static bool on_piece(void *ctx, int status, const char *ptr, size_t len)
{
	struct world *w = ctx;

	w->status = status;
	note(w->heard, sizeof w->heard, ptr, len);
	return !w->on_piece || w->on_piece(w);
}

static void on_done(void *ctx, const struct http_loop_end *end)
{
	struct world *w = ctx;

	w->end = *end;
	w->ended++;
	stop(w);
}

static struct http_loop_request request_to(struct world *w)
{
	return (struct http_loop_request){ .url = w->base, .piece = on_piece, .done = on_done, .ctx = w };
}

static void http__tells_status_body_and_the_wait_asked_for(void **state)
{
	struct world w;
	struct http_loop_request r;

	(void)state;
	set_up(&w, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nslow");
	r = request_to(&w);
	r.bearer = "t0ken";
	r.accept = "application/json";
	assert_int_equal(http_loop_begin(w.http, &r, &w.call), ST_OK);
	tear_down(&w);
	assert_int_equal(w.ended, 1);
	assert_int_equal(w.end.status, 429);
	assert_int_equal(w.end.retry_after_ms, 7000);
	assert_string_equal(w.heard, "slow");
	assert_string_equal(w.end.error, "");
	assert_non_null(strstr(w.request, "GET /x HTTP/1.1\r\n"));
	assert_non_null(strstr(w.request, "Authorization: Bearer t0ken\r\n"));
	assert_non_null(strstr(w.request, "Accept: application/json\r\n"));
	assert_non_null(strstr(w.request, "User-Agent: test\r\n"));
}

static void http__posts_a_body(void **state)
{
	struct world w;
	struct http_loop_request r;

	(void)state;
	set_up(&w, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
	r = request_to(&w);
	r.body = "{\"a\":1}";
	r.body_len = 7;
	r.content_type = "application/json";
	assert_int_equal(http_loop_begin(w.http, &r, &w.call), ST_OK);
	tear_down(&w);
	assert_int_equal(w.end.status, 201);
	assert_non_null(strstr(w.request, "POST /x HTTP/1.1\r\n"));
	assert_non_null(strstr(w.request, "\r\n\r\n{\"a\":1}"));
}

static void http__an_answer_that_breaks_off_says_so(void **state)
{
	struct world w;
	struct http_loop_request r;

	(void)state;
	set_up(&w, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
	r = request_to(&w);
	assert_int_equal(http_loop_begin(w.http, &r, &w.call), ST_OK);
	tear_down(&w);
	assert_string_equal(w.heard, "half");
	assert_int_equal(w.end.status, 200);
	assert_string_not_equal(w.end.error, "");
}

static bool enough(struct world *w)
{
	(void)w;
	return false;
}

static void http__a_stream_may_be_broken_off_by_who_reads_it(void **state)
{
	struct world w;
	struct http_loop_request r;

	(void)state;
	set_up(&w, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
	w.stay_open = true;
	w.on_piece = enough;
	r = request_to(&w);
	assert_int_equal(http_loop_begin(w.http, &r, &w.call), ST_OK);
	tear_down(&w);
	assert_string_equal(w.heard, "first");
	assert_int_equal(w.ended, 1);
	assert_string_equal(w.end.error, "");
}

static bool cancel(struct world *w)
{
	http_call_cancel(w->call);
	stop(w);
	return true;
}

static void on_idle(uv_timer_t *timer)
{
	struct world *w = timer->data;

	uv_close((uv_handle_t *)timer, NULL);
	if (w->heard[0])
		cancel(w);
	else
		stop(w);
}

static void http__a_cancelled_call_says_nothing_more(void **state)
{
	struct world w;
	struct http_loop_request r;
	uv_timer_t timer;

	(void)state;
	set_up(&w, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
	w.stay_open = true;
	r = request_to(&w);
	assert_int_equal(http_loop_begin(w.http, &r, &w.call), ST_OK);
	uv_timer_init(&w.loop, &timer);
	timer.data = &w;
	uv_timer_start(&timer, on_idle, 300, 0);
	tear_down(&w);
	assert_string_equal(w.heard, "first");
	assert_int_equal(w.ended, 0);
}

static void http__what_cannot_be_sent_is_refused(void **state)
{
	struct world w;
	struct http_loop_request r;
	char *long_token = malloc(HTTP_LOOP_MAX_SECRET_BYTES + 100);

	(void)state;
	assert_non_null(long_token);
	memset(long_token, 'a', HTTP_LOOP_MAX_SECRET_BYTES + 99);
	long_token[HTTP_LOOP_MAX_SECRET_BYTES + 99] = '\0';
	set_up(&w, "");
	r = request_to(&w);
	r.bearer = "a\r\nX: y";
	assert_int_equal(http_loop_begin(w.http, &r, &w.call), ST_LIMIT);
	r.bearer = long_token;
	assert_int_equal(http_loop_begin(w.http, &r, &w.call), ST_LIMIT);
	r.bearer = NULL;
	r.url = "file:///etc/passwd";
	assert_int_equal(http_loop_begin(w.http, &r, &w.call), ST_MALFORMED);
	assert_null(w.call);
	stop(&w);
	tear_down(&w);
	free(long_token);
}

static void http__nobody_there_is_an_error_without_status(void **state)
{
	struct world w;
	struct http_loop_request r;

	(void)state;
	set_up(&w, "");
	r = request_to(&w);
	r.url = "http://127.0.0.1:1/x";
	assert_int_equal(http_loop_begin(w.http, &r, &w.call), ST_OK);
	tear_down(&w);
	assert_int_equal(w.end.status, 0);
	assert_string_not_equal(w.end.error, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http__tells_status_body_and_the_wait_asked_for),
		cmocka_unit_test(http__posts_a_body),
		cmocka_unit_test(http__an_answer_that_breaks_off_says_so),
		cmocka_unit_test(http__a_stream_may_be_broken_off_by_who_reads_it),
		cmocka_unit_test(http__a_cancelled_call_says_nothing_more),
		cmocka_unit_test(http__what_cannot_be_sent_is_refused),
		cmocka_unit_test(http__nobody_there_is_an_error_without_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
