#include "proto/host/service.h"

#include <string.h>

#include <windows.h>

#include "proto/host/wide_win.h"

enum { CHECKPOINT_MS = 500, PENDING_HINT_MS = 3 * CHECKPOINT_MS };

/* The service manager calls a main function that takes no context, so there is one session, on service_run's stack. */
struct service_session {
	const char *name;
	service_body *body;
	void *ctx;
	int exit_status;
	SERVICE_STATUS_HANDLE handle;
	CRITICAL_SECTION lock;          /* of all below */
	SERVICE_STATUS status;
	HANDLE timer;
	void (*stop)(void *arg);        /* NULL: nobody to tell */
	void *arg;
	bool asked;
};

static struct service_session *only;

/* lock is held. */
static void tell(struct service_session *s, DWORD state)
{
	bool pending = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;

	s->status.dwCheckPoint = pending ? (state == s->status.dwCurrentState ? s->status.dwCheckPoint + 1 : 1) : 0;
	s->status.dwCurrentState = state;
	s->status.dwWaitHint = pending ? PENDING_HINT_MS : 0;
	s->status.dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN : 0;
	SetServiceStatus(s->handle, &s->status);
}

/* While it starts or stops, the service manager hears that it is alive. */
static void CALLBACK on_checkpoint(void *ctx, BOOLEAN fired)
{
	struct service_session *s = ctx;

	(void)fired;
	EnterCriticalSection(&s->lock);
	if (s->status.dwCurrentState == SERVICE_START_PENDING || s->status.dwCurrentState == SERVICE_STOP_PENDING)
		tell(s, s->status.dwCurrentState);
	LeaveCriticalSection(&s->lock);
}

static void ask_to_stop(struct service_session *s)
{
	EnterCriticalSection(&s->lock);
	if (!s->asked) {
		s->asked = true;
		tell(s, SERVICE_STOP_PENDING);
		if (s->stop)
			s->stop(s->arg);
	}
	LeaveCriticalSection(&s->lock);
}

static DWORD WINAPI on_control(DWORD control, DWORD type, void *data, void *ctx)
{
	(void)type;
	(void)data;
	switch (control) {
	case SERVICE_CONTROL_STOP:
	case SERVICE_CONTROL_PRESHUTDOWN:
		ask_to_stop(ctx);
		return NO_ERROR;
	case SERVICE_CONTROL_INTERROGATE:
		return NO_ERROR;
	default:
		return ERROR_CALL_NOT_IMPLEMENTED;
	}
}

void service_running(void *session, void (*stop)(void *arg), void *arg)
{
	struct service_session *s = session;

	EnterCriticalSection(&s->lock);
	s->stop = stop;
	s->arg = arg;
	if (s->asked)
		stop(arg);
	else
		tell(s, SERVICE_RUNNING);
	LeaveCriticalSection(&s->lock);
}

void service_ending(void *session)
{
	struct service_session *s = session;

	EnterCriticalSection(&s->lock);
	s->stop = NULL;
	if (s->status.dwCurrentState == SERVICE_RUNNING)
		tell(s, SERVICE_STOP_PENDING);
	LeaveCriticalSection(&s->lock);
}

/* Everything of the service is over when this is told: the process may end at any moment after it. */
static void tell_stopped(struct service_session *s)
{
	EnterCriticalSection(&s->lock);
	s->status.dwWin32ExitCode = s->exit_status ? ERROR_SERVICE_SPECIFIC_ERROR : NO_ERROR;
	s->status.dwServiceSpecificExitCode = (DWORD)s->exit_status;
	tell(s, SERVICE_STOPPED);
	LeaveCriticalSection(&s->lock);
}

static void WINAPI service_main(DWORD argc, WCHAR **argv)
{
	struct service_session *s = only;
	WCHAR name[WIDE_CHARS];

	(void)argc;
	(void)argv;
	if (wide_from_text(s->name, name, NULL) != ST_OK)
		return;
	s->handle = RegisterServiceCtrlHandlerExW(name, on_control, s);
	if (!s->handle)
		return;
	EnterCriticalSection(&s->lock);
	tell(s, SERVICE_START_PENDING);
	LeaveCriticalSection(&s->lock);
	if (!CreateTimerQueueTimer(&s->timer, NULL, on_checkpoint, s, CHECKPOINT_MS, CHECKPOINT_MS, WT_EXECUTEDEFAULT))
		s->timer = NULL;
	s->exit_status = s->body(s->ctx, s);
	if (s->timer)
		DeleteTimerQueueTimer(NULL, s->timer, INVALID_HANDLE_VALUE);
	tell_stopped(s);
}

enum status service_run(const char *name, service_body *body, void *ctx, int *exit_status, struct diag *why)
{
	struct service_session s = { .name = name, .body = body, .ctx = ctx };
	WCHAR wide[WIDE_CHARS];
	SERVICE_TABLE_ENTRYW table[] = { { wide, service_main }, { NULL, NULL } };
	enum status st = wide_from_text(name, wide, why);

	if (st != ST_OK)
		return st;
	s.status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
	InitializeCriticalSection(&s.lock);
	only = &s;
	if (!StartServiceCtrlDispatcherW(table)) {
		st = GetLastError() == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT ? ST_UNSUPPORTED : ST_SYSTEM;
		win_fail(why, GetLastError(), "the service manager did not start this process");
	}
	*exit_status = s.exit_status;
	only = NULL;
	DeleteCriticalSection(&s.lock);
	return st;
}
