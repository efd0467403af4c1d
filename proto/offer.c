/* Ids, keywords and levels: the providers' manifests (etw.md §1.2, layouts.yaml).
 * Left out on purpose: what needs a protected process (Threat-Intelligence), what floods whatever is filtered (RPC), and second tellers of the same thing (TCPIP for
 * Kernel-Network, classic Thread, Registry and TcpIp for their manifest twins). */
#include "proto/offer.h"

/* clang-format off */
#define ASKED(id_, keywords_) { .id = (id_), .when = OFFER_ASKED, .keywords = (keywords_) }
#define QUIET(id_, keywords_) { .id = (id_), .when = OFFER_QUIET, .keywords = (keywords_) }
#define FLOOR(id_, keywords_) { .id = (id_), .when = OFFER_FLOOR, .keywords = (keywords_) }
#define EVENTS(rows_) .events = (rows_), .event_count = sizeof(rows_) / sizeof((rows_)[0])

/* Classic: a flag switches the whole group on; rundown opcodes come with it. */
static const struct offer_event classic_process[] = { FLOOR(1, 0), FLOOR(2, 0), FLOOR(3, 0), FLOOR(4, 0), FLOOR(39, 0) };
static const struct offer_event classic_image[] = { ASKED(10, 0), ASKED(2, 0), ASKED(3, 0), ASKED(4, 0) };
static const struct offer_event classic_file_name[] = { ASKED(0, 0), ASKED(32, 0), ASKED(35, 0), ASKED(36, 0) };

