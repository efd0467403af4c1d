/* Microsoft-Windows-Kernel-Registry. KeyName is usually empty: KeyObject joins with the event that opened the key.
 * CapturedData is empty unless the session asked for it. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field create_key_v0[] = {
	F(PTR, BaseObject, BASE_OBJECT), F(PTR, KeyObject, KEY_OBJECT), F(U32, Status, STATUS),
	F(U32, Disposition, DISPOSITION), F(WSTRZ, BaseName, KEY_BASE_NAME), F(WSTRZ, RelativeName, KEY_NAME),
};
static const struct layout_field delete_key_v0[] = {
	F(PTR, KeyObject, KEY_OBJECT), F(U32, Status, STATUS), F(WSTRZ, KeyName, KEY_NAME),
};
static const struct layout_field query_key_v0[] = {
	F(PTR, KeyObject, KEY_OBJECT), F(U32, Status, STATUS), N(U32, InfoClass), N(U32, DataSize),
	F(WSTRZ, KeyName, KEY_NAME), N(U16, CapturedDataSize), FLEN(BYTES, CapturedData, NONE, 5),
};
static const struct layout_field set_value_key_v0[] = {
	F(PTR, KeyObject, KEY_OBJECT), F(U32, Status, STATUS), F(U32, Type, DATA_TYPE), F(U32, DataSize, DATA_SIZE),
	F(WSTRZ, KeyName, KEY_NAME), F(WSTRZ, ValueName, VALUE_NAME), N(U16, CapturedDataSize),
	FLEN(BYTES, CapturedData, DATA, 6), N(U32, PreviousDataType), N(U32, PreviousDataSize),
	N(U16, PreviousDataCapturedSize), FLEN(BYTES, PreviousData, PREVIOUS_DATA, 10),
};
static const struct layout_field delete_value_key_v0[] = {
	F(PTR, KeyObject, KEY_OBJECT), F(U32, Status, STATUS), F(WSTRZ, KeyName, KEY_NAME),
	F(WSTRZ, ValueName, VALUE_NAME),
};
static const struct layout_field query_value_key_v0[] = {
	F(PTR, KeyObject, KEY_OBJECT), F(U32, Status, STATUS), N(U32, InfoClass), N(U32, DataSize),
	F(WSTRZ, KeyName, KEY_NAME), F(WSTRZ, ValueName, VALUE_NAME), N(U16, CapturedDataSize),
	FLEN(BYTES, CapturedData, NONE, 6),
};
static const struct layout_field enumerate_key_v0[] = {
	F(PTR, KeyObject, KEY_OBJECT), F(U32, Status, STATUS), N(U32, Index), N(U32, InfoClass), N(U32, DataSize),
	F(WSTRZ, KeyName, KEY_NAME), N(U16, CapturedDataSize), FLEN(BYTES, CapturedData, NONE, 6),
};
static const struct layout_field query_multiple_value_key_v0[] = {
	F(PTR, KeyObject, KEY_OBJECT), F(U32, Status, STATUS), N(U32, EntryCount), N(U32, DataSize),
	F(WSTRZ, KeyName, KEY_NAME),
};
static const struct layout_field hive_mount_base_file_mounted_v0[] = {
	N(WSTRZ, HiveFilePath), N(U32, FileSize),
};
static const struct layout_field hive_mount_log_entry_applied_v0[] = {
	N(U32, TotalEntrySize), N(U32, BytesRecovered),
};
static const struct layout_field hive_mount_stop_v0[] = {
	N(HEX32, StatusCode),
};
static const struct layout_field hive_unload_start_v0[] = {
	N(WSTRZ, HiveFilePath), N(WSTRZ, HiveMountPoint),
};
static const struct layout_field hive_flush_start_v0[] = {
	N(WSTRZ, HiveFilePath), N(WSTRZ, HiveMountPoint), N(HEX32, FlushFlags),
};
static const struct layout_field hive_flush_gathered_log_data_v0[] = {
	N(U32, BytesGathered),
};
static const struct layout_field hive_flush_wrote_log_file_v0[] = {
	N(U32, WritesIssued), N(U32, BytesWritten),
};
static const struct layout_field hive_load_start_v0[] = {
	N(WSTRZ, SourceFile), N(HEX32, Flags),
};
static const struct layout_field hive_save_start_v0[] = {
	N(WSTRZ, SourceKeyPath),
};

static const struct layout kernel_registry_layouts[] = {
	L(1, 0, reg_create_key, 0, "CreateKey", create_key_v0),
	L(2, 0, reg_open_key, 0, "OpenKey", create_key_v0),
	L(3, 0, reg_delete_key, 0, "DeleteKey", delete_key_v0),
	L(4, 0, NONE, 0, "QueryKey", query_key_v0),
	L(5, 0, reg_set_value, 0, "SetValueKey", set_value_key_v0),
	L(6, 0, reg_delete_value, 0, "DeleteValueKey", delete_value_key_v0),
	L(7, 0, NONE, 0, "QueryValueKey", query_value_key_v0),
	L(8, 0, NONE, 0, "EnumerateKey", enumerate_key_v0),
	L(9, 0, NONE, 0, "EnumerateValueKey", enumerate_key_v0),
	L(10, 0, NONE, 0, "QueryMultipleValueKey", query_multiple_value_key_v0),
	L(11, 0, NONE, 0, "SetInformationKey", query_key_v0),
	L(12, 0, NONE, 0, "FlushKey", delete_key_v0),
	L(13, 0, NONE, 0, "CloseKey", delete_key_v0),
	L(14, 0, NONE, 0, "QuerySecurityKey", delete_key_v0),
	L(15, 0, NONE, 0, "SetSecurityKey", delete_key_v0),
	LEMPTY(16, 0, NONE, 0, "HiveMountStart"),
	L(17, 0, NONE, 0, "HiveMountBaseFileMounted", hive_mount_base_file_mounted_v0),
	L(18, 0, NONE, 0, "HiveMountLogEntryApplied", hive_mount_log_entry_applied_v0),
	L(19, 0, NONE, 0, "HiveMountStop", hive_mount_stop_v0),
	L(20, 0, NONE, 0, "HiveUnloadStart", hive_unload_start_v0),
	L(21, 0, NONE, 0, "HiveUnloadStop", hive_mount_stop_v0),
	L(22, 0, NONE, 0, "HiveFlushStart", hive_flush_start_v0),
	LEMPTY(23, 0, NONE, 0, "HiveFlushBecameActiveFlusher"),
	L(24, 0, NONE, 0, "HiveFlushGatheredLogData", hive_flush_gathered_log_data_v0),
	L(25, 0, NONE, 0, "HiveFlushGatheredPrimaryData", hive_flush_gathered_log_data_v0),
	L(26, 0, NONE, 0, "HiveFlushWroteLogFile", hive_flush_wrote_log_file_v0),
	L(27, 0, NONE, 0, "HiveFlushWrotePrimaryFile", hive_flush_wrote_log_file_v0),
	LEMPTY(28, 0, NONE, 0, "HiveFlushBoostedActiveFlusher"),
	LEMPTY(29, 0, NONE, 0, "HiveFlushStartWaitForActive"),
	LEMPTY(30, 0, NONE, 0, "HiveFlushFinishWaitForActive"),
	L(31, 0, NONE, 0, "HiveFlushStop", hive_mount_stop_v0),
	LEMPTY(32, 0, NONE, 0, "RegistryShutdownStart"),
	LEMPTY(33, 0, NONE, 0, "RegistryShutdownStart33"),
	LEMPTY(34, 0, NONE, 0, "ShutdownFlushStart"),
	LEMPTY(35, 0, NONE, 0, "ShutdownFlushStop"),
	LEMPTY(36, 0, NONE, 0, "RegistryShutdownStop"),
	L(37, 0, NONE, 0, "HiveLoadStart", hive_load_start_v0),
	L(38, 0, NONE, 0, "HiveLoadStop", hive_mount_stop_v0),
	L(39, 0, NONE, 0, "HiveRestoreStart", hive_load_start_v0),
	L(40, 0, NONE, 0, "HiveRestoreStop", hive_mount_stop_v0),
	L(41, 0, NONE, 0, "HiveSaveStart", hive_save_start_v0),
	LEMPTY(42, 0, NONE, 0, "HiveSaveFileCopied"),
	LEMPTY(43, 0, NONE, 0, "HiveSaveTreeCopied"),
	LEMPTY(44, 0, NONE, 0, "HiveSaveFileWritten"),
	L(45, 0, NONE, 0, "HiveSaveStop", hive_mount_stop_v0),
};
/* clang-format on */

const struct provider provider_kernel_registry = {
	.guid = GUID_INIT(0x70eb4f03, 0xc1de, 0x4f73, 0xa0, 0x51, 0x33, 0xd1, 0x3d, 0x54, 0x13, 0xbd),
	.name = "Microsoft-Windows-Kernel-Registry",
	LAYOUT_TABLE(kernel_registry_layouts)
};
