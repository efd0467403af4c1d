/* Event log service, Defender, BITS, Remote Desktop sessions: providers of Windows logs. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
/* Who asked: the four fields most events of these logs begin with. */
#define SUBJECT \
	F(SID, SubjectUserSid, SUBJECT_SID), F(WSTRZ, SubjectUserName, SUBJECT_USER), \
	F(WSTRZ, SubjectDomainName, SUBJECT_DOMAIN), F(HEX64, SubjectLogonId, LOGON_ID)

static const struct layout_field log_cleared_v0[] = {
	F(WSTRZ, SubjectUserName, SUBJECT_USER), F(WSTRZ, SubjectDomainName, SUBJECT_DOMAIN),
	F(WSTRZ, Channel, CHANNEL), N(WSTRZ, BackupPath),
};
static const struct layout_field log_cleared_v1[] = {
	F(WSTRZ, SubjectUserName, SUBJECT_USER), F(WSTRZ, SubjectDomainName, SUBJECT_DOMAIN),
	F(WSTRZ, Channel, CHANNEL), N(WSTRZ, BackupPath), F(U32, ClientProcessId, CLIENT_PID),
	F(U64, ClientProcessStartKey, CLIENT_START_KEY),
};
static const struct layout_field security_log_cleared_v0[] = {
	SUBJECT,
};
static const struct layout_field security_log_cleared_v1[] = {
	SUBJECT, F(U32, ClientProcessId, CLIENT_PID), F(U64, ClientProcessStartKey, CLIENT_START_KEY),
};

static const struct layout event_log_layouts[] = {
	L(104, 0, log_cleared, 0, "LogCleared", log_cleared_v0),
	L(104, 1, log_cleared, 0, "LogCleared", log_cleared_v1),
	LEMPTY(1100, 0, log, 0, "ServiceShutdown"),
	L(1102, 0, log_cleared, 0, "SecurityLogCleared", security_log_cleared_v0),
	L(1102, 1, log_cleared, 0, "SecurityLogCleared", security_log_cleared_v1),
	LEMPTY(1104, 0, log, 0, "SecurityLogFull"),
};

static const struct layout_field malware_detected_v0[] = {
	N(WSTRZ, ProductName), N(WSTRZ, ProductVersion), N(WSTRZ, DetectionID), N(WSTRZ, DetectionTime),
	N(WSTRZ, Unused), N(WSTRZ, Unused2), N(WSTRZ, ThreatID), N(WSTRZ, ThreatName), N(WSTRZ, SeverityID),
	N(WSTRZ, SeverityName), N(WSTRZ, CategoryID), N(WSTRZ, CategoryName), N(WSTRZ, FWLink), N(WSTRZ, StatusCode),
	N(WSTRZ, StatusDescription), N(WSTRZ, State), N(WSTRZ, SourceID), N(WSTRZ, SourceName),
	F(WSTRZ, ProcessName, IMAGE_PATH), F(WSTRZ, DetectionUser, USER_NAME), N(WSTRZ, Unused3),
	F(WSTRZ, Path, FILE_PATH), N(WSTRZ, OriginID), N(WSTRZ, OriginName), N(WSTRZ, ExecutionID),
	N(WSTRZ, ExecutionName), N(WSTRZ, TypeID), N(WSTRZ, TypeName), N(WSTRZ, PreExecutionStatus),
	N(WSTRZ, ActionID), N(WSTRZ, ActionName), N(WSTRZ, Unused4), N(WSTRZ, ErrorCode), N(WSTRZ, ErrorDescription),
	N(WSTRZ, Unused5), N(WSTRZ, PostCleanStatus), N(WSTRZ, AdditionalActionsID), N(WSTRZ, AdditionalActionsString),
	N(WSTRZ, RemediationUser), N(WSTRZ, Unused6), N(WSTRZ, SignatureVersion), N(WSTRZ, EngineVersion),
};
static const struct layout_field malware_detected_v0_id1116[] = {
	N(WSTRZ, ProductName), N(WSTRZ, ProductVersion), N(WSTRZ, DetectionID), N(WSTRZ, DetectionTime),
	N(WSTRZ, Unused), N(WSTRZ, Unused2), N(WSTRZ, ThreatID), N(WSTRZ, ThreatName), N(WSTRZ, SeverityID),
	N(WSTRZ, SeverityName), N(WSTRZ, CategoryID), N(WSTRZ, CategoryName), N(WSTRZ, FWLink), N(WSTRZ, StatusCode),
	N(WSTRZ, StatusDescription), N(WSTRZ, State), N(WSTRZ, SourceID), N(WSTRZ, SourceName),
	F(WSTRZ, ProcessName, IMAGE_PATH), F(WSTRZ, DetectionUser, USER_NAME), N(WSTRZ, Unused3),
	F(WSTRZ, Path, FILE_PATH), N(WSTRZ, OriginID), N(WSTRZ, OriginName), N(WSTRZ, ExecutionID),
	N(WSTRZ, ExecutionName), N(WSTRZ, TypeID), N(WSTRZ, TypeName), N(WSTRZ, PreExecutionStatus),
	N(WSTRZ, ActionID), N(WSTRZ, ActionName), N(WSTRZ, Unused4), N(WSTRZ, ErrorCode), N(WSTRZ, ErrorDescription),
	N(WSTRZ, Unused5), N(WSTRZ, PostCleanStatus), N(WSTRZ, AdditionalActionsID), N(WSTRZ, AdditionalActionsString),
	N(WSTRZ, RemediationUser), N(WSTRZ, Unused6), N(WSTRZ, SecurityintelligenceVersion), N(WSTRZ, EngineVersion),
};
static const struct layout_field real_time_protection_disabled_v0[] = {
	N(WSTRZ, ProductName), N(WSTRZ, ProductVersion),
};
static const struct layout_field configuration_changed_v0[] = {
	N(WSTRZ, ProductName), N(WSTRZ, ProductVersion), N(WSTRZ, OldValue), N(WSTRZ, NewValue),
};
static const struct layout_field tamper_protection_blocked_v0[] = {
	N(WSTRZ, ProductName), N(WSTRZ, ProductVersion), N(WSTRZ, ChangedType), N(WSTRZ, Value),
};

