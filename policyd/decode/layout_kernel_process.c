/* Microsoft-Windows-Kernel-Process. Version 3 of ProcessStart (and 1 of ProcessRundown, 2 of ProcessStop) puts new
 * fields in the middle: a break. The flags of event 1 and 15 are those of the kernel's process object. ImageName of
 * ProcessStop is the short 8-bit name, not a path. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field process_start_v0[] = {
	F(U32, ProcessID, PID), F(FILETIME, CreateTime, CREATE_TIME), F(U32, ParentProcessID, PPID),
	F(U32, SessionID, SESSION_ID), F(WSTRZ, ImageName, IMAGE_PATH),
};
static const struct layout_field process_start_v1[] = {
	F(U32, ProcessID, PID), F(FILETIME, CreateTime, CREATE_TIME), F(U32, ParentProcessID, PPID),
	F(U32, SessionID, SESSION_ID), F(U32, Flags, PROC_FLAGS), F(WSTRZ, ImageName, IMAGE_PATH),
};
static const struct layout_field process_start_v2[] = {
	F(U32, ProcessID, PID), F(FILETIME, CreateTime, CREATE_TIME), F(U32, ParentProcessID, PPID),
	F(U32, SessionID, SESSION_ID), F(U32, Flags, PROC_FLAGS), F(WSTRZ, ImageName, IMAGE_PATH),
	F(U32, ImageChecksum, IMAGE_CHECKSUM), F(U32, TimeDateStamp, TIME_DATE_STAMP),
	F(WSTRZ, PackageFullName, PACKAGE), N(WSTRZ, PackageRelativeAppId),
};
static const struct layout_field process_start_v3[] = {
	F(U32, ProcessID, PID), F(U64, ProcessSequenceNumber, PROC_SEQ), F(FILETIME, CreateTime, CREATE_TIME),
	F(U32, ParentProcessID, PPID), F(U64, ParentProcessSequenceNumber, PARENT_SEQ), F(U32, SessionID, SESSION_ID),
	F(U32, Flags, PROC_FLAGS), F(U32, ProcessTokenElevationType, ELEVATION_TYPE),
	F(U32, ProcessTokenIsElevated, ELEVATED), F(SID, MandatoryLabel, INTEGRITY_SID),
	F(WSTRZ, ImageName, IMAGE_PATH), F(U32, ImageChecksum, IMAGE_CHECKSUM), F(U32, TimeDateStamp, TIME_DATE_STAMP),
	F(WSTRZ, PackageFullName, PACKAGE), N(WSTRZ, PackageRelativeAppId),
};
static const struct layout_field process_start_v4[] = {
	F(U32, ProcessID, PID), F(U64, ProcessSequenceNumber, PROC_SEQ), F(FILETIME, CreateTime, CREATE_TIME),
	F(U32, ParentProcessID, PPID), F(U64, ParentProcessSequenceNumber, PARENT_SEQ), F(U32, SessionID, SESSION_ID),
	F(U32, Flags, PROC_FLAGS), F(U32, ProcessTokenElevationType, ELEVATION_TYPE),
	F(U32, ProcessTokenIsElevated, ELEVATED), F(SID, MandatoryLabel, INTEGRITY_SID),
	F(WSTRZ, ImageName, IMAGE_PATH), F(U32, ImageChecksum, IMAGE_CHECKSUM), F(U32, TimeDateStamp, TIME_DATE_STAMP),
	F(WSTRZ, PackageFullName, PACKAGE), N(WSTRZ, PackageRelativeAppId), F(U32, SecurityMitigations, MITIGATIONS),
};
static const struct layout_field process_start_v5[] = {
	F(U32, ProcessID, PID), F(U64, ProcessSequenceNumber, PROC_SEQ), F(FILETIME, CreateTime, CREATE_TIME),
	F(U32, ParentProcessID, PPID), F(U64, ParentProcessSequenceNumber, PARENT_SEQ), F(U32, SessionID, SESSION_ID),
	F(U32, Flags, PROC_FLAGS), F(U32, ProcessTokenElevationType, ELEVATION_TYPE),
	F(U32, ProcessTokenIsElevated, ELEVATED), F(SID, MandatoryLabel, INTEGRITY_SID),
	F(WSTRZ, ImageName, IMAGE_PATH), F(U32, ImageChecksum, IMAGE_CHECKSUM), F(U32, TimeDateStamp, TIME_DATE_STAMP),
	F(WSTRZ, PackageFullName, PACKAGE), N(WSTRZ, PackageRelativeAppId), F(U32, SecurityMitigations, MITIGATIONS),
	N(U32, PartitionID), N(U16, ProcessMachine),
};
static const struct layout_field process_stop_v0[] = {
	F(U32, ProcessID, PID), F(FILETIME, CreateTime, CREATE_TIME), F(FILETIME, ExitTime, EXIT_TIME),
	F(U32, ExitCode, EXIT_CODE), F(U32, TokenElevationType, ELEVATION_TYPE), N(U32, HandleCount),
	N(U64, CommitCharge), N(U64, CommitPeak), F(STRZ, ImageName, IMAGE_NAME),
};
static const struct layout_field process_stop_v1[] = {
	F(U32, ProcessID, PID), F(FILETIME, CreateTime, CREATE_TIME), F(FILETIME, ExitTime, EXIT_TIME),
	F(U32, ExitCode, EXIT_CODE), F(U32, TokenElevationType, ELEVATION_TYPE), N(U32, HandleCount),
	N(U64, CommitCharge), N(U64, CommitPeak), N(U64, CPUCycleCount), N(U32, ReadOperationCount),
	N(U32, WriteOperationCount), N(U32, ReadTransferKiloBytes), N(U32, WriteTransferKiloBytes),
	N(U32, HardFaultCount), F(STRZ, ImageName, IMAGE_NAME),
};
static const struct layout_field process_stop_v2[] = {
	F(U32, ProcessID, PID), F(U64, ProcessSequenceNumber, PROC_SEQ), F(FILETIME, CreateTime, CREATE_TIME),
	F(FILETIME, ExitTime, EXIT_TIME), F(U32, ExitCode, EXIT_CODE), F(U32, TokenElevationType, ELEVATION_TYPE),
	N(U32, HandleCount), N(U64, CommitCharge), N(U64, CommitPeak), N(U64, CPUCycleCount),
	N(U32, ReadOperationCount), N(U32, WriteOperationCount), N(U32, ReadTransferKiloBytes),
	N(U32, WriteTransferKiloBytes), N(U32, HardFaultCount), F(STRZ, ImageName, IMAGE_NAME),
};
static const struct layout_field thread_start_v0[] = {
	F(U32, ProcessID, PID), F(U32, ThreadID, TID), N(PTR, StackBase), N(PTR, StackLimit), N(PTR, UserStackBase),
	N(PTR, UserStackLimit), F(PTR, StartAddr, START_ADDR), F(PTR, Win32StartAddr, WIN32_START_ADDR),
	F(PTR, TebBase, TEB),
};
static const struct layout_field thread_start_v1[] = {
	F(U32, ProcessID, PID), F(U32, ThreadID, TID), N(PTR, StackBase), N(PTR, StackLimit), N(PTR, UserStackBase),
	N(PTR, UserStackLimit), F(PTR, StartAddr, START_ADDR), F(PTR, Win32StartAddr, WIN32_START_ADDR),
	F(PTR, TebBase, TEB), N(U32, SubProcessTag),
};
static const struct layout_field thread_stop_v1[] = {
	F(U32, ProcessID, PID), F(U32, ThreadID, TID), N(PTR, StackBase), N(PTR, StackLimit), N(PTR, UserStackBase),
	N(PTR, UserStackLimit), F(PTR, StartAddr, START_ADDR), F(PTR, Win32StartAddr, WIN32_START_ADDR),
	F(PTR, TebBase, TEB), N(U32, SubProcessTag), N(U64, CycleTime),
};
static const struct layout_field image_load_v0[] = {
	F(PTR, ImageBase, IMAGE_BASE), F(PTR, ImageSize, IMAGE_SIZE), F(U32, ProcessID, PID),
	F(U32, ImageCheckSum, IMAGE_CHECKSUM), F(U32, TimeDateStamp, TIME_DATE_STAMP), N(PTR, DefaultBase),
	F(WSTRZ, ImageName, MODULE_PATH),
};
static const struct layout_field process_freeze_start_v0[] = {
	N(U32, FrozenProcessID),
};
static const struct layout_field process_freeze_start_v1[] = {
	N(U32, FrozenProcessID), F(FILETIME, CreateTime, CREATE_TIME),
};
static const struct layout_field job_start_v0[] = {
	N(GUID, JobID), N(U32, JobHandle), N(U32, StatusCode),
};
static const struct layout_field job_start_v0_id13[] = {
	F(GUID, ContainerID, CONTAINER_GUID), F(U32, JobID, JOB_ID), N(U32, StatusCode),
};
static const struct layout_field server_silo_state_change_v0[] = {
	F(GUID, ContainerID, CONTAINER_GUID), F(U32, JobID, JOB_ID), F(U16, State, SILO_STATE),
};
static const struct layout_field server_silo_create_callback_start_v0[] = {
	F(GUID, ContainerID, CONTAINER_GUID), F(U32, JobID, JOB_ID), N(WSTRZ, MonitorName),
};
static const struct layout_field server_silo_create_callback_stop_v0[] = {
	F(GUID, ContainerID, CONTAINER_GUID), F(U32, JobID, JOB_ID), N(U32, Status), N(WSTRZ, MonitorName),
};
static const struct layout_field process_in_private_set_v0[] = {
	N(WSTRZ, ProcessName), F(U32, ProcessID, PID),
};

static const struct layout kernel_process_layouts[] = {
	L(1, 0, process_start, 0, "ProcessStart", process_start_v0),
	L(1, 1, process_start, LAYOUT_BREAK, "ProcessStart", process_start_v1),
	L(1, 2, process_start, 0, "ProcessStart", process_start_v2),
	L(1, 3, process_start, LAYOUT_BREAK, "ProcessStart", process_start_v3),
	L(1, 4, process_start, 0, "ProcessStart", process_start_v4),
	L(1, 5, process_start, 0, "ProcessStart", process_start_v5),
	L(2, 0, process_exit, 0, "ProcessStop", process_stop_v0),
	L(2, 1, process_exit, LAYOUT_BREAK, "ProcessStop", process_stop_v1),
	L(2, 2, process_exit, LAYOUT_BREAK, "ProcessStop", process_stop_v2),
	L(3, 0, thread_start, 0, "ThreadStart", thread_start_v0),
	L(3, 1, thread_start, 0, "ThreadStart", thread_start_v1),
	L(4, 0, NONE, 0, "ThreadStop", thread_start_v0),
	L(4, 1, NONE, 0, "ThreadStop", thread_stop_v1),
	L(5, 0, image_load, 0, "ImageLoad", image_load_v0),
	L(6, 0, NONE, 0, "ImageUnload", image_load_v0),
	L(11, 0, NONE, 0, "ProcessFreezeStart", process_freeze_start_v0),
	L(11, 1, NONE, 0, "ProcessFreezeStart", process_freeze_start_v1),
	L(12, 0, NONE, 0, "ProcessFreezeStop", process_freeze_start_v0),
	L(12, 1, NONE, 0, "ProcessFreezeStop", process_freeze_start_v1),
	LB(13, 0, NONE, 0, "JobStart", job_start_v0, 0, 14392),
	LB(13, 0, NONE, 0, "JobStart", job_start_v0_id13, 14393, 0),
	LB(14, 0, NONE, 0, "JobTerminateStop", job_start_v0, 0, 14392),
	LB(14, 0, NONE, 0, "JobTerminateStop", job_start_v0_id13, 14393, 0),
	L(15, 0, NONE, LAYOUT_RUNDOWN, "ProcessRundown", process_start_v2),
	L(15, 1, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "ProcessRundown", process_start_v3),
	L(15, 2, NONE, LAYOUT_RUNDOWN, "ProcessRundown", process_start_v4),
	L(15, 3, NONE, LAYOUT_RUNDOWN, "ProcessRundown", process_start_v5),
	LEMPTY(16, 0, NONE, 0, "Event16"),
	L(22, 0, NONE, LAYOUT_SILO, "ServerSiloStateChange", server_silo_state_change_v0),
	L(23, 0, NONE, 0, "ServerSiloCreateCallbackStart", server_silo_create_callback_start_v0),
	L(24, 0, NONE, 0, "ServerSiloCreateCallbackStop", server_silo_create_callback_stop_v0),
	L(25, 0, NONE, 0, "ServerSiloTerminateCallbackStart", server_silo_create_callback_start_v0),
	L(26, 0, NONE, 0, "ServerSiloTerminateCallbackStop", server_silo_create_callback_start_v0),
	L(27, 0, NONE, 0, "ProcessInPrivateSet", process_in_private_set_v0),
};
/* clang-format on */

const struct provider provider_kernel_process = {
	.guid = GUID_INIT(0x22fb2cd6, 0x0e7b, 0x422b, 0xa0, 0xc7, 0x2f, 0xad, 0x1f, 0xd0, 0xe7, 0x16),
	.name = "Microsoft-Windows-Kernel-Process",
	LAYOUT_TABLE(kernel_process_layouts)
};
