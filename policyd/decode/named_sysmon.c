/* Sysmon: names as in its manifest, schema 4.90; a value that an older
 * schema lacks is absent. In 12 to 14 TargetObject is the whole path, with the value's name as its last part where a
 * value is meant; state splits it. Source is the local end in 3. */
#include "policyd/decode/named_rows.h"

#define SYSMON "Microsoft-Windows-Sysmon"
#define NL(id_, kind_, flags_, name_, rows_) NAMED(SYSMON, id_, kind_, flags_, name_, rows_)

/* clang-format off */
#define ACTOR ROW(ProcessGuid, PROC_GUID), ROW(ProcessId, PID), ROW(Image, IMAGE_PATH)
#define VERSION_RESOURCE ROW(FileVersion, PE_VERSION), ROW(Description, PE_DESCRIPTION), ROW(Product, PE_PRODUCT), \
	ROW(Company, PE_COMPANY), ROW(OriginalFileName, PE_ORIGINAL_NAME)
#define SIGNATURES ROW(Hashes, HASHES), ROW(Signed, SIGNED), ROW(Signature, SIGNATURE), \
	ROW(SignatureStatus, SIGNATURE_STATUS)

static const struct named_row process_create[] = {
	ACTOR, VERSION_RESOURCE, ROW(CommandLine, CMDLINE), ROW(CurrentDirectory, CWD), ROW(User, USER_NAME),
	ROW(LogonId, LOGON_ID), ROW(TerminalSessionId, SESSION_ID), ROW(IntegrityLevel, INTEGRITY_LEVEL),
	ROW(Hashes, HASHES), ROW(ParentProcessGuid, PARENT_GUID), ROW(ParentProcessId, PPID),
	ROW(ParentImage, PARENT_PATH), ROW(ParentCommandLine, PARENT_CMDLINE), ROW(ParentUser, PARENT_USER),
};
static const struct named_row process_end[] = { ACTOR, ROW(User, USER_NAME) };
static const struct named_row network[] = {
	ACTOR, ROW(User, USER_NAME), ROW(Protocol, PROTOCOL), ROW(Initiated, DIRECTION), ROW(SourceIp, LOCAL_ADDR),
	ROW(SourcePort, LOCAL_PORT), ROW(DestinationIp, REMOTE_ADDR), ROW(DestinationHostname, REMOTE_HOST),
	ROW(DestinationPort, REMOTE_PORT),
};
static const struct named_row driver[] = { ROW(ImageLoaded, MODULE_PATH), SIGNATURES };
static const struct named_row image[] = {
	ACTOR, ROW(ImageLoaded, MODULE_PATH), VERSION_RESOURCE, SIGNATURES, ROW(User, USER_NAME),
};
static const struct named_row remote_thread[] = {
	ROW(SourceProcessGuid, PROC_GUID), ROW(SourceProcessId, PID), ROW(SourceImage, IMAGE_PATH),
	ROW(TargetProcessGuid, TARGET_GUID), ROW(TargetProcessId, TARGET_PID), ROW(TargetImage, TARGET_PATH),
	ROW(NewThreadId, TID), ROW(StartAddress, WIN32_START_ADDR), ROW(StartModule, START_MODULE),
	ROW(StartFunction, START_FUNCTION), ROW(SourceUser, USER_NAME), ROW(TargetUser, TARGET_USER),
};
static const struct named_row raw_read[] = { ACTOR, ROW(Device, FILE_PATH), ROW(User, USER_NAME) };
static const struct named_row process_access[] = {
	ROW(SourceProcessGUID, PROC_GUID), ROW(SourceProcessId, PID), ROW(SourceThreadId, TID), ROW(SourceImage, IMAGE_PATH),
	ROW(TargetProcessGUID, TARGET_GUID), ROW(TargetProcessId, TARGET_PID), ROW(TargetImage, TARGET_PATH),
	ROW(GrantedAccess, ACCESS_MASK), ROW(CallTrace, CALL_TRACE), ROW(SourceUser, USER_NAME),
	ROW(TargetUser, TARGET_USER),
};
static const struct named_row file[] = {
	ACTOR, ROW(TargetFilename, FILE_PATH), ROW(CreationUtcTime, FILE_CTIME),
	ROW(PreviousCreationUtcTime, FILE_OLD_CTIME), ROW(User, USER_NAME), ROW(Hash, HASHES), ROW(Hashes, HASHES),
	ROW(Contents, DATA), ROW(IsExecutable, FILE_IS_EXE),
};
static const struct named_row registry[] = {
	ROW(EventType, EVENT_SUBTYPE), ACTOR, ROW(TargetObject, KEY_NAME), ROW(Details, DATA), ROW(User, USER_NAME),
};
static const struct named_row pipe[] = {
	ROW(EventType, EVENT_SUBTYPE), ACTOR, ROW(PipeName, PIPE_NAME), ROW(User, USER_NAME),
};
static const struct named_row wmi_filter[] = {
	ROW(EventType, EVENT_SUBTYPE), ROW(Operation, WMI_OPERATION), ROW(User, USER_NAME),
	ROW(EventNamespace, WMI_NAMESPACE), ROW(Name, WMI_NAME), ROW(Query, WMI_QUERY),
};
static const struct named_row wmi_consumer[] = {
	ROW(EventType, EVENT_SUBTYPE), ROW(Operation, WMI_OPERATION), ROW(User, USER_NAME), ROW(Name, WMI_NAME),
	ROW(Destination, WMI_CONSUMER),
};
static const struct named_row wmi_binding[] = {
	ROW(EventType, EVENT_SUBTYPE), ROW(Operation, WMI_OPERATION), ROW(User, USER_NAME), ROW(Consumer, WMI_CONSUMER),
	ROW(Filter, WMI_FILTER),
};
static const struct named_row dns[] = {
	ACTOR, ROW(QueryName, DNS_NAME), ROW(QueryStatus, DNS_STATUS), ROW(QueryResults, DNS_RESULTS), ROW(User, USER_NAME),
};
static const struct named_row tampering[] = { ACTOR, ROW(Type, EVENT_SUBTYPE), ROW(User, USER_NAME) };

