/* Kernel MOF classes Process, Thread and Image (system logger).
 * Load events of images are also written in group Process (3) as type 10, with the Image layout: seen in
 * ShutdownPerfDiagLogger (Windows 10 18362). Thread v3 ends in a ThreadName that the MOF leaves out (18362 on).
 * The MOF has version 0 and 1 of Image for Load only; unloads and rundown have the same layout (sawbuck recordings). */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field process_v0_group1[] = {
	F(PTR, ProcessId, PID), F(PTR, ParentId, PPID), F(MOFSID, UserSID, USER_SID),
	F(STRZ, ImageFileName, IMAGE_NAME),
};
static const struct layout_field process_v1_group1[] = {
	N(PTR, PageDirectoryBase), F(U32, ProcessId, PID), F(U32, ParentId, PPID), F(U32, SessionId, SESSION_ID),
	F(I32, ExitStatus, EXIT_CODE), F(MOFSID, UserSID, USER_SID), F(STRZ, ImageFileName, IMAGE_NAME),
};
static const struct layout_field process_v2_group1[] = {
	F(PTR, UniqueProcessKey, PROC_KEY), F(U32, ProcessId, PID), F(U32, ParentId, PPID),
	F(U32, SessionId, SESSION_ID), F(I32, ExitStatus, EXIT_CODE), F(MOFSID, UserSID, USER_SID),
	F(STRZ, ImageFileName, IMAGE_NAME), F(WSTRZ, CommandLine, CMDLINE),
};
static const struct layout_field process_v3_group1[] = {
	F(PTR, UniqueProcessKey, PROC_KEY), F(U32, ProcessId, PID), F(U32, ParentId, PPID),
	F(U32, SessionId, SESSION_ID), F(I32, ExitStatus, EXIT_CODE), N(PTR, DirectoryTableBase),
	F(MOFSID, UserSID, USER_SID), F(STRZ, ImageFileName, IMAGE_NAME), F(WSTRZ, CommandLine, CMDLINE),
};
static const struct layout_field process_v4_group1[] = {
	F(PTR, UniqueProcessKey, PROC_KEY), F(U32, ProcessId, PID), F(U32, ParentId, PPID),
	F(U32, SessionId, SESSION_ID), F(I32, ExitStatus, EXIT_CODE), N(PTR, DirectoryTableBase),
	F(U32, Flags, PROC_FLAGS), F(MOFSID, UserSID, USER_SID), F(STRZ, ImageFileName, IMAGE_NAME),
	F(WSTRZ, CommandLine, CMDLINE), F(WSTRZ, PackageFullName, PACKAGE), N(WSTRZ, ApplicationId),
};
static const struct layout_field image_load_v2[] = {
	F(PTR, ImageBase, IMAGE_BASE), F(PTR, ImageSize, IMAGE_SIZE), F(U32, ProcessId, PID),
	F(U32, ImageChecksum, IMAGE_CHECKSUM), F(U32, TimeDateStamp, TIME_DATE_STAMP), N(U32, Reserved0),
	N(PTR, DefaultBase), N(U32, Reserved1), N(U32, Reserved2), N(U32, Reserved3), N(U32, Reserved4),
	F(WSTRZ, FileName, MODULE_PATH),
};
static const struct layout_field image_load[] = {
	F(PTR, ImageBase, IMAGE_BASE), F(PTR, ImageSize, IMAGE_SIZE), F(U32, ProcessId, PID),
	F(U32, ImageChecksum, IMAGE_CHECKSUM), F(U32, TimeDateStamp, TIME_DATE_STAMP),
	F(U8, SignatureLevel, SIGNATURE_LEVEL), F(U8, SignatureType, SIGNATURE_TYPE), N(U16, Reserved0),
	N(PTR, DefaultBase), N(U32, Reserved1), N(U32, Reserved2), N(U32, Reserved3), N(U32, Reserved4),
	F(WSTRZ, FileName, MODULE_PATH),
};
static const struct layout_field process_terminate_group1[] = {
	F(U32, ProcessId, PID),
};
static const struct layout_field process_v2_group2[] = {
	F(U32, ProcessId, PID), N(U32, PageFaultCount), N(U32, HandleCount), N(U32, Reserved), N(PTR, PeakVirtualSize),
	N(PTR, PeakWorkingSetSize), N(PTR, PeakPagefileUsage), N(PTR, QuotaPeakPagedPoolUsage),
	N(PTR, QuotaPeakNonPagedPoolUsage), N(PTR, VirtualSize), N(PTR, WorkingSetSize), N(PTR, PagefileUsage),
	N(PTR, QuotaPagedPoolUsage), N(PTR, QuotaNonPagedPoolUsage), N(PTR, PrivatePageCount),
};
static const struct layout_field process_v2_group3[] = {
	N(PTR, DirectoryTableBase), F(U32, ProcessId, PID),
};
static const struct layout_field process_defunct_group1[] = {
	F(PTR, UniqueProcessKey, PROC_KEY), F(U32, ProcessId, PID), F(U32, ParentId, PPID),
	F(U32, SessionId, SESSION_ID), F(I32, ExitStatus, EXIT_CODE), N(PTR, DirectoryTableBase),
	F(U32, Flags, PROC_FLAGS), F(MOFSID, UserSID, USER_SID), F(STRZ, ImageFileName, IMAGE_NAME),
	F(WSTRZ, CommandLine, CMDLINE), F(WSTRZ, PackageFullName, PACKAGE), N(WSTRZ, ApplicationId),
	F(U64, ExitTime, EXIT_TIME),
};
static const struct layout_field process_v2_group4[] = {
	N(PTR, Object), N(PTR, Tag), F(U32, ProcessId, PID), N(U32, Count),
};
static const struct layout_field process_v2_group5[] = {
	N(PTR, Object),
};

