/* Microsoft-Windows-WMI-Activity. Event 11 grew in build 17134 without a new version. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field operation_start_v0[] = {
	N(WSTRZ, CorrelationId), N(U32, GroupOperationId), N(U32, OperationId), F(WSTRZ, Operation, WMI_OPERATION),
	F(WSTRZ, ClientMachine, CLIENT_HOST), F(WSTRZ, User, USER_NAME), F(U32, ClientProcessId, CLIENT_PID),
	F(WSTRZ, NamespaceName, WMI_NAMESPACE),
};
static const struct layout_field operation_start_v0_id11[] = {
	N(WSTRZ, CorrelationId), N(U32, GroupOperationId), N(U32, OperationId), F(WSTRZ, Operation, WMI_OPERATION),
	F(WSTRZ, ClientMachine, CLIENT_HOST), N(WSTRZ, ClientMachineFQDN), F(WSTRZ, User, USER_NAME),
	F(U32, ClientProcessId, CLIENT_PID), N(U64, ClientProcessCreationTime), F(WSTRZ, NamespaceName, WMI_NAMESPACE),
	N(BOOL32, IsLocal),
};
static const struct layout_field provider_operation_start_v0[] = {
	N(U32, GroupOperationId), F(WSTRZ, Operation, WMI_OPERATION), N(U32, HostId), N(WSTRZ, ProviderName),
	N(WSTRZ, ProviderGuid), N(WSTRZ, Path),
};
static const struct layout_field operation_stop_v0[] = {
	N(U32, OperationId), F(HEX32, ResultCode, STATUS),
};
static const struct layout_field method_executed_v0[] = {
	N(WSTRZ, CorrelationId), N(U32, GroupOperationId), N(U32, OperationId), N(WSTRZ, ClassName),
	F(WSTRZ, MethodName, WMI_OPERATION), N(WSTRZ, ImplementationClass), F(WSTRZ, ClientMachine, CLIENT_HOST),
	N(WSTRZ, ClientMachineFQDN), F(WSTRZ, User, USER_NAME), F(U32, ClientProcessId, CLIENT_PID),
	N(U64, ClientProcessCreationTime), F(WSTRZ, NamespaceName, WMI_NAMESPACE), N(BOOL32, IsLocal),
};
static const struct layout_field process_created_v0[] = {
	N(WSTRZ, CorrelationId), N(U32, GroupOperationId), N(U32, OperationId), F(WSTRZ, Commandline, CMDLINE),
	F(U32, CreatedProcessId, TARGET_PID), N(U64, CreatedProcessCreationTime), F(WSTRZ, ClientMachine, CLIENT_HOST),
	N(WSTRZ, ClientMachineFQDN), F(WSTRZ, User, USER_NAME), F(U32, ClientProcessId, CLIENT_PID),
	N(U64, ClientProcessCreationTime), N(BOOL32, IsLocal),
};
static const struct layout_field event_query_v0[] = {
	N(U32, GroupOperationId), F(WSTRZ, Query, WMI_OPERATION), F(WSTRZ, NamespaceName, WMI_NAMESPACE),
};
static const struct layout_field provider_started_v0[] = {
	N(WSTRZ, ProviderName), F(HEX32, Code, STATUS), F(WSTRZ, HostProcess, IMAGE_NAME), F(U32, ProcessID, PID),
	F(WSTRZ, ProviderPath, MODULE_PATH),
};
static const struct layout_field operation_failed_v0[] = {
	N(WSTRZ, Id), F(WSTRZ, ClientMachine, CLIENT_HOST), F(WSTRZ, User, USER_NAME),
	F(U32, ClientProcessId, CLIENT_PID), N(WSTRZ, Component), F(WSTRZ, Operation, WMI_OPERATION),
	F(HEX32, ResultCode, STATUS), N(WSTRZ, PossibleCause),
};
static const struct layout_field event_provider_started_v0[] = {
	F(WSTRZ, NamespaceName, WMI_NAMESPACE), F(WSTRZ, Query, WMI_OPERATION), F(WSTRZ, User, USER_NAME),
	F(U32, processid, CLIENT_PID), N(WSTRZ, providerName), N(U32, queryid), N(WSTRZ, PossibleCause),
};
static const struct layout_field temporary_consumer_v0[] = {
	F(WSTRZ, NamespaceName, WMI_NAMESPACE), F(WSTRZ, Query, WMI_OPERATION), F(WSTRZ, User, USER_NAME),
	F(U32, processid, CLIENT_PID), F(WSTRZ, MachineName, CLIENT_HOST), N(WSTRZ, PossibleCause),
};
static const struct layout_field permanent_consumer_v0[] = {
	F(WSTRZ, Namespace, WMI_NAMESPACE), F(WSTRZ, ESS, WMI_FILTER), F(WSTRZ, CONSUMER, WMI_CONSUMER),
	N(WSTRZ, PossibleCause),
};

static const struct layout wmi_activity_layouts[] = {
	LB(11, 0, wmi_activity, 0, "OperationStart", operation_start_v0, 0, 17133),
	LB(11, 0, wmi_activity, 0, "OperationStart", operation_start_v0_id11, 17134, 0),
	L(12, 0, log, 0, "ProviderOperationStart", provider_operation_start_v0),
	L(13, 0, log, 0, "OperationStop", operation_stop_v0),
	L(22, 0, wmi_activity, 0, "MethodExecuted", method_executed_v0),
	L(23, 0, wmi_activity, 0, "ProcessCreated", process_created_v0),
	L(24, 0, log, 0, "EventQuery", event_query_v0),
	L(5857, 0, wmi_activity, 0, "ProviderStarted", provider_started_v0),
	L(5858, 0, wmi_activity, 0, "OperationFailed", operation_failed_v0),
	L(5859, 0, wmi_activity, 0, "EventProviderStarted", event_provider_started_v0),
	L(5860, 0, wmi_activity, 0, "TemporaryConsumer", temporary_consumer_v0),
	L(5861, 0, wmi_activity, 0, "PermanentConsumer", permanent_consumer_v0),
};
/* clang-format on */

const struct provider provider_wmi_activity = {
	.guid = GUID_INIT(0x1418ef04, 0xb0b4, 0x4623, 0xbf, 0x7e, 0xd7, 0x4a, 0xb4, 0x7b, 0xbd, 0xaa),
	.name = "Microsoft-Windows-WMI-Activity",
	LAYOUT_TABLE(wmi_activity_layouts)
};