static const struct layout defender_layouts[] = {
	LB(1116, 0, log, 0, "MalwareDetected", malware_detected_v0, 0, 18361),
	LB(1116, 0, log, 0, "MalwareDetected", malware_detected_v0_id1116, 18362, 0),
	LB(1117, 0, log, 0, "MalwareActionTaken", malware_detected_v0, 0, 18361),
	LB(1117, 0, log, 0, "MalwareActionTaken", malware_detected_v0_id1116, 18362, 0),
	L(5001, 0, log, 0, "RealTimeProtectionDisabled", real_time_protection_disabled_v0),
	L(5007, 0, log, 0, "ConfigurationChanged", configuration_changed_v0),
	L(5013, 0, log, 0, "TamperProtectionBlocked", tamper_protection_blocked_v0),
};

static const struct layout_field job_created_v0[] = {
	N(WSTRZ, string), N(WSTRZ, string2), N(WSTRZ, string3),
};
static const struct layout_field job_created_v1[] = {
	N(WSTRZ, jobTitle), N(GUID, jobId), N(WSTRZ, jobOwner),
};
static const struct layout_field job_created_v2[] = {
	N(WSTRZ, jobTitle), N(GUID, jobId), N(WSTRZ, jobOwner), N(WSTRZ, processPath), F(U32, processId, CLIENT_PID),
};
static const struct layout_field job_created_v3[] = {
	N(WSTRZ, jobTitle), N(GUID, jobId), N(WSTRZ, jobOwner), N(WSTRZ, processPath), F(U32, processId, CLIENT_PID),
	F(U64, ClientProcessStartKey, CLIENT_START_KEY),
};
static const struct layout_field job_completed_v0[] = {
	F(WSTRZ, User, USER_NAME), N(WSTRZ, jobTitle), N(GUID, jobId), N(WSTRZ, jobOwner), N(U64, fileCount),
};
static const struct layout_field job_completed_v1[] = {
	F(WSTRZ, User, USER_NAME), N(WSTRZ, jobTitle), N(GUID, jobId), N(WSTRZ, jobOwner), N(U64, fileCount),
	N(U64, bytesTransferred), N(U64, bytesTransferredFromPeer),
};
static const struct layout_field job_cancelled_v1[] = {
	F(WSTRZ, User, USER_NAME), N(WSTRZ, jobTitle), N(GUID, jobId), N(WSTRZ, jobOwner), N(U64, fileCount),
	F(U32, processId, CLIENT_PID), F(U64, ClientProcessStartKey, CLIENT_START_KEY),
};
static const struct layout_field transfer_started_v0[] = {
	N(GUID, transferId), N(WSTRZ, name), N(GUID, Id), N(WSTRZ, url), N(WSTRZ, peer), N(FILETIME, fileTime),
	N(U64, fileLength), N(U64, bytesTotal), N(U64, bytesTransferred),
};
static const struct layout_field transfer_started_v1[] = {
	N(GUID, transferId), N(WSTRZ, name), N(GUID, Id), N(WSTRZ, url), N(WSTRZ, peer), N(FILETIME, fileTime),
	N(U64, fileLength), N(U64, bytesTotal), N(U64, bytesTransferred), N(U64, bytesTransferredFromPeer),
};
static const struct layout_field transfer_stopped_v0[] = {
	N(GUID, transferId), N(WSTRZ, name), N(GUID, Id), N(WSTRZ, url), N(WSTRZ, peer), N(U32, hr),
	N(FILETIME, fileTime), N(U64, fileLength), N(U64, bytesTotal), N(U64, bytesTransferred), N(WSTRZ, proxy),
};
static const struct layout_field transfer_stopped_v1[] = {
	N(GUID, transferId), N(WSTRZ, name), N(GUID, Id), N(WSTRZ, url), N(WSTRZ, peer), N(U32, hr),
	N(FILETIME, fileTime), N(U64, fileLength), N(U64, bytesTotal), N(U64, bytesTransferred), N(WSTRZ, proxy),
	N(U64, peerProtocolFlags), N(U64, bytesTransferredFromPeer), N(U32, AdditionalInfoHr), N(U32, PeerContextInfo),
	N(U64, bandwidthLimit), N(BOOL32, ignoreBandwidthLimitsOnLan),
};

