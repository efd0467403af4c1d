#include "proto/host/account_win.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include <bcrypt.h>
#include <sddl.h>

#include "proto/host/wide_win.h"

enum { SERVICE_NAME_CHARS = 256, SHA1_BYTES = 20 };

static const char service_domain[] = "NT SERVICE\\";

static enum status copy_sid(PSID sid, char out[ACCOUNT_SID_BYTES], struct diag *why)
{
	char *text = NULL;
	int len;

	if (!ConvertSidToStringSidA(sid, &text))
		return win_fail(why, GetLastError(), "a SID cannot be written as text");
	len = snprintf(out, ACCOUNT_SID_BYTES, "%s", text);
	LocalFree(text);
	return len > 0 && len < ACCOUNT_SID_BYTES ? ST_OK : diag_set(why, ST_LIMIT, "a SID is too long");
}

static bool sha1(const void *ptr, ULONG len, UCHAR out[SHA1_BYTES])
{
	BCRYPT_ALG_HANDLE algorithm;
	NTSTATUS st = BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA1_ALGORITHM, NULL, 0);

	if (st < 0)
		return false;
	st = BCryptHash(algorithm, NULL, 0, (PUCHAR)(uintptr_t)ptr, len, out, SHA1_BYTES);
	BCryptCloseAlgorithmProvider(algorithm, 0);
	return st >= 0;
}

/* S-1-5-80 and the SHA-1 of the name in capitals, as five little-endian numbers ("sc showsid" prints it). */
static enum status service_sid(const char *name, char out[ACCOUNT_SID_BYTES], struct diag *why)
{
	WCHAR capitals[SERVICE_NAME_CHARS];
	size_t n = strlen(name);
	uint32_t part[5];

	if (n == 0 || n >= SERVICE_NAME_CHARS)
		return diag_set(why, ST_LIMIT, "a service's name has 1 to %d characters", SERVICE_NAME_CHARS - 1);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c >= 0x80)
			return diag_set(why, ST_UNSUPPORTED, "%s: a service's name in other letters than ASCII", name);
		capitals[i] = (WCHAR)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	}
	_Static_assert(sizeof part == SHA1_BYTES, "five numbers");
	if (!sha1(capitals, (ULONG)(n * sizeof capitals[0]), (UCHAR *)part))
		return diag_set(why, ST_SYSTEM, "no SHA-1 on this system");
	snprintf(out, ACCOUNT_SID_BYTES, "S-1-5-80-%lu-%lu-%lu-%lu-%lu", (unsigned long)part[0], (unsigned long)part[1],
		(unsigned long)part[2], (unsigned long)part[3], (unsigned long)part[4]);
	return ST_OK;
}

enum status account_sid_text(const char *account, char out[ACCOUNT_SID_BYTES], struct diag *why)
{
	WCHAR wide[WIDE_CHARS], domain[WIDE_CHARS];
	BYTE sid[SECURITY_MAX_SID_SIZE];
	DWORD sid_bytes = sizeof sid, domain_chars = WIDE_CHARS;
	SID_NAME_USE use;
	PSID known = NULL;
	enum status st;

	if (_strnicmp(account, service_domain, sizeof service_domain - 1) == 0)
		return service_sid(account + sizeof service_domain - 1, out, why);
	if (ConvertStringSidToSidA(account, &known)) {
		st = copy_sid(known, out, why);
		LocalFree(known);
		return st;
	}
	st = wide_from_text(account, wide, why);
	if (st != ST_OK)
		return st;
	if (!LookupAccountNameW(NULL, wide, sid, &sid_bytes, domain, &domain_chars, &use)) {
		win_fail(why, GetLastError(), "%s: no such account", account);
		return ST_NOT_FOUND;
	}
	return copy_sid(sid, out, why);
}

/* TOKEN_USER and TOKEN_OWNER both begin with a pointer to a SID. */
static enum status own_token_sid(TOKEN_INFORMATION_CLASS which, char out[ACCOUNT_SID_BYTES], struct diag *why)
{
	union {
		PSID sid;
		BYTE room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
	} info;
	HANDLE token = NULL;
	DWORD bytes = 0;
	BOOL good;

	if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
		return win_fail(why, GetLastError(), "cannot tell who this process runs as");
	good = GetTokenInformation(token, which, &info, sizeof info, &bytes);
	CloseHandle(token);
	if (!good)
		return win_fail(why, GetLastError(), "cannot tell who this process runs as");
	return copy_sid(info.sid, out, why);
}

enum status account_own_sid_text(char out[ACCOUNT_SID_BYTES], struct diag *why)
{
	return own_token_sid(TokenUser, out, why);
}

enum status account_own_owner_text(char out[ACCOUNT_SID_BYTES], struct diag *why)
{
	return own_token_sid(TokenOwner, out, why);
}

enum status account_service_pid(const char *service, uint32_t *out_pid, struct diag *why)
{
	SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT), handle = NULL;
	SERVICE_STATUS_PROCESS status = { 0 };
	WCHAR wide[WIDE_CHARS];
	DWORD bytes = 0;
	enum status st = wide_from_text(service, wide, why);

	if (st == ST_OK && manager)
		handle = OpenServiceW(manager, wide, SERVICE_QUERY_STATUS);
	if (handle)
		QueryServiceStatusEx(handle, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof status, &bytes);
	if (st == ST_OK && status.dwProcessId == 0)
		st = diag_set(why, ST_NOT_FOUND, "no service %s runs here", service);
	if (st == ST_OK)
		*out_pid = status.dwProcessId;
	if (handle)
		CloseServiceHandle(handle);
	if (manager)
		CloseServiceHandle(manager);
	return st;
}