static const struct layout classic_process_layouts[] = {
	L(1, 0, process_start, 0, "Start", process_v0_group1),
	L(1, 1, process_start, LAYOUT_BREAK, "Start", process_v1_group1),
	L(1, 2, process_start, LAYOUT_BREAK, "Start", process_v2_group1),
	L(1, 3, process_start, LAYOUT_BREAK, "Start", process_v3_group1),
	L(1, 4, process_start, LAYOUT_BREAK, "Start", process_v4_group1),
	L(2, 0, process_exit, 0, "End", process_v0_group1),
	L(2, 1, process_exit, LAYOUT_BREAK, "End", process_v1_group1),
	L(2, 2, process_exit, LAYOUT_BREAK, "End", process_v2_group1),
	L(2, 3, process_exit, LAYOUT_BREAK, "End", process_v3_group1),
	L(2, 4, process_exit, LAYOUT_BREAK, "End", process_v4_group1),
	L(3, 0, NONE, LAYOUT_RUNDOWN, "DCStart", process_v0_group1),
	L(3, 1, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCStart", process_v1_group1),
	L(3, 2, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCStart", process_v2_group1),
	L(3, 3, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCStart", process_v3_group1),
	L(3, 4, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCStart", process_v4_group1),
	L(4, 0, NONE, LAYOUT_RUNDOWN, "DCEnd", process_v0_group1),
	L(4, 1, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCEnd", process_v1_group1),
	L(4, 2, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCEnd", process_v2_group1),
	L(4, 3, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCEnd", process_v3_group1),
	L(4, 4, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCEnd", process_v4_group1),
	L(10, 2, image_load, 0, "ImageLoad", image_load_v2),
	L(10, 3, image_load, LAYOUT_BREAK, "ImageLoad", image_load),
	L(11, 2, NONE, 0, "Terminate", process_terminate_group1),
	L(32, 2, NONE, 0, "Process_V2_TypeGroup2", process_v2_group2),
	L(33, 2, NONE, 0, "Process_V2_TypeGroup2", process_v2_group2),
	L(35, 2, NONE, 0, "Process_V2_TypeGroup3", process_v2_group3),
	L(39, 2, NONE, 0, "Defunct", process_v2_group1),
	L(39, 3, NONE, LAYOUT_BREAK, "Defunct", process_v3_group1),
	L(39, 4, NONE, LAYOUT_BREAK, "Defunct", process_v4_group1),
	L(39, 5, NONE, 0, "Defunct", process_defunct_group1),
	L(48, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(49, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(50, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(51, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(52, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(64, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(65, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(66, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(67, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(68, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(80, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(81, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(82, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(83, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(84, 2, NONE, 0, "Process_V2_TypeGroup4", process_v2_group4),
	L(96, 2, NONE, 0, "Process_V2_TypeGroup5", process_v2_group5),
	L(97, 2, NONE, 0, "Process_V2_TypeGroup5", process_v2_group5),
	L(98, 2, NONE, 0, "Process_V2_TypeGroup5", process_v2_group5),
	L(99, 2, NONE, 0, "Process_V2_TypeGroup5", process_v2_group5),
};

static const struct layout_field thread_v0_group1[] = {
	F(U32, TThreadId, TID), F(U32, ProcessId, PID),
};
static const struct layout_field thread_v1_group1[] = {
	F(U32, ProcessId, PID), F(U32, TThreadId, TID), N(PTR, StackBase), N(PTR, StackLimit), N(PTR, UserStackBase),
	N(PTR, UserStackLimit), F(PTR, StartAddr, START_ADDR), F(PTR, Win32StartAddr, WIN32_START_ADDR),
	N(I8, WaitMode),
};
static const struct layout_field thread_v2_group1[] = {
	F(U32, ProcessId, PID), F(U32, TThreadId, TID), N(PTR, StackBase), N(PTR, StackLimit), N(PTR, UserStackBase),
	N(PTR, UserStackLimit), F(PTR, StartAddr, START_ADDR), F(PTR, Win32StartAddr, WIN32_START_ADDR),
	F(PTR, TebBase, TEB), N(U32, SubProcessTag),
};
static const struct layout_field thread_v3_group1[] = {
	F(U32, ProcessId, PID), F(U32, TThreadId, TID), N(PTR, StackBase), N(PTR, StackLimit), N(PTR, UserStackBase),
	N(PTR, UserStackLimit), N(PTR, Affinity), F(PTR, Win32StartAddr, WIN32_START_ADDR), F(PTR, TebBase, TEB),
	N(U32, SubProcessTag), N(U8, BasePriority), N(U8, PagePriority), N(U8, IoPriority), N(U8, ThreadFlags),
	FOPT(WSTRZ, ThreadName, THREAD_NAME),
};
static const struct layout_field thread_group1[] = {
	F(U32, ProcessId, PID), F(U32, TThreadId, TID), N(PTR, StackBase), N(PTR, StackLimit), N(PTR, UserStackBase),
	N(PTR, UserStackLimit), N(PTR, Affinity), F(PTR, Win32StartAddr, WIN32_START_ADDR), F(PTR, TebBase, TEB),
	N(U32, SubProcessTag), N(U8, BasePriority), N(U8, PagePriority), N(U8, IoPriority), N(U8, ThreadFlags),
	F(WSTRZ, ThreadName, THREAD_NAME),
};
static const struct layout_field thread_v1_group2[] = {
	F(U32, ProcessId, PID), F(U32, TThreadId, TID),
};
static const struct layout_field c_switch_v1[] = {
	N(U32, NewThreadId), N(U32, OldThreadId), N(I8, NewThreadPriority), N(I8, OldThreadPriority),
	N(I8, NewThreadQuantum), N(I8, OldThreadQuantum), N(I8, OldThreadWaitReason), N(I8, OldThreadWaitMode),
	N(I8, OldThreadState), N(I8, OldThreadWaitIdealProcessor),
};
static const struct layout_field c_switch_v2[] = {
	N(U32, NewThreadId), N(U32, OldThreadId), N(I8, NewThreadPriority), N(I8, OldThreadPriority),
	N(U8, PreviousCState), N(I8, SpareByte), N(I8, OldThreadWaitReason), N(I8, OldThreadWaitMode),
	N(I8, OldThreadState), N(I8, OldThreadWaitIdealProcessor), N(U32, NewThreadWaitTime), N(U32, Reserved),
};
static const struct layout_field c_switch_v3[] = {
	N(U32, NewThreadId), N(U32, OldThreadId), N(I8, NewThreadPriority), N(I8, OldThreadPriority),
	N(U8, PreviousCState), N(I8, SpareByte), N(I8, OldThreadWaitReason), N(I8, ThreadFlags), N(I8, OldThreadState),
	N(I8, OldThreadWaitIdealProcessor), N(U32, NewThreadWaitTime), N(U32, Reserved),
};
static const struct layout_field spin_lock[] = {
	N(PTR, SpinLockAddress), N(PTR, CallerAddress), N(U64, AcquireTime), N(U64, ReleaseTime),
	N(U32, WaitTimeInCycles), N(U32, SpinCount), N(U32, ThreadId), N(U32, InterruptCount), N(U8, Irql),
	N(U8, AcquireDepth), N(U8, Flag), N(U8, Reserved),
};
static const struct layout_field thread_priority[] = {
	N(U32, ThreadId), N(U8, OldPriority), N(U8, NewPriority), N(U16, Reserved),
};
static const struct layout_field ready_thread[] = {
	N(U32, TThreadId), N(I8, AdjustReason), N(I8, AdjustIncrement), N(I8, Flag), N(I8, Reserved),
};
static const struct layout_field thread_affinity[] = {
	N(PTR, Affinity), N(U32, ThreadId), N(U16, Group), N(U16, Reserved),
};
static const struct layout_field worker_thread_v1[] = {
	N(U32, TThreadId), N(U64, StartTime), N(PTR, ThreadRoutine),
};
static const struct layout_field anti_starvation_boost[] = {
	N(U32, ThreadId), N(U16, ProcessorIndex), N(U8, Priority), N(U8, Reserved),
};
static const struct layout_field thread_migration[] = {
	N(U32, ThreadId), N(U16, SourceProcessorIndex), N(U16, TargetProcessorIndex), N(U8, Priority),
	N(U8, IdealProcessorAdjust), N(U16, OldIdealProcessorIndex),
};
static const struct layout_field kernel_queue_enqueue[] = {
	N(PTR, Entry), N(U32, ThreadId),
};
static const struct layout_field kernel_queue_dequeue[] = {
	N(U32, ThreadId), N(U32, EntryCount), N(PTR, Entries),
};
static const struct layout_field worker_thread_start_stop_v2[] = {
	N(PTR, CallbackRoutine),
};
static const struct layout_field auto_boost_set_floor[] = {
	N(PTR, Lock), N(U32, ThreadId), N(U8, NewCpuPriorityFloor), N(U8, OldCpuPriority), N(U8, IoPriorities),
	N(U8, BoostFlags),
};
static const struct layout_field auto_boost_clear_floor[] = {
	N(PTR, LockAddress), N(U32, ThreadId), N(U32, BoostBitmap),
};
static const struct layout_field auto_boost_entry_exhaustion[] = {
	N(PTR, LockAddress), N(U32, ThreadId),
};
static const struct layout_field sub_process_tag_changed[] = {
	N(U32, OldTag), N(U32, NewTag),
};
static const struct layout_field thread_set_name[] = {
	F(U32, ProcessId, PID), F(U32, ThreadId, TID), F(WSTRZ, ThreadName, THREAD_NAME),
};

static const struct layout classic_thread_layouts[] = {
	L(1, 0, thread_start, 0, "Start", thread_v0_group1),
	L(1, 1, thread_start, LAYOUT_BREAK, "Start", thread_v1_group1),
	L(1, 2, thread_start, LAYOUT_BREAK, "Start", thread_v2_group1),
	L(1, 3, thread_start, LAYOUT_BREAK, "Start", thread_v3_group1),
	L(1, 4, thread_start, 0, "Start", thread_group1),
	L(2, 0, NONE, 0, "End", thread_v0_group1),
	L(2, 1, NONE, LAYOUT_BREAK, "End", thread_v1_group2),
	L(2, 2, NONE, 0, "End", thread_v2_group1),
	L(2, 3, NONE, LAYOUT_BREAK, "End", thread_v3_group1),
	L(2, 4, NONE, 0, "End", thread_group1),
	L(3, 0, NONE, LAYOUT_RUNDOWN, "DCStart", thread_v0_group1),
	L(3, 1, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCStart", thread_v1_group1),
	L(3, 2, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCStart", thread_v2_group1),
	L(3, 3, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCStart", thread_v3_group1),
	L(3, 4, NONE, LAYOUT_RUNDOWN, "DCStart", thread_group1),
	L(4, 0, NONE, LAYOUT_RUNDOWN, "DCEnd", thread_v0_group1),
	L(4, 1, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCEnd", thread_v1_group1),
	L(4, 2, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCEnd", thread_v2_group1),
	L(4, 3, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCEnd", thread_v3_group1),
	L(4, 4, NONE, LAYOUT_RUNDOWN, "DCEnd", thread_group1),
	L(36, 1, NONE, 0, "CSwitch_V1", c_switch_v1),
	L(36, 2, NONE, LAYOUT_BREAK, "CSwitch_V2", c_switch_v2),
	L(36, 3, NONE, LAYOUT_BREAK, "CSwitch_V3", c_switch_v3),
	L(36, 4, NONE, 0, "CSwitch_V4", c_switch_v3),
	LEMPTY(37, 2, NONE, 0, "CompCS"),
	L(41, 2, NONE, 0, "SpinLock", spin_lock),
	L(48, 3, NONE, 0, "ThreadPriority", thread_priority),
	L(49, 3, NONE, 0, "ThreadPriority", thread_priority),
	L(50, 2, NONE, 0, "ReadyThread", ready_thread),
	L(51, 3, NONE, 0, "ThreadPriority", thread_priority),
	L(52, 3, NONE, 0, "ThreadPriority", thread_priority),
	L(53, 2, NONE, 0, "ThreadAffinity", thread_affinity),
	L(57, 1, NONE, 0, "WorkerThread_V1", worker_thread_v1),
	L(57, 2, NONE, 0, "WorkerThread", worker_thread_v1),
	L(60, 2, NONE, 0, "AntiStarvationBoost", anti_starvation_boost),
	L(61, 2, NONE, 0, "ThreadMigration", thread_migration),
	L(62, 2, NONE, 0, "KernelQueueEnqueue", kernel_queue_enqueue),
	L(63, 2, NONE, 0, "KernelQueueDequeue", kernel_queue_dequeue),
	L(64, 2, NONE, 0, "WorkerThread_StartStop_V2", worker_thread_start_stop_v2),
	L(65, 2, NONE, 0, "WorkerThread_StartStop_V2", worker_thread_start_stop_v2),
	L(66, 2, NONE, 0, "AutoBoostSetFloor", auto_boost_set_floor),
	L(67, 2, NONE, 0, "AutoBoostClearFloor", auto_boost_clear_floor),
	L(68, 2, NONE, 0, "AutoBoostEntryExhaustion", auto_boost_entry_exhaustion),
	L(69, 2, NONE, 0, "SubProcessTagChanged", sub_process_tag_changed),
	L(72, 2, NONE, 0, "SetName", thread_set_name),
};

static const struct layout_field image_v0_load[] = {
	F(PTR, BaseAddress, IMAGE_BASE), F(U32, ModuleSize, IMAGE_SIZE), F(WSTRZ, ImageFileName, MODULE_PATH),
};
static const struct layout_field image_v1_load[] = {
	F(PTR, ImageBase, IMAGE_BASE), F(PTR, ImageSize, IMAGE_SIZE), F(U32, ProcessId, PID),
	F(WSTRZ, FileName, MODULE_PATH),
};
static const struct layout_field kernel_image_base[] = {
	F(PTR, ImageBase, IMAGE_BASE),
};
static const struct layout_field hypercall_page[] = {
	N(PTR, HypercallPageVa),
};
static const struct layout_field loader_base_event[] = {
	F(U64, BaseAddress, IMAGE_BASE),
};
static const struct layout_field loader_coded_event[] = {
	F(U64, BaseAddress, IMAGE_BASE), N(U8, ErrorOpcode), N(I8, Code), N(WSTRZ, String),
};
static const struct layout_field loader_new_dll_event[] = {
	N(PTR, NewDllBaseAddress), N(PTR, ParentDllBaseAddress), N(U32, LoadReason), N(WSTRZ, FilePath),
};
static const struct layout_field loader_coded_event_path[] = {
	F(U64, BaseAddress, IMAGE_BASE), N(U8, ErrorOpcode), N(I8, Code), N(WSTRZ, String1), N(WSTRZ, String2),
};
static const struct layout_field loader_dll_search_results[] = {
	N(U32, LdrLoadFlags), N(U32, LdrSearchFlags), N(U32, SearchInfo), N(U32, LoadReason), N(WSTRZ, FullDllName),
};
static const struct layout_field loader_path_search_results[] = {
	N(U32, SearchInfo), N(WSTRZ, Cwd), N(WSTRZ, AppDir), N(WSTRZ, DllDir), N(WSTRZ, DllLoadDir),
};

static const struct layout classic_image_layouts[] = {
	L(2, 0, NONE, 0, "Unload", image_v0_load),
	L(2, 1, NONE, LAYOUT_BREAK, "Unload", image_v1_load),
	L(2, 2, NONE, LAYOUT_BREAK, "Unload", image_load_v2),
	L(2, 3, NONE, LAYOUT_BREAK, "Unload", image_load),
	L(3, 0, NONE, LAYOUT_RUNDOWN, "DCStart", image_v0_load),
	L(3, 1, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCStart", image_v1_load),
	L(3, 2, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCStart", image_load_v2),
	L(3, 3, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCStart", image_load),
	L(4, 0, NONE, LAYOUT_RUNDOWN, "DCEnd", image_v0_load),
	L(4, 1, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCEnd", image_v1_load),
	L(4, 2, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCEnd", image_load_v2),
	L(4, 3, NONE, LAYOUT_RUNDOWN | LAYOUT_BREAK, "DCEnd", image_load),
	L(10, 0, image_load, 0, "Load", image_v0_load),
	L(10, 1, image_load, LAYOUT_BREAK, "Load", image_v1_load),
	L(10, 2, image_load, LAYOUT_BREAK, "Load", image_load_v2),
	L(10, 3, image_load, LAYOUT_BREAK, "Load", image_load),
	L(33, 2, NONE, 0, "KernelImageBase", kernel_image_base),
	L(34, 2, NONE, 0, "HypercallPage", hypercall_page),
	LEMPTY(128, 2, NONE, 0, "LoaderBasicEvent"),
	LEMPTY(129, 2, NONE, 0, "LoaderBasicEvent"),
	LEMPTY(130, 2, NONE, 0, "LoaderBasicEvent"),
	LEMPTY(131, 2, NONE, 0, "LoaderBasicEvent"),
	LEMPTY(132, 2, NONE, 0, "LoaderBasicEvent"),
	LEMPTY(133, 2, NONE, 0, "LoaderBasicEvent"),
	LEMPTY(134, 2, NONE, 0, "LoaderBasicEvent"),
	LEMPTY(135, 2, NONE, 0, "LoaderBasicEvent"),
	L(144, 2, NONE, 0, "LoaderBaseEvent", loader_base_event),
	L(145, 2, NONE, 0, "LoaderBaseEvent", loader_base_event),
	L(146, 2, NONE, 0, "LoaderBaseEvent", loader_base_event),
	L(147, 2, NONE, 0, "LoaderBaseEvent", loader_base_event),
	L(148, 2, NONE, 0, "LoaderBaseEvent", loader_base_event),
	L(149, 2, NONE, 0, "LoaderBaseEvent", loader_base_event),
	L(150, 2, NONE, 0, "LoaderBaseEvent", loader_base_event),
	L(160, 2, NONE, 0, "LoaderCodedEvent", loader_coded_event),
	L(161, 2, NONE, 0, "LoaderCodedEvent", loader_coded_event),
	L(162, 2, NONE, 0, "LoaderCodedEvent", loader_coded_event),
	L(163, 2, NONE, 0, "LoaderCodedEvent", loader_coded_event),
	L(164, 2, NONE, 0, "LoaderCodedEvent", loader_coded_event),
	L(165, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(166, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(167, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(168, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(169, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(170, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(171, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(172, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(173, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(174, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(176, 3, NONE, 0, "LoaderNewDllEvent", loader_new_dll_event),
	L(177, 3, NONE, 0, "LoaderNewDllEvent", loader_new_dll_event),
	L(192, 3, NONE, 0, "LoaderCodedEventPath", loader_coded_event_path),
	L(193, 3, NONE, 0, "LoaderCodedEventPath", loader_coded_event_path),
	L(208, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(209, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(210, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(211, 3, NONE, 0, "LoaderCodedEventStatus", loader_coded_event),
	L(212, 3, NONE, 0, "LoaderDllSearchResults", loader_dll_search_results),
	L(213, 3, NONE, 0, "LoaderPathSearchResults", loader_path_search_results),
};
/* clang-format on */

const struct provider provider_classic_process = {
	.guid = GUID_INIT(0x3d6fa8d0, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c),
	.name = "MSNT_SystemTrace/Process",
	.classic = true,
	LAYOUT_TABLE(classic_process_layouts)
};

const struct provider provider_classic_thread = {
	.guid = GUID_INIT(0x3d6fa8d1, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c),
	.name = "MSNT_SystemTrace/Thread",
	.classic = true,
	LAYOUT_TABLE(classic_thread_layouts)
};

const struct provider provider_classic_image = {
	.guid = GUID_INIT(0x2cb15d1d, 0x5fc1, 0x11d2, 0xab, 0xe1, 0x00, 0xa0, 0xc9, 0x11, 0xf5, 0x18),
	.name = "MSNT_SystemTrace/Image",
	.classic = true,
	LAYOUT_TABLE(classic_image_layouts)
};
