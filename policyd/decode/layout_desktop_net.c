/* Smaller manifest providers: LDAP client, RPC, WinINet, SMB server, Plug and Play, Win32k. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field search_v0[] = {
	N(U32, ScopeOfSearch), N(WSTRZ, SearchFilter), N(WSTRZ, DistinguishedName), N(WSTRZ, AttributeList),
	F(HEX32, ProcessId, PID),
};

static const struct layout ldap_client_layouts[] = {
	L(30, 0, log, 0, "Search", search_v0),
};

static const struct layout_field rpc_client_call_start_v1[] = {
	N(GUID, InterfaceUuid), N(U32, ProcNum), N(U32, Protocol), N(WSTRZ, NetworkAddress), N(WSTRZ, Endpoint),
	N(WSTRZ, Options), N(U32, AuthenticationLevel), N(U32, AuthenticationService), N(U32, ImpersonationLevel),
};
static const struct layout_field rpc_client_call_stop_v1[] = {
	F(U32, Status, STATUS),
};

static const struct layout rpc_layouts[] = {
	L(5, 1, log, 0, "RpcClientCallStart", rpc_client_call_start_v1),
	L(6, 1, log, 0, "RpcServerCallStart", rpc_client_call_start_v1),
	L(7, 1, log, 0, "RpcClientCallStop", rpc_client_call_stop_v1),
	L(8, 1, log, 0, "RpcServerCallStop", rpc_client_call_stop_v1),
};

static const struct layout_field usage_log_request_v0[] = {
	N(STRZ, URL), N(STRZ, Verb), N(STRZ, RequestHeaders), N(STRZ, ResponseHeaders), F(U32, Status, STATUS),
	N(U32, UsageLogRequestCache),
};

static const struct layout wininet_layouts[] = {
	L(1057, 0, log, 0, "UsageLogRequest", usage_log_request_v0),
};

static const struct layout_field smb2_session_auth_failure_v0[] = {
	N(GUID, SessionGUID), N(GUID, ConnectionGUID), F(U32, Status, STATUS),
};
static const struct layout_field smb2_session_auth_failure_v1[] = {
	N(GUID, SessionGUID), N(GUID, ConnectionGUID), F(HEX32, Status, STATUS), N(HEX32, TranslatedStatus),
	N(U32, ClientAddressLength), FLEN(BYTES, ClientAddress, REMOTE_SOCKADDR, 4), N(HEX64, SessionId),
	N(U16, UserNameLength), FLEN(WSTR_COUNTED, UserName, USER_NAME, 7), N(U16, ClientNameLength),
	FLEN(WSTR_COUNTED, ClientName, CLIENT_HOST, 9),
};
static const struct layout_field smb2_session_auth_failure_v2[] = {
	N(GUID, SessionGUID), N(GUID, ConnectionGUID), F(HEX32, Status, STATUS), N(HEX32, TranslatedStatus),
	N(U32, ClientAddressLength), FLEN(BYTES, ClientAddress, REMOTE_SOCKADDR, 4), N(HEX64, SessionId),
	N(U16, UserNameLength), FLEN(WSTR_COUNTED, UserName, USER_NAME, 7), N(U16, ClientNameLength),
	FLEN(WSTR_COUNTED, ClientName, CLIENT_HOST, 9), N(WSTRZ, SPN), N(U32, SPNValidationPolicy),
};
static const struct layout_field smb2_session_auth_failure_v3[] = {
	N(GUID, SessionGUID), N(GUID, ConnectionGUID), F(HEX32, Status, STATUS), N(HEX32, TranslatedStatus),
	N(U32, ClientAddressLength), FLEN(BYTES, ClientAddress, REMOTE_SOCKADDR, 4), N(HEX64, SessionId),
	N(U16, UserNameLength), FLEN(WSTR_COUNTED, UserName, USER_NAME, 7), N(U16, ClientNameLength),
	FLEN(WSTR_COUNTED, ClientName, CLIENT_HOST, 9), N(WSTRZ, SPN), N(U32, SPNValidationPolicy), N(U32, ReasonCode),
};
static const struct layout_field srv_share_access_check_failure_v0[] = {
	N(U16, ShareNameLength), FLEN(WSTR_COUNTED, ShareName, NONE, 0), N(U16, SharePathLength),
	FLEN(WSTR_COUNTED, SharePath, NONE, 2), N(U32, ClientAddressLength),
	FLEN(BYTES, ClientAddress, REMOTE_SOCKADDR, 4), N(U16, UserNameLength),
	FLEN(WSTR_COUNTED, UserName, USER_NAME, 6), N(U16, ClientNameLength),
	FLEN(WSTR_COUNTED, ClientName, CLIENT_HOST, 8), N(HEX32, MappedAccess), N(HEX32, GrantedAccess),
	N(U32, ShareSecurityDescriptorLength), FLEN(BYTES, ShareSecurityDescriptor, NONE, 12),
	F(HEX32, Status, STATUS), N(HEX32, TranslatedStatus), N(HEX64, SessionID),
};
static const struct layout_field srv_session_anonymous_access_denied_v0[] = {
	N(U32, ClientAddressLength), FLEN(BYTES, ClientAddress, REMOTE_SOCKADDR, 0), N(U16, ClientNameLength),
	FLEN(WSTR_COUNTED, ClientName, CLIENT_HOST, 2), N(HEX64, SessionId), N(GUID, SessionGUID),
	N(GUID, ConnectionGUID),
};

static const struct layout smb_server_layouts[] = {
	L(551, 0, log, 0, "Smb2SessionAuthFailure", smb2_session_auth_failure_v0),
	L(551, 1, log, 0, "Smb2SessionAuthFailure", smb2_session_auth_failure_v1),
	L(551, 2, log, 0, "Smb2SessionAuthFailure", smb2_session_auth_failure_v2),
	L(551, 3, log, 0, "Smb2SessionAuthFailure", smb2_session_auth_failure_v3),
	L(1006, 0, log, 0, "SrvShareAccessCheckFailure", srv_share_access_check_failure_v0),
	L(1009, 0, log, 0, "SrvSessionAnonymousAccessDenied", srv_session_anonymous_access_denied_v0),
};

static const struct layout_field device_configured_v0[] = {
	N(WSTRZ, DeviceInstanceId), N(WSTRZ, DriverName), N(GUID, ClassGuid), N(WSTRZ, DriverDate),
	N(WSTRZ, DriverVersion), N(WSTRZ, DriverProvider), N(BOOL32, DriverInbox), N(WSTRZ, DriverSection),
	N(HEX32, DriverRank), N(WSTRZ, MatchingDeviceId), N(WSTRZ, OutrankedDrivers), N(BOOL32, DeviceUpdated),
	F(HEX32, Status, STATUS), N(WSTRZ, ParentDeviceInstanceId),
};
static const struct layout_field device_configured_v1[] = {
	N(WSTRZ, DeviceInstanceId), N(WSTRZ, DriverName), N(GUID, ClassGuid), N(WSTRZ, DriverDate),
	N(WSTRZ, DriverVersion), N(WSTRZ, DriverProvider), N(BOOL32, DriverInbox), N(WSTRZ, DriverSection),
	N(HEX32, DriverRank), N(WSTRZ, MatchingDeviceId), N(WSTRZ, OutrankedDrivers), N(BOOL32, DeviceUpdated),
	F(HEX32, Status, STATUS), N(WSTRZ, ParentDeviceInstanceId), N(WSTRZ, DriverPackageId),
};
static const struct layout_field device_started_v0[] = {
	N(WSTRZ, DeviceInstanceId), N(WSTRZ, DriverName), N(GUID, ClassGuid), F(WSTRZ, ServiceName, SERVICE_NAME),
	N(WSTRZ, LowerFilters), N(WSTRZ, UpperFilters), N(HEX32, Problem), F(HEX32, Status, STATUS),
};
static const struct layout_field device_deleted_v0[] = {
	N(WSTRZ, DeviceInstanceId), N(GUID, ClassGuid), N(HEX32, Problem), F(HEX32, Status, STATUS),
};

static const struct layout kernel_pnp_layouts[] = {
	L(400, 0, log, 0, "DeviceConfigured", device_configured_v0),
	L(400, 1, log, 0, "DeviceConfigured", device_configured_v1),
	L(410, 0, log, 0, "DeviceStarted", device_started_v0),
	L(411, 0, log, 0, "DeviceStartFailed", device_started_v0),
	L(420, 0, log, 0, "DeviceDeleted", device_deleted_v0),
};

static const struct layout_field set_windows_hook_v0[] = {
	N(U32, FilterType), N(WSTRZ, pstrLib), N(PTR, hmod), N(PTR, pfnFilterProc), N(U32, ReturnValue),
};
static const struct layout_field get_async_key_state_v0[] = {
	F(U32, PID, PID), N(U32, MsSinceLastKeyEvent), N(U32, BackgroundCallCount),
};

static const struct layout win32k_layouts[] = {
	L(1002, 0, log, 0, "SetWindowsHook", set_windows_hook_v0),
	L(1003, 0, log, 0, "GetAsyncKeyState", get_async_key_state_v0),
};
/* clang-format on */