static const struct named_row state[] = { ROW(State, SERVICE_STATE) };

static const struct named_layout layouts[] = {
	NL(1, process_start, 0, "ProcessCreate", process_create),
	NL(2, file_setinfo, 0, "FileCreateTime", file),
	NSEL(SYSMON, 3, net_connect, LAYOUT_MESSAGE, "NetworkConnect", network, "Initiated"),
	NWHEN(SYSMON, 3, "false", net_accept, 0, "NetworkConnect", network),
	NL(5, process_exit, 0, "ProcessTerminate", process_end),
	NL(6, driver_load, 0, "DriverLoad", driver),
	NL(7, image_load, 0, "ImageLoad", image),
	NL(8, remote_thread, 0, "CreateRemoteThread", remote_thread),
	NL(9, log, 0, "RawAccessRead", raw_read),
	NL(10, process_access, 0, "ProcessAccess", process_access),
	NL(11, file_create, 0, "FileCreate", file),
	NSEL(SYSMON, 12, reg_create_key, LAYOUT_MESSAGE, "RegistryKey", registry, "EventType"),
	NWHEN(SYSMON, 12, "CreateKey", reg_create_key, 0, "RegistryKey", registry),
	NWHEN(SYSMON, 12, "DeleteKey", reg_delete_key, 0, "RegistryKey", registry),
	NWHEN(SYSMON, 12, "DeleteValue", reg_delete_value, 0, "RegistryKey", registry),
	NL(13, reg_set_value, 0, "RegistryValueSet", registry),
	NL(14, reg_set_value, 0, "RegistryRename", registry),
	NL(15, file_create, 0, "FileCreateStreamHash", file),
	NL(17, pipe_created, 0, "PipeCreated", pipe),
	NL(18, pipe_connected, 0, "PipeConnected", pipe),
	NL(19, wmi_activity, LAYOUT_QUOTED, "WmiFilter", wmi_filter),
	NL(20, wmi_activity, LAYOUT_QUOTED, "WmiConsumer", wmi_consumer),
	NL(21, wmi_activity, LAYOUT_QUOTED, "WmiBinding", wmi_binding),
	NL(22, dns_query, 0, "DnsQuery", dns),
	NL(23, file_delete, 0, "FileDeleteArchived", file),
	NL(24, log, 0, "ClipboardChange", process_end),
	NL(25, log, 0, "ProcessTampering", tampering),
	NL(26, file_delete, 0, "FileDelete", file),
	NL(27, log, 0, "FileBlockExecutable", file),
	NL(28, log, 0, "FileBlockShredding", file),
	NL(29, file_create, 0, "FileExecutableDetected", file),
	NL(4, log, 0, "ServiceStateChange", state),
	NL(16, log, 0, "ConfigurationChange", state),
	NL(255, log, 0, "Error", state),
};
/* clang-format on */

const struct named_provider named_sysmon = NAMED_TABLE(layouts);
