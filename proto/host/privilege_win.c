#include "proto/host/privilege.h"

#include <string.h>
#include <windows.h>

enum { MAX_PRIVILEGES = 64, NAME_CHARS = 64 };    /* Windows has 36 */

struct held {
	DWORD count;
	LUID_AND_ATTRIBUTES items[MAX_PRIVILEGES];
};

/* Laid out as TOKEN_PRIVILEGES. False: cannot be asked. */
static bool ask(HANDLE token, struct held *out)
{
	DWORD got;

	memset(out, 0, sizeof *out);
	return GetTokenInformation(token, TokenPrivileges, out, sizeof *out, &got) && out->count <= MAX_PRIVILEGES;
}

static void name_of(LUID id, char out[NAME_CHARS])
{
	DWORD chars = NAME_CHARS;

	if (!LookupPrivilegeNameA(NULL, &id, out, &chars))
		memcpy(out, "?", 2);
}

static bool is_kept(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static enum status cut(HANDLE token, const char *const *names, size_t count, struct diag *why)
{
	struct held held;
	char name[NAME_CHARS];

	if (!ask(token, &held))
		return diag_set_os(why, (int)GetLastError(), "privileges cannot be asked for");
	for (DWORD i = 0; i < held.count; i++) {
		name_of(held.items[i].Luid, name);
		held.items[i].Attributes = is_kept(name, names, count) ? SE_PRIVILEGE_ENABLED : SE_PRIVILEGE_REMOVED;
	}
	AdjustTokenPrivileges(token, FALSE, (TOKEN_PRIVILEGES *)&held, 0, NULL, NULL);
	if (!ask(token, &held))
		return diag_set_os(why, (int)GetLastError(), "privileges cannot be asked for");
	for (DWORD i = 0; i < held.count; i++) {
		name_of(held.items[i].Luid, name);
		if (!is_kept(name, names, count))
			return diag_set(why, ST_SYSTEM, "%s cannot be given up", name);
	}
	return ST_OK;
}

enum status privilege_keep_only(const char *const *names, size_t count, struct diag *why)
{
	HANDLE token;
	enum status st;

	if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_ADJUST_PRIVILEGES, &token))
		return diag_set_os(why, (int)GetLastError(), "the process's token cannot be opened");
	st = cut(token, names, count, why);
	CloseHandle(token);
	return st;
}

void privilege_describe(struct buf *out)
{
	struct held held;
	char name[NAME_CHARS];
	HANDLE token;

	if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
		return;
	for (DWORD i = 0; ask(token, &held) && i < held.count; i++) {
		name_of(held.items[i].Luid, name);
		buf_printf(out, "%s%s%s", i ? " " : "", name, held.items[i].Attributes & SE_PRIVILEGE_ENABLED ? "(enabled)" : "");
	}
	CloseHandle(token);
}
