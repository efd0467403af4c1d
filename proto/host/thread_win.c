#include "proto/host/thread.h"

#include <stdlib.h>
#include <windows.h>

#include "proto/host/wide_win.h"

struct thread {
	HANDLE handle;
	thread_main *main;
	void *ctx;
};

static DWORD WINAPI run(void *arg)
{
	struct thread *t = arg;

	t->main(t->ctx);
	return 0;
}

enum status thread_start(thread_main *main, void *ctx, struct thread **out, struct diag *why)
{
	struct thread *t = malloc(sizeof *t);
	DWORD err;

	if (!t)
		return diag_set(why, ST_NOMEM, "out of memory");
	*t = (struct thread){ .main = main, .ctx = ctx };
	t->handle = CreateThread(NULL, 0, run, t, 0, NULL);
	if (t->handle) {
		*out = t;
		return ST_OK;
	}
	err = GetLastError();
	free(t);
	return win_fail(why, err, "no thread");
}

void thread_join(struct thread *t)
{
	if (!t)
		return;
	WaitForSingleObject(t->handle, INFINITE);
	CloseHandle(t->handle);
	free(t);
}

void thread_sleep_ms(uint32_t ms)
{
	Sleep(ms);
}