static const struct layout bits_client_layouts[] = {
	L(3, 0, log, 0, "JobCreated", job_created_v0),
	L(3, 1, log, LAYOUT_BREAK, "JobCreated", job_created_v1),
	L(3, 2, log, 0, "JobCreated", job_created_v2),
	L(3, 3, log, 0, "JobCreated", job_created_v3),
	L(4, 0, log, 0, "JobCompleted", job_completed_v0),
	L(4, 1, log, 0, "JobCompleted", job_completed_v1),
	L(5, 0, log, 0, "JobCancelled", job_completed_v0),
	LB(5, 1, log, 0, "JobCancelled", job_completed_v0, 0, 21999),
	LB(5, 1, log, 0, "JobCancelled", job_cancelled_v1, 22000, 0),
	L(59, 0, log, 0, "TransferStarted", transfer_started_v0),
	L(59, 1, log, 0, "TransferStarted", transfer_started_v1),
	L(60, 0, log, 0, "TransferStopped", transfer_stopped_v0),
	L(60, 1, log, 0, "TransferStopped", transfer_stopped_v1),
	L(61, 0, log, 0, "TransferFailed", transfer_stopped_v0),
	L(61, 1, log, 0, "TransferFailed", transfer_stopped_v1),
};

static const struct layout_field session_logon_v0[] = {
	F(WSTRZ, User, USER_NAME), F(U32, SessionID, SESSION_ID), F(WSTRZ, Address, REMOTE_ADDR),
};
static const struct layout_field session_logoff_v0[] = {
	F(WSTRZ, User, USER_NAME), F(U32, SessionID, SESSION_ID),
};

static const struct layout terminal_services_layouts[] = {
	L(21, 0, log, 0, "SessionLogon", session_logon_v0),
	L(22, 0, log, 0, "ShellStart", session_logon_v0),
	L(23, 0, log, 0, "SessionLogoff", session_logoff_v0),
	L(24, 0, log, 0, "SessionDisconnected", session_logon_v0),
	L(25, 0, log, 0, "SessionReconnected", session_logon_v0),
};
/* clang-format on */

const struct provider provider_event_log = {
	.guid = GUID_INIT(0xfc65ddd8, 0xd6ef, 0x4962, 0x83, 0xd5, 0x6e, 0x5c, 0xfe, 0x9c, 0xe1, 0x48),
	.name = "Microsoft-Windows-Eventlog",
	LAYOUT_TABLE(event_log_layouts)
};

const struct provider provider_defender = {
	.guid = GUID_INIT(0x11cd958a, 0xc507, 0x4ef3, 0xb3, 0xf2, 0x5f, 0xd9, 0xdf, 0xbd, 0x2c, 0x78),
	.name = "Microsoft-Windows-Windows Defender",
	LAYOUT_TABLE(defender_layouts)
};

const struct provider provider_bits_client = {
	.guid = GUID_INIT(0xef1cc15b, 0x46c1, 0x414e, 0xbb, 0x95, 0xe7, 0x6b, 0x07, 0x7b, 0xd5, 0x1e),
	.name = "Microsoft-Windows-Bits-Client",
	LAYOUT_TABLE(bits_client_layouts)
};

const struct provider provider_terminal_services = {
	.guid = GUID_INIT(0x5d896912, 0x022d, 0x40aa, 0xa3, 0xa8, 0x4f, 0xa5, 0x51, 0x5c, 0x76, 0xd7),
	.name = "Microsoft-Windows-TerminalServices-LocalSessionManager",
	LAYOUT_TABLE(terminal_services_layouts)
};
