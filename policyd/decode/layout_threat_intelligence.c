/* Microsoft-Windows-Threat-Intelligence: comes only to an antimalware-protected consumer. Before build 17763 version 0
 * of events 1, 2, 4 to 7 had no fields on the original process. Token groups (33, 36) are arrays of structures whose
 * members the manifest dump leaves out: the rest of the payload is one field. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
/* The process and thread that called. */
#define CALLING \
	F(U32, CallingProcessId, PID), F(FILETIME, CallingProcessCreateTime, CREATE_TIME), \
	N(U64, CallingProcessStartKey), N(U8, CallingProcessSignatureLevel), \
	N(U8, CallingProcessSectionSignatureLevel), N(U8, CallingProcessProtection), \
	F(U32, CallingThreadId, TID), N(FILETIME, CallingThreadCreateTime)
/* The process acted on. */
#define TARGET \
	F(U32, TargetProcessId, TARGET_PID), N(FILETIME, TargetProcessCreateTime), \
	N(U64, TargetProcessStartKey), N(U8, TargetProcessSignatureLevel), \
	N(U8, TargetProcessSectionSignatureLevel), N(U8, TargetProcessProtection)
/* The process on whose behalf it called. */
#define ORIGINAL \
	N(U32, OriginalProcessId), N(FILETIME, OriginalProcessCreateTime), N(U64, OriginalProcessStartKey), \
	N(U8, OriginalProcessSignatureLevel), N(U8, OriginalProcessSectionSignatureLevel), \
	N(U8, OriginalProcessProtection)