static const struct offer_event kernel_process[] = {
	FLOOR(1, 0x10), FLOOR(2, 0x10), FLOOR(15, 0x10), FLOOR(22, 0x4000), ASKED(3, 0x20), ASKED(4, 0x20), ASKED(5, 0x40),
	ASKED(6, 0x40), ASKED(11, 0x200), ASKED(12, 0x200), ASKED(13, 0x400), ASKED(14, 0x400), ASKED(27, 0x10),
};
/* Sessions stopped or changed, providers switched off, events lost: what happens to us also. */
static const struct offer_event event_tracing[] = {
	FLOOR(3, 0x10), FLOOR(11, 0x10), FLOOR(12, 0x10), FLOOR(15, 0x400), FLOOR(17, 0x10), FLOOR(41, 0x400), FLOOR(19, 0x40),
	FLOOR(31, 0x40), FLOOR(34, 0x40), ASKED(2, 0x10), ASKED(10, 0x10), ASKED(13, 0x10), ASKED(14, 0x400), ASKED(33, 0x40),
	ASKED(35, 0x10), ASKED(40, 0x400),
};
/* 12 is every open, 30 only what is new; 26 to 28 carry their paths. */
static const struct offer_event kernel_file[] = {
	QUIET(26, 0x400), QUIET(27, 0x800), QUIET(28, 0x800), QUIET(30, 0x1000), ASKED(10, 0x10), ASKED(11, 0x10),
	ASKED(12, 0x80), ASKED(13, 0x20), ASKED(14, 0x20), ASKED(15, 0x100), ASKED(16, 0x200), ASKED(17, 0x20),
	ASKED(18, 0x20), ASKED(19, 0x20), ASKED(24, 0x40), ASKED(31, 0x20), ASKED(33, 0x20),
};
static const struct offer_event kernel_registry[] = {
	QUIET(1, 0x1000), QUIET(3, 0x4000), QUIET(5, 0x100), QUIET(6, 0x200), ASKED(2, 0x2000), ASKED(7, 0x400),
	ASKED(11, 0x40), ASKED(13, 0x1),
};
static const struct offer_event kernel_network[] = {
	QUIET(12, 0x10), QUIET(13, 0x10), QUIET(15, 0x10), QUIET(28, 0x20), QUIET(29, 0x20), QUIET(31, 0x20),
	ASKED(10, 0x10), ASKED(11, 0x10), ASKED(26, 0x20), ASKED(27, 0x20), ASKED(42, 0x10), ASKED(43, 0x10),
	ASKED(58, 0x20), ASKED(59, 0x20), ASKED(17, 0x30),
};
static const struct offer_event audit_api_calls[] = {
	ASKED(1, 0), ASKED(2, 0), ASKED(3, 0), ASKED(4, 0), ASKED(5, 0), ASKED(6, 0), ASKED(7, 0), ASKED(8, 0),
};
static const struct offer_event dns_client[] = {
	QUIET(3008, 0), ASKED(3006, 0), ASKED(1001, 0), ASKED(1015, 0), ASKED(1016, 0), ASKED(3009, 0), ASKED(3010, 0),
	ASKED(3011, 0), ASKED(3012, 0), ASKED(3013, 0), ASKED(3014, 0), ASKED(3016, 0), ASKED(3018, 0), ASKED(3019, 0),
	ASKED(3020, 0),
};
static const struct offer_event power_shell[] = {
	QUIET(4104, 0x1), QUIET(4103, 0x20), ASKED(4100, 0x20), ASKED(4105, 0x1), ASKED(4106, 0x1), ASKED(40961, 0),
	ASKED(40962, 0), ASKED(53504, 0x8),
};
static const struct offer_event amsi[] = { QUIET(1101, 0x1) };
static const struct offer_event wmi_activity[] = {
	QUIET(11, 0), QUIET(22, 0), QUIET(23, 0), QUIET(5857, 0), QUIET(5858, 0), QUIET(5859, 0), QUIET(5860, 0),
	QUIET(5861, 0), ASKED(12, 0), ASKED(13, 0), ASKED(24, 0),
};
static const struct offer_event task_scheduler[] = {
	QUIET(106, 0), QUIET(129, 0), QUIET(140, 0), QUIET(141, 0), QUIET(142, 0), QUIET(200, 0), ASKED(100, 0x1),
	ASKED(102, 0x1), ASKED(110, 0), ASKED(119, 0), ASKED(201, 0),
};
static const struct offer_event service_control[] = {
	QUIET(7036, 0), QUIET(7040, 0), QUIET(7045, 0), ASKED(7034, 0), ASKED(7035, 0),
};
static const struct offer_event services[] = {    /* their keywords are not known: none is asked for, ids decide */
	QUIET(201, 0), QUIET(202, 0), QUIET(203, 0), ASKED(200, 0), ASKED(204, 0), ASKED(205, 0),
};
static const struct offer_event event_log[] = { QUIET(104, 0), QUIET(1102, 0), QUIET(1100, 0), QUIET(1104, 0) };
static const struct offer_event defender[] = { QUIET(1116, 0), QUIET(1117, 0), QUIET(5001, 0), QUIET(5007, 0), QUIET(5013, 0) };
static const struct offer_event terminal_services[] = { QUIET(21, 0), QUIET(22, 0), QUIET(23, 0), QUIET(24, 0), QUIET(25, 0) };
static const struct offer_event code_integrity[] = {
	ASKED(3001, 0), ASKED(3004, 0), ASKED(3033, 0), ASKED(3034, 0), ASKED(3076, 0), ASKED(3077, 0), ASKED(3089, 0),
};
static const struct offer_event bits_client[] = {
	ASKED(3, 0), ASKED(4, 0), ASKED(5, 0), ASKED(59, 0), ASKED(60, 0), ASKED(61, 0),
};
static const struct offer_event dotnet_runtime[] = { ASKED(152, 0x8), ASKED(154, 0x8), ASKED(155, 0x8), ASKED(156, 0x8) };
static const struct offer_event kernel_pnp[] = { ASKED(400, 0), ASKED(410, 0), ASKED(411, 0), ASKED(420, 0) };
static const struct offer_event ldap_client[] = { ASKED(30, 0x1) };
static const struct offer_event smb_server[] = { ASKED(551, 0x28), ASKED(1006, 0x8), ASKED(1009, 0x8) };
static const struct offer_event win32k[] = { ASKED(1002, 0x400), ASKED(1003, 0x400) };
static const struct offer_event wininet[] = { ASKED(1057, UINT64_C(0x20000000000)) };
static const struct offer_event security[] = { QUIET(OFFER_ANY_ID, 0) };    /* the audit policy decides */
static const struct offer_event canary[] = { FLOOR(OFFER_CANARY_ID, 0) };

