#include "proto/host/service.h"

#include <stdio.h>
#include <string.h>

#include <windows.h>

#include "proto/host/wide_win.h"

enum { COMMAND_CHARS = WIDE_CHARS + 64, POLL_MS = 100, RESET_S = 86400, PRESHUTDOWN_MS = 10000 };

struct handles {
	SC_HANDLE manager, service;
};

static void close_handles(struct handles *h)
{
	if (h->service)
		CloseServiceHandle(h->service);
	if (h->manager)
		CloseServiceHandle(h->manager);
}

static enum status open_service(const char *name, DWORD access, struct handles *h, struct diag *why)
{
	WCHAR wide[WIDE_CHARS];
	enum status st = wide_from_text(name, wide, why);

	*h = (struct handles){ NULL, NULL };
	if (st != ST_OK)
		return st;
	h->manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
	if (!h->manager)
		return win_fail(why, GetLastError(), "the service manager");
	h->service = OpenServiceW(h->manager, wide, access);
	if (h->service)
		return ST_OK;
	st = GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST ? ST_NOT_FOUND : ST_SYSTEM;
	win_fail(why, GetLastError(), "service %s", name);
	close_handles(h);
	return st;
}

/* Quoted: a path with a blank would else name several programs. */
static enum status own_command(const struct service_spec *s, WCHAR out[COMMAND_CHARS], struct diag *why)
{
	WCHAR path[WIDE_CHARS], arguments[WIDE_CHARS];
	DWORD n = GetModuleFileNameW(NULL, path, WIDE_CHARS);
	enum status st = wide_from_text(s->arguments, arguments, why);
	int len;

	if (st != ST_OK)
		return st;
	if (n == 0 || n >= WIDE_CHARS)
		return diag_set(why, ST_LIMIT, "the path of this program is too long");
	len = _snwprintf(out, COMMAND_CHARS, L"\"%ls\" %ls", path, arguments);
	return len > 0 && len < COMMAND_CHARS ? ST_OK : diag_set(why, ST_LIMIT, "the command line is too long");
}

struct wide_spec {
	WCHAR name[WIDE_CHARS], display[WIDE_CHARS], account[WIDE_CHARS], command[COMMAND_CHARS];
};

static enum status widen(const struct service_spec *s, struct wide_spec *w, struct diag *why)
{
	enum status st = own_command(s, w->command, why);

	if (st == ST_OK)
		st = wide_from_text(s->name, w->name, why);
	if (st == ST_OK)
		st = wide_from_text(s->display, w->display, why);
	return st == ST_OK ? wide_from_text(s->account ? s->account : "LocalSystem", w->account, why) : st;
}

enum status service_install(const struct service_spec *s, struct diag *why)
{
	struct handles h = { OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE), NULL };
	struct wide_spec w;
	enum status st = widen(s, &w, why);

	if (st == ST_OK && !h.manager)
		st = win_fail(why, GetLastError(), "the service manager");
	if (st != ST_OK)
		goto done;
	h.service = CreateServiceW(h.manager, w.name, w.display, SERVICE_CHANGE_CONFIG, SERVICE_WIN32_OWN_PROCESS,
		SERVICE_AUTO_START, SERVICE_ERROR_NORMAL, w.command, NULL, NULL, NULL, w.account, NULL);
	if (h.service)
		goto done;
	if (GetLastError() != ERROR_SERVICE_EXISTS) {
		st = win_fail(why, GetLastError(), "service %s cannot be made", s->name);
		goto done;
	}
	h.service = OpenServiceW(h.manager, w.name, SERVICE_CHANGE_CONFIG);
	if (!h.service || !ChangeServiceConfigW(h.service, SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
				  w.command, NULL, NULL, NULL, w.account, NULL, w.display))
		st = win_fail(why, GetLastError(), "service %s cannot be changed", s->name);
done:
	close_handles(&h);
	return st;
}

/* ---- settings ---- */

struct setting {
	SC_HANDLE service;
	service_note *note;
	void *ctx;
};

static void set(const struct setting *to, DWORD level, void *info, const char *what)
{
	struct diag why = DIAG_INIT;

	if (ChangeServiceConfig2W(to->service, level, info))
		return;
	win_fail(&why, GetLastError(), "%s: not set", what);
	to->note(to->ctx, why.text);
}

static void set_recovery(const struct setting *to)
{
	SC_ACTION actions[] = { { SC_ACTION_RESTART, 5000 }, { SC_ACTION_RESTART, 5000 }, { SC_ACTION_RESTART, 60000 } };
	SERVICE_FAILURE_ACTIONSW failure = { .dwResetPeriod = RESET_S, .cActions = 3, .lpsaActions = actions };
	/* Also when it ends by itself with an error, not only when it crashes. */
	SERVICE_FAILURE_ACTIONS_FLAG always = { .fFailureActionsOnNonCrashFailures = TRUE };

	set(to, SERVICE_CONFIG_FAILURE_ACTIONS, &failure, "recovery actions");
	set(to, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &always, "recovery after errors");
}

