/* Log events without raw layouts, and what logs call otherwise than payloads do. Names as in the logs. */
#include "policyd/decode/named_rows.h"

#define SECURITY "Microsoft-Windows-Security-Auditing"
#define POWERSHELL "PowerShell"
#define WMI "Microsoft-Windows-WMI-Activity"
#define DEFENDER_CSV "Microsoft Defender for Endpoint"

/* clang-format off */
#define SUBJECT ROW(SubjectUserSid, SUBJECT_SID), ROW(SubjectUserName, SUBJECT_USER), \
	ROW(SubjectDomainName, SUBJECT_DOMAIN), ROW(SubjectLogonId, LOGON_ID)

/* What the events of the Security log have in common, for all that have no rows of their own. */
static const struct named_row security_any[] = {
	SUBJECT, ROW(ObjectType, OBJECT_TYPE), ROW(ObjectName, OBJECT_NAME), ROW(AccessMask, ACCESS_MASK),
	ROW(ProcessId, PID), ROW(ProcessName, IMAGE_PATH), ROW(TargetUserName, USER_NAME),
	ROW(TargetDomainName, USER_DOMAIN), ROW(TargetSid, USER_SID), ROW(TargetUserSid, USER_SID),
	ROW(IpAddress, REMOTE_ADDR), ROW(IpPort, REMOTE_PORT), ROW(Status, STATUS), ROW(ServiceName, SERVICE_NAME),
	ROW(ShareName, SHARE_NAME), ROW(ClientProcessId, CLIENT_PID),
};
static const struct named_row directory[] = {
	SUBJECT, ROW(ObjectDN, OBJECT_NAME), ROW(ObjectClass, OBJECT_TYPE), ROW(OperationType, EVENT_SUBTYPE),
	ROW(AttributeLDAPDisplayName, VALUE_NAME), ROW(AttributeValue, DATA),
};
static const struct named_layout security[] = {
	NAMED(SECURITY, 5136, log, 0, "DirectoryObjectModified", directory),
	NAMED(SECURITY, 5137, log, 0, "DirectoryObjectCreated", directory),
	NAMED(SECURITY, 5139, log, 0, "DirectoryObjectMoved", directory),
	NAMED(SECURITY, 5141, log, 0, "DirectoryObjectDeleted", directory),
	NAMED(SECURITY, NAMED_ANY_ID, log, 0, NULL, security_any),
};

/* The classic PowerShell log has unnamed values only: evt.data[HostApplication] finds lines inside them. */
static const struct named_row classic_powershell[] = { ROW(HostApplication, CMDLINE) };
static const struct named_layout powershell[] = {
	NAMED(POWERSHELL, 400, log, 0, "EngineStarted", classic_powershell),
	NAMED(POWERSHELL, 403, log, 0, "EngineStopped", classic_powershell),
	NAMED(POWERSHELL, 600, log, 0, "ProviderStarted", classic_powershell),
	NAMED(POWERSHELL, 800, log, 0, "PipelineExecution", classic_powershell),
};

/* The log says ClientMachine and Processid where the manifest says MachineName and processid. */
static const struct named_row temporary_consumer[] = {
	ROW(NamespaceName, WMI_NAMESPACE), ROW(Query, WMI_QUERY), ROW(User, USER_NAME), ROW(Processid, CLIENT_PID),
	ROW(ClientMachine, CLIENT_HOST),
};
static const struct named_layout wmi[] = {
	NAMED(WMI, 5860, wmi_activity, 0, "TemporaryConsumer", temporary_consumer),
};

/* Tables of process events exported from Defender: what was made, by whom, and its parent. */
static const struct named_row defender_process[] = {
	ROW(CreatedProcessId, PID), ROW(CreatedProcessName, IMAGE_NAME), ROW(CreatedProcessFilePath, IMAGE_PATH),
	ROW(CreatedProcessCommandLine, CMDLINE), ROW(CreatedProcessCreationTime, CREATE_TIME),
	ROW(CreatedProcessAccountName, USER_NAME), ROW(CreatedProcessAccountDomain, USER_DOMAIN),
	ROW(CreatedProcessAccountSid, USER_SID), ROW(CreatedProcessIntegrityLevel, INTEGRITY_LEVEL),
	ROW(CreatedProcessTokenElevation, ELEVATION_TYPE), ROW(ProcessId, PID), ROW(FileName, IMAGE_NAME),
	ROW(FolderPath, IMAGE_PATH), ROW(ProcessCommandLine, CMDLINE), ROW(ProcessCreationTime, CREATE_TIME),
	ROW(ProcessIntegrityLevel, INTEGRITY_LEVEL), ROW(AccountName, USER_NAME), ROW(AccountDomain, USER_DOMAIN),
	ROW(AccountSid, USER_SID), ROW(LogonId, LOGON_ID), ROW(InitiatingProcessId, PPID),
	ROW(InitiatingProcessFolderPath, PARENT_PATH), ROW(InitiatingProcessFilePath, PARENT_PATH),
	ROW(InitiatingProcessFileName, PARENT_PATH), ROW(InitiatingProcessName, PARENT_PATH),
	ROW(InitiatingProcessCommandLine, PARENT_CMDLINE),
};
static const struct named_layout defender_csv[] = {
	NSEL(DEFENDER_CSV, NAMED_ANY_ID, process_start, 0, "ProcessCreated", defender_process, "ActionType"),
	NWHEN(DEFENDER_CSV, NAMED_ANY_ID, "ProcessTerminated", process_exit, 0, "ProcessTerminated", defender_process),
};
/* clang-format on */

const struct named_provider named_security = NAMED_TABLE(security);
const struct named_provider named_powershell = NAMED_TABLE(powershell);
const struct named_provider named_wmi = NAMED_TABLE(wmi);
const struct named_provider named_defender_csv = NAMED_TABLE(defender_csv);

const struct named_provider *const named_providers[] = { &named_sysmon, &named_security, &named_powershell, &named_wmi,
	&named_procmon, &named_field_map, &named_defender_csv, &named_collector };

const size_t named_provider_count = sizeof named_providers / sizeof named_providers[0];
