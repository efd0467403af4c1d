#include "proto/host/child.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

enum { READ_BYTES = 256 * 1024 };

struct child {
	uv_process_t process;
	uv_pipe_t output;
	child_output *sink;
	void *ctx;
	enum status st;        /* first refusal of the sink, or a read error */
	int read_error;
	int exit_status;
	char *room;
};

static void on_exit_status(uv_process_t *process, int64_t exit_status, int signal)
{
	struct child *c = process->data;

	c->exit_status = signal ? 128 + signal : (int)exit_status;
	uv_close((uv_handle_t *)process, NULL);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct child *c = handle->data;

	(void)suggested;
	*out = uv_buf_init(c->room, READ_BYTES);
}

static void stop_reading(struct child *c, enum status st)
{
	if (c->st == ST_OK)
		c->st = st;
	if (!uv_is_closing((uv_handle_t *)&c->output))
		uv_close((uv_handle_t *)&c->output, NULL);
}

static void on_output(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct child *c = stream->data;
	enum status st;

	if (n == UV_EOF) {
		stop_reading(c, ST_OK);
		return;
	}
	if (n < 0) {
		c->read_error = (int)n;
		stop_reading(c, ST_SYSTEM);
		return;
	}
	st = n ? c->sink(c->ctx, room->base, (size_t)n) : ST_OK;
	if (st != ST_OK) {
		stop_reading(c, st);
		uv_process_kill(&c->process, SIGTERM);
	}
}

static enum status start(struct child *c, uv_loop_t *loop, const char *const argv[], struct diag *why)
{
	uv_stdio_container_t stdio[3] = { { .flags = UV_IGNORE },
		{ .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&c->output },
		{ .flags = UV_INHERIT_FD, .data.fd = 2 } };
	uv_process_options_t options = { 0 };
	int err;

	options.file = argv[0];
	options.args = (char **)(uintptr_t)argv;
	options.stdio = stdio;
	options.stdio_count = 3;
	options.exit_cb = on_exit_status;
	options.flags = UV_PROCESS_WINDOWS_HIDE;
	err = uv_spawn(loop, &c->process, &options);
	if (err) {
		uv_close((uv_handle_t *)&c->process, NULL);
		uv_close((uv_handle_t *)&c->output, NULL);
		return diag_set(why, ST_SYSTEM, "cannot start %s: %s", argv[0], uv_strerror(err));
	}
	uv_read_start((uv_stream_t *)&c->output, on_room, on_output);
	return ST_OK;
}

enum status child_run(const char *const argv[], child_output *output, void *ctx, int *exit_status, struct diag *why)
{
	struct child c = { .sink = output, .ctx = ctx, .exit_status = -1 };
	enum status st = ST_NOMEM;
	uv_loop_t loop;

	if (uv_loop_init(&loop))
		return diag_set(why, ST_SYSTEM, "cannot create an event loop");
	c.room = malloc(READ_BYTES);
	if (!c.room)
		goto done;
	uv_pipe_init(&loop, &c.output, 0);
	c.output.data = &c;
	c.process.data = &c;
	st = start(&c, &loop, argv, why);
	uv_run(&loop, UV_RUN_DEFAULT);
	if (st == ST_OK && c.read_error)
		diag_set(why, ST_SYSTEM, "reading from %s: %s", argv[0], uv_strerror(c.read_error));
	if (st == ST_OK)
		st = c.st;
	*exit_status = c.exit_status;
done:
	free(c.room);
	uv_loop_close(&loop);
	return st;
}

enum status child_sibling_path(const char *name, char *out, size_t out_bytes, struct diag *why)
{
	char own[4096];
	size_t own_bytes = sizeof own;
	size_t folder;
	int n;

	if (uv_exepath(own, &own_bytes))
		return diag_set(why, ST_SYSTEM, "cannot tell this program's own path");
	for (folder = own_bytes; folder > 0 && own[folder - 1] != '/' && own[folder - 1] != '\\'; folder--)
		;
	n = snprintf(out, out_bytes, "%.*s%s", (int)folder, own, name);
	return n > 0 && (size_t)n < out_bytes ? ST_OK : diag_set(why, ST_LIMIT, "path too long: %s", name);
}
