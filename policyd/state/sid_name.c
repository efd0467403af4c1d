#include "policyd/state/sid_name.h"

#include <string.h>

#include "proto/base/text.h"

struct sid_row {
	const char *sid, *name;
};

/* clang-format off */
static const struct sid_row exact[] = {
	{ "S-1-0-0", "NULL SID" },
	{ "S-1-1-0", "Everyone" },
	{ "S-1-2-0", "LOCAL" },
	{ "S-1-2-1", "CONSOLE LOGON" },
	{ "S-1-3-0", "CREATOR OWNER" },
	{ "S-1-3-1", "CREATOR GROUP" },
	{ "S-1-3-4", "OWNER RIGHTS" },
	{ "S-1-5-1", "NT AUTHORITY\\DIALUP" },
	{ "S-1-5-2", "NT AUTHORITY\\NETWORK" },
	{ "S-1-5-3", "NT AUTHORITY\\BATCH" },
	{ "S-1-5-4", "NT AUTHORITY\\INTERACTIVE" },
	{ "S-1-5-6", "NT AUTHORITY\\SERVICE" },
	{ "S-1-5-7", "NT AUTHORITY\\ANONYMOUS LOGON" },
	{ "S-1-5-9", "NT AUTHORITY\\ENTERPRISE DOMAIN CONTROLLERS" },
	{ "S-1-5-10", "NT AUTHORITY\\SELF" },
	{ "S-1-5-11", "NT AUTHORITY\\Authenticated Users" },
	{ "S-1-5-12", "NT AUTHORITY\\RESTRICTED" },
	{ "S-1-5-13", "NT AUTHORITY\\TERMINAL SERVER USER" },
	{ "S-1-5-14", "NT AUTHORITY\\REMOTE INTERACTIVE LOGON" },
	{ "S-1-5-15", "NT AUTHORITY\\This Organization" },
	{ "S-1-5-17", "NT AUTHORITY\\IUSR" },
	{ "S-1-5-18", "NT AUTHORITY\\SYSTEM" },
	{ "S-1-5-19", "NT AUTHORITY\\LOCAL SERVICE" },
	{ "S-1-5-20", "NT AUTHORITY\\NETWORK SERVICE" },
	{ "S-1-5-33", "NT AUTHORITY\\WRITE RESTRICTED" },
	{ "S-1-5-113", "NT AUTHORITY\\Local account" },
	{ "S-1-5-114", "NT AUTHORITY\\Local account and member of Administrators group" },
	{ "S-1-5-32-544", "BUILTIN\\Administrators" },
	{ "S-1-5-32-545", "BUILTIN\\Users" },
	{ "S-1-5-32-546", "BUILTIN\\Guests" },
	{ "S-1-5-32-547", "BUILTIN\\Power Users" },
	{ "S-1-5-32-548", "BUILTIN\\Account Operators" },
	{ "S-1-5-32-549", "BUILTIN\\Server Operators" },
	{ "S-1-5-32-550", "BUILTIN\\Print Operators" },
	{ "S-1-5-32-551", "BUILTIN\\Backup Operators" },
	{ "S-1-5-32-552", "BUILTIN\\Replicator" },
	{ "S-1-5-32-555", "BUILTIN\\Remote Desktop Users" },
	{ "S-1-5-32-556", "BUILTIN\\Network Configuration Operators" },
	{ "S-1-5-32-558", "BUILTIN\\Performance Monitor Users" },
	{ "S-1-5-32-559", "BUILTIN\\Performance Log Users" },
	{ "S-1-5-32-562", "BUILTIN\\Distributed COM Users" },
	{ "S-1-5-32-568", "BUILTIN\\IIS_IUSRS" },
	{ "S-1-5-32-573", "BUILTIN\\Event Log Readers" },
	{ "S-1-5-32-578", "BUILTIN\\Hyper-V Administrators" },
	{ "S-1-5-32-580", "BUILTIN\\Remote Management Users" },
	{ "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415", "IIS APPPOOL\\DefaultAppPool" },
	{ "S-1-5-82-271721585-897601226-2024613209-625570482-296978595", "IIS APPPOOL\\.NET v4.5" },
	{ "S-1-5-82-3876422241-1344743610-1729199087-774402673-2621913236", "IIS APPPOOL\\.NET v4.5 Classic" },
	{ "S-1-5-83-0", "NT VIRTUAL MACHINE\\Virtual Machines" },
	{ "S-1-5-90-0", "Window Manager\\Window Manager Group" },
	{ "S-1-5-93-2-1", "User Manager\\ContainerAdministrator" },
	{ "S-1-5-93-2-2", "User Manager\\ContainerUser" },
	{ "S-1-15-2-1", "APPLICATION PACKAGE AUTHORITY\\ALL APPLICATION PACKAGES" },
	{ "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", "NT SERVICE\\TrustedInstaller" },
};

static const struct sid_row families[] = {
	{ "S-1-5-80-", "NT SERVICE" },
	{ "S-1-5-82-", "IIS APPPOOL" },
	{ "S-1-5-83-1-", "NT VIRTUAL MACHINE" },
	{ "S-1-5-90-0-", "Window Manager\\DWM" },
	{ "S-1-5-96-0-", "Font Driver Host\\UMFD" },
	{ "S-1-15-3-", "APPLICATION PACKAGE AUTHORITY\\capability" },
};

static const struct { uint32_t rid; const char *name; } levels[] = {
	{ 0x0000, "Untrusted" }, { 0x1000, "Low" }, { 0x2000, "Medium" }, { 0x2100, "Medium Plus" },
	{ 0x3000, "High" }, { 0x4000, "System" }, { 0x5000, "Protected" },
};
/* clang-format on */

static struct text_view view_of(const char *text)
{
	return (struct text_view){ .ptr = text, .len = strlen(text) };
}

bool sid_well_known_name(struct text_view sid, struct text_view *name)
{
	for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
		if (text_equal_fold(sid.ptr, sid.len, exact[i].sid, strlen(exact[i].sid))) {
			*name = view_of(exact[i].name);
			return true;
		}
	}
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		size_t n = strlen(families[i].sid);

		if (sid.len > n && text_equal_fold(sid.ptr, n, families[i].sid, n)) {
			*name = view_of(families[i].name);
			return true;
		}
	}
	return false;
}

bool sid_integrity_rid(struct text_view sid, uint32_t *rid)
{
	static const char label[] = "S-1-16-";
	size_t i = sizeof label - 1;
	uint64_t value = 0;

	if (sid.len <= i || sid.len > i + 10 || !text_equal_fold(sid.ptr, i, label, i))
		return false;
	for (; i < sid.len; i++) {
		if (sid.ptr[i] < '0' || sid.ptr[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(sid.ptr[i] - '0');
	}
	if (value >= UINT32_MAX)
		return false;
	*rid = (uint32_t)value;
	return true;
}

const char *integrity_level_name(uint32_t rid)
{
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
		if (levels[i].rid == rid)
			return levels[i].name;
	}
	return NULL;
}

bool integrity_level_parse(struct text_view text, uint32_t *rid)
{
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
		if (text_equal_fold(text.ptr, text.len, levels[i].name, strlen(levels[i].name))) {
			*rid = levels[i].rid;
			return true;
		}
	}
	return sid_integrity_rid(text, rid);
}
