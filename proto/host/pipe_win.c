#include "proto/host/pipe.h"

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#include "proto/host/pipe_rights_win.h"
#include "proto/host/wide_win.h"

enum end_state { END_IDLE, END_CONNECTING, END_CONNECTED };

struct pipe_end {
	HANDLE pipe;                    /* one instance, kept for all clients: the name is never free for others */
	OVERLAPPED op;                  /* of connecting, or of writing */
	HANDLE done;                    /* its event */
	enum end_state state;
	bool writing;
};

enum status pipe_end_open(const struct pipe_options *o, struct pipe_end **out, struct diag *why)
{
	struct pipe_end *e = calloc(1, sizeof *e);

	*out = NULL;
	if (!e)
		return diag_set(why, ST_NOMEM, "out of memory");
	e->pipe = INVALID_HANDLE_VALUE;
	e->done = CreateEventW(NULL, TRUE, FALSE, NULL);
	if (e->done)
		e->pipe = pipe_instance_make(o, true, why);
	else
		win_fail(why, GetLastError(), "no event");
	if (e->pipe == INVALID_HANDLE_VALUE) {
		pipe_end_close(e);
		return ST_SYSTEM;
	}
	*out = e;
	return ST_OK;
}

/* Nothing of ours may be on its way when its storage goes. */
static void cancel(struct pipe_end *e)
{
	DWORD n;

	if (e->state != END_CONNECTING && !e->writing)
		return;
	CancelIoEx(e->pipe, &e->op);
	GetOverlappedResult(e->pipe, &e->op, &n, TRUE);
	e->writing = false;
}

void pipe_end_close(struct pipe_end *e)
{
	if (!e)
		return;
	cancel(e);
	if (e->pipe != INVALID_HANDLE_VALUE)
		CloseHandle(e->pipe);
	if (e->done)
		CloseHandle(e->done);
	free(e);
}

enum status pipe_end_rights(const struct pipe_end *e, char out[PIPE_TEXT_BYTES], struct diag *why)
{
	return pipe_handle_rights(e->pipe, out, why);
}

void pipe_end_disconnect(struct pipe_end *e)
{
	cancel(e);
	DisconnectNamedPipe(e->pipe);
	e->state = END_IDLE;
}

static enum pipe_result gone(struct pipe_end *e)
{
	pipe_end_disconnect(e);
	return PIPE_GONE;
}

static void prepare(struct pipe_end *e)
{
	memset(&e->op, 0, sizeof e->op);
	e->op.hEvent = e->done;
	ResetEvent(e->done);
}

/* True: somebody is there, or comes. */
static bool begin_connecting(struct pipe_end *e)
{
	DWORD error;

	prepare(e);
	error = ConnectNamedPipe(e->pipe, &e->op) ? ERROR_PIPE_CONNECTED : GetLastError();
	if (error == ERROR_NO_DATA) {    /* a client came and went before we looked */
		DisconnectNamedPipe(e->pipe);
		prepare(e);
		error = ConnectNamedPipe(e->pipe, &e->op) ? ERROR_PIPE_CONNECTED : GetLastError();
	}
	if (error == ERROR_PIPE_CONNECTED)
		e->state = END_CONNECTED;
	else if (error == ERROR_IO_PENDING)
		e->state = END_CONNECTING;
	return e->state != END_IDLE;
}

enum pipe_result pipe_end_accept(struct pipe_end *e, uint32_t timeout_ms)
{
	DWORD n;

	if (e->state == END_IDLE && !begin_connecting(e))
		return PIPE_GONE;
	if (e->state == END_CONNECTED)
		return PIPE_DONE;
	if (WaitForSingleObject(e->done, timeout_ms) != WAIT_OBJECT_0)
		return PIPE_TIMEOUT;
	e->state = END_IDLE;
	if (!GetOverlappedResult(e->pipe, &e->op, &n, FALSE)) {
		DisconnectNamedPipe(e->pipe);
		return PIPE_TIMEOUT;
	}
	e->state = END_CONNECTED;
	return PIPE_DONE;
}

enum pipe_result pipe_end_write(struct pipe_end *e, const void *ptr, size_t len, uint32_t timeout_ms)
{
	DWORD n = 0;

	if (e->state != END_CONNECTED)
		return PIPE_GONE;
	if (len == 0)
		return PIPE_DONE;
	if (!e->writing) {
		prepare(e);
		if (!WriteFile(e->pipe, ptr, (DWORD)len, NULL, &e->op) && GetLastError() != ERROR_IO_PENDING)
			return gone(e);
		e->writing = true;
	}
	if (WaitForSingleObject(e->done, timeout_ms) != WAIT_OBJECT_0)
		return PIPE_TIMEOUT;
	e->writing = false;
	return GetOverlappedResult(e->pipe, &e->op, &n, FALSE) && n == len ? PIPE_DONE : gone(e);
}

enum pipe_result pipe_end_read(struct pipe_end *e, void *ptr, size_t room, uint32_t timeout_ms, size_t *got)
{
	DWORD n = 0;

	*got = 0;
	if (e->state != END_CONNECTED)
		return PIPE_GONE;
	prepare(e);
	if (!ReadFile(e->pipe, ptr, (DWORD)room, NULL, &e->op) && GetLastError() != ERROR_IO_PENDING)
		return gone(e);
	if (WaitForSingleObject(e->done, timeout_ms) != WAIT_OBJECT_0)
		CancelIoEx(e->pipe, &e->op);
	if (GetOverlappedResult(e->pipe, &e->op, &n, TRUE)) {
		*got = n;
		return n > 0 ? PIPE_DONE : gone(e);
	}
	return GetLastError() == ERROR_OPERATION_ABORTED ? PIPE_TIMEOUT : gone(e);
}

/* All instances may be taken for a moment; one that is free may be taken by another before we come. */
static HANDLE open_client(const WCHAR *name, const struct pipe_target *t)
{
	ULONGLONG end = GetTickCount64() + t->wait_ms;

	for (;;) {
		ULONGLONG now = GetTickCount64();
		HANDLE pipe = CreateFileW(name, pipe_client_access(t->direction), 0, NULL, OPEN_EXISTING,
			FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);

		if (pipe != INVALID_HANDLE_VALUE || GetLastError() != ERROR_PIPE_BUSY || now >= end)
			return pipe;
		WaitNamedPipeW(name, (DWORD)(end - now));
	}
}

enum status pipe_connect(const struct pipe_target *t, int *out_fd, struct diag *why)
{
	WCHAR name[WIDE_CHARS];
	HANDLE pipe;
	enum status st = wide_from_text(t->name, name, why);

	if (st != ST_OK)
		return st;
	pipe = open_client(name, t);
	if (pipe == INVALID_HANDLE_VALUE)
		return win_fail(why, GetLastError(), "%s", t->name);
	st = pipe_check_server(pipe, t, why);
	if (st == ST_OK) {
		*out_fd = _open_osfhandle((intptr_t)pipe, _O_BINARY);
		if (*out_fd < 0)
			st = diag_set(why, ST_SYSTEM, "%s: no descriptor is free", t->name);
	}
	if (st != ST_OK)
		CloseHandle(pipe);
	return st;
}
