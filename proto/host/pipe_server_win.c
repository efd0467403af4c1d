#include "proto/host/pipe_server.h"

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/log.h"
#include "proto/host/pipe_rights_win.h"
#include "proto/host/wide_win.h"

/* libuv's own server would make its pipes with the process's default descriptor. So each instance is made here, waited for by
 * the system's thread pool, and given to libuv when a client has come. */
enum { AGAIN_MS = 1000 };

struct pipe_server {
	struct pipe_options options;
	char *name, *peer;
	uv_async_t came;
	uv_timer_t again;
	HANDLE instance, event, wait;   /* the instance that waits for the next client */
	OVERLAPPED op;
	bool listening, connected, closing;
	int open_handles;
	pipe_server_waiting *waiting;
	void *ctx;
};

static void listen_again(struct pipe_server *s);

/* A thread of the pool. */
static void CALLBACK on_event(void *ctx, BOOLEAN timed_out)
{
	struct pipe_server *s = ctx;

	(void)timed_out;
	uv_async_send(&s->came);
}

static void stop_waiting(struct pipe_server *s)
{
	if (s->wait)
		UnregisterWaitEx(s->wait, INVALID_HANDLE_VALUE);
	s->wait = NULL;
}

static void drop_instance(struct pipe_server *s)
{
	DWORD n;

	if (s->instance == INVALID_HANDLE_VALUE)
		return;
	if (s->listening && !s->connected) {
		CancelIoEx(s->instance, &s->op);
		GetOverlappedResult(s->instance, &s->op, &n, TRUE);
	}
	CloseHandle(s->instance);
	s->instance = INVALID_HANDLE_VALUE;
	s->listening = false;
}

static void on_came(uv_async_t *async)
{
	struct pipe_server *s = async->data;
	DWORD n;

	if (s->closing || !s->listening || s->connected || WaitForSingleObject(s->event, 0) != WAIT_OBJECT_0)
		return;
	stop_waiting(s);
	if (!GetOverlappedResult(s->instance, &s->op, &n, FALSE)) {
		DisconnectNamedPipe(s->instance);
		s->listening = false;
		listen_again(s);
		return;
	}
	s->connected = true;
	s->waiting(s->ctx, 0);
}

static bool begin(struct pipe_server *s)
{
	DWORD error;

	memset(&s->op, 0, sizeof s->op);
	s->op.hEvent = s->event;
	ResetEvent(s->event);
	s->connected = false;
	error = ConnectNamedPipe(s->instance, &s->op) ? ERROR_PIPE_CONNECTED : GetLastError();
	if (error == ERROR_PIPE_CONNECTED) {
		s->op.Internal = 0;         /* as a connection that was waited for: STATUS_SUCCESS */
		s->listening = true;
		SetEvent(s->event);
		uv_async_send(&s->came);
		return true;
	}
	s->listening = error == ERROR_IO_PENDING;
	if (s->listening && !RegisterWaitForSingleObject(&s->wait, s->event, on_event, s, INFINITE, WT_EXECUTEONLYONCE))
		drop_instance(s);
	return s->listening;
}

static void on_again(uv_timer_t *timer)
{
	listen_again(timer->data);
}

/* A server without an instance is deaf: until there is one, it is tried again. */
static void listen_again(struct pipe_server *s)
{
	struct diag why = DIAG_INIT;

	if (s->instance == INVALID_HANDLE_VALUE)
		s->instance = pipe_instance_make(&s->options, false, &why);
	if (s->instance != INVALID_HANDLE_VALUE && begin(s))
		return;
	log_line(LOG_LEVEL_ERROR, "%s: waits for no client: %s; tried again", s->name, why.text[0] ? why.text : "refused");
	drop_instance(s);
	uv_timer_start(&s->again, on_again, AGAIN_MS, 0);
}

static void release(struct pipe_server *s)
{
	if (s->event)
		CloseHandle(s->event);
	free(s->name);
	free(s->peer);
	free(s);
}

static void on_closed(uv_handle_t *handle)
{
	struct pipe_server *s = handle->data;

	if (--s->open_handles == 0)
		release(s);
}

static char *dup_text(const char *text)
{
	size_t len = strlen(text) + 1;
	char *out = malloc(len);

	if (out)
		memcpy(out, text, len);
	return out;
}

static enum status fill(struct pipe_server *s, const struct pipe_options *o, struct diag *why)
{
	s->instance = INVALID_HANDLE_VALUE;
	s->options = *o;
	s->options.name = s->name = dup_text(o->name);
	if (o->peer)
		s->options.peer = s->peer = dup_text(o->peer);
	s->event = CreateEventW(NULL, TRUE, FALSE, NULL);
	if (!s->name || (o->peer && !s->peer) || !s->event)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->instance = pipe_instance_make(&s->options, true, why);
	return s->instance == INVALID_HANDLE_VALUE ? ST_SYSTEM : ST_OK;
}

enum status pipe_server_open(uv_loop_t *loop, const struct pipe_options *o, struct pipe_server **out, struct diag *why)
{
	struct pipe_server *s = calloc(1, sizeof *s);
	enum status st;

	*out = NULL;
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	st = fill(s, o, why);
	if (st == ST_OK && uv_async_init(loop, &s->came, on_came) != 0)
		st = diag_set(why, ST_NOMEM, "out of memory");
	if (st != ST_OK) {
		drop_instance(s);
		release(s);
		return st;
	}
	uv_timer_init(loop, &s->again);
	s->came.data = s->again.data = s;
	s->open_handles = 2;
	*out = s;
	return ST_OK;
}

enum status pipe_server_listen(struct pipe_server *s, pipe_server_waiting *waiting, void *ctx, struct diag *why)
{
	s->waiting = waiting;
	s->ctx = ctx;
	return begin(s) ? ST_OK : win_fail(why, GetLastError(), "%s: cannot wait for clients", s->name);
}

enum status pipe_server_accept(struct pipe_server *s, uv_pipe_t *client, struct diag *why)
{
	int fd, err;

	if (!s->connected)
		return diag_set(why, ST_STOPPED, "nobody waits");
	fd = _open_osfhandle((intptr_t)s->instance, _O_BINARY);
	if (fd < 0) {
		drop_instance(s);
		listen_again(s);
		return diag_set(why, ST_SYSTEM, "no descriptor is free");
	}
	s->instance = INVALID_HANDLE_VALUE;
	s->listening = s->connected = false;
	err = uv_pipe_open(client, fd);
	if (err)
		_close(fd);
	listen_again(s);
	return err ? diag_set(why, ST_SYSTEM, "%s", uv_strerror(err)) : ST_OK;
}

void pipe_server_close(struct pipe_server *s)
{
	if (!s || s->closing)
		return;
	s->closing = true;
	stop_waiting(s);
	drop_instance(s);
	uv_close((uv_handle_t *)&s->came, on_closed);
	uv_close((uv_handle_t *)&s->again, on_closed);
}
