/* Kernel MOF class PerfInfo: profiling events, which no rule sees. Source: the payload samples of golang-etw's kernel MOF
 * set (fields and lengths of both pointer widths); the class is not in layouts.yaml. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field sample_prof[] = {
	N(PTR, InstructionPointer), F(U32, ThreadId, TID), N(U16, Count), N(U16, Reserved),
};
static const struct layout_field sys_call_enter[] = {
	N(PTR, SysCallAddress),
};
static const struct layout_field sys_call_exit[] = {
	F(U32, SysCallNtStatus, STATUS),
};
static const struct layout_field dpc[] = {
	N(U64, InitialTime), N(PTR, Routine),
};
static const struct layout_field isr[] = {
	N(U64, InitialTime), N(PTR, Routine), N(U8, ReturnValue), N(U16, Vector), N(U8, Reserved),
};
static const struct layout_field collection_v2[] = {
	N(U32, Source), N(U32, NewInterval), N(U32, OldInterval),
};
static const struct layout_field collection_v3[] = {
	N(U32, Source), N(U32, NewInterval), N(U32, OldInterval), N(WSTRZ, SourceName),
};
static const struct layout_field collection_second[] = {
	N(U32, SpinLockSpinThreshold), N(U32, SpinLockContentionSampleRate), N(U32, SpinLockAcquireSampleRate),
	N(U32, SpinLockHoldThreshold),
};

static const struct layout classic_perf_info_layouts[] = {
	L(46, 2, NONE, 0, "SampleProf", sample_prof),
	L(51, 2, NONE, 0, "SysClEnter", sys_call_enter),
	L(52, 2, NONE, 0, "SysClExit", sys_call_exit),
	L(66, 2, NONE, 0, "ThreadedDPC", dpc),
	L(67, 2, NONE, 0, "ISR", isr),
	L(68, 2, NONE, 0, "DPC", dpc),
	L(69, 2, NONE, 0, "TimerDPC", dpc),
	L(73, 2, NONE, 0, "CollectionStart", collection_v2),
	L(73, 3, NONE, 0, "CollectionStart", collection_v3),
	L(74, 2, NONE, 0, "CollectionEnd", collection_v2),
	L(74, 3, NONE, 0, "CollectionEnd", collection_v3),
	L(75, 3, NONE, 0, "CollectionStartSecond", collection_second),
	L(76, 3, NONE, 0, "CollectionEndSecond", collection_second),
};
/* clang-format on */

const struct provider provider_classic_perf_info = {
	.guid = GUID_INIT(0xce1dbfb4, 0x137e, 0x4da6, 0x87, 0xb0, 0x3f, 0x59, 0xaa, 0x10, 0x2c, 0xbc),
	.name = "MSNT_SystemTrace/PerfInfo",
	.classic = true,
	LAYOUT_TABLE(classic_perf_info_layouts)
};
