/* Kernel MOF classes that no rule sees: object handles, page faults, disk I/O, stacks, jobs, and the tracing's own.
 * TimeZoneInformation of the trace header is a TIME_ZONE_INFORMATION of 172 bytes and 4 of padding, in either pointer
 * width. The frames of a stack are the rest of the payload. Job events carry no version in public sources: 0. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field ob_handle_event[] = {
	N(PTR, Object), N(U32, Handle), N(U16, ObjectType), N(WSTRZ, ObjectName),
};
static const struct layout_field ob_handle_duplicate_event[] = {
	N(PTR, Object), N(U32, SourceHandle), N(U32, TargetHandle), F(U32, TargetProcessId, TARGET_PID),
	N(U16, ObjectType),
};
static const struct layout_field ob_type_event[] = {
	N(U16, ObjectType), N(U16, Reserved), N(WSTRZ, TypeName),
};
static const struct layout_field ob_handle_rundown_event[] = {
	N(PTR, Object), F(U32, ProcessId, PID), N(U32, Handle), N(U16, ObjectType), N(WSTRZ, ObjectName),
};
static const struct layout_field ob_object_event[] = {
	N(PTR, Object), N(U16, ObjectType),
};
static const struct layout_field ob_reference_event[] = {
	N(PTR, Object), N(U32, Tag), N(U32, Count),
};

static const struct layout classic_ob_trace_layouts[] = {
	L(32, 2, NONE, 0, "CreateHandle", ob_handle_event),
	L(33, 2, NONE, 0, "CloseHandle", ob_handle_event),
	L(34, 2, NONE, 0, "DuplicateHandle", ob_handle_duplicate_event),
	L(36, 2, NONE, LAYOUT_RUNDOWN, "TypeDCStart", ob_type_event),
	L(37, 2, NONE, LAYOUT_RUNDOWN, "TypeDCEnd", ob_type_event),
	L(38, 2, NONE, LAYOUT_RUNDOWN, "HandleDCStart", ob_handle_rundown_event),
	L(39, 2, NONE, LAYOUT_RUNDOWN, "HandleDCEnd", ob_handle_rundown_event),
	L(48, 2, NONE, 0, "CreateObject", ob_object_event),
	L(49, 2, NONE, 0, "DeleteObject", ob_object_event),
	L(50, 2, NONE, 0, "ReferenceObject", ob_reference_event),
	L(51, 2, NONE, 0, "DereferenceObject", ob_reference_event),
};

static const struct layout_field page_fault_group1[] = {
	N(PTR, VirtualAddress), N(PTR, ProgramCounter),
};
static const struct layout_field page_fault_hard_fault[] = {
	N(U64, InitialTime), N(U64, ReadOffset), N(PTR, VirtualAddress), N(PTR, FileObject), N(U32, TThreadId),
	N(U32, ByteCount),
};
static const struct layout_field page_fault_virtual_alloc[] = {
	N(PTR, BaseAddress), N(PTR, RegionSize), F(U32, ProcessId, PID), N(U32, Flags),
};
static const struct layout_field page_fault_heap_range_rundown_v3[] = {
	N(PTR, HeapHandle), N(U32, HRFlags), N(U32, HRPid), N(U32, HRRangeCount), N(U32, Reserved),
};
static const struct layout_field page_fault_heap_range_rundown_v2[] = {
	N(PTR, HeapHandle), N(U32, HRFlags), N(U32, HRPid), N(U32, HRRangeCount),
};
static const struct layout_field page_fault_heap_range_rundown_v4[] = {
	N(PTR, HeapHandle), N(U32, HRFlags), N(U32, HRPid), N(U32, HRRangeCount), N(U64, HRHeapTag),
};
static const struct layout_field page_fault_heap_range_create[] = {
	N(PTR, HeapHandle), N(PTR, FirstRangeSize), N(U32, HRCreateFlags),
};
static const struct layout_field page_fault_heap_range_type_group[] = {
	N(PTR, HeapHandle), N(PTR, HRAddress), N(PTR, HRSize),
};
static const struct layout_field page_fault_heap_range_destroy[] = {
	N(PTR, HeapHandle),
};
static const struct layout_field page_fault_image_load_backed[] = {
	N(PTR, FileObject), N(U32, DeviceChar), N(U16, FileChar), N(U16, LoadFlags),
};
static const struct layout_field page_fault_virtual_rotate[] = {
	N(PTR, BaseAddress), N(PTR, SizeInBytes),
};
static const struct layout_field page_fault_virtual_alloc_rundown[] = {
	N(PTR, BaseAddress), N(PTR, RegionSize), F(U32, ProcessId, PID), N(U32, Flags), N(PTR, CommitSizeInBytes),
};

static const struct layout classic_page_fault_layouts[] = {
	L(10, 2, NONE, 0, "PageFault_TypeGroup1", page_fault_group1),
	L(11, 2, NONE, 0, "PageFault_TypeGroup1", page_fault_group1),
	L(12, 2, NONE, 0, "PageFault_TypeGroup1", page_fault_group1),
	L(13, 2, NONE, 0, "PageFault_TypeGroup1", page_fault_group1),
	L(14, 2, NONE, 0, "PageFault_TypeGroup1", page_fault_group1),
	L(15, 2, NONE, 0, "PageFault_TypeGroup1", page_fault_group1),
	L(32, 2, NONE, 0, "HardFault", page_fault_hard_fault),
	L(98, 2, NONE, 0, "VirtualAlloc", page_fault_virtual_alloc),
	L(99, 2, NONE, 0, "VirtualFree", page_fault_virtual_alloc),
	L(100, 2, NONE, 0, "PageFault_HeapRangeRundown_V3", page_fault_heap_range_rundown_v3),
	L(100, 2, NONE, 0, "PageFault_HeapRangeRundown_V2", page_fault_heap_range_rundown_v2),
	L(100, 3, NONE, 0, "PageFault_HeapRangeRundown_V4", page_fault_heap_range_rundown_v4),
	L(101, 2, NONE, 0, "PageFault_HeapRangeCreate", page_fault_heap_range_create),
	L(102, 2, NONE, 0, "PageFault_HeapRangeTypeGroup", page_fault_heap_range_type_group),
	L(103, 2, NONE, 0, "PageFault_HeapRangeTypeGroup", page_fault_heap_range_type_group),
	L(104, 2, NONE, 0, "PageFault_HeapRangeDestroy", page_fault_heap_range_destroy),
	L(105, 2, NONE, 0, "ImageLoadBacked", page_fault_image_load_backed),
	L(127, 2, NONE, 0, "PageFault_VirtualRotate", page_fault_virtual_rotate),
	L(128, 2, NONE, LAYOUT_RUNDOWN, "PageFault_VirtualAllocRundown", page_fault_virtual_alloc_rundown),
	L(129, 2, NONE, LAYOUT_RUNDOWN, "PageFault_VirtualAllocRundown", page_fault_virtual_alloc_rundown),
	L(134, 2, NONE, 0, "PageFault_MemReset", page_fault_virtual_rotate),
};

static const struct layout_field stack_walk_event[] = {
	N(U64, EventTimeStamp), F(U32, StackProcess, PID), F(U32, StackThread, TID), N(REST, Stack),
};
static const struct layout_field stack_walk_group1[] = {
	N(PTR, key), N(PTR, StackFrame),
};
static const struct layout_field stack_walk_key[] = {
	N(U64, EventTimeStamp), F(U32, StackProcess, PID), F(U32, StackThread, TID), N(PTR, StackKey),
};

static const struct layout classic_stack_walk_layouts[] = {
	L(32, 2, NONE, 0, "StackWalk_Event", stack_walk_event),
	L(34, 2, NONE, 0, "StackWalk_TypeGroup1", stack_walk_group1),
	L(35, 2, NONE, 0, "StackWalk_TypeGroup1", stack_walk_group1),
	L(36, 2, NONE, 0, "StackWalk_TypeGroup1", stack_walk_group1),
	L(37, 2, NONE, 0, "StackWalk_Key", stack_walk_key),
	L(38, 2, NONE, 0, "StackWalk_Key", stack_walk_key),
};

static const struct layout_field disk_io_v0_group1[] = {
	N(U32, DiskNumber), N(U32, IrpFlags), F(U32, TransferSize, IO_SIZE), N(U32, Reserved),
	F(U64, ByteOffset, IO_OFFSET), F(PTR, FileObject, FILE_KEY),
};
static const struct layout_field disk_io_v1_group1[] = {
	N(U32, DiskNumber), N(U32, IrpFlags), F(U32, TransferSize, IO_SIZE), N(U32, ResponseTime),
	F(U64, ByteOffset, IO_OFFSET), F(PTR, FileObject, FILE_KEY), N(U64, HighResResponseTime),
};
static const struct layout_field disk_io_v2_group1[] = {
	N(U32, DiskNumber), N(U32, IrpFlags), F(U32, TransferSize, IO_SIZE), N(U32, Reserved),
	F(U64, ByteOffset, IO_OFFSET), F(PTR, FileObject, FILE_KEY), F(PTR, Irp, IRP), N(U64, HighResResponseTime),
};
static const struct layout_field disk_io_group1[] = {
	N(U32, DiskNumber), N(U32, IrpFlags), F(U32, TransferSize, IO_SIZE), N(U32, Reserved),
	F(U64, ByteOffset, IO_OFFSET), F(PTR, FileObject, FILE_KEY), F(PTR, Irp, IRP), N(U64, HighResResponseTime),
	F(U32, IssuingThreadId, TID),
};
static const struct layout_field disk_io_v2_group2[] = {
	F(PTR, Irp, IRP),
};
static const struct layout_field disk_io_group2[] = {
	F(PTR, Irp, IRP), F(U32, IssuingThreadId, TID),
};
static const struct layout_field disk_io_v2_group3[] = {
	N(U32, DiskNumber), N(U32, IrpFlags), N(U64, HighResResponseTime), F(PTR, Irp, IRP),
};
static const struct layout_field disk_io_group3[] = {
	N(U32, DiskNumber), N(U32, IrpFlags), N(U64, HighResResponseTime), F(PTR, Irp, IRP),
	F(U32, IssuingThreadId, TID),
};
static const struct layout_field v1_driver_major_function_call[] = {
	N(U32, UniqMatchId), N(PTR, RoutineAddr), F(PTR, Irp, IRP), N(U32, MajorFunction), N(U32, MinorFunction),
	F(PTR, FileObject, FILE_KEY),
};
static const struct layout_field driver_major_function_call[] = {
	N(U32, MajorFunction), N(U32, MinorFunction), N(PTR, RoutineAddr), F(PTR, FileObject, FILE_KEY),
	F(PTR, Irp, IRP), N(U32, UniqMatchId),
};
static const struct layout_field v1_driver_major_function_return[] = {
	N(U32, UniqMatchId), F(PTR, Irp, IRP),
};
static const struct layout_field driver_major_function_return[] = {
	F(PTR, Irp, IRP), N(U32, UniqMatchId),
};
static const struct layout_field driver_completion_routine[] = {
	N(PTR, Routine), N(PTR, IrpPtr), N(U32, UniqMatchId),
};
static const struct layout_field v1_driver_complete_request[] = {
	N(PTR, RoutineAddr), F(PTR, Irp, IRP), N(U32, UniqMatchId),
};

static const struct layout classic_disk_io_layouts[] = {
	L(10, 0, NONE, 0, "DiskIo_V0_TypeGroup1", disk_io_v0_group1),
	L(10, 1, NONE, LAYOUT_BREAK, "DiskIo_V1_TypeGroup1", disk_io_v1_group1),
	L(10, 2, NONE, LAYOUT_BREAK, "DiskIo_V2_TypeGroup1", disk_io_v2_group1),
	L(10, 3, NONE, 0, "DiskIo_TypeGroup1", disk_io_group1),
	L(11, 0, NONE, 0, "DiskIo_V0_TypeGroup1", disk_io_v0_group1),
	L(11, 1, NONE, LAYOUT_BREAK, "DiskIo_V1_TypeGroup1", disk_io_v1_group1),
	L(11, 2, NONE, LAYOUT_BREAK, "DiskIo_V2_TypeGroup1", disk_io_v2_group1),
	L(11, 3, NONE, 0, "DiskIo_TypeGroup1", disk_io_group1),
	L(12, 2, NONE, 0, "DiskIo_V2_TypeGroup2", disk_io_v2_group2),
	L(12, 3, NONE, 0, "DiskIo_TypeGroup2", disk_io_group2),
	L(13, 2, NONE, 0, "DiskIo_V2_TypeGroup2", disk_io_v2_group2),
	L(13, 3, NONE, 0, "DiskIo_TypeGroup2", disk_io_group2),
	L(14, 2, NONE, 0, "DiskIo_V2_TypeGroup3", disk_io_v2_group3),
	L(14, 3, NONE, 0, "DiskIo_TypeGroup3", disk_io_group3),
	L(15, 2, NONE, 0, "DiskIo_V2_TypeGroup2", disk_io_v2_group2),
	L(15, 3, NONE, 0, "DiskIo_TypeGroup2", disk_io_group2),
	L(34, 1, NONE, 0, "V1_DriverMajorFunctionCall", v1_driver_major_function_call),
	L(34, 2, NONE, LAYOUT_BREAK, "DriverMajorFunctionCall", driver_major_function_call),
	L(35, 1, NONE, 0, "V1_DriverMajorFunctionReturn", v1_driver_major_function_return),
	L(35, 2, NONE, LAYOUT_BREAK, "DriverMajorFunctionReturn", driver_major_function_return),
	L(37, 2, NONE, 0, "DriverCompletionRoutine", driver_completion_routine),
	L(52, 1, NONE, 0, "V1_DriverCompleteRequest", v1_driver_complete_request),
	L(52, 2, NONE, 0, "DriverCompleteRequest", v1_driver_complete_request),
	L(53, 1, NONE, 0, "V1_DriverCompleteRequestReturn", driver_major_function_return),
	L(53, 2, NONE, 0, "DriverCompleteRequestReturn", driver_major_function_return),
	L(55, 3, NONE, 0, "DiskIo_TypeGroup1", disk_io_group1),
	L(56, 3, NONE, 0, "DiskIo_TypeGroup1", disk_io_group1),
	L(57, 3, NONE, 0, "DiskIo_TypeGroup3", disk_io_group3),
	L(58, 3, NONE, 0, "DiskIo_TypeGroup2", disk_io_group2),
	L(59, 3, NONE, 0, "DiskIo_TypeGroup2", disk_io_group2),
	L(60, 3, NONE, 0, "DiskIo_TypeGroup2", disk_io_group2),
};

static const struct layout_field event_trace_v0_header[] = {
	N(U32, BufferSize), N(U32, Version), N(U32, ProviderVersion), N(U32, NumberOfProcessors), N(U64, EndTime),
	N(U32, TimerResolution), N(U32, MaxFileSize), N(U32, LogFileMode), N(U32, BuffersWritten),
	N(U32, StartBuffers), N(U32, PointerSize), N(U32, EventsLost), N(U32, CPUSpeed), N(PTR, LoggerName),
	N(PTR, LogFileName), FFIX(TimeZoneInformation, NONE, 176), N(U64, BootTime), N(U64, PerfFreq),
	N(U64, StartTime), N(U32, ReservedFlags), N(U32, BuffersLost), N(WSTRZ, SessionNameString),
	N(WSTRZ, LogFileNameString),
};
static const struct layout_field header_extension_v0_group[] = {
	N(U32, GroupMask1), N(U32, GroupMask2), N(U32, GroupMask3), N(U32, GroupMask4), N(U32, GroupMask5),
	N(U32, GroupMask6), N(U32, GroupMask7), N(U32, GroupMask8),
};
static const struct layout_field header_extension_group[] = {
	N(U32, GroupMask1), N(U32, GroupMask2), N(U32, GroupMask3), N(U32, GroupMask4), N(U32, GroupMask5),
	N(U32, GroupMask6), N(U32, GroupMask7), N(U32, GroupMask8), N(U32, KernelEventVersion),
};
static const struct layout_field header_dbg_id_rsds_group[] = {
	N(GUID, Guid), N(U32, Age), N(STRZ, PdbName),
};
static const struct layout_field header_build_info_group[] = {
	N(STRZ, BuildString),
};
static const struct layout_field header_provider_binary_path_group[] = {
	N(U32, GuidCount), N(GUID, Guid), N(WSTRZ, BinaryPath),
};
static const struct layout_field header_partition_info_extension_v2_group[] = {
	N(U16, EventVersion), N(U16, Reserved), N(U32, PartitionType), N(I64, QpcOffsetFromRoot),
	N(WSTRZ, PartitionId), N(WSTRZ, ParentId),
};
static const struct layout_field header_partition_info_extension_group[] = {
	N(U16, EventVersion), N(U16, Reserved), N(U32, PartitionType), N(I64, QpcOffsetFromRoot), N(GUID, PartitionId),
	N(GUID, ParentId),
};
static const struct layout_field header_last_dropped_times_group[] = {
	N(U32, TimeStampCount), N(U32, Padding), N(U64, TimeStamp),
};

static const struct layout classic_event_trace_layouts[] = {
	L(0, 0, NONE, 0, "EventTrace_V0_Header", event_trace_v0_header),
	L(0, 1, NONE, 0, "EventTrace_V1_Header", event_trace_v0_header),
	L(0, 2, NONE, 0, "EventTrace_Header", event_trace_v0_header),
	L(5, 0, NONE, 0, "Header_Extension_V0_TypeGroup", header_extension_v0_group),
	L(5, 1, NONE, 0, "Header_Extension_V1_TypeGroup", header_extension_v0_group),
	L(5, 2, NONE, 0, "Header_Extension_TypeGroup", header_extension_group),
	LEMPTY(8, 0, NONE, 0, "RDComplete_V0"),
	LEMPTY(8, 1, NONE, 0, "RDComplete_V1"),
	LEMPTY(8, 2, NONE, 0, "RDComplete"),
	L(32, 0, NONE, 0, "Header_Extension_V0_TypeGroup", header_extension_v0_group),
	L(32, 1, NONE, 0, "Header_Extension_V1_TypeGroup", header_extension_v0_group),
	L(32, 2, NONE, 0, "Header_Extension_TypeGroup", header_extension_group),
	L(64, 2, NONE, 0, "Header_DbgIdRSDS_TypeGroup", header_dbg_id_rsds_group),
	L(66, 2, NONE, 0, "Header_BuildInfo_TypeGroup", header_build_info_group),
	L(67, 2, NONE, 0, "Header_ProviderBinaryPath_TypeGroup", header_provider_binary_path_group),
	L(80, 2, NONE, 0, "Header_PartitionInfoExtensionV2_TypeGroup", header_partition_info_extension_v2_group),
	L(80, 2, NONE, 0, "Header_PartitionInfoExtension_TypeGroup", header_partition_info_extension_group),
	L(82, 2, NONE, 0, "Header_LastDroppedTimes_TypeGroup", header_last_dropped_times_group),
};

static const struct layout classic_lost_event_layouts[] = {
	LEMPTY(32, 0, NONE, 0, "RT_LostEvent"),
	LEMPTY(33, 0, NONE, 0, "RT_LostEvent"),
	LEMPTY(34, 0, NONE, 0, "RT_LostEvent"),
};

static const struct layout_field wmi_job_information[] = {
	N(GUID, JobId), N(U32, JobHandle), N(U32, Flags), F(U32, Status, STATUS),
};
static const struct layout_field wmi_job_assign_process[] = {
	F(GUID, JobId, CONTAINER_GUID), N(U32, JobHandle), F(U32, UniqueProcessId, PID), F(U32, Status, STATUS),
};
static const struct layout_field wmi_job_remove_process[] = {
	N(GUID, JobId), F(U32, UniqueProcessId, PID), N(U32, RemovalFlags), N(U32, ExitStatus),
};

static const struct layout classic_job_layouts[] = {
	L(32, 0, NONE, 0, "JobCreate", wmi_job_information),
	L(33, 0, NONE, 0, "JobTerminate", wmi_job_information),
	L(34, 0, NONE, 0, "JobOpen", wmi_job_information),
	L(35, 0, NONE, 0, "JobAssignProcess", wmi_job_assign_process),
	L(36, 0, NONE, 0, "JobRemoveProcess", wmi_job_remove_process),
};
/* clang-format on */

