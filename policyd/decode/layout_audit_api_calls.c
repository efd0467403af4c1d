/* Microsoft-Windows-Kernel-Audit-API-Calls. The manifest names no task; the names here are what the events report.
 * TargetThreatId is the manifest's spelling. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field set_notify_routine_v0[] = {
	N(PTR, NotifyRoutineAddress), F(U32, ReturnCode, STATUS),
};
static const struct layout_field terminate_process_v0[] = {
	F(U32, TargetProcessId, TARGET_PID), F(U32, ReturnCode, STATUS),
};
static const struct layout_field terminate_process_v1[] = {
	F(U32, TargetProcessId, TARGET_PID), F(U32, ReturnCode, STATUS), N(U64, TargetProcessStartKey),
	N(FILETIME, TargetProcessCreationTime),
};
static const struct layout_field create_symbolic_link_v0[] = {
	F(WSTRZ, LinkSourceName, FILE_PATH), F(WSTRZ, LinkTargetName, FILE_TARGET), F(U32, DesiredAccess, ACCESS_MASK),
	F(U32, ReturnCode, STATUS),
};
static const struct layout_field set_thread_context_v0[] = {
	F(U32, ReturnCode, STATUS),
};
static const struct layout_field open_process_v0[] = {
	F(U32, TargetProcessId, TARGET_PID), F(U32, DesiredAccess, ACCESS_MASK), F(U32, ReturnCode, STATUS),
};
static const struct layout_field open_thread_v0[] = {
	F(U32, TargetProcessId, TARGET_PID), F(U32, TargetThreatId, TARGET_TID), F(U32, DesiredAccess, ACCESS_MASK),
	F(U32, ReturnCode, STATUS),
};
static const struct layout_field register_last_chance_shutdown_v0[] = {
	F(WSTRZ, DriverName, MODULE_PATH), F(U32, ReturnCode, STATUS),
};

static const struct layout audit_api_calls_layouts[] = {
	L(1, 0, log, 0, "SetNotifyRoutine", set_notify_routine_v0),
	L(2, 0, log, 0, "TerminateProcess", terminate_process_v0),
	L(2, 1, log, 0, "TerminateProcess", terminate_process_v1),
	L(3, 0, log, 0, "CreateSymbolicLink", create_symbolic_link_v0),
	L(4, 0, log, 0, "SetThreadContext", set_thread_context_v0),
	L(5, 0, process_access, 0, "OpenProcess", open_process_v0),
	L(6, 0, log, 0, "OpenThread", open_thread_v0),
	L(7, 0, log, 0, "RegisterLastChanceShutdown", register_last_chance_shutdown_v0),
	L(8, 0, log, 0, "RegisterShutdown", register_last_chance_shutdown_v0),
};
/* clang-format on */

const struct provider provider_audit_api_calls = {
	.guid = GUID_INIT(0xe02a841c, 0x75a3, 0x4fa7, 0xaf, 0xc8, 0xae, 0x09, 0xcf, 0x9b, 0x7f, 0x23),
	.name = "Microsoft-Windows-Kernel-Audit-API-Calls",
	LAYOUT_TABLE(audit_api_calls_layouts)
};
