#include "proto/host/registry.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <aclapi.h>

#include "proto/base/text.h"
#include "proto/host/wide_win.h"

struct registry_key {
	HKEY key;
};

static const DWORD writing = KEY_SET_VALUE | KEY_CREATE_SUB_KEY | KEY_CREATE_LINK | DELETE | WRITE_DAC | WRITE_OWNER | GENERIC_WRITE |
	GENERIC_ALL;

static bool is_trusted(PSID sid)
{
	static const WELL_KNOWN_SID_TYPE trusted[] = { WinLocalSystemSid, WinBuiltinAdministratorsSid, WinCreatorOwnerSid };

	for (size_t i = 0; i < sizeof trusted / sizeof trusted[0]; i++) {
		if (IsWellKnownSid(sid, trusted[i]))
			return true;
	}
	return false;
}

static bool allows_only_trusted(const ACCESS_ALLOWED_ACE *ace)
{
	if (ace->Header.AceType == ACCESS_DENIED_ACE_TYPE)
		return true;
	return ace->Header.AceType == ACCESS_ALLOWED_ACE_TYPE && (!(ace->Mask & writing) || is_trusted((PSID)(uintptr_t)&ace->SidStart));
}

static bool is_protected(HKEY key)
{
	PSECURITY_DESCRIPTOR descriptor = NULL;
	PSID owner = NULL;
	PACL dacl = NULL;
	bool ok = GetSecurityInfo(key, SE_REGISTRY_KEY, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner, NULL, &dacl,
			NULL, &descriptor) == ERROR_SUCCESS && dacl && owner && is_trusted(owner);

	for (DWORD i = 0; ok && i < dacl->AceCount; i++) {
		void *ace = NULL;

		ok = GetAce(dacl, i, &ace) && allows_only_trusted(ace);
	}
	LocalFree(descriptor);
	return ok;
}

enum status registry_open_protected(const char *path, struct registry_key **out, struct diag *why)
{
	wchar_t wide[WIDE_CHARS];
	enum status st = wide_from_text(path, wide, why);
	HKEY key;

	*out = NULL;
	if (st != ST_OK)
		return st;
	if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, wide, 0, KEY_READ | KEY_WOW64_64KEY, &key) != ERROR_SUCCESS)
		return diag_set(why, ST_NOT_FOUND, "HKLM\\%s is not there", path);
	if (!is_protected(key))
		st = diag_set(why, ST_UNSUPPORTED, "HKLM\\%s can be changed by others than SYSTEM and Administrators: its values are not used", path);
	else if (!(*out = malloc(sizeof **out)))
		st = diag_set(why, ST_NOMEM, "out of memory");
	if (st == ST_OK)
		(*out)->key = key;
	else
		RegCloseKey(key);
	return st;
}

void registry_close(struct registry_key *key)
{
	if (!key)
		return;
	RegCloseKey(key->key);
	free(key);
}

void registry_text(const struct registry_key *key, const char *name, char *out, size_t out_bytes)
{
	wchar_t wide[WIDE_CHARS], value[WIDE_CHARS];
	DWORD bytes = sizeof value;
	struct view utf16;

	if (wide_from_text(name, wide, NULL) != ST_OK || RegGetValueW(key->key, NULL, wide, RRF_RT_REG_SZ, NULL, value, &bytes) != ERROR_SUCCESS)
		return;
	utf16 = (struct view){ (const uint8_t *)value, wcslen(value) * sizeof value[0] };
	out[text_utf16_to_utf8(utf16, out, out_bytes - 1)] = '\0';
}

void registry_number(const struct registry_key *key, const char *name, const uint32_t bounds[2], uint32_t *out)
{
	wchar_t wide[WIDE_CHARS];
	DWORD value, bytes = sizeof value;

	if (wide_from_text(name, wide, NULL) != ST_OK || RegGetValueW(key->key, NULL, wide, RRF_RT_REG_DWORD, NULL, &value, &bytes) != ERROR_SUCCESS)
		return;
	*out = value < bounds[0] ? bounds[0] : value > bounds[1] ? bounds[1] : (uint32_t)value;
}
