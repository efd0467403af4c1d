/* Microsoft-Windows-Security-Auditing (the Security log). "-" in a text means none. 5156 changed in build 22000
 * without a new version. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
/* Who asked: the four fields most events of these logs begin with. */
#define SUBJECT \
	F(SID, SubjectUserSid, SUBJECT_SID), F(WSTRZ, SubjectUserName, SUBJECT_USER), \
	F(WSTRZ, SubjectDomainName, SUBJECT_DOMAIN), F(HEX64, SubjectLogonId, LOGON_ID)

static const struct layout_field system_time_changed_v0[] = {
	SUBJECT, N(WSTRZ, PreviousDate), N(WSTRZ, PreviousTime), N(WSTRZ, NewDate), N(WSTRZ, NewTime),
	F(PTR, ProcessId, PID), F(WSTRZ, ProcessName, IMAGE_PATH),
};
static const struct layout_field system_time_changed_v1[] = {
	SUBJECT, N(FILETIME, PreviousTime), N(FILETIME, NewTime), F(PTR, ProcessId, PID),
	F(WSTRZ, ProcessName, IMAGE_PATH),
};
static const struct layout_field logon_v0[] = {
	F(SID, SubjectUserSid, SUBJECT_SID), F(WSTRZ, SubjectUserName, SUBJECT_USER),
	F(WSTRZ, SubjectDomainName, SUBJECT_DOMAIN), N(HEX64, SubjectLogonId), F(SID, TargetUserSid, USER_SID),
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN),
	F(HEX64, TargetLogonId, LOGON_ID), F(U32, LogonType, LOGON_TYPE), F(WSTRZ, LogonProcessName, LOGON_PROCESS),
	F(WSTRZ, AuthenticationPackageName, LOGON_PACKAGE), F(WSTRZ, WorkstationName, LOGON_WORKSTATION),
	N(GUID, LogonGuid), N(WSTRZ, TransmittedServices), N(WSTRZ, LmPackageName), N(U32, KeyLength),
	F(PTR, ProcessId, PID), F(WSTRZ, ProcessName, IMAGE_PATH), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT),
};
static const struct layout_field logon_v1[] = {
	F(SID, SubjectUserSid, SUBJECT_SID), F(WSTRZ, SubjectUserName, SUBJECT_USER),
	F(WSTRZ, SubjectDomainName, SUBJECT_DOMAIN), N(HEX64, SubjectLogonId), F(SID, TargetUserSid, USER_SID),
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN),
	F(HEX64, TargetLogonId, LOGON_ID), F(U32, LogonType, LOGON_TYPE), F(WSTRZ, LogonProcessName, LOGON_PROCESS),
	F(WSTRZ, AuthenticationPackageName, LOGON_PACKAGE), F(WSTRZ, WorkstationName, LOGON_WORKSTATION),
	N(GUID, LogonGuid), N(WSTRZ, TransmittedServices), N(WSTRZ, LmPackageName), N(U32, KeyLength),
	F(PTR, ProcessId, PID), F(WSTRZ, ProcessName, IMAGE_PATH), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT), N(WSTRZ, ImpersonationLevel),
};
static const struct layout_field logon_v2[] = {
	F(SID, SubjectUserSid, SUBJECT_SID), F(WSTRZ, SubjectUserName, SUBJECT_USER),
	F(WSTRZ, SubjectDomainName, SUBJECT_DOMAIN), N(HEX64, SubjectLogonId), F(SID, TargetUserSid, USER_SID),
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN),
	F(HEX64, TargetLogonId, LOGON_ID), F(U32, LogonType, LOGON_TYPE), F(WSTRZ, LogonProcessName, LOGON_PROCESS),
	F(WSTRZ, AuthenticationPackageName, LOGON_PACKAGE), F(WSTRZ, WorkstationName, LOGON_WORKSTATION),
	N(GUID, LogonGuid), N(WSTRZ, TransmittedServices), N(WSTRZ, LmPackageName), N(U32, KeyLength),
	F(PTR, ProcessId, PID), F(WSTRZ, ProcessName, IMAGE_PATH), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT), N(WSTRZ, ImpersonationLevel), N(WSTRZ, RestrictedAdminMode),
	N(WSTRZ, TargetOutboundUserName), N(WSTRZ, TargetOutboundDomainName), N(WSTRZ, VirtualAccount),
	N(HEX64, TargetLinkedLogonId), F(WSTRZ, ElevatedToken, LOGON_ELEVATED),
};
static const struct layout_field logon_v3[] = {
	F(SID, SubjectUserSid, SUBJECT_SID), F(WSTRZ, SubjectUserName, SUBJECT_USER),
	F(WSTRZ, SubjectDomainName, SUBJECT_DOMAIN), N(HEX64, SubjectLogonId), F(SID, TargetUserSid, USER_SID),
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN),
	F(HEX64, TargetLogonId, LOGON_ID), F(U32, LogonType, LOGON_TYPE), F(WSTRZ, LogonProcessName, LOGON_PROCESS),
	F(WSTRZ, AuthenticationPackageName, LOGON_PACKAGE), F(WSTRZ, WorkstationName, LOGON_WORKSTATION),
	N(GUID, LogonGuid), N(WSTRZ, TransmittedServices), N(WSTRZ, LmPackageName), N(U32, KeyLength),
	F(PTR, ProcessId, PID), F(WSTRZ, ProcessName, IMAGE_PATH), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT), N(WSTRZ, ImpersonationLevel), N(WSTRZ, RestrictedAdminMode),
	N(WSTRZ, RemoteCredentialGuard), N(WSTRZ, TargetOutboundUserName), N(WSTRZ, TargetOutboundDomainName),
	N(WSTRZ, VirtualAccount), N(HEX64, TargetLinkedLogonId), F(WSTRZ, ElevatedToken, LOGON_ELEVATED),
};
static const struct layout_field logon_failed_v0[] = {
	SUBJECT, F(SID, TargetUserSid, USER_SID), F(WSTRZ, TargetUserName, USER_NAME),
	F(WSTRZ, TargetDomainName, USER_DOMAIN), F(HEX32, Status, STATUS), N(WSTRZ, FailureReason),
	N(HEX32, SubStatus), F(U32, LogonType, LOGON_TYPE), F(WSTRZ, LogonProcessName, LOGON_PROCESS),
	F(WSTRZ, AuthenticationPackageName, LOGON_PACKAGE), F(WSTRZ, WorkstationName, LOGON_WORKSTATION),
	N(WSTRZ, TransmittedServices), N(WSTRZ, LmPackageName), N(U32, KeyLength), F(PTR, ProcessId, PID),
	F(WSTRZ, ProcessName, IMAGE_PATH), F(WSTRZ, IpAddress, REMOTE_ADDR), F(WSTRZ, IpPort, REMOTE_PORT),
};
static const struct layout_field logoff_v0[] = {
	F(SID, TargetUserSid, USER_SID), F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN),
	F(HEX64, TargetLogonId, LOGON_ID), F(U32, LogonType, LOGON_TYPE),
};
static const struct layout_field user_initiated_logoff_v0[] = {
	F(SID, TargetUserSid, USER_SID), F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN),
	F(HEX64, TargetLogonId, LOGON_ID),
};
static const struct layout_field explicit_credentials_v0[] = {
	SUBJECT, N(GUID, LogonGuid), F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN),
	N(GUID, TargetLogonGuid), F(WSTRZ, TargetServerName, REMOTE_HOST), N(WSTRZ, TargetInfo),
	F(PTR, ProcessId, PID), F(WSTRZ, ProcessName, IMAGE_PATH), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT),
};
static const struct layout_field handle_requested_v0[] = {
	SUBJECT, N(WSTRZ, ObjectServer), F(WSTRZ, ObjectType, OBJECT_TYPE), F(WSTRZ, ObjectName, OBJECT_NAME),
	N(PTR, HandleId), N(GUID, TransactionId), N(WSTRZ, AccessList), F(HEX32, AccessMask, ACCESS_MASK),
	N(WSTRZ, PrivilegeList), N(U32, RestrictedSidCount), F(PTR, ProcessId, PID), F(WSTRZ, ProcessName, IMAGE_PATH),
};
static const struct layout_field handle_requested_v1[] = {
	SUBJECT, N(WSTRZ, ObjectServer), F(WSTRZ, ObjectType, OBJECT_TYPE), F(WSTRZ, ObjectName, OBJECT_NAME),
	N(PTR, HandleId), N(GUID, TransactionId), N(WSTRZ, AccessList), N(WSTRZ, AccessReason),
	F(HEX32, AccessMask, ACCESS_MASK), N(WSTRZ, PrivilegeList), N(U32, RestrictedSidCount), F(PTR, ProcessId, PID),
	F(WSTRZ, ProcessName, IMAGE_PATH), N(WSTRZ, ResourceAttributes),
};
static const struct layout_field registry_value_modified_v0[] = {
	SUBJECT, F(WSTRZ, ObjectName, KEY_NAME), F(WSTRZ, ObjectValueName, VALUE_NAME), N(PTR, HandleId),
	F(WSTRZ, OperationType, EVENT_SUBTYPE), N(WSTRZ, OldValueType), F(WSTRZ, OldValue, PREVIOUS_DATA),
	F(WSTRZ, NewValueType, DATA_TYPE), F(WSTRZ, NewValue, DATA), F(PTR, ProcessId, PID),
	F(WSTRZ, ProcessName, IMAGE_PATH),
};
static const struct layout_field object_deleted_v0[] = {
	SUBJECT, N(WSTRZ, ObjectServer), N(PTR, HandleId), F(PTR, ProcessId, PID), F(WSTRZ, ProcessName, IMAGE_PATH),
	N(GUID, TransactionId),
};
static const struct layout_field object_access_v0[] = {
	SUBJECT, N(WSTRZ, ObjectServer), F(WSTRZ, ObjectType, OBJECT_TYPE), F(WSTRZ, ObjectName, OBJECT_NAME),
	N(PTR, HandleId), N(WSTRZ, AccessList), F(HEX32, AccessMask, ACCESS_MASK), F(PTR, ProcessId, PID),
	F(WSTRZ, ProcessName, IMAGE_PATH),
};
static const struct layout_field object_access_v1[] = {
	SUBJECT, N(WSTRZ, ObjectServer), F(WSTRZ, ObjectType, OBJECT_TYPE), F(WSTRZ, ObjectName, OBJECT_NAME),
	N(PTR, HandleId), N(WSTRZ, AccessList), F(HEX32, AccessMask, ACCESS_MASK), F(PTR, ProcessId, PID),
	F(WSTRZ, ProcessName, IMAGE_PATH), N(WSTRZ, ResourceAttributes),
};
static const struct layout_field permissions_changed_v0[] = {
	SUBJECT, N(WSTRZ, ObjectServer), F(WSTRZ, ObjectType, OBJECT_TYPE), F(WSTRZ, ObjectName, OBJECT_NAME),
	N(PTR, HandleId), N(WSTRZ, OldSd), N(WSTRZ, NewSd), F(PTR, ProcessId, PID), F(WSTRZ, ProcessName, IMAGE_PATH),
};
static const struct layout_field special_privileges_v0[] = {
	SUBJECT, N(WSTRZ, PrivilegeList),
};
static const struct layout_field privileged_service_v0[] = {
	SUBJECT, N(WSTRZ, ObjectServer), N(WSTRZ, Service), N(WSTRZ, PrivilegeList), F(PTR, ProcessId, PID),
	F(WSTRZ, ProcessName, IMAGE_PATH),
};
static const struct layout_field process_created_v0[] = {
	SUBJECT, F(PTR, NewProcessId, PID), F(WSTRZ, NewProcessName, IMAGE_PATH),
	F(WSTRZ, TokenElevationType, ELEVATION_TYPE), F(PTR, ProcessId, PPID),
};
static const struct layout_field process_created_v1[] = {
	SUBJECT, F(PTR, NewProcessId, PID), F(WSTRZ, NewProcessName, IMAGE_PATH),
	F(WSTRZ, TokenElevationType, ELEVATION_TYPE), F(PTR, ProcessId, PPID), F(WSTRZ, CommandLine, CMDLINE),
};
static const struct layout_field process_created_v2[] = {
	SUBJECT, F(PTR, NewProcessId, PID), F(WSTRZ, NewProcessName, IMAGE_PATH),
	F(WSTRZ, TokenElevationType, ELEVATION_TYPE), F(PTR, ProcessId, PPID), F(WSTRZ, CommandLine, CMDLINE),
	F(SID, TargetUserSid, USER_SID), F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN),
	N(HEX64, TargetLogonId), F(WSTRZ, ParentProcessName, PARENT_PATH), F(SID, MandatoryLabel, INTEGRITY_SID),
};
static const struct layout_field process_exited_v0[] = {
	SUBJECT, F(HEX32, Status, EXIT_CODE), F(PTR, ProcessId, PID), F(WSTRZ, ProcessName, IMAGE_PATH),
};
static const struct layout_field service_installed_v0[] = {
	SUBJECT, F(WSTRZ, ServiceName, SERVICE_NAME), F(WSTRZ, ServiceFileName, SERVICE_PATH),
	F(HEX32, ServiceType, SERVICE_TYPE), F(U32, ServiceStartType, SERVICE_START),
	F(WSTRZ, ServiceAccount, SERVICE_ACCOUNT),
};
static const struct layout_field service_installed_v1[] = {
	SUBJECT, F(WSTRZ, ServiceName, SERVICE_NAME), F(WSTRZ, ServiceFileName, SERVICE_PATH),
	F(HEX32, ServiceType, SERVICE_TYPE), F(U32, ServiceStartType, SERVICE_START),
	F(WSTRZ, ServiceAccount, SERVICE_ACCOUNT), F(U64, ClientProcessStartKey, CLIENT_START_KEY),
	F(U32, ClientProcessId, CLIENT_PID), N(U32, ParentProcessId),
};
static const struct layout_field task_created_v0[] = {
	SUBJECT, F(WSTRZ, TaskName, TASK_NAME), F(WSTRZ, TaskContent, TASK_XML),
};
static const struct layout_field task_created_v1[] = {
	SUBJECT, F(WSTRZ, TaskName, TASK_NAME), F(WSTRZ, TaskContent, TASK_XML),
	F(U64, ClientProcessStartKey, CLIENT_START_KEY), F(U32, ClientProcessId, CLIENT_PID), N(U32, ParentProcessId),
	N(U32, RpcCallClientLocality), N(WSTRZ, FQDN),
};
static const struct layout_field task_updated_v0[] = {
	SUBJECT, F(WSTRZ, TaskName, TASK_NAME), F(WSTRZ, TaskContentNew, TASK_XML),
};
static const struct layout_field task_updated_v1[] = {
	SUBJECT, F(WSTRZ, TaskName, TASK_NAME), F(WSTRZ, TaskContentNew, TASK_XML),
	F(U64, ClientProcessStartKey, CLIENT_START_KEY), F(U32, ClientProcessId, CLIENT_PID), N(U32, ParentProcessId),
	N(U32, RpcCallClientLocality), N(WSTRZ, FQDN),
};
static const struct layout_field user_right_adjusted_v0[] = {
	SUBJECT, F(SID, TargetUserSid, USER_SID), F(WSTRZ, TargetUserName, USER_NAME),
	F(WSTRZ, TargetDomainName, USER_DOMAIN), N(HEX64, TargetLogonId), F(WSTRZ, ProcessName, IMAGE_PATH),
	F(PTR, ProcessId, PID), N(WSTRZ, EnabledPrivilegeList), N(WSTRZ, DisabledPrivilegeList),
};
static const struct layout_field audit_policy_changed_v0[] = {
	SUBJECT, N(WSTRZ, CategoryId), N(WSTRZ, SubcategoryId), N(GUID, SubcategoryGuid), N(WSTRZ, AuditPolicyChanges),
};
static const struct layout_field audit_policy_changed_v1[] = {
	SUBJECT, N(WSTRZ, CategoryId), N(WSTRZ, SubcategoryId), N(GUID, SubcategoryGuid), N(WSTRZ, AuditPolicyChanges),
	F(U32, ClientProcessId, CLIENT_PID), F(U64, ClientProcessStartKey, CLIENT_START_KEY),
};
static const struct layout_field user_created_v0[] = {
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN), F(SID, TargetSid, USER_SID),
	SUBJECT, N(WSTRZ, PrivilegeList), N(WSTRZ, SamAccountName), N(WSTRZ, DisplayName), N(WSTRZ, UserPrincipalName),
	N(WSTRZ, HomeDirectory), N(WSTRZ, HomePath), N(WSTRZ, ScriptPath), N(WSTRZ, ProfilePath),
	N(WSTRZ, UserWorkstations), N(WSTRZ, PasswordLastSet), N(WSTRZ, AccountExpires), N(WSTRZ, PrimaryGroupId),
	N(WSTRZ, AllowedToDelegateTo), N(WSTRZ, OldUacValue), N(WSTRZ, NewUacValue), N(WSTRZ, UserAccountControl),
	N(WSTRZ, UserParameters), N(WSTRZ, SidHistory), N(WSTRZ, LogonHours),
};
static const struct layout_field user_enabled_v0[] = {
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN), F(SID, TargetSid, USER_SID),
	SUBJECT,
};
static const struct layout_field user_deleted_v0[] = {
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN), F(SID, TargetSid, USER_SID),
	SUBJECT, N(WSTRZ, PrivilegeList),
};
static const struct layout_field global_group_member_added_v0[] = {
	N(WSTRZ, MemberName), N(SID, MemberSid), F(WSTRZ, TargetUserName, USER_NAME),
	F(WSTRZ, TargetDomainName, USER_DOMAIN), F(SID, TargetSid, USER_SID), SUBJECT, N(WSTRZ, PrivilegeList),
};
static const struct layout_field global_group_member_added_v1[] = {
	N(WSTRZ, MemberName), N(SID, MemberSid), F(WSTRZ, TargetUserName, USER_NAME),
	F(WSTRZ, TargetDomainName, USER_DOMAIN), F(SID, TargetSid, USER_SID), SUBJECT, N(WSTRZ, PrivilegeList),
	N(FILETIME, MembershipExpirationTime),
};
static const struct layout_field user_changed_v0[] = {
	N(WSTRZ, Dummy), F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN),
	F(SID, TargetSid, USER_SID), SUBJECT, N(WSTRZ, PrivilegeList), N(WSTRZ, SamAccountName), N(WSTRZ, DisplayName),
	N(WSTRZ, UserPrincipalName), N(WSTRZ, HomeDirectory), N(WSTRZ, HomePath), N(WSTRZ, ScriptPath),
	N(WSTRZ, ProfilePath), N(WSTRZ, UserWorkstations), N(WSTRZ, PasswordLastSet), N(WSTRZ, AccountExpires),
	N(WSTRZ, PrimaryGroupId), N(WSTRZ, AllowedToDelegateTo), N(WSTRZ, OldUacValue), N(WSTRZ, NewUacValue),
	N(WSTRZ, UserAccountControl), N(WSTRZ, UserParameters), N(WSTRZ, SidHistory), N(WSTRZ, LogonHours),
};
static const struct layout_field kerberos_tgt_requested_v0[] = {
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN), F(SID, TargetSid, USER_SID),
	N(WSTRZ, ServiceName), N(SID, ServiceSid), N(HEX32, TicketOptions), F(HEX32, Status, STATUS),
	N(HEX32, TicketEncryptionType), N(WSTRZ, PreAuthType), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT), N(WSTRZ, CertIssuerName), N(WSTRZ, CertSerialNumber), N(WSTRZ, CertThumbprint),
};
static const struct layout_field kerberos_tgt_requested_v1[] = {
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN), F(SID, TargetSid, USER_SID),
	N(WSTRZ, ServiceName), N(SID, ServiceSid), N(HEX32, TicketOptions), F(HEX32, Status, STATUS),
	N(HEX32, TicketEncryptionType), N(WSTRZ, PreAuthType), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT), N(WSTRZ, CertIssuerName), N(WSTRZ, CertSerialNumber), N(WSTRZ, CertThumbprint),
	N(WSTRZ, ResponseTicket),
};
static const struct layout_field kerberos_tgt_requested_v2[] = {
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN), F(SID, TargetSid, USER_SID),
	N(WSTRZ, ServiceName), N(SID, ServiceSid), N(HEX32, TicketOptions), F(HEX32, Status, STATUS),
	N(HEX32, TicketEncryptionType), N(WSTRZ, PreAuthType), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT), N(WSTRZ, CertIssuerName), N(WSTRZ, CertSerialNumber), N(WSTRZ, CertThumbprint),
	N(WSTRZ, ResponseTicket), N(WSTRZ, AccountSupportedEncryptionTypes), N(WSTRZ, AccountAvailableKeys),
	N(WSTRZ, ServiceSupportedEncryptionTypes), N(WSTRZ, ServiceAvailableKeys),
	N(WSTRZ, DCSupportedEncryptionTypes), N(WSTRZ, DCAvailableKeys), N(WSTRZ, ClientAdvertizedEncryptionTypes),
	N(HEX32, SessionKeyEncryptionType), N(HEX32, PreAuthEncryptionType),
};
static const struct layout_field kerberos_service_ticket_requested_v0[] = {
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN), N(WSTRZ, ServiceName),
	N(SID, ServiceSid), N(HEX32, TicketOptions), N(HEX32, TicketEncryptionType), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT), F(HEX32, Status, STATUS), N(GUID, LogonGuid), N(WSTRZ, TransmittedServices),
};
static const struct layout_field kerberos_service_ticket_requested_v1[] = {
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN), N(WSTRZ, ServiceName),
	N(SID, ServiceSid), N(HEX32, TicketOptions), N(HEX32, TicketEncryptionType), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT), F(HEX32, Status, STATUS), N(GUID, LogonGuid), N(WSTRZ, TransmittedServices),
	N(WSTRZ, RequestTicketHash), N(WSTRZ, ResponseTicketHash),
};
static const struct layout_field kerberos_service_ticket_requested_v2[] = {
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN), N(WSTRZ, ServiceName),
	N(SID, ServiceSid), N(HEX32, TicketOptions), N(HEX32, TicketEncryptionType), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT), F(HEX32, Status, STATUS), N(GUID, LogonGuid), N(WSTRZ, TransmittedServices),
	N(WSTRZ, RequestTicketHash), N(WSTRZ, ResponseTicketHash), N(WSTRZ, AccountSupportedEncryptionTypes),
	N(WSTRZ, AccountAvailableKeys), N(WSTRZ, ServiceSupportedEncryptionTypes), N(WSTRZ, ServiceAvailableKeys),
	N(WSTRZ, DCSupportedEncryptionTypes), N(WSTRZ, DCAvailableKeys), N(WSTRZ, ClientAdvertizedEncryptionTypes),
	N(HEX32, SessionKeyEncryptionType),
};
static const struct layout_field kerberos_pre_auth_failed_v0[] = {
	F(WSTRZ, TargetUserName, USER_NAME), F(SID, TargetSid, USER_SID), N(WSTRZ, ServiceName),
	N(HEX32, TicketOptions), F(HEX32, Status, STATUS), N(WSTRZ, PreAuthType), F(WSTRZ, IpAddress, REMOTE_ADDR),
	F(WSTRZ, IpPort, REMOTE_PORT), N(WSTRZ, CertIssuerName), N(WSTRZ, CertSerialNumber), N(WSTRZ, CertThumbprint),
};
static const struct layout_field credentials_validated_v0[] = {
	F(WSTRZ, PackageName, LOGON_PACKAGE), F(WSTRZ, TargetUserName, USER_NAME),
	F(WSTRZ, Workstation, LOGON_WORKSTATION), F(HEX32, Status, STATUS),
};
static const struct layout_field session_reconnected_v0[] = {
	F(WSTRZ, AccountName, USER_NAME), F(WSTRZ, AccountDomain, USER_DOMAIN), F(HEX64, LogonID, LOGON_ID),
	N(WSTRZ, SessionName), F(WSTRZ, ClientName, LOGON_WORKSTATION), F(WSTRZ, ClientAddress, REMOTE_ADDR),
};
static const struct layout_field user_groups_enumerated_v0[] = {
	F(WSTRZ, TargetUserName, USER_NAME), F(WSTRZ, TargetDomainName, USER_DOMAIN), F(SID, TargetSid, USER_SID),
	SUBJECT, F(PTR, CallerProcessId, PID), F(WSTRZ, CallerProcessName, IMAGE_PATH),
};
static const struct layout_field share_accessed_v0[] = {
	SUBJECT, F(WSTRZ, IpAddress, REMOTE_ADDR), F(WSTRZ, IpPort, REMOTE_PORT), N(WSTRZ, ShareName),
};
static const struct layout_field share_accessed_v1[] = {
	SUBJECT, F(WSTRZ, ObjectType, OBJECT_TYPE), F(WSTRZ, IpAddress, REMOTE_ADDR), F(WSTRZ, IpPort, REMOTE_PORT),
	N(WSTRZ, ShareName), N(WSTRZ, ShareLocalPath), F(HEX32, AccessMask, ACCESS_MASK), N(WSTRZ, AccessList),
};
static const struct layout_field share_object_checked_v0[] = {
	SUBJECT, F(WSTRZ, ObjectType, OBJECT_TYPE), F(WSTRZ, IpAddress, REMOTE_ADDR), F(WSTRZ, IpPort, REMOTE_PORT),
	N(WSTRZ, ShareName), N(WSTRZ, ShareLocalPath), N(WSTRZ, RelativeTargetName), F(HEX32, AccessMask, ACCESS_MASK),
	N(WSTRZ, AccessList), N(WSTRZ, AccessReason),
};
static const struct layout_field listen_permitted_v0[] = {
	F(U64, ProcessId, PID), F(WSTRZ, Application, IMAGE_PATH), F(WSTRZ, SourceAddress, LOCAL_ADDR),
	F(WSTRZ, SourcePort, LOCAL_PORT), F(U32, Protocol, PROTOCOL), N(U64, FilterRTID), N(WSTRZ, LayerName),
	N(U64, LayerRTID),
};
static const struct layout_field connection_permitted_v0[] = {
	F(U64, ProcessID, PID), F(WSTRZ, Application, IMAGE_PATH), F(WSTRZ, Direction, DIRECTION),
	F(WSTRZ, SourceAddress, LOCAL_ADDR), F(WSTRZ, SourcePort, LOCAL_PORT), F(WSTRZ, DestAddress, REMOTE_ADDR),
	F(WSTRZ, DestPort, REMOTE_PORT), F(U32, Protocol, PROTOCOL), N(U64, FilterRTID), N(WSTRZ, LayerName),
	N(U64, LayerRTID),
};
static const struct layout_field connection_permitted_v1[] = {
	F(U64, ProcessID, PID), F(WSTRZ, Application, IMAGE_PATH), F(WSTRZ, Direction, DIRECTION),
	F(WSTRZ, SourceAddress, LOCAL_ADDR), F(WSTRZ, SourcePort, LOCAL_PORT), F(WSTRZ, DestAddress, REMOTE_ADDR),
	F(WSTRZ, DestPort, REMOTE_PORT), F(U32, Protocol, PROTOCOL), N(U64, FilterRTID), N(WSTRZ, LayerName),
	N(U64, LayerRTID), N(SID, RemoteUserID), N(SID, RemoteMachineID),
};
static const struct layout_field connection_permitted_v1_id5156[] = {
	F(U64, ProcessID, PID), F(WSTRZ, Application, IMAGE_PATH), F(WSTRZ, Direction, DIRECTION),
	F(WSTRZ, SourceAddress, LOCAL_ADDR), F(WSTRZ, SourcePort, LOCAL_PORT), F(WSTRZ, DestAddress, REMOTE_ADDR),
	F(WSTRZ, DestPort, REMOTE_PORT), F(U32, Protocol, PROTOCOL), N(U32, InterfaceIndex), N(WSTRZ, FilterOrigin),
	N(U64, FilterRTID), N(WSTRZ, LayerName), N(U64, LayerRTID), N(SID, RemoteUserID), N(SID, RemoteMachineID),
};
static const struct layout_field connection_blocked_v2[] = {
	F(U64, ProcessID, PID), F(WSTRZ, Application, IMAGE_PATH), F(WSTRZ, Direction, DIRECTION),
	F(WSTRZ, SourceAddress, LOCAL_ADDR), F(WSTRZ, SourcePort, LOCAL_PORT), F(WSTRZ, DestAddress, REMOTE_ADDR),
	F(WSTRZ, DestPort, REMOTE_PORT), F(U32, Protocol, PROTOCOL), N(U64, FilterRTID), N(WSTRZ, LayerName),
	N(U64, LayerRTID), N(SID, RemoteUserID), N(SID, RemoteMachineID), N(WSTRZ, OriginalProfile),
	N(WSTRZ, CurrentProfile), N(WSTRZ, IsLoopback),
};
static const struct layout_field connection_blocked_v3[] = {
	F(U64, ProcessID, PID), F(WSTRZ, Application, IMAGE_PATH), F(WSTRZ, Direction, DIRECTION),
	F(WSTRZ, SourceAddress, LOCAL_ADDR), F(WSTRZ, SourcePort, LOCAL_PORT), F(WSTRZ, DestAddress, REMOTE_ADDR),
	F(WSTRZ, DestPort, REMOTE_PORT), F(U32, Protocol, PROTOCOL), N(U32, InterfaceIndex), N(WSTRZ, FilterOrigin),
	N(U64, FilterRTID), N(WSTRZ, LayerName), N(U64, LayerRTID), N(SID, RemoteUserID), N(SID, RemoteMachineID),
	N(WSTRZ, OriginalProfile), N(WSTRZ, CurrentProfile), N(WSTRZ, IsLoopback),
	N(WSTRZ, HasRemoteDynamicKeywordAddress),
};
static const struct layout_field credentials_read_v0[] = {
	SUBJECT, N(WSTRZ, TargetName), N(U32, Type), N(U32, CountOfCredentialsReturned), N(WSTRZ, ReadOperation),
	N(U32, ReturnCode), N(FILETIME, ProcessCreationTime), F(U32, ClientProcessId, CLIENT_PID),
};
static const struct layout_field device_recognized_v0[] = {
	SUBJECT, N(GUID, ClassId), N(WSTRZ, VendorIds), N(WSTRZ, CompatibleIds), N(WSTRZ, LocationInformation),
};
static const struct layout_field device_recognized_v1[] = {
	SUBJECT, N(WSTRZ, DeviceId), N(WSTRZ, DeviceDescription), N(GUID, ClassId), N(WSTRZ, ClassName),
	N(WSTRZ, VendorIds), N(WSTRZ, CompatibleIds), N(WSTRZ, LocationInformation),
};

