/* The server's end for one client, and a client made by libuv from what pipe_connect gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "proto/host/pipe.h"
#include "tests/support/test_folder.h"
#include "tests/support/test_pipe_name.h"

enum { WAIT_MS = 20000, SOON_MS = 20, LONG_BYTES = 3 << 20 };

struct reader {
	uv_loop_t loop;
	uv_pipe_t pipe;
	uv_timer_t limit;
	uv_write_t write;
	char room[65536];
	uint64_t bytes, sum;
	bool ended;
};

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct reader *r = handle->data;

	(void)suggested;
	*out = uv_buf_init(r->room, sizeof r->room);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct reader *r = stream->data;

	for (ssize_t i = 0; i < n; i++)
		r->sum += (uint8_t)room->base[i];
	r->bytes += n > 0 ? (uint64_t)n : 0;
	r->ended = r->ended || n < 0;
}

static void on_limit(uv_timer_t *timer)
{
	fail_msg("%s", "not seen in time");
	uv_stop(timer->loop);
}

static struct test_pipe make_name(void)
{
	struct test_pipe name;

	assert_true(test_pipe_name_make(&name));
	return name;
}

static struct reader *connect_reader(const struct test_pipe *name, enum pipe_direction direction)
{
	const struct pipe_target target = { .name = name->name, .direction = direction, .trust = PIPE_TRUST_FRIENDS };
	struct reader *r = calloc(1, sizeof *r);
	struct diag why = DIAG_INIT;
	int fd = -1;

	assert_int_equal(uv_loop_init(&r->loop), 0);
	uv_pipe_init(&r->loop, &r->pipe, 0);
	uv_timer_init(&r->loop, &r->limit);
	r->pipe.data = r;
	if (pipe_connect(&target, &fd, &why) != ST_OK)
		fail_msg("%s", why.text);
	assert_int_equal(uv_pipe_open(&r->pipe, fd), 0);
	uv_timer_start(&r->limit, on_limit, WAIT_MS, 0);
	return r;
}

static void close_reader(struct reader *r)
{
	uv_close((uv_handle_t *)&r->pipe, NULL);
	uv_close((uv_handle_t *)&r->limit, NULL);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&r->loop), 0);
	free(r);
}

static struct pipe_end *open_end(const struct test_pipe *name, enum pipe_direction direction)
{
	const struct pipe_options o = { .name = name->name, .direction = direction };
	struct diag why = DIAG_INIT;
	struct pipe_end *e;

	if (pipe_end_open(&o, &e, &why) != ST_OK)
		fail_msg("%s", why.text);
	return e;
}

/* More than the system holds: the writer must wait for the reader, and what is on its way is neither lost nor doubled. */
static void pipe__all_bytes_come_in_order_though_the_writer_gives_up_waiting_often(void **state)
{
	struct test_pipe name = make_name();
	struct pipe_end *e = open_end(&name, PIPE_OUT);
	uint8_t *bytes = malloc(LONG_BYTES);
	enum pipe_result result;
	uint64_t sum = 0, waits = 0;
	struct reader *r;

	(void)state;
	assert_int_equal(pipe_end_accept(e, SOON_MS), PIPE_TIMEOUT);
	for (size_t i = 0; i < LONG_BYTES; i++) {
		bytes[i] = (uint8_t)(i * 31 + i / 251);
		sum += bytes[i];
	}
	r = connect_reader(&name, PIPE_OUT);
	assert_int_equal(pipe_end_accept(e, WAIT_MS), PIPE_DONE);
	while ((result = pipe_end_write(e, bytes, LONG_BYTES, waits ? SOON_MS : 0)) == PIPE_TIMEOUT) {
		if (waits++ == 0)
			uv_read_start((uv_stream_t *)&r->pipe, on_room, on_read);
		uv_run(&r->loop, UV_RUN_NOWAIT);
	}
	assert_int_equal(result, PIPE_DONE);
	assert_true(waits > 0);
	while (r->bytes < LONG_BYTES)
		uv_run(&r->loop, UV_RUN_ONCE);
	assert_int_equal(r->bytes, LONG_BYTES);
	assert_int_equal(r->sum, sum);
	close_reader(r);
	pipe_end_close(e);
	free(bytes);
	test_pipe_name_release(&name);
}

static void pipe__what_is_written_can_be_read_after_the_server_has_closed(void **state)
{
	struct test_pipe name = make_name();
	struct pipe_end *e = open_end(&name, PIPE_OUT);
	struct reader *r = connect_reader(&name, PIPE_OUT);

	(void)state;
	assert_int_equal(pipe_end_accept(e, WAIT_MS), PIPE_DONE);
	assert_int_equal(pipe_end_write(e, "last words", 10, WAIT_MS), PIPE_DONE);
	pipe_end_close(e);
	uv_read_start((uv_stream_t *)&r->pipe, on_room, on_read);
	while (!r->ended)
		uv_run(&r->loop, UV_RUN_ONCE);
	assert_int_equal(r->bytes, 10);
	close_reader(r);
	test_pipe_name_release(&name);
}

