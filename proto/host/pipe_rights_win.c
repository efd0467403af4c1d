#include "proto/host/pipe_rights_win.h"

#include <stdio.h>
#include <string.h>

#include <aclapi.h>
#include <sddl.h>

#include "proto/host/account_win.h"
#include "proto/host/wide_win.h"

/* Access rights of files as pipes have them ([MS-DTYP], winnt.h). FILE_APPEND_DATA is FILE_CREATE_PIPE_INSTANCE, and it is in
 * GENERIC_WRITE: so these are spelled out. */
enum {
	RIGHTS_READ = READ_CONTROL | SYNCHRONIZE | FILE_READ_DATA | FILE_READ_EA | FILE_READ_ATTRIBUTES,
	RIGHTS_WRITE = READ_CONTROL | SYNCHRONIZE | FILE_WRITE_DATA | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES,
	RIGHTS_BOTH = RIGHTS_READ | RIGHTS_WRITE | FILE_WRITE_EA,
};

DWORD pipe_client_access(enum pipe_direction direction)
{
	static const DWORD access[] = { [PIPE_OUT] = RIGHTS_READ, [PIPE_IN] = RIGHTS_WRITE, [PIPE_BOTH] = RIGHTS_BOTH };

	return access[direction];
}

enum status pipe_rights_text(const struct pipe_options *o, char out[PIPE_TEXT_BYTES], struct diag *why)
{
	char peer[ACCOUNT_SID_BYTES] = "", ours[32] = "FA", theirs[32], ace[ACCOUNT_SID_BYTES + 48] = "";
	enum status st = ST_OK;

	snprintf(theirs, sizeof theirs, "0x%lx", (unsigned long)pipe_client_access(o->direction));
	if (o->direction == PIPE_BOTH) {
		snprintf(ours, sizeof ours, "%s", theirs);
		snprintf(theirs, sizeof theirs, "FA");
	}
	if (o->peer)
		st = account_sid_text(o->peer, peer, why);
	else if (o->direction == PIPE_BOTH)
		st = account_own_sid_text(peer, why);
	if (st != ST_OK)
		return st;
	if (peer[0])
		snprintf(ace, sizeof ace, "(A;;%s;;;%s)", theirs, peer);
	snprintf(out, PIPE_TEXT_BYTES, "%sD:P(A;;%s;;;SY)(A;;%s;;;BA)%s", o->system_owner ? "O:SYG:SY" : "", ours, ours, ace);
	return ST_OK;
}

HANDLE pipe_instance_make(const struct pipe_options *o, bool first, struct diag *why)
{
	static const DWORD open_mode[] = { [PIPE_OUT] = PIPE_ACCESS_OUTBOUND, [PIPE_IN] = PIPE_ACCESS_INBOUND,
		[PIPE_BOTH] = PIPE_ACCESS_DUPLEX };
	SECURITY_ATTRIBUTES security = { .nLength = sizeof security, .bInheritHandle = FALSE };
	HANDLE pipe = INVALID_HANDLE_VALUE;
	char rights[PIPE_TEXT_BYTES];
	WCHAR name[WIDE_CHARS];

	if (pipe_rights_text(o, rights, why) != ST_OK || wide_from_text(o->name, name, why) != ST_OK)
		return INVALID_HANDLE_VALUE;
	if (!ConvertStringSecurityDescriptorToSecurityDescriptorA(rights, SDDL_REVISION_1, &security.lpSecurityDescriptor,
		    NULL)) {
		win_fail(why, GetLastError(), "%s: no security descriptor: %s", o->name, rights);
		return INVALID_HANDLE_VALUE;
	}
	pipe = CreateNamedPipeW(name,
		open_mode[o->direction] | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0u),
		PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, PIPE_UNLIMITED_INSTANCES,
		PIPE_BUFFER_BYTES, PIPE_BUFFER_BYTES, 0, &security);
	if (pipe == INVALID_HANDLE_VALUE)
		win_fail(why, GetLastError(), "%s: cannot make the pipe", o->name);
	LocalFree(security.lpSecurityDescriptor);
	return pipe;
}

enum status pipe_handle_rights(HANDLE pipe, char out[PIPE_TEXT_BYTES], struct diag *why)
{
	const SECURITY_INFORMATION parts = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
	PSECURITY_DESCRIPTOR security = NULL;
	char *text = NULL;
	DWORD error = GetSecurityInfo(pipe, SE_KERNEL_OBJECT, parts, NULL, NULL, NULL, NULL, &security);

	if (error != ERROR_SUCCESS)
		return win_fail(why, error, "the rights of the pipe cannot be read");
	if (ConvertSecurityDescriptorToStringSecurityDescriptorA(security, SDDL_REVISION_1, parts, &text, NULL)) {
		snprintf(out, PIPE_TEXT_BYTES, "%s", text);
		LocalFree(text);
	} else {
		error = GetLastError();
	}
	LocalFree(security);
	return error == ERROR_SUCCESS ? ST_OK : win_fail(why, error, "the rights of the pipe cannot be written as text");
}

struct owner {
	bool system, friendly;          /* friendly: SYSTEM, Administrators or who we run as */
	char sid[ACCOUNT_SID_BYTES];
};

static enum status read_owner(HANDLE pipe, struct owner *out, struct diag *why)
{
	char user[ACCOUNT_SID_BYTES], usual[ACCOUNT_SID_BYTES], *text = NULL;
	PSECURITY_DESCRIPTOR security = NULL;
	PSID owner = NULL;
	DWORD error = GetSecurityInfo(pipe, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &security);
	enum status st;

	if (error != ERROR_SUCCESS)
		return win_fail(why, error, "cannot tell whose pipe it is");
	st = account_own_sid_text(user, why);
	if (st == ST_OK)
		st = account_own_owner_text(usual, why);
	if (st == ST_OK && ConvertSidToStringSidA(owner, &text)) {
		snprintf(out->sid, sizeof out->sid, "%s", text);
		out->system = IsWellKnownSid(owner, WinLocalSystemSid) != 0;
		out->friendly = out->system || IsWellKnownSid(owner, WinBuiltinAdministratorsSid) ||
				strcmp(text, user) == 0 || strcmp(text, usual) == 0;
		LocalFree(text);
	}
	LocalFree(security);
	return st;
}

enum status pipe_check_server(HANDLE pipe, const struct pipe_target *t, struct diag *why)
{
	struct owner owner = { .system = false, .sid = "nobody" };
	uint32_t service_pid = 0;
	ULONG server_pid = 0;
	bool is_service;
	enum status st;

	if (t->trust == PIPE_TRUST_ANY)
		return ST_OK;
	st = read_owner(pipe, &owner, why);
	if (st != ST_OK)
		return st;
	is_service = t->service && account_service_pid(t->service, &service_pid, NULL) == ST_OK &&
		     GetNamedPipeServerProcessId(pipe, &server_pid) && server_pid == service_pid;
	if (t->trust == PIPE_TRUST_SERVICE ? is_service && owner.system : is_service || owner.friendly)
		return ST_OK;
	if (!t->service || is_service)
		return diag_set(why, ST_UNSUPPORTED, "%s: not trusted: the pipe belongs to %s", t->name, owner.sid);
	return diag_set(why, ST_UNSUPPORTED, "%s: not trusted: made by process %lu of %s, which is not the service %s", t->name,
		(unsigned long)server_pid, owner.sid, t->service);
}
