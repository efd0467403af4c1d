#include "proto/host/secure_folder.h"

#include <stdbool.h>
#include <stdio.h>

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include "proto/host/account_win.h"
#include "proto/host/wide_win.h"

enum { SDDL_BYTES = 512 };

/* Whole folder trees below take it on. 0x1200a9: read and enter; 0x1301bf: change, but neither rights nor owner. */
static enum status rights_text(enum secure_for use, const char *account, char out[SDDL_BYTES], struct diag *why)
{
	char sid[ACCOUNT_SID_BYTES];
	enum status st = account_sid_text(account, sid, why);

	if (st == ST_OK)
		snprintf(out, SDDL_BYTES, "O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;%s;;;%s)",
			use == SECURE_TO_WRITE ? "0x1301bf" : "0x1200a9", sid);
	return st;
}

/* The handle stands for the folder itself, never for what a link leads to. */
static HANDLE open_folder(const WCHAR *path)
{
	return CreateFileW(path, READ_CONTROL | WRITE_DAC | WRITE_OWNER | FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE,
		NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
}

static enum status check_kind(HANDLE folder, const char *path, struct diag *why)
{
	BY_HANDLE_FILE_INFORMATION info;

	if (!GetFileInformationByHandle(folder, &info))
		return win_fail(why, GetLastError(), "%s", path);
	if ((info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) || !(info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY))
		return diag_set(why, ST_UNSUPPORTED, "%s: a link or a file, not a folder", path);
	return ST_OK;
}

/* SYSTEM, Administrators, or who sets this up and so is an administrator. */
static bool is_ours(PSID owner)
{
	char user[ACCOUNT_SID_BYTES] = "", usual[ACCOUNT_SID_BYTES] = "", *text = NULL;
	bool ours = IsWellKnownSid(owner, WinLocalSystemSid) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid);

	if (ours || account_own_sid_text(user, NULL) != ST_OK || account_own_owner_text(usual, NULL) != ST_OK ||
	    !ConvertSidToStringSidA(owner, &text))
		return ours;
	ours = lstrcmpA(text, user) == 0 || lstrcmpA(text, usual) == 0;
	LocalFree(text);
	return ours;
}

static enum status check_owner(HANDLE folder, const char *path, struct diag *why)
{
	PSECURITY_DESCRIPTOR security = NULL;
	PSID owner = NULL;
	DWORD error = GetSecurityInfo(folder, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &security);
	bool ours = error == ERROR_SUCCESS && is_ours(owner);

	LocalFree(security);
	if (error != ERROR_SUCCESS)
		return win_fail(why, error, "%s: cannot tell whose it is", path);
	return ours ? ST_OK : diag_set(why, ST_UNSUPPORTED, "%s: made by a user; move it away and try again", path);
}

static enum status apply(HANDLE folder, PSECURITY_DESCRIPTOR wanted, const char *path, struct diag *why)
{
	PSID owner = NULL;
	PACL dacl = NULL;
	BOOL present = FALSE, defaulted = FALSE;
	DWORD error;

	if (!GetSecurityDescriptorDacl(wanted, &present, &dacl, &defaulted) ||
	    !GetSecurityDescriptorOwner(wanted, &owner, &defaulted))
		return win_fail(why, GetLastError(), "%s", path);
	error = SetSecurityInfo(folder, SE_FILE_OBJECT,
		OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, owner, NULL, dacl, NULL);
	return error == ERROR_SUCCESS ? ST_OK : win_fail(why, error, "%s: its rights cannot be set", path);
}

static enum status take_over(const WCHAR *wide, PSECURITY_DESCRIPTOR wanted, const char *path, struct diag *why)
{
	HANDLE folder = open_folder(wide);
	enum status st;

	if (folder == INVALID_HANDLE_VALUE)
		return win_fail(why, GetLastError(), "%s", path);
	st = check_kind(folder, path, why);
	if (st == ST_OK)
		st = check_owner(folder, path, why);
	if (st == ST_OK)
		st = apply(folder, wanted, path, why);
	CloseHandle(folder);
	return st;
}

enum status secure_folder_make(const char *path, enum secure_for use, const char *account, struct diag *why)
{
	SECURITY_ATTRIBUTES security = { .nLength = sizeof security };
	char rights[SDDL_BYTES];
	WCHAR wide[WIDE_CHARS];
	enum status st = rights_text(use, account, rights, why);

	if (st == ST_OK)
		st = wide_from_text(path, wide, why);
	if (st != ST_OK)
		return st;
	if (!ConvertStringSecurityDescriptorToSecurityDescriptorA(rights, SDDL_REVISION_1, &security.lpSecurityDescriptor, NULL))
		return win_fail(why, GetLastError(), "%s: no security descriptor", path);
	if (!CreateDirectoryW(wide, &security)) {
		if (GetLastError() == ERROR_ALREADY_EXISTS)
			st = take_over(wide, security.lpSecurityDescriptor, path, why);
		else
			st = win_fail(why, GetLastError(), "%s: cannot be made", path);
	}
	LocalFree(security.lpSecurityDescriptor);
	return st;
}