static const struct layout_field alloc_vm_remote_v0[] = {
	CALLING, TARGET, N(PTR, BaseAddress), N(PTR, RegionSize), N(U32, AllocationType), N(U32, ProtectionMask),
};
static const struct layout_field alloc_vm_remote_v0_id1[] = {
	CALLING, TARGET, ORIGINAL, N(PTR, BaseAddress), N(PTR, RegionSize), N(U32, AllocationType),
	N(U32, ProtectionMask),
};
static const struct layout_field protect_vm_remote_v0[] = {
	CALLING, TARGET, N(PTR, BaseAddress), N(PTR, RegionSize), N(U32, ProtectionMask), N(U32, LastProtectionMask),
};
static const struct layout_field protect_vm_remote_v0_id2[] = {
	CALLING, TARGET, ORIGINAL, N(PTR, BaseAddress), N(PTR, RegionSize), N(U32, ProtectionMask),
	N(U32, LastProtectionMask),
};
static const struct layout_field protect_vm_remote_v2[] = {
	CALLING, TARGET, ORIGINAL, N(PTR, BaseAddress), N(PTR, RegionSize), N(U32, ProtectionMask),
	N(U32, LastProtectionMask), N(U32, VaVadQueryResult), N(PTR, VaVadAllocationBase),
	N(U32, VaVadAllocationProtect), N(U32, VaVadRegionType), N(PTR, VaVadRegionSize), N(PTR, VaVadCommitSize),
	N(WSTRZ, VaVadMmfName),
};
static const struct layout_field protect_vm_remote_v3[] = {
	CALLING, TARGET, ORIGINAL, N(PTR, BaseAddress), N(U64, RegionSize), N(U32, ProtectionMask),
	N(U32, LastProtectionMask), N(U32, VaVadQueryResult), N(PTR, VaVadAllocationBase),
	N(U32, VaVadAllocationProtect), N(U32, VaVadRegionType), N(PTR, VaVadRegionSize), N(PTR, VaVadCommitSize),
	N(WSTRZ, VaVadMmfName), N(PTR, TargetAddress), N(U64, FullRegionSize),
};
static const struct layout_field map_view_remote_v0[] = {
	CALLING, TARGET, N(PTR, BaseAddress), N(PTR, ViewSize), N(U32, AllocationType), N(U32, ProtectionMask),
};
static const struct layout_field queue_user_apc_remote_v0[] = {
	F(U32, OperationStatus, STATUS), CALLING, TARGET, F(U32, TargetThreadId, TARGET_TID),
	N(FILETIME, TargetThreadCreateTime), N(PTR, ApcRoutine), N(PTR, ApcArgument1), N(PTR, ApcArgument2),
	N(PTR, ApcArgument3), N(U32, ApcRoutineVadQueryResult), N(PTR, ApcRoutineVadAllocationBase),
	N(U32, ApcRoutineVadAllocationProtect), N(U32, ApcRoutineVadRegionType), N(PTR, ApcRoutineVadRegionSize),
	N(PTR, ApcRoutineVadCommitSize), N(WSTRZ, ApcRoutineVadMmfName), N(U32, ApcArgument1VadQueryResult),
	N(PTR, ApcArgument1VadAllocationBase), N(U32, ApcArgument1VadAllocationProtect),
	N(U32, ApcArgument1VadRegionType), N(PTR, ApcArgument1VadRegionSize), N(PTR, ApcArgument1VadCommitSize),
	N(WSTRZ, ApcArgument1VadMmfName),
};
static const struct layout_field queue_user_apc_remote_v0_id4[] = {
	CALLING, TARGET, F(U32, TargetThreadId, TARGET_TID), N(FILETIME, TargetThreadCreateTime), ORIGINAL,
	N(U8, TargetThreadAlertable), N(PTR, ApcRoutine), N(PTR, ApcArgument1), N(PTR, ApcArgument2),
	N(PTR, ApcArgument3), N(FILETIME, RealEventTime), N(U32, ApcRoutineVadQueryResult),
	N(PTR, ApcRoutineVadAllocationBase), N(U32, ApcRoutineVadAllocationProtect), N(U32, ApcRoutineVadRegionType),
	N(PTR, ApcRoutineVadRegionSize), N(PTR, ApcRoutineVadCommitSize), N(WSTRZ, ApcRoutineVadMmfName),
	N(U32, ApcArgument1VadQueryResult), N(PTR, ApcArgument1VadAllocationBase),
	N(U32, ApcArgument1VadAllocationProtect), N(U32, ApcArgument1VadRegionType), N(PTR, ApcArgument1VadRegionSize),
	N(PTR, ApcArgument1VadCommitSize), N(WSTRZ, ApcArgument1VadMmfName),
};
static const struct layout_field set_thread_context_remote_v0[] = {
	F(U32, OperationStatus, STATUS), CALLING, TARGET, F(U32, TargetThreadId, TARGET_TID),
	N(FILETIME, TargetThreadCreateTime), N(U16, ContextMask), N(PTR, Pc), N(PTR, Sp), N(PTR, Lr), N(PTR, Fp),
	N(PTR, Reg0), N(PTR, Reg1), N(PTR, Reg2), N(PTR, Reg3), N(PTR, Reg4), N(PTR, Reg5), N(PTR, Reg6), N(PTR, Reg7),
	N(U32, PcVadQueryResult), N(PTR, PcVadAllocationBase), N(U32, PcVadAllocationProtect), N(U32, PcVadRegionType),
	N(PTR, PcVadRegionSize), N(PTR, PcVadCommitSize), N(WSTRZ, PcVadMmfName),
};
static const struct layout_field set_thread_context_remote_v0_id5[] = {
	CALLING, TARGET, F(U32, TargetThreadId, TARGET_TID), N(FILETIME, TargetThreadCreateTime), N(U32, ContextFlags),
	N(U16, ContextMask), N(PTR, Pc), N(PTR, Sp), N(PTR, Lr), N(PTR, Fp), N(PTR, Reg0), N(PTR, Reg1), N(PTR, Reg2),
	N(PTR, Reg3), N(PTR, Reg4), N(PTR, Reg5), N(PTR, Reg6), N(PTR, Reg7), N(FILETIME, RealEventTime),
	N(U32, PcVadQueryResult), N(PTR, PcVadAllocationBase), N(U32, PcVadAllocationProtect), N(U32, PcVadRegionType),
	N(PTR, PcVadRegionSize), N(PTR, PcVadCommitSize), N(WSTRZ, PcVadMmfName),
};
static const struct layout_field read_vm_local_v0[] = {
	F(U32, OperationStatus, STATUS), CALLING, TARGET, N(PTR, BaseAddress), N(PTR, BytesCopied),
};
static const struct layout_field read_vm_local_v2[] = {
	F(U32, OperationStatus, STATUS), CALLING, TARGET, N(PTR, BaseAddress), N(PTR, BytesCopied),
	N(U32, VaVadQueryResult), N(PTR, VaVadAllocationBase), N(U32, VaVadAllocationProtect), N(U32, VaVadRegionType),
	N(PTR, VaVadRegionSize), N(PTR, VaVadCommitSize), N(WSTRZ, VaVadMmfName),
};
static const struct layout_field suspend_thread_v0[] = {
	F(U32, OperationStatus, STATUS), CALLING, TARGET, F(U32, TargetThreadId, TARGET_TID),
	N(FILETIME, TargetThreadCreateTime),
};
static const struct layout_field suspend_process_v0[] = {
	F(U32, OperationStatus, STATUS), CALLING, TARGET,
};
static const struct layout_field driver_object_load_v0[] = {
	N(U16, DriverNameLength), FLEN(WSTR_COUNTED, DriverName, MODULE_PATH, 0), N(U32, CodeIntegrityOption),
};
static const struct layout_field driver_object_unload_v0[] = {
	N(U16, DriverNameLength), FLEN(WSTR_COUNTED, DriverName, MODULE_PATH, 0),
};
static const struct layout_field device_object_load_v0[] = {
	N(U16, DriverNameLength), FLEN(WSTR_COUNTED, DriverName, MODULE_PATH, 0), N(U16, DeviceNameLength),
	FLEN(WSTR_COUNTED, DeviceName, NONE, 2),
};
static const struct layout_field impersonation_up_v0[] = {
	CALLING, N(U32, PreviousTokenQueryResult), N(U32, PreviousTokenType), N(U32, PreviousTokenElevation),
	N(U32, PreviousTokenElevationType), N(U32, PreviousTokenImpersonationLevel), N(SID, PreviousTokenUser),
	N(U32, PreviousTokenTrustLevelCount), N(REST, PreviousTokenTrustLevel),
};
static const struct layout_field impersonation_revert_v0[] = {
	CALLING,
};
static const struct layout_field syscall_usage_v0[] = {
	CALLING, F(U32, SessionId, SESSION_ID), N(U32, SyscallEnum), N(BOOL32, IsSandboxedToken),
};