static enum status set_privileges(const struct setting *to, const struct service_spec *s, struct diag *why)
{
	WCHAR list[WIDE_CHARS] = L"", one[WIDE_CHARS];
	SERVICE_REQUIRED_PRIVILEGES_INFOW info = { list };
	size_t used = 0;

	for (size_t i = 0; s->privileges[i]; i++) {
		enum status st = wide_from_text(s->privileges[i], one, why);
		size_t n = st == ST_OK ? wcslen(one) + 1 : 0;

		if (st != ST_OK)
			return st;
		if (used + n + 1 > WIDE_CHARS)
			return diag_set(why, ST_LIMIT, "too many privileges");
		memcpy(list + used, one, n * sizeof one[0]);
		used += n;
	}
	list[used] = L'\0';
	set(to, SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, &info, "privileges");
	return ST_OK;
}

enum status service_configure(const struct service_spec *s, service_note *note, void *ctx, struct diag *why)
{
	SERVICE_SID_INFO sid = { s->restricted_sid ? SERVICE_SID_TYPE_RESTRICTED : SERVICE_SID_TYPE_UNRESTRICTED };
	SERVICE_PRESHUTDOWN_INFO preshutdown = { PRESHUTDOWN_MS };
	SERVICE_DELAYED_AUTO_START_INFO delayed = { TRUE };
	SERVICE_DESCRIPTIONW description;
	WCHAR text[WIDE_CHARS];
	struct handles h;
	/* SERVICE_START, since recovery actions restart it (ChangeServiceConfig2W, "hService"). */
	enum status st = open_service(s->name, SERVICE_CHANGE_CONFIG | SERVICE_START, &h, why);

	if (st != ST_OK)
		return st;
	st = wide_from_text(s->description, text, why);
	if (st == ST_OK) {
		const struct setting to = { h.service, note, ctx };

		description.lpDescription = text;
		set(&to, SERVICE_CONFIG_DESCRIPTION, &description, "description");
		set_recovery(&to);
		set(&to, SERVICE_CONFIG_SERVICE_SID_INFO, &sid, "service SID");
		set(&to, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &delayed, "delayed start");
		set(&to, SERVICE_CONFIG_PRESHUTDOWN_INFO, &preshutdown, "time before a shutdown");
		st = set_privileges(&to, s, why);
	}
	close_handles(&h);
	return st;
}

/* ---- from outside ---- */

enum status service_start(const char *name, struct diag *why)
{
	struct handles h;
	enum status st = open_service(name, SERVICE_START, &h, why);

	if (st != ST_OK)
		return st;
	if (!StartServiceW(h.service, 0, NULL) && GetLastError() != ERROR_SERVICE_ALREADY_RUNNING)
		st = win_fail(why, GetLastError(), "service %s cannot be started", name);
	close_handles(&h);
	return st;
}

static bool has_stopped(SC_HANDLE service)
{
	SERVICE_STATUS status;

	return QueryServiceStatus(service, &status) && status.dwCurrentState == SERVICE_STOPPED;
}

static enum status stop_and_wait(const struct handles *h, const char *name, uint32_t timeout_ms, struct diag *why)
{
	ULONGLONG end = GetTickCount64() + timeout_ms;
	SERVICE_STATUS status;

	if (!ControlService(h->service, SERVICE_CONTROL_STOP, &status) && GetLastError() != ERROR_SERVICE_NOT_ACTIVE &&
	    GetLastError() != ERROR_SERVICE_CANNOT_ACCEPT_CTRL)
		return win_fail(why, GetLastError(), "service %s cannot be stopped", name);
	while (!has_stopped(h->service)) {
		if (GetTickCount64() >= end)
			return diag_set(why, ST_SYSTEM, "service %s does not stop", name);
		Sleep(POLL_MS);
	}
	return ST_OK;
}

enum status service_stop(const char *name, uint32_t timeout_ms, struct diag *why)
{
	struct handles h;
	enum status st = open_service(name, SERVICE_STOP | SERVICE_QUERY_STATUS, &h, why);

	if (st != ST_OK)
		return st;
	st = stop_and_wait(&h, name, timeout_ms, why);
	close_handles(&h);
	return st;
}

enum status service_remove(const char *name, struct diag *why)
{
	struct handles h;
	enum status st = open_service(name, SERVICE_STOP | SERVICE_QUERY_STATUS | DELETE, &h, why);

	if (st != ST_OK)
		return st;
	st = stop_and_wait(&h, name, 4 * SERVICE_STOP_MS, why);
	if (!DeleteService(h.service) && GetLastError() != ERROR_SERVICE_MARKED_FOR_DELETE)
		st = win_fail(why, GetLastError(), "service %s cannot be removed", name);
	close_handles(&h);
	return st;
}