const struct offer_provider offer_providers[OFFER_PROVIDERS] = {
	{ "MSNT_SystemTrace/Process", GUID_INIT(0x3d6fa8d0, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c),
	  OFFER_KERNEL, .kernel_flags = 0x1, EVENTS(classic_process) },
	{ "MSNT_SystemTrace/Image", GUID_INIT(0x2cb15d1d, 0x5fc1, 0x11d2, 0xab, 0xe1, 0x00, 0xa0, 0xc9, 0x11, 0xf5, 0x18),
	  OFFER_KERNEL, .kernel_flags = 0x4, EVENTS(classic_image) },
	{ "MSNT_SystemTrace/FileIo", GUID_INIT(0x90cbdc39, 0x4a3e, 0x11d1, 0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3),
	  OFFER_KERNEL, .kernel_flags = 0x200, EVENTS(classic_file_name) },
	{ "Microsoft-Windows-Kernel-Process", GUID_INIT(0x22fb2cd6, 0x0e7b, 0x422b, 0xa0, 0xc7, 0x2f, 0xad, 0x1f, 0xd0, 0xe7, 0x16),
	  OFFER_PROCESS, 4, .capture_state = true, .in_containers = true, .tracked = true, EVENTS(kernel_process) },
	{ OFFER_COLLECTOR_NAME, OFFER_COLLECTOR_GUID, OFFER_PROCESS, 4, EVENTS(canary) },
	{ OFFER_COLLECTOR_NAME, OFFER_COLLECTOR_GUID, OFFER_BULK, 4, EVENTS(canary) },
	{ "Microsoft-Windows-Kernel-EventTracing", GUID_INIT(0xb675ec37, 0xbdb6, 0x4648, 0xbc, 0x92, 0xf3, 0xfd, 0xc7, 0x4d, 0x3c, 0xa2),
	  OFFER_BULK, 5, EVENTS(event_tracing) },
	{ "Microsoft-Windows-Kernel-File", GUID_INIT(0xedd08927, 0x9cc4, 0x4e65, 0xb9, 0x70, 0xc2, 0x56, 0x0f, 0xb5, 0xc2, 0x89),
	  OFFER_BULK, 4, EVENTS(kernel_file) },
	{ "Microsoft-Windows-Kernel-Registry", GUID_INIT(0x70eb4f03, 0xc1de, 0x4f73, 0xa0, 0x51, 0x33, 0xd1, 0x3d, 0x54, 0x13, 0xbd),
	  OFFER_BULK, 4, .system_flags = OFFER_REGISTRY_DATA, EVENTS(kernel_registry) },
	{ "Microsoft-Windows-Kernel-Network", GUID_INIT(0x7dd42a49, 0x5329, 0x4832, 0x8d, 0xfd, 0x43, 0xd9, 0x79, 0x15, 0x3a, 0x88),
	  OFFER_BULK, 4, EVENTS(kernel_network) },
	{ "Microsoft-Windows-Kernel-Audit-API-Calls", GUID_INIT(0xe02a841c, 0x75a3, 0x4fa7, 0xaf, 0xc8, 0xae, 0x09, 0xcf, 0x9b, 0x7f, 0x23),
	  OFFER_BULK, 4, EVENTS(audit_api_calls) },
	{ "Microsoft-Windows-DNS-Client", GUID_INIT(0x1c95126e, 0x7eea, 0x49a9, 0xa3, 0xfe, 0xa3, 0x78, 0xb0, 0x3d, 0xdb, 0x4d),
	  OFFER_BULK, 4, .in_containers = true, .tracked = true, EVENTS(dns_client) },
	{ "Microsoft-Windows-PowerShell", GUID_INIT(0xa0c1853b, 0x5c40, 0x4b15, 0x87, 0x66, 0x3c, 0xf1, 0xc5, 0x8f, 0x98, 0x5a),
	  OFFER_BULK, 5, .in_containers = true, EVENTS(power_shell) },
	{ "Microsoft-Antimalware-Scan-Interface", GUID_INIT(0x2a576b87, 0x09a7, 0x520e, 0xc2, 0x1a, 0x49, 0x42, 0xf0, 0x27, 0x1d, 0x67),
	  OFFER_BULK, 4, .in_containers = true, EVENTS(amsi) },
	{ "Microsoft-Windows-WMI-Activity", GUID_INIT(0x1418ef04, 0xb0b4, 0x4623, 0xbf, 0x7e, 0xd7, 0x4a, 0xb4, 0x7b, 0xbd, 0xaa),
	  OFFER_BULK, 4, .in_containers = true, .tracked = true, EVENTS(wmi_activity) },
	{ "Microsoft-Windows-TaskScheduler", GUID_INIT(0xde7b24ea, 0x73c8, 0x4a09, 0x98, 0x5d, 0x5b, 0xda, 0xdc, 0xfa, 0x90, 0x17),
	  OFFER_BULK, 4, .in_containers = true, .tracked = true, EVENTS(task_scheduler) },
	{ "Service Control Manager", GUID_INIT(0x555908d1, 0xa6d7, 0x4695, 0x8e, 0x1e, 0x26, 0x93, 0x1d, 0x20, 0x12, 0xf4),
	  OFFER_BULK, 4, .in_containers = true, .tracked = true, EVENTS(service_control) },
	{ "Microsoft-Windows-Services", GUID_INIT(0x0063715b, 0xeeda, 0x4007, 0x94, 0x29, 0xad, 0x52, 0x6f, 0x62, 0x69, 0x6e),
	  OFFER_BULK, 4, .in_containers = true, .tracked = true, EVENTS(services) },
	{ "Microsoft-Windows-Eventlog", GUID_INIT(0xfc65ddd8, 0xd6ef, 0x4962, 0x83, 0xd5, 0x6e, 0x5c, 0xfe, 0x9c, 0xe1, 0x48),
	  OFFER_BULK, 4, EVENTS(event_log) },
	{ "Microsoft-Windows-Windows Defender", GUID_INIT(0x11cd958a, 0xc507, 0x4ef3, 0xb3, 0xf2, 0x5f, 0xd9, 0xdf, 0xbd, 0x2c, 0x78),
	  OFFER_BULK, 4, EVENTS(defender) },
	{ "Microsoft-Windows-TerminalServices-LocalSessionManager",
	  GUID_INIT(0x5d896912, 0x022d, 0x40aa, 0xa3, 0xa8, 0x4f, 0xa5, 0x51, 0x5c, 0x76, 0xd7), OFFER_BULK, 4, EVENTS(terminal_services) },
	{ "Microsoft-Windows-CodeIntegrity", GUID_INIT(0x4ee76bd8, 0x3cf4, 0x44a0, 0xa0, 0xac, 0x39, 0x37, 0x64, 0x3e, 0x37, 0xa3),
	  OFFER_BULK, 4, EVENTS(code_integrity) },
	{ "Microsoft-Windows-Bits-Client", GUID_INIT(0xef1cc15b, 0x46c1, 0x414e, 0xbb, 0x95, 0xe7, 0x6b, 0x07, 0x7b, 0xd5, 0x1e),
	  OFFER_BULK, 4, EVENTS(bits_client) },
	{ "Microsoft-Windows-DotNETRuntime", GUID_INIT(0xe13c0d23, 0xccbc, 0x4e12, 0x93, 0x1b, 0xd9, 0xcc, 0x2e, 0xee, 0x27, 0xe4),
	  OFFER_BULK, 4, .in_containers = true, EVENTS(dotnet_runtime) },
	{ "Microsoft-Windows-Kernel-PnP", GUID_INIT(0x9c205a39, 0x1250, 0x487d, 0xab, 0xd7, 0xe8, 0x31, 0xc6, 0x29, 0x05, 0x39),
	  OFFER_BULK, 4, EVENTS(kernel_pnp) },
	{ "Microsoft-Windows-LDAP-Client", GUID_INIT(0x099614a5, 0x5dd7, 0x4788, 0x8b, 0xc9, 0xe2, 0x9f, 0x43, 0xdb, 0x28, 0xfc),
	  OFFER_BULK, 4, .in_containers = true, .tracked = true, EVENTS(ldap_client) },
	{ "Microsoft-Windows-SMBServer", GUID_INIT(0xd48ce617, 0x33a2, 0x4bc3, 0xa5, 0xc7, 0x11, 0xaa, 0x4f, 0x29, 0x61, 0x9e),
	  OFFER_BULK, 4, EVENTS(smb_server) },
	{ "Microsoft-Windows-Win32k", GUID_INIT(0x8c416c79, 0xd49b, 0x4f01, 0xa4, 0x67, 0xe5, 0x6d, 0x3a, 0xa8, 0x23, 0x4c),
	  OFFER_BULK, 4, EVENTS(win32k) },
	{ "Microsoft-Windows-WinINet", GUID_INIT(0x43d1a55c, 0x76d6, 0x4f7e, 0x99, 0x5c, 0x64, 0xc7, 0x11, 0xe5, 0xca, 0xfe),
	  OFFER_BULK, 4, EVENTS(wininet) },
	{ "Microsoft-Windows-Security-Auditing", GUID_INIT(0x54849625, 0x5478, 0x4994, 0xa5, 0xba, 0x3e, 0x3b, 0x03, 0x28, 0xc3, 0x0d),
	  OFFER_SECURITY, 4, EVENTS(security) },
};
/* clang-format on */

size_t offer_find(const struct guid *provider)
{
	size_t i = 0;

	while (i < OFFER_PROVIDERS && !guid_equal(&offer_providers[i].guid, provider))
		i++;
	return i;
}

size_t offer_find_event(size_t provider, uint16_t id)
{
	const struct offer_provider *p = &offer_providers[provider];

	for (size_t i = 0; i < p->event_count; i++) {
		if (p->events[i].id == id || p->events[i].id == OFFER_ANY_ID)
			return i;
	}
	return OFFER_MAX_EVENTS;
}