const struct provider provider_classic_ob_trace = {
	.guid = GUID_INIT(0x89497f50, 0xeffe, 0x4440, 0x8c, 0xf2, 0xce, 0x6b, 0x1c, 0xdc, 0xac, 0xa7),
	.name = "MSNT_SystemTrace/ObTrace",
	.classic = true,
	LAYOUT_TABLE(classic_ob_trace_layouts)
};

const struct provider provider_classic_page_fault = {
	.guid = GUID_INIT(0x3d6fa8d3, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c),
	.name = "MSNT_SystemTrace/PageFault",
	.classic = true,
	LAYOUT_TABLE(classic_page_fault_layouts)
};

const struct provider provider_classic_stack_walk = {
	.guid = GUID_INIT(0xdef2fe46, 0x7bd6, 0x4b80, 0xbd, 0x94, 0xf5, 0x7f, 0xe2, 0x0d, 0x0c, 0xe3),
	.name = "MSNT_SystemTrace/StackWalk",
	.classic = true,
	LAYOUT_TABLE(classic_stack_walk_layouts)
};

const struct provider provider_classic_disk_io = {
	.guid = GUID_INIT(0x3d6fa8d4, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c),
	.name = "MSNT_SystemTrace/DiskIo",
	.classic = true,
	LAYOUT_TABLE(classic_disk_io_layouts)
};

const struct provider provider_classic_event_trace = {
	.guid = GUID_INIT(0x68fdd900, 0x4a3e, 0x11d1, 0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3),
	.name = "MSNT_SystemTrace/EventTraceEvent",
	.classic = true,
	LAYOUT_TABLE(classic_event_trace_layouts)
};

const struct provider provider_classic_lost_event = {
	.guid = GUID_INIT(0x6a399ae0, 0x4bc6, 0x4de9, 0x87, 0x0b, 0x36, 0x57, 0xf8, 0x94, 0x7e, 0x7e),
	.name = "MSNT_SystemTrace/Lost_Event",
	.classic = true,
	LAYOUT_TABLE(classic_lost_event_layouts)
};

const struct provider provider_classic_job = {
	.guid = GUID_INIT(0x3282fc76, 0xfeed, 0x498e, 0x8a, 0xa7, 0xe7, 0x0f, 0x45, 0x9d, 0x43, 0x0e),
	.name = "MSNT_SystemTrace/Job",
	.classic = true,
	LAYOUT_TABLE(classic_job_layouts)
};