static const struct layout threat_intelligence_layouts[] = {
	LB(1, 0, log, 0, "AllocVmRemote", alloc_vm_remote_v0, 0, 17762),
	LB(1, 0, log, 0, "AllocVmRemote", alloc_vm_remote_v0_id1, 17763, 0),
	L(1, 1, log, 0, "AllocVmRemote", alloc_vm_remote_v0_id1),
	LB(2, 0, log, 0, "ProtectVmRemote", protect_vm_remote_v0, 0, 17762),
	LB(2, 0, log, 0, "ProtectVmRemote", protect_vm_remote_v0_id2, 17763, 0),
	L(2, 1, log, 0, "ProtectVmRemote", protect_vm_remote_v0_id2),
	L(2, 2, log, 0, "ProtectVmRemote", protect_vm_remote_v2),
	L(2, 3, log, LAYOUT_BREAK, "ProtectVmRemote", protect_vm_remote_v3),
	L(3, 0, log, 0, "MapViewRemote", map_view_remote_v0),
	L(3, 1, log, 0, "MapViewRemote", map_view_remote_v0),
	LB(4, 0, log, 0, "QueueUserApcRemote", queue_user_apc_remote_v0, 0, 17762),
	LB(4, 0, log, 0, "QueueUserApcRemote", queue_user_apc_remote_v0_id4, 17763, 0),
	L(4, 1, log, 0, "QueueUserApcRemote", queue_user_apc_remote_v0_id4),
	LB(5, 0, log, 0, "SetThreadContextRemote", set_thread_context_remote_v0, 0, 17762),
	LB(5, 0, log, 0, "SetThreadContextRemote", set_thread_context_remote_v0_id5, 17763, 0),
	L(5, 1, log, 0, "SetThreadContextRemote", set_thread_context_remote_v0_id5),
	LB(6, 0, log, 0, "AllocVmLocal", alloc_vm_remote_v0, 0, 17762),
	LB(6, 0, log, 0, "AllocVmLocal", alloc_vm_remote_v0_id1, 17763, 0),
	L(6, 1, log, 0, "AllocVmLocal", alloc_vm_remote_v0_id1),
	LB(7, 0, log, 0, "ProtectVmLocal", protect_vm_remote_v0, 0, 17762),
	LB(7, 0, log, 0, "ProtectVmLocal", protect_vm_remote_v0_id2, 17763, 0),
	L(7, 1, log, 0, "ProtectVmLocal", protect_vm_remote_v0_id2),
	L(7, 2, log, 0, "ProtectVmLocal", protect_vm_remote_v2),
	L(7, 3, log, LAYOUT_BREAK, "ProtectVmLocal", protect_vm_remote_v3),
	L(8, 0, log, 0, "MapViewLocal", map_view_remote_v0),
	L(8, 1, log, 0, "MapViewLocal", map_view_remote_v0),
	L(9, 0, log, 0, "QueueUserApcLocal", queue_user_apc_remote_v0),
	L(10, 0, log, 0, "SetThreadContextLocal", set_thread_context_remote_v0),
	L(11, 0, log, 0, "ReadVmLocal", read_vm_local_v0),
	L(11, 1, log, 0, "ReadVmLocal", read_vm_local_v0),
	L(11, 2, log, 0, "ReadVmLocal", read_vm_local_v2),
	L(12, 0, log, 0, "WriteVmLocal", read_vm_local_v0),
	L(12, 1, log, 0, "WriteVmLocal", read_vm_local_v0),
	L(12, 2, log, 0, "WriteVmLocal", read_vm_local_v2),
	L(13, 0, log, 0, "ReadVmRemote", read_vm_local_v0),
	L(13, 1, log, 0, "ReadVmRemote", read_vm_local_v0),
	L(13, 2, log, 0, "ReadVmRemote", read_vm_local_v2),
	L(14, 0, log, 0, "WriteVmRemote", read_vm_local_v0),
	L(14, 1, log, 0, "WriteVmRemote", read_vm_local_v0),
	L(14, 2, log, 0, "WriteVmRemote", read_vm_local_v2),
	L(15, 0, log, 0, "SuspendThread", suspend_thread_v0),
	L(15, 1, log, 0, "SuspendThread", suspend_thread_v0),
	L(16, 0, log, 0, "ResumeThread", suspend_thread_v0),
	L(16, 1, log, 0, "ResumeThread", suspend_thread_v0),
	L(17, 0, log, 0, "SuspendProcess", suspend_process_v0),
	L(17, 1, log, 0, "SuspendProcess", suspend_process_v0),
	L(18, 0, log, 0, "ResumeProcess", suspend_process_v0),
	L(18, 1, log, 0, "ResumeProcess", suspend_process_v0),
	L(19, 0, log, 0, "FreezeProcess", suspend_process_v0),
	L(19, 1, log, 0, "FreezeProcess", suspend_process_v0),
	L(20, 0, log, 0, "ThawProcess", suspend_process_v0),
	L(20, 1, log, 0, "ThawProcess", suspend_process_v0),
	L(21, 0, log, 0, "AllocVmRemoteKernelCaller", alloc_vm_remote_v0_id1),
	L(21, 1, log, 0, "AllocVmRemoteKernelCaller", alloc_vm_remote_v0_id1),
	L(22, 0, log, 0, "ProtectVmRemoteKernelCaller", protect_vm_remote_v0_id2),
	L(22, 1, log, 0, "ProtectVmRemoteKernelCaller", protect_vm_remote_v0_id2),
	L(22, 2, log, 0, "ProtectVmRemoteKernelCaller", protect_vm_remote_v2),
	L(22, 3, log, LAYOUT_BREAK, "ProtectVmRemoteKernelCaller", protect_vm_remote_v3),
	L(23, 0, log, 0, "MapViewRemoteKernelCaller", map_view_remote_v0),
	L(23, 1, log, 0, "MapViewRemoteKernelCaller", map_view_remote_v0),
	L(24, 0, log, 0, "QueueUserApcRemoteKernelCaller", queue_user_apc_remote_v0_id4),
	L(24, 1, log, 0, "QueueUserApcRemoteKernelCaller", queue_user_apc_remote_v0_id4),
	L(25, 0, log, 0, "SetThreadContextRemoteKernelCaller", set_thread_context_remote_v0_id5),
	L(25, 1, log, 0, "SetThreadContextRemoteKernelCaller", set_thread_context_remote_v0_id5),
	L(26, 0, log, 0, "AllocVmLocalKernelCaller", alloc_vm_remote_v0_id1),
	L(26, 1, log, 0, "AllocVmLocalKernelCaller", alloc_vm_remote_v0_id1),
	L(27, 0, log, 0, "ProtectVmLocalKernelCaller", protect_vm_remote_v0_id2),
	L(27, 1, log, 0, "ProtectVmLocalKernelCaller", protect_vm_remote_v0_id2),
	L(27, 2, log, 0, "ProtectVmLocalKernelCaller", protect_vm_remote_v2),
	L(27, 3, log, LAYOUT_BREAK, "ProtectVmLocalKernelCaller", protect_vm_remote_v3),
	L(28, 0, log, 0, "MapViewLocalKernelCaller", map_view_remote_v0),
	L(28, 1, log, 0, "MapViewLocalKernelCaller", map_view_remote_v0),
	L(29, 0, log, 0, "DriverObjectLoad", driver_object_load_v0),
	L(29, 1, log, 0, "DriverObjectLoad", driver_object_load_v0),
	L(30, 0, log, 0, "DriverObjectUnload", driver_object_unload_v0),
	L(30, 1, log, 0, "DriverObjectUnload", driver_object_unload_v0),
	L(31, 0, log, 0, "DeviceObjectLoad", device_object_load_v0),
	L(31, 1, log, 0, "DeviceObjectLoad", device_object_load_v0),
	L(32, 0, log, 0, "DeviceObjectUnload", device_object_load_v0),
	L(32, 1, log, 0, "DeviceObjectUnload", device_object_load_v0),
	L(33, 0, log, 0, "ImpersonationUp", impersonation_up_v0),
	L(34, 0, log, 0, "ImpersonationRevert", impersonation_revert_v0),
	L(35, 0, log, 0, "SyscallUsage", syscall_usage_v0),
	L(36, 0, log, 0, "ImpersonationDown", impersonation_up_v0),
};
/* clang-format on */

const struct provider provider_threat_intelligence = {
	.guid = GUID_INIT(0xf4e1897c, 0xbb5d, 0x5668, 0xf1, 0xd8, 0x04, 0x0f, 0x4d, 0x8d, 0xd3, 0x44),
	.name = "Microsoft-Windows-Threat-Intelligence",
	LAYOUT_TABLE(threat_intelligence_layouts)
};
