/* Microsoft-Windows-Kernel-EventTracing: sessions and providers as the kernel sees them. A stopped or reconfigured
 * session and a disabled provider are etw_tamper; which session it was, a rule asks. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field logging_write_buffer_v0[] = {
	F(WSTRZ, SessionName, SESSION_NAME), N(WSTRZ, FileName), F(U32, ErrorCode, STATUS), N(U32, LoggingMode),
};
static const struct layout_field logging_write_buffer_v0_id1[] = {
	F(WSTRZ, SessionName, SESSION_NAME), F(U32, ErrorCode, STATUS), N(U32, LoggingMode),
};
static const struct layout_field session_stop_v1[] = {
	F(WSTRZ, SessionName, SESSION_NAME), N(WSTRZ, FileName), F(U32, ErrorCode, STATUS), N(U32, LoggingMode),
	N(U32, FailureReason),
};
static const struct layout_field logging_write_buffer_v0_id4[] = {
	F(WSTRZ, SessionName, SESSION_NAME), N(WSTRZ, FileName), F(U32, ErrorCode, STATUS), N(U32, LoggingMode),
	N(U64, MaxFileSize),
};
static const struct layout_field provider_register_v0[] = {
	F(GUID, ProviderName, PROVIDER_GUID),
};
static const struct layout_field session_start_v0[] = {
	N(GUID, SessionGuid), N(U32, LoggerMode), F(WSTRZ, SessionName, SESSION_NAME), N(WSTRZ, LogFileName),
};
static const struct layout_field session_start_v1[] = {
	N(GUID, SessionGuid), N(U32, LoggerMode), F(WSTRZ, SessionName, SESSION_NAME), N(WSTRZ, LogFileName),
	N(U32, MinimumBuffers), N(U32, MaximumBuffers), N(U32, BufferSize), N(U32, PeakBuffersCount),
	N(U32, CurrentBuffersCount), N(U32, FlushThreshold),
};
static const struct layout_field session_stop_v2[] = {
	N(GUID, SessionGuid), N(U32, LoggerMode), F(WSTRZ, SessionName, SESSION_NAME), N(WSTRZ, LogFileName),
	N(U32, MinimumBuffers), N(U32, MaximumBuffers), N(U32, BufferSize), N(U32, PeakBuffersCount),
	N(U32, CurrentBuffersCount), N(U32, FlushThreshold), N(U32, EventsLost), N(U32, BuffersLost),
	N(U32, RealTimeBuffersLost), N(U32, LoggerId),
};
static const struct layout_field provider_enable_v0[] = {
	F(GUID, ProviderName, PROVIDER_GUID), F(WSTRZ, SessionName, SESSION_NAME),
};
static const struct layout_field provider_enable_v1[] = {
	F(GUID, ProviderName, PROVIDER_GUID), F(WSTRZ, SessionName, SESSION_NAME), N(U64, MatchAnyKeyword),
	N(U64, MatchAllKeyword), N(U32, EnableProperty), N(U8, Level),
};
static const struct layout_field lost_event_v0[] = {
	F(GUID, ProviderId, PROVIDER_GUID), F(U32, StatusCode, STATUS), N(U16, EventId),
	F(WSTRZ, SessionName, SESSION_NAME),
};
static const struct layout_field save_persisted_logger_stop_v0[] = {
	N(WSTRZ, FileName), N(U32, BufferSize), N(U32, BuffersPersisted), N(U32, BuffersWritten),
	F(U32, Status, STATUS),
};
static const struct layout_field save_persisted_logger_stop_v1[] = {
	N(WSTRZ, FileName), N(U32, BufferSize), N(U32, BuffersPersisted), N(U32, BuffersWritten),
	F(U32, Status, STATUS), N(U32, BuffersLost),
};
static const struct layout_field guid_entry_v0[] = {
	F(GUID, GUID, PROVIDER_GUID), N(U32, FilterFlags), N(U16, LastEnableLoggerId),
};
static const struct layout_field enable_info_v0[] = {
	F(GUID, GUID, PROVIDER_GUID), N(U8, Index), N(U16, LoggerId), N(U64, MatchAnyKeyword), N(U64, MatchAllKeyword),
	N(U8, Level), N(U32, EnableProperty),
};
static const struct layout_field provider_v0[] = {
	F(GUID, ProviderGUID, PROVIDER_GUID), N(GUID, GroupGUID), N(U16, Flags), N(U8, EnableMask),
	N(U8, GroupEnableMask), F(U32, ProcessId, PID),
};
static const struct layout_field provider_set_provider_traits_v0[] = {
	F(GUID, ProviderGuid, PROVIDER_GUID), F(U32, ErrorCode, STATUS),
};
static const struct layout_field provider_join_provider_group_v0[] = {
	F(GUID, ProviderGuid, PROVIDER_GUID), N(GUID, ProviderGroupGuid),
};
static const struct layout_field provider_v0_id30[] = {
	F(GUID, ProviderGuid, PROVIDER_GUID), F(WSTRZ, SessionName, SESSION_NAME), F(U32, ProcessId, PID),
	F(U32, Status, STATUS),
};
static const struct layout_field lost_trace_logging_event_v0[] = {
	F(GUID, ProviderId, PROVIDER_GUID), F(U32, StatusCode, STATUS), N(STRZ, EventName),
	F(WSTRZ, SessionName, SESSION_NAME),
};
static const struct layout_field lost_wpp_event_v0[] = {
	N(GUID, MessageGuid), N(U16, MessageNumber), F(U32, StatusCode, STATUS), F(WSTRZ, SessionName, SESSION_NAME),
};
static const struct layout_field lost_system_event_v0[] = {
	N(U16, HookId), F(U32, StatusCode, STATUS), F(WSTRZ, SessionName, SESSION_NAME),
};
static const struct layout_field session_v0[] = {
	N(U64, LoggerSlotsUsed),
};
static const struct layout_field provider_capture_state_v0[] = {
	F(GUID, GUID, PROVIDER_GUID), N(U16, LoggerId), N(U64, MatchAnyKeyword), N(U64, MatchAllKeyword), N(U8, Level),
	N(U32, EnableProperty),
};
static const struct layout_field session_start_v0_id44[] = {
	F(WSTRZ, SessionName, SESSION_NAME), N(U32, MaximumAllowed),
};
static const struct layout_field session_start_v0_id46[] = {
	F(WSTRZ, SessionName, SESSION_NAME), N(GUID, SessionGuid), N(U32, DesiredAccess),
};
static const struct layout_field session_start_v0_id47[] = {
	F(WSTRZ, SessionName, SESSION_NAME), N(PTR, MemoryPartitionHandle),
};
static const struct layout_field session_enable_v0[] = {
	F(WSTRZ, SessionName, SESSION_NAME), N(U32, RequestedGroupMask), N(U32, PermittedGroupMask),
};

static const struct layout event_tracing_layouts[] = {
	L(0, 0, NONE, 0, "LoggingWriteBuffer", logging_write_buffer_v0),
	L(1, 0, NONE, 0, "LoggingWriteBuffer", logging_write_buffer_v0_id1),
	L(2, 0, log, 0, "SessionStart", logging_write_buffer_v0),
	L(3, 0, etw_tamper, 0, "SessionStop", logging_write_buffer_v0),
	L(3, 1, etw_tamper, 0, "SessionStop", session_stop_v1),
	L(4, 0, NONE, 0, "LoggingWriteBuffer", logging_write_buffer_v0_id4),
	L(5, 0, NONE, 0, "LoggingFileSwitch", logging_write_buffer_v0),
	L(8, 0, NONE, 0, "ProviderRegister", provider_register_v0),
	L(9, 0, NONE, 0, "ProviderUnregister", provider_register_v0),
	L(10, 0, log, 0, "SessionStart", session_start_v0),
	L(10, 1, log, 0, "SessionStart", session_start_v1),
	L(11, 0, etw_tamper, 0, "SessionStop", session_start_v0),
	L(11, 1, etw_tamper, 0, "SessionStop", session_start_v1),
	L(11, 2, etw_tamper, 0, "SessionStop", session_stop_v2),
	L(12, 0, etw_tamper, 0, "SessionConfigure", session_start_v0),
	L(13, 0, log, 0, "SessionFlush", session_start_v0),
	L(14, 0, log, 0, "ProviderEnable", provider_enable_v0),
	L(14, 1, log, 0, "ProviderEnable", provider_enable_v1),
	L(15, 0, etw_tamper, 0, "ProviderDisable", provider_enable_v0),
	L(17, 0, etw_tamper, 0, "SessionConfigure", session_start_v0),
	LEMPTY(18, 0, NONE, 0, "StackTraceUserModeStackTrace"),
	L(19, 0, log, 0, "LostEvent", lost_event_v0),
	L(20, 0, NONE, LAYOUT_RUNDOWN, "Session", session_start_v1),
	L(20, 1, NONE, LAYOUT_RUNDOWN, "Session", session_stop_v2),
	LEMPTY(21, 0, log, 0, "SavePersistedLoggerStart"),
	L(22, 0, log, 0, "SavePersistedLoggerStop", save_persisted_logger_stop_v0),
	L(22, 1, log, 0, "SavePersistedLoggerStop", save_persisted_logger_stop_v1),
	L(23, 0, log, 0, "SavePersistedLogger", save_persisted_logger_stop_v0),
	L(23, 1, log, 0, "SavePersistedLogger", save_persisted_logger_stop_v1),
	L(24, 0, NONE, LAYOUT_RUNDOWN, "GUIDEntry", guid_entry_v0),
	L(25, 0, NONE, LAYOUT_RUNDOWN, "ProviderGroupEntry", guid_entry_v0),
	L(26, 0, NONE, LAYOUT_RUNDOWN, "EnableInfo", enable_info_v0),
	L(27, 0, NONE, LAYOUT_RUNDOWN, "Provider", provider_v0),
	L(28, 0, NONE, 0, "ProviderSetProviderTraits", provider_set_provider_traits_v0),
	L(29, 0, NONE, 0, "ProviderJoinProviderGroup", provider_join_provider_group_v0),
	L(30, 0, log, 0, "Provider", provider_v0_id30),
	L(31, 0, log, 0, "LostTraceLoggingEvent", lost_trace_logging_event_v0),
	L(32, 0, log, 0, "Provider", provider_v0_id30),
	L(33, 0, log, 0, "LostWPPEvent", lost_wpp_event_v0),
	L(34, 0, log, 0, "LostSystemEvent", lost_system_event_v0),
	L(35, 0, log, 0, "Session", session_v0),
	L(40, 0, log, 0, "ProviderEnable", provider_enable_v1),
	L(41, 0, etw_tamper, 0, "ProviderDisable", provider_enable_v0),
	L(42, 0, log, 0, "ProviderCaptureState", provider_capture_state_v0),
	L(43, 0, log, 0, "SessionStart", session_start_v0),
	L(44, 0, log, 0, "SessionStart", session_start_v0_id44),
	L(45, 0, log, 0, "SessionStart", session_start_v0_id44),
	L(46, 0, log, 0, "SessionStart", session_start_v0_id46),
	L(47, 0, log, 0, "SessionStart", session_start_v0_id47),
	L(48, 0, log, 0, "Session", logging_write_buffer_v0),
	L(49, 0, log, 0, "SessionStart", logging_write_buffer_v0),
	L(50, 0, log, 0, "SessionEnable", session_enable_v0),
};
/* clang-format on */

const struct provider provider_event_tracing = {
	.guid = GUID_INIT(0xb675ec37, 0xbdb6, 0x4648, 0xbc, 0x92, 0xf3, 0xfd, 0xc7, 0x4d, 0x3c, 0xa2),
	.name = "Microsoft-Windows-Kernel-EventTracing",
	LAYOUT_TABLE(event_tracing_layouts)
};
