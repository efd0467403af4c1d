/* Kernel MOF class Registry. KeyHandle is a key control block: in create and open the one that KeyName is relative to;
 * KeyName of value operations (14, 15, 16) is the value's name; 22, 24 and 25 tell the path of a control block. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field registry_v0_group1[] = {
	F(PTR, Status, STATUS), F(PTR, KeyHandle, BASE_OBJECT), N(I64, ElapsedTime), F(WSTRZ, KeyName, KEY_NAME),
};
static const struct layout_field registry_v1_group1[] = {
	F(PTR, Status, STATUS), F(PTR, KeyHandle, BASE_OBJECT), N(I64, ElapsedTime), N(U32, Index),
	F(WSTRZ, KeyName, KEY_NAME),
};
static const struct layout_field registry_group1[] = {
	N(I64, InitialTime), F(U32, Status, STATUS), N(U32, Index), F(PTR, KeyHandle, BASE_OBJECT),
	F(WSTRZ, KeyName, KEY_NAME),
};
static const struct layout_field registry_v0_group1_id12[] = {
	F(PTR, Status, STATUS), F(PTR, KeyHandle, KEY_OBJECT), N(I64, ElapsedTime), F(WSTRZ, KeyName, KEY_NAME),
};
static const struct layout_field registry_v1_group1_id12[] = {
	F(PTR, Status, STATUS), F(PTR, KeyHandle, KEY_OBJECT), N(I64, ElapsedTime), N(U32, Index),
	F(WSTRZ, KeyName, KEY_NAME),
};
static const struct layout_field registry_group1_id12[] = {
	N(I64, InitialTime), F(U32, Status, STATUS), N(U32, Index), F(PTR, KeyHandle, KEY_OBJECT),
	F(WSTRZ, KeyName, KEY_NAME),
};
static const struct layout_field registry_v0_group1_id14[] = {
	F(PTR, Status, STATUS), F(PTR, KeyHandle, KEY_OBJECT), N(I64, ElapsedTime), F(WSTRZ, KeyName, VALUE_NAME),
};
static const struct layout_field registry_v1_group1_id14[] = {
	F(PTR, Status, STATUS), F(PTR, KeyHandle, KEY_OBJECT), N(I64, ElapsedTime), N(U32, Index),
	F(WSTRZ, KeyName, VALUE_NAME),
};
static const struct layout_field registry_group1_id14[] = {
	N(I64, InitialTime), F(U32, Status, STATUS), N(U32, Index), F(PTR, KeyHandle, KEY_OBJECT),
	F(WSTRZ, KeyName, VALUE_NAME),
};
static const struct layout_field registry_tx_r[] = {
	N(GUID, TxrGUID), F(U32, Status, STATUS), N(U32, UowCount), N(U64, OperationTime), N(WSTRZ, Hive),
};
static const struct layout_field registry_counters[] = {
	N(U64, Counter1), N(U64, Counter2), N(U64, Counter3), N(U64, Counter4), N(U64, Counter5), N(U64, Counter6),
	N(U64, Counter7), N(U64, Counter8), N(U64, Counter9), N(U64, Counter10), N(U64, Counter11),
};
static const struct layout_field registry_config[] = {
	N(U32, CurrentControlSet),
};
static const struct layout_field registry_hive_initialize[] = {
	N(PTR, Hive), N(U32, OperationType), N(U32, PoolTag), N(U32, Size), N(WSTRZ, FileName),
};
static const struct layout_field registry_hive_destroy[] = {
	N(PTR, Hive), N(WSTRZ, FileName), N(WSTRZ, Path),
};
static const struct layout_field registry_hive_link[] = {
	N(PTR, Hive), N(WSTRZ, Path),
};
static const struct layout_field registry_hive_rundown[] = {
	N(U64, Size), N(PTR, Hive), N(U32, LoadedKeyCount), N(WSTRZ, FileName), N(WSTRZ, LinkPath),
};
static const struct layout_field registry_hive_dirty[] = {
	N(PTR, Hive), N(WSTRZ, LinkPath), N(U32, DirtyReason),
};
static const struct layout_field registry_change_notification[] = {
	N(PTR, Notification), N(PTR, KeyHandle), N(U8, Type), N(U8, WatchSubtree), N(U8, Primary),
};

static const struct layout classic_registry_layouts[] = {
	L(10, 0, reg_create_key, 0, "Create", registry_v0_group1),
	L(10, 1, reg_create_key, LAYOUT_BREAK, "Create", registry_v1_group1),
	L(10, 2, reg_create_key, LAYOUT_BREAK, "Create", registry_group1),
	L(11, 0, reg_open_key, 0, "Open", registry_v0_group1),
	L(11, 1, reg_open_key, LAYOUT_BREAK, "Open", registry_v1_group1),
	L(11, 2, reg_open_key, LAYOUT_BREAK, "Open", registry_group1),
	L(12, 0, reg_delete_key, 0, "Delete", registry_v0_group1_id12),
	L(12, 1, reg_delete_key, LAYOUT_BREAK, "Delete", registry_v1_group1_id12),
	L(12, 2, reg_delete_key, LAYOUT_BREAK, "Delete", registry_group1_id12),
	L(13, 0, NONE, 0, "Query", registry_v0_group1_id12),
	L(13, 1, NONE, LAYOUT_BREAK, "Query", registry_v1_group1_id12),
	L(13, 2, NONE, LAYOUT_BREAK, "Query", registry_group1_id12),
	L(14, 0, reg_set_value, 0, "SetValue", registry_v0_group1_id14),
	L(14, 1, reg_set_value, LAYOUT_BREAK, "SetValue", registry_v1_group1_id14),
	L(14, 2, reg_set_value, LAYOUT_BREAK, "SetValue", registry_group1_id14),
	L(15, 0, reg_delete_value, 0, "DeleteValue", registry_v0_group1_id14),
	L(15, 1, reg_delete_value, LAYOUT_BREAK, "DeleteValue", registry_v1_group1_id14),
	L(15, 2, reg_delete_value, LAYOUT_BREAK, "DeleteValue", registry_group1_id14),
	L(16, 0, NONE, 0, "QueryValue", registry_v0_group1_id14),
	L(16, 1, NONE, LAYOUT_BREAK, "QueryValue", registry_v1_group1_id14),
	L(16, 2, NONE, LAYOUT_BREAK, "QueryValue", registry_group1_id14),
	L(17, 0, NONE, 0, "EnumerateKey", registry_v0_group1_id12),
	L(17, 1, NONE, LAYOUT_BREAK, "EnumerateKey", registry_v1_group1_id12),
	L(17, 2, NONE, LAYOUT_BREAK, "EnumerateKey", registry_group1_id12),
	L(18, 0, NONE, 0, "EnumerateValueKey", registry_v0_group1_id12),
	L(18, 1, NONE, LAYOUT_BREAK, "EnumerateValueKey", registry_v1_group1_id12),
	L(18, 2, NONE, LAYOUT_BREAK, "EnumerateValueKey", registry_group1_id12),
	L(19, 0, NONE, 0, "QueryMultipleValue", registry_v0_group1_id12),
	L(19, 1, NONE, LAYOUT_BREAK, "QueryMultipleValue", registry_v1_group1_id12),
	L(19, 2, NONE, LAYOUT_BREAK, "QueryMultipleValue", registry_group1_id12),
	L(20, 0, NONE, 0, "SetInformation", registry_v0_group1_id12),
	L(20, 1, NONE, LAYOUT_BREAK, "SetInformation", registry_v1_group1_id12),
	L(20, 2, NONE, LAYOUT_BREAK, "SetInformation", registry_group1_id12),
	L(21, 0, NONE, 0, "Flush", registry_v0_group1_id12),
	L(21, 1, NONE, LAYOUT_BREAK, "Flush", registry_v1_group1_id12),
	L(21, 2, NONE, LAYOUT_BREAK, "Flush", registry_group1_id12),
	L(22, 1, NONE, 0, "KCBCreate", registry_v1_group1_id12),
	L(22, 2, NONE, LAYOUT_BREAK, "KCBCreate", registry_group1_id12),
	L(23, 2, NONE, 0, "KCBDelete", registry_group1_id12),
	L(24, 2, NONE, LAYOUT_RUNDOWN, "KCBRundownBegin", registry_group1_id12),
	L(25, 2, NONE, LAYOUT_RUNDOWN, "KCBRundownEnd", registry_group1_id12),
	L(26, 2, NONE, 0, "Virtualize", registry_group1_id12),
	L(27, 2, NONE, 0, "Close", registry_group1_id12),
	L(28, 2, NONE, 0, "SetSecurity", registry_group1_id12),
	L(29, 2, NONE, 0, "QuerySecurity", registry_group1_id12),
	L(30, 2, NONE, 0, "Registry_TxR", registry_tx_r),
	L(31, 2, NONE, 0, "Registry_TxR", registry_tx_r),
	L(32, 2, NONE, 0, "Registry_TxR", registry_tx_r),
	L(34, 2, NONE, 0, "Registry_Counters", registry_counters),
	L(35, 2, NONE, 0, "Registry_Config", registry_config),
	L(36, 2, NONE, 0, "Registry_HiveInitialize", registry_hive_initialize),
	L(37, 2, NONE, 0, "Registry_HiveDestroy", registry_hive_destroy),
	L(38, 2, NONE, 0, "Registry_HiveLink", registry_hive_link),
	L(39, 2, NONE, 0, "Registry_HiveRundown", registry_hive_rundown),
	L(40, 2, NONE, 0, "Registry_HiveDirty", registry_hive_dirty),
	L(48, 2, NONE, 0, "Registry_ChangeNotification", registry_change_notification),
};
/* clang-format on */

const struct provider provider_classic_registry = {
	.guid = GUID_INIT(0xae53722e, 0xc863, 0x11d2, 0x86, 0x59, 0x00, 0xc0, 0x4f, 0xa3, 0x21, 0xa1),
	.name = "MSNT_SystemTrace/Registry",
	.classic = true,
	LAYOUT_TABLE(classic_registry_layouts)
};