static void pipe__the_server_sees_that_its_client_is_gone_and_takes_the_next(void **state)
{
	struct test_pipe name = make_name();
	struct pipe_end *e = open_end(&name, PIPE_OUT);
	struct reader *r;

	(void)state;
	for (int i = 0; i < 3; i++) {
		r = connect_reader(&name, PIPE_OUT);
		assert_int_equal(pipe_end_accept(e, WAIT_MS), PIPE_DONE);
		assert_int_equal(pipe_end_accept(e, 0), PIPE_DONE);
		assert_int_equal(pipe_end_write(e, "x", 1, WAIT_MS), PIPE_DONE);
		close_reader(r);
		while (pipe_end_write(e, "y", 1, WAIT_MS) == PIPE_DONE)
			;
		assert_int_equal(pipe_end_write(e, "z", 1, 0), PIPE_GONE);
		assert_int_equal(pipe_end_accept(e, SOON_MS), PIPE_TIMEOUT);
	}
	pipe_end_close(e);
	test_pipe_name_release(&name);
}

static void on_written(uv_write_t *write, int err)
{
	(void)write;
	assert_int_equal(err, 0);
}

static void pipe__requests_come_in_and_silence_is_no_end(void **state)
{
	struct test_pipe name = make_name();
	struct pipe_end *e = open_end(&name, PIPE_IN);
	struct reader *r = connect_reader(&name, PIPE_IN);
	uv_buf_t bytes = uv_buf_init((char[]){ "request" }, 7);
	char room[64];
	size_t got = 99;

	(void)state;
	assert_int_equal(pipe_end_accept(e, WAIT_MS), PIPE_DONE);
	assert_int_equal(pipe_end_read(e, room, sizeof room, SOON_MS, &got), PIPE_TIMEOUT);
	assert_int_equal(got, 0);
	assert_int_equal(uv_write(&r->write, (uv_stream_t *)&r->pipe, &bytes, 1, on_written), 0);
	uv_run(&r->loop, UV_RUN_NOWAIT);
	assert_int_equal(pipe_end_read(e, room, sizeof room, WAIT_MS, &got), PIPE_DONE);
	assert_int_equal(got, 7);
	assert_memory_equal(room, "request", 7);
	uv_run(&r->loop, UV_RUN_NOWAIT);
	close_reader(r);
	assert_int_equal(pipe_end_read(e, room, sizeof room, WAIT_MS, &got), PIPE_GONE);
	pipe_end_close(e);
	test_pipe_name_release(&name);
}

static void pipe__nobody_there_is_an_error_with_the_name(void **state)
{
	struct test_pipe name = make_name();
	const struct pipe_target target = { .name = name.name, .direction = PIPE_OUT };
	struct diag why = DIAG_INIT;
	int fd = -1;

	(void)state;
	assert_int_equal(pipe_connect(&target, &fd, &why), ST_SYSTEM);
	assert_non_null(strstr(why.text, name.name));
	assert_int_equal(fd, -1);
	test_pipe_name_release(&name);
}

static void pipe__its_rights_are_those_that_were_asked_for(void **state)
{
	struct test_pipe name = make_name();
	const struct pipe_options o = { .name = name.name, .direction = PIPE_OUT };
	char wanted[PIPE_TEXT_BYTES], real[PIPE_TEXT_BYTES];
	struct diag why = DIAG_INIT;
	struct pipe_end *e;

	(void)state;
	assert_int_equal(pipe_end_open(&o, &e, &why), ST_OK);
	assert_int_equal(pipe_rights_text(&o, wanted, &why), ST_OK);
	assert_int_equal(pipe_end_rights(e, real, &why), ST_OK);
	assert_non_null(strstr(real, wanted));
	pipe_end_close(e);
	test_pipe_name_release(&name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pipe__all_bytes_come_in_order_though_the_writer_gives_up_waiting_often),
		cmocka_unit_test(pipe__what_is_written_can_be_read_after_the_server_has_closed),
		cmocka_unit_test(pipe__the_server_sees_that_its_client_is_gone_and_takes_the_next),
		cmocka_unit_test(pipe__requests_come_in_and_silence_is_no_end),
		cmocka_unit_test(pipe__nobody_there_is_an_error_with_the_name),
		cmocka_unit_test(pipe__its_rights_are_those_that_were_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
