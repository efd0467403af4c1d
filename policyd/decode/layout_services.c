/* Task Scheduler, Services (the provider inside services.exe) and Service Control Manager (the System log).
 * 7036 and 7040 say names of parameters only: 7036 param1 service, param2 new state; 7040 param1 display name, param2 old
 * and param3 new start type, param4 service. 200 starts an action of any kind, 129 a process only. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field task_started_v0[] = {
	F(WSTRZ, TaskName, TASK_NAME), F(WSTRZ, UserContext, TASK_USER), N(GUID, InstanceId),
};
static const struct layout_field task_registered_v0[] = {
	F(WSTRZ, TaskName, TASK_NAME), F(WSTRZ, UserContext, TASK_USER),
};
static const struct layout_field task_triggered_by_user_v0[] = {
	F(WSTRZ, TaskName, TASK_NAME), N(GUID, InstanceId), F(WSTRZ, UserContext, TASK_USER),
};
static const struct layout_field task_triggered_on_logon_v0[] = {
	F(WSTRZ, TaskName, TASK_NAME), F(WSTRZ, UserName, TASK_USER), N(GUID, InstanceId),
};
static const struct layout_field task_process_created_v0[] = {
	F(WSTRZ, TaskName, TASK_NAME), F(WSTRZ, Path, TASK_ACTION), F(U32, ProcessID, TARGET_PID), N(U32, Priority),
};
static const struct layout_field task_updated_v0[] = {
	F(WSTRZ, TaskName, TASK_NAME), F(WSTRZ, UserName, TASK_USER),
};
static const struct layout_field action_started_v0[] = {
	F(WSTRZ, TaskName, TASK_NAME), F(WSTRZ, ActionName, TASK_ACTION), N(GUID, TaskInstanceId),
};
static const struct layout_field action_started_v1[] = {
	F(WSTRZ, TaskName, TASK_NAME), F(WSTRZ, ActionName, TASK_ACTION), N(GUID, TaskInstanceId), N(U32, EnginePID),
};
static const struct layout_field action_completed_v1[] = {
	F(WSTRZ, TaskName, TASK_NAME), N(GUID, TaskInstanceId), F(WSTRZ, ActionName, TASK_ACTION),
	F(U32, ResultCode, STATUS),
};
static const struct layout_field action_completed_v2[] = {
	F(WSTRZ, TaskName, TASK_NAME), N(GUID, TaskInstanceId), F(WSTRZ, ActionName, TASK_ACTION),
	F(U32, ResultCode, STATUS), N(U32, EnginePID),
};

static const struct layout task_scheduler_layouts[] = {
	L(100, 0, log, 0, "TaskStarted", task_started_v0),
	L(102, 0, log, 0, "TaskCompleted", task_started_v0),
	L(106, 0, task_registered, 0, "TaskRegistered", task_registered_v0),
	L(110, 0, log, 0, "TaskTriggeredByUser", task_triggered_by_user_v0),
	L(119, 0, log, 0, "TaskTriggeredOnLogon", task_triggered_on_logon_v0),
	L(129, 0, log, 0, "TaskProcessCreated", task_process_created_v0),
	L(140, 0, task_registered, 0, "TaskUpdated", task_updated_v0),
	L(141, 0, log, 0, "TaskDeleted", task_updated_v0),
	L(142, 0, log, 0, "TaskDisabled", task_updated_v0),
	L(200, 0, task_run, 0, "ActionStarted", action_started_v0),
	L(200, 1, task_run, 0, "ActionStarted", action_started_v1),
	L(201, 0, log, 0, "ActionCompleted", action_started_v0),
	L(201, 1, log, LAYOUT_BREAK, "ActionCompleted", action_completed_v1),
	L(201, 2, log, 0, "ActionCompleted", action_completed_v2),
};

static const struct layout_field service_status_change_v0[] = {
	N(U32, ExecutionPhase), F(U32, CurrentState, SERVICE_STATE), F(U32, StartType, SERVICE_START),
	F(U32, PID, PID), F(WSTRZ, ServiceName, SERVICE_NAME), F(WSTRZ, ImageName, SERVICE_PATH),
};
static const struct layout_field send_control_v0[] = {
	F(WSTRZ, ServiceName, SERVICE_NAME), N(WSTRZ, DisplayName), N(U32, ControlCode),
	F(U64, ClientProcessStartKey, CLIENT_START_KEY), F(U32, ClientProcessId, CLIENT_PID), N(U32, ParentProcessId),
};
static const struct layout_field service_config_change_v0[] = {
	F(WSTRZ, ServiceName, SERVICE_NAME), F(U32, NewStartType, SERVICE_START),
	F(U64, ClientProcessStartKey, CLIENT_START_KEY), F(U32, ClientProcessId, CLIENT_PID), N(U32, ParentProcessId),
};
static const struct layout_field service_config_value_change_v0[] = {
	F(WSTRZ, ServiceName, SERVICE_NAME), F(WSTRZ, NewValueName, SERVICE_STATE),
	F(U64, ClientProcessStartKey, CLIENT_START_KEY), F(U32, ClientProcessId, CLIENT_PID), N(U32, ParentProcessId),
};
static const struct layout_field service_start_v0[] = {
	F(WSTRZ, ServiceName, SERVICE_NAME), N(WSTRZ, ServiceHostName),
	F(U64, ClientProcessStartKey, CLIENT_START_KEY), F(U32, ClientProcessId, CLIENT_PID), N(U32, ParentProcessId),
};
static const struct layout_field service_properties_v0[] = {
	F(WSTRZ, ServiceName, SERVICE_NAME), N(WSTRZ, LoadOrderGroup), N(WSTRZ, SvchostGroup), N(BOOL32, IsCritical),
	N(BOOL32, IsUserService), N(BOOL32, IsOwnProcess), F(U64, ClientProcessStartKey, CLIENT_START_KEY),
	F(U32, ClientProcessId, CLIENT_PID), N(U32, ParentProcessId),
};

static const struct layout services_layouts[] = {
	L(105, 0, service_changed, 0, "ServiceStatusChange", service_status_change_v0),
	L(200, 0, log, 0, "SendControl", send_control_v0),
	L(201, 0, service_changed, 0, "ServiceConfigChange", service_config_change_v0),
	L(202, 0, service_changed, 0, "ServiceConfigValueChange", service_config_value_change_v0),
	L(203, 0, service_changed, 0, "ServiceConfigValueChange", service_config_value_change_v0),
	L(204, 0, log, 0, "ServiceStart", service_start_v0),
	L(205, 0, log, 0, "ServiceProperties", service_properties_v0),
};

static const struct layout_field service_crashed_v0[] = {
	F(WSTRZ, param1, SERVICE_NAME), N(WSTRZ, param2), N(U32, __binLength), FLEN(BYTES, BinaryData, NONE, 2),
};
static const struct layout_field control_sent_v0[] = {
	F(WSTRZ, param1, SERVICE_NAME), F(WSTRZ, param2, SERVICE_STATE),
};
static const struct layout_field state_changed_v0[] = {
	F(WSTRZ, param1, SERVICE_NAME), F(WSTRZ, param2, SERVICE_STATE), N(U32, __binLength),
	FLEN(BYTES, BinaryData, NONE, 2),
};
static const struct layout_field start_type_changed_v0[] = {
	N(WSTRZ, param1), N(WSTRZ, param2), F(WSTRZ, param3, SERVICE_START), F(WSTRZ, param4, SERVICE_NAME),
};
static const struct layout_field service_installed_v0[] = {
	F(WSTRZ, ServiceName, SERVICE_NAME), F(WSTRZ, ImagePath, SERVICE_PATH), F(WSTRZ, ServiceType, SERVICE_TYPE),
	F(WSTRZ, StartType, SERVICE_START), F(WSTRZ, AccountName, SERVICE_ACCOUNT),
};

static const struct layout service_control_manager_layouts[] = {
	L(7034, 0, log, 0, "ServiceCrashed", service_crashed_v0),
	L(7035, 0, log, 0, "ControlSent", control_sent_v0),
	L(7036, 0, service_changed, 0, "StateChanged", state_changed_v0),
	L(7040, 0, service_changed, 0, "StartTypeChanged", start_type_changed_v0),
	L(7045, 0, service_installed, 0, "ServiceInstalled", service_installed_v0),
};
/* clang-format on */

const struct provider provider_task_scheduler = {
	.guid = GUID_INIT(0xde7b24ea, 0x73c8, 0x4a09, 0x98, 0x5d, 0x5b, 0xda, 0xdc, 0xfa, 0x90, 0x17),
	.name = "Microsoft-Windows-TaskScheduler",
	LAYOUT_TABLE(task_scheduler_layouts)
};

const struct provider provider_services = {
	.guid = GUID_INIT(0x0063715b, 0xeeda, 0x4007, 0x94, 0x29, 0xad, 0x52, 0x6f, 0x62, 0x69, 0x6e),
	.name = "Microsoft-Windows-Services",
	LAYOUT_TABLE(services_layouts)
};

const struct provider provider_service_control_manager = {
	.guid = GUID_INIT(0x555908d1, 0xa6d7, 0x4695, 0x8e, 0x1e, 0x26, 0x93, 0x1d, 0x20, 0x12, 0xf4),
	.name = "Service Control Manager",
	LAYOUT_TABLE(service_control_manager_layouts)
};
