/* field_misc: module.*, pe.*, target.*, script.*, task.*, service.*, wmi.*. Rows as in getter.h. */
#ifndef VITRINE_FIELDS_FIELD_MISC_H
#define VITRINE_FIELDS_FIELD_MISC_H

#include "policyd/fields/getter.h"

enum module_part { MODULE_WHOLE_PATH, MODULE_LAST_PART };
enum task_part { TASK_COMMAND, TASK_ARGUMENTS, TASK_PRINCIPAL, TASK_PRINCIPAL_GROUP };

field_getter get_module_path, get_module_signed, get_module_level, get_module_hash, get_target_text, get_target_pid,
	get_task_part, get_script_text, get_service_start, get_service_type;

/* clang-format off */
#define FIELD_MISC_TABLE(X) \
	X("module.path", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_module_path, MODULE_WHOLE_PATH, "Path of the image or driver loaded.") \
	X("module.name", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_module_path, MODULE_LAST_PART, "Its name without the folder.") \
	X("module.signed", VT_BOOL, NONE, FIELD_MAY_BE_MISSING, get_module_signed, 0, "It is signed.") \
	X("module.signature", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SIGNATURE, "Who signed it (log records only).") \
	X("module.signature_status", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SIGNATURE_STATUS, "Valid, Expired, Unavailable, ... (log records only).") \
	X("module.signature_level", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_module_level, 0, "Signing level the kernel gave it: UNCHECKED, UNSIGNED, ENTERPRISE, DEVELOPER, AUTHENTICODE, STORE, ANTIMALWARE, MICROSOFT, WINDOWS, WINDOWS_TCB, ...") \
	X("module.base", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_hex, SLOT_IMAGE_BASE, "Address it was loaded at, in hexadecimal.") \
	X("module.size", VT_UINT64, NONE, FIELD_MAY_BE_MISSING, get_slot_number, SLOT_IMAGE_SIZE, "Size in memory.") \
	X("module.hash.md5", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_module_hash, HASH_MD5, "Hash of the module (log records only).") \
	X("module.hash.sha1", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_module_hash, HASH_SHA1, "Hash of the module.") \
	X("module.hash.sha256", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_module_hash, HASH_SHA256, "Hash of the module.") \
	X("module.hash.imphash", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_module_hash, HASH_IMPHASH, "Hash of its imports.") \
	X("pe.original_name", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_PE_ORIGINAL_NAME, "OriginalFilename of the program or module (log records only).") \
	X("pe.description", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_PE_DESCRIPTION, "FileDescription.") \
	X("pe.product", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_PE_PRODUCT, "ProductName.") \
	X("pe.company", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_PE_COMPANY, "CompanyName.") \
	X("pe.version", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_PE_VERSION, "FileVersion.") \
	X("pe.checksum", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_hex, SLOT_IMAGE_CHECKSUM, "Checksum of the image's header, in hexadecimal.") \
	X("pe.timestamp", VT_UINT32, NONE, FIELD_MAY_BE_MISSING, get_slot_number, SLOT_TIME_DATE_STAMP, "Time stamp of the image's header.") \
	X("target.pid", VT_INT64, NONE, FIELD_MAY_BE_MISSING, get_target_pid, 0, "Process acted on.") \
	X("target.name", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_target_text, offsetof(struct proc, name), "Its name.") \
	X("target.exepath", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_target_text, offsetof(struct proc, path), "Its executable.") \
	X("target.cmdline", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_target_text, offsetof(struct proc, cmdline), "Its command line.") \
	X("target.user", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_target_text, offsetof(struct proc, user_name), "Its account.") \
	X("target.guid", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_target_text, offsetof(struct proc, guid), "Its ProcessGuid.") \
	X("target.tid", VT_INT64, NONE, FIELD_MAY_BE_MISSING, get_slot_number, SLOT_TARGET_TID, "Thread acted on.") \
	X("target.access", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_hex, SLOT_ACCESS_MASK, "Access asked for or granted, in hexadecimal: 0x1410.") \
	X("target.access.mask", VT_UINT32, NONE, FIELD_MAY_BE_MISSING, get_slot_number, SLOT_ACCESS_MASK, "The same as a number.") \
	X("script.text", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_script_text, 0, "Script block, put together when it was logged in parts, or scanned content.") \
	X("script.id", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SCRIPT_ID, "Script block id.") \
	X("script.path", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SCRIPT_PATH, "File the script came from.") \
	X("script.part", VT_UINT32, NONE, FIELD_MAY_BE_MISSING, get_slot_number, SLOT_PART, "Part of the script, from 1.") \
	X("script.parts", VT_UINT32, NONE, FIELD_MAY_BE_MISSING, get_slot_number, SLOT_PART_COUNT, "Number of parts.") \
	X("script.app", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_APP_NAME, "Application that asked for an AMSI scan.") \
	X("script.scan_result", VT_UINT32, NONE, FIELD_MAY_BE_MISSING, get_slot_number, SLOT_SCAN_RESULT, "AMSI result: 0 clean, 1 not detected, 32768 and up malware.") \
	X("task.name", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_TASK_NAME, "Scheduled task.") \
	X("task.action", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_TASK_ACTION, "What it runs.") \
	X("task.xml", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_TASK_XML, "Its definition.") \
	X("task.command", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_task_part, TASK_COMMAND, "First command in that definition.") \
	X("task.args", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_task_part, TASK_ARGUMENTS, "Its arguments.") \
	X("task.principal", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_task_part, TASK_PRINCIPAL, "Account or group it runs as, by that definition: a name or a SID.") \
	X("task.user", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_TASK_USER, "Account.") \
	X("service.name", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SERVICE_NAME, "Service.") \
	X("service.path", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SERVICE_PATH, "Its image path, with arguments.") \
	X("service.type", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_service_type, 0, "user mode service, kernel mode driver, file system driver; another type as the record has it.") \
	X("service.start", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_service_start, 0, "boot start, system start, auto start, demand start or disabled, whichever form the record has.") \
	X("service.account", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SERVICE_ACCOUNT, "Account it runs as.") \
	X("service.state", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SERVICE_STATE, "New state, or the setting that changed.") \
	X("wmi.operation", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_WMI_OPERATION, "WMI operation or query.") \
	X("wmi.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_WMI_NAME, "Name of the filter or consumer made.") \
	X("wmi.query", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_WMI_QUERY, "Event query.") \
	X("wmi.namespace", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_WMI_NAMESPACE, "Namespace.") \
	X("wmi.consumer", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_WMI_CONSUMER, "Event consumer.") \
	X("wmi.filter", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_WMI_FILTER, "Event filter.") \
	X("client.host", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_CLIENT_HOST, "Machine that asked, of WMI operations.")
/* clang-format on */

#endif
