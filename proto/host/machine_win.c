#include "proto/host/machine.h"

#include <stdio.h>
#include <string.h>
#include <windows.h>
#include <winternl.h>

#include "proto/base/text.h"

enum { TIME_OF_DAY_CLASS = 3, WIDE_TEXT = 260 };    /* SystemTimeOfDayInformation: the boot time comes first (phnt) */

static void narrow(const wchar_t *wide, char *out, size_t out_bytes)
{
	struct view utf16 = { (const uint8_t *)wide, wcslen(wide) * sizeof wide[0] };

	out[text_utf16_to_utf8(utf16, out, out_bytes - 1)] = '\0';
}

static void read_registry(const wchar_t *key, const wchar_t *name, char *out, size_t out_bytes)
{
	wchar_t wide[WIDE_TEXT] = L"";
	DWORD bytes = sizeof wide;

	if (RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, NULL, wide, &bytes) == ERROR_SUCCESS)
		narrow(wide, out, out_bytes);
}

static void list_drives(struct machine *out)
{
	for (wchar_t letter = L'A'; letter <= L'Z'; letter++) {
		const wchar_t drive[] = { letter, L':', 0 };
		wchar_t device[WIDE_TEXT] = L"";

		if (!QueryDosDeviceW(drive, device, WIDE_TEXT))
			continue;
		narrow(device, out->drives[out->drive_count].device, MACHINE_TEXT_BYTES);
		narrow(drive, out->drives[out->drive_count++].drive, MACHINE_DRIVE_BYTES);
	}
}

/* The true version, whatever the program's manifest says. */
static uint32_t build_of_system(void)
{
	typedef LONG(WINAPI get_version)(OSVERSIONINFOW *);
	OSVERSIONINFOW v = { .dwOSVersionInfoSize = sizeof v };
	HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
	get_version *get = ntdll ? (get_version *)(void (*)(void))GetProcAddress(ntdll, "RtlGetVersion") : NULL;

	return get && get(&v) >= 0 ? v.dwBuildNumber : 0;
}

void machine_describe(struct machine *out)
{
	static const wchar_t version[] = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
	wchar_t name[WIDE_TEXT] = L"";
	DWORD chars = WIDE_TEXT;
	uint64_t times[8] = { 0 };
	SYSTEM_INFO system;
	ULONG got = 0;

	memset(out, 0, sizeof *out);
	if (GetComputerNameExW(ComputerNamePhysicalDnsHostname, name, &chars))
		narrow(name, out->host_name, sizeof out->host_name);
	read_registry(L"SOFTWARE\\Microsoft\\Cryptography", L"MachineGuid", out->id, sizeof out->id);
	read_registry(version, L"ProductName", out->os_name, sizeof out->os_name);
	out->os_build = build_of_system();
	GetNativeSystemInfo(&system);
	out->cpus = system.dwNumberOfProcessors ? system.dwNumberOfProcessors : 1;
	if (NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)TIME_OF_DAY_CLASS, times, 48, &got) >= 0 && got >= sizeof times[0])
		out->boot_time_100ns = times[0];
	list_drives(out);
}