const struct provider provider_ldap_client = {
	.guid = GUID_INIT(0x099614a5, 0x5dd7, 0x4788, 0x8b, 0xc9, 0xe2, 0x9f, 0x43, 0xdb, 0x28, 0xfc),
	.name = "Microsoft-Windows-LDAP-Client",
	LAYOUT_TABLE(ldap_client_layouts)
};

const struct provider provider_rpc = {
	.guid = GUID_INIT(0x6ad52b32, 0xd609, 0x4be9, 0xae, 0x07, 0xce, 0x8d, 0xae, 0x93, 0x7e, 0x39),
	.name = "Microsoft-Windows-RPC",
	LAYOUT_TABLE(rpc_layouts)
};

const struct provider provider_wininet = {
	.guid = GUID_INIT(0x43d1a55c, 0x76d6, 0x4f7e, 0x99, 0x5c, 0x64, 0xc7, 0x11, 0xe5, 0xca, 0xfe),
	.name = "Microsoft-Windows-WinINet",
	LAYOUT_TABLE(wininet_layouts)
};

const struct provider provider_smb_server = {
	.guid = GUID_INIT(0xd48ce617, 0x33a2, 0x4bc3, 0xa5, 0xc7, 0x11, 0xaa, 0x4f, 0x29, 0x61, 0x9e),
	.name = "Microsoft-Windows-SMBServer",
	LAYOUT_TABLE(smb_server_layouts)
};

const struct provider provider_kernel_pnp = {
	.guid = GUID_INIT(0x9c205a39, 0x1250, 0x487d, 0xab, 0xd7, 0xe8, 0x31, 0xc6, 0x29, 0x05, 0x39),
	.name = "Microsoft-Windows-Kernel-PnP",
	LAYOUT_TABLE(kernel_pnp_layouts)
};

const struct provider provider_win32k = {
	.guid = GUID_INIT(0x8c416c79, 0xd49b, 0x4f01, 0xa4, 0x67, 0xe5, 0x6d, 0x3a, 0xa8, 0x23, 0x4c),
	.name = "Microsoft-Windows-Win32k",
	LAYOUT_TABLE(win32k_layouts)
};