static const struct layout security_auditing_layouts[] = {
	L(4616, 0, log, LAYOUT_DASH, "SystemTimeChanged", system_time_changed_v0),
	L(4616, 1, log, LAYOUT_DASH | LAYOUT_BREAK, "SystemTimeChanged", system_time_changed_v1),
	L(4624, 0, logon, LAYOUT_DASH, "Logon", logon_v0),
	L(4624, 1, logon, LAYOUT_DASH, "Logon", logon_v1),
	L(4624, 2, logon, LAYOUT_DASH, "Logon", logon_v2),
	L(4624, 3, logon, LAYOUT_DASH | LAYOUT_BREAK, "Logon", logon_v3),
	L(4625, 0, logon_failed, LAYOUT_DASH, "LogonFailed", logon_failed_v0),
	L(4634, 0, log, LAYOUT_DASH, "Logoff", logoff_v0),
	L(4647, 0, log, LAYOUT_DASH, "UserInitiatedLogoff", user_initiated_logoff_v0),
	L(4648, 0, log, LAYOUT_DASH, "ExplicitCredentials", explicit_credentials_v0),
	L(4656, 0, log, LAYOUT_OBJECT | LAYOUT_DASH, "HandleRequested", handle_requested_v0),
	L(4656, 1, log, LAYOUT_OBJECT | LAYOUT_DASH | LAYOUT_BREAK, "HandleRequested", handle_requested_v1),
	L(4657, 0, reg_set_value, LAYOUT_REG_OPERATION | LAYOUT_DASH, "RegistryValueModified", registry_value_modified_v0),
	L(4660, 0, log, LAYOUT_DASH, "ObjectDeleted", object_deleted_v0),
	L(4663, 0, log, LAYOUT_OBJECT | LAYOUT_DASH, "ObjectAccess", object_access_v0),
	L(4663, 1, log, LAYOUT_OBJECT | LAYOUT_DASH, "ObjectAccess", object_access_v1),
	L(4670, 0, log, LAYOUT_DASH, "PermissionsChanged", permissions_changed_v0),
	L(4672, 0, log, LAYOUT_DASH, "SpecialPrivileges", special_privileges_v0),
	L(4673, 0, log, LAYOUT_DASH, "PrivilegedService", privileged_service_v0),
	L(4688, 0, process_start, LAYOUT_DASH, "ProcessCreated", process_created_v0),
	L(4688, 1, process_start, LAYOUT_DASH, "ProcessCreated", process_created_v1),
	L(4688, 2, process_start, LAYOUT_DASH, "ProcessCreated", process_created_v2),
	L(4689, 0, process_exit, LAYOUT_DASH, "ProcessExited", process_exited_v0),
	L(4697, 0, service_installed, LAYOUT_DASH, "ServiceInstalled", service_installed_v0),
	L(4697, 1, service_installed, LAYOUT_DASH, "ServiceInstalled", service_installed_v1),
	L(4698, 0, task_registered, LAYOUT_DASH, "TaskCreated", task_created_v0),
	L(4698, 1, task_registered, LAYOUT_DASH, "TaskCreated", task_created_v1),
	L(4699, 0, log, LAYOUT_DASH, "TaskDeleted", task_created_v0),
	L(4699, 1, log, LAYOUT_DASH, "TaskDeleted", task_created_v1),
	L(4700, 0, log, LAYOUT_DASH, "TaskEnabled", task_created_v0),
	L(4700, 1, log, LAYOUT_DASH, "TaskEnabled", task_created_v1),
	L(4701, 0, log, LAYOUT_DASH, "TaskDisabled", task_created_v0),
	L(4701, 1, log, LAYOUT_DASH, "TaskDisabled", task_created_v1),
	L(4702, 0, task_registered, LAYOUT_DASH, "TaskUpdated", task_updated_v0),
	L(4702, 1, task_registered, LAYOUT_DASH, "TaskUpdated", task_updated_v1),
	L(4703, 0, log, LAYOUT_DASH, "UserRightAdjusted", user_right_adjusted_v0),
	L(4719, 0, log, LAYOUT_DASH, "AuditPolicyChanged", audit_policy_changed_v0),
	L(4719, 1, log, LAYOUT_DASH, "AuditPolicyChanged", audit_policy_changed_v1),
	L(4720, 0, log, LAYOUT_DASH, "UserCreated", user_created_v0),
	L(4722, 0, log, LAYOUT_DASH, "UserEnabled", user_enabled_v0),
	L(4724, 0, log, LAYOUT_DASH, "PasswordReset", user_enabled_v0),
	L(4725, 0, log, LAYOUT_DASH, "UserDisabled", user_enabled_v0),
	L(4726, 0, log, LAYOUT_DASH, "UserDeleted", user_deleted_v0),
	L(4728, 0, log, LAYOUT_DASH, "GlobalGroupMemberAdded", global_group_member_added_v0),
	L(4728, 1, log, LAYOUT_DASH, "GlobalGroupMemberAdded", global_group_member_added_v1),
	L(4732, 0, log, LAYOUT_DASH, "LocalGroupMemberAdded", global_group_member_added_v0),
	L(4732, 1, log, LAYOUT_DASH, "LocalGroupMemberAdded", global_group_member_added_v1),
	L(4738, 0, log, LAYOUT_DASH, "UserChanged", user_changed_v0),
	L(4740, 0, log, LAYOUT_DASH, "UserLockedOut", user_enabled_v0),
	L(4756, 0, log, LAYOUT_DASH, "UniversalGroupMemberAdded", global_group_member_added_v0),
	L(4756, 1, log, LAYOUT_DASH, "UniversalGroupMemberAdded", global_group_member_added_v1),
	L(4768, 0, log, LAYOUT_DASH, "KerberosTgtRequested", kerberos_tgt_requested_v0),
	L(4768, 1, log, LAYOUT_DASH, "KerberosTgtRequested", kerberos_tgt_requested_v1),
	L(4768, 2, log, LAYOUT_DASH, "KerberosTgtRequested", kerberos_tgt_requested_v2),
	L(4769, 0, log, LAYOUT_DASH, "KerberosServiceTicketRequested", kerberos_service_ticket_requested_v0),
	L(4769, 1, log, LAYOUT_DASH, "KerberosServiceTicketRequested", kerberos_service_ticket_requested_v1),
	L(4769, 2, log, LAYOUT_DASH, "KerberosServiceTicketRequested", kerberos_service_ticket_requested_v2),
	L(4771, 0, log, LAYOUT_DASH, "KerberosPreAuthFailed", kerberos_pre_auth_failed_v0),
	L(4776, 0, log, LAYOUT_DASH, "CredentialsValidated", credentials_validated_v0),
	L(4778, 0, log, LAYOUT_DASH, "SessionReconnected", session_reconnected_v0),
	L(4779, 0, log, LAYOUT_DASH, "SessionDisconnected", session_reconnected_v0),
	L(4798, 0, log, LAYOUT_DASH, "UserGroupsEnumerated", user_groups_enumerated_v0),
	L(4799, 0, log, LAYOUT_DASH, "LocalGroupEnumerated", user_groups_enumerated_v0),
	L(5140, 0, log, LAYOUT_DASH, "ShareAccessed", share_accessed_v0),
	L(5140, 1, log, LAYOUT_DASH | LAYOUT_BREAK, "ShareAccessed", share_accessed_v1),
	L(5145, 0, log, LAYOUT_DASH, "ShareObjectChecked", share_object_checked_v0),
	L(5154, 0, log, LAYOUT_DASH, "ListenPermitted", listen_permitted_v0),
	L(5156, 0, net_connect, LAYOUT_DIRECTION | LAYOUT_DASH, "ConnectionPermitted", connection_permitted_v0),
	LB(5156, 1, net_connect, LAYOUT_DIRECTION | LAYOUT_DASH, "ConnectionPermitted", connection_permitted_v1, 0, 21999),
	LB(5156, 1, net_connect, LAYOUT_DIRECTION | LAYOUT_DASH, "ConnectionPermitted", connection_permitted_v1_id5156, 22000, 0),
	L(5157, 0, log, LAYOUT_DIRECTION | LAYOUT_DASH, "ConnectionBlocked", connection_permitted_v0),
	L(5157, 1, log, LAYOUT_DIRECTION | LAYOUT_DASH, "ConnectionBlocked", connection_permitted_v1),
	L(5157, 2, log, LAYOUT_DIRECTION | LAYOUT_DASH, "ConnectionBlocked", connection_blocked_v2),
	L(5157, 3, log, LAYOUT_DIRECTION | LAYOUT_DASH | LAYOUT_BREAK, "ConnectionBlocked", connection_blocked_v3),
	L(5158, 0, log, LAYOUT_DASH, "BindPermitted", listen_permitted_v0),
	L(5379, 0, log, LAYOUT_DASH, "CredentialsRead", credentials_read_v0),
	L(6416, 0, log, LAYOUT_DASH, "DeviceRecognized", device_recognized_v0),
	L(6416, 1, log, LAYOUT_DASH | LAYOUT_BREAK, "DeviceRecognized", device_recognized_v1),
};
/* clang-format on */

const struct provider provider_security_auditing = {
	.guid = GUID_INIT(0x54849625, 0x5478, 0x4994, 0xa5, 0xba, 0x3e, 0x3b, 0x03, 0x28, 0xc3, 0x0d),
	.name = "Microsoft-Windows-Security-Auditing",
	LAYOUT_TABLE(security_auditing_layouts)
};
