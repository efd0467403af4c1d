/* field_reg: registry.*. Rows as in getter.h. */
#ifndef VITRINE_FIELDS_FIELD_REG_H
#define VITRINE_FIELDS_FIELD_REG_H

#include "policyd/fields/getter.h"

enum reg_part { REG_PATH, REG_KEY, REG_VALUE };

field_getter get_reg_part, get_reg_data, get_reg_data_type;

/* clang-format off */
#define FIELD_REG_TABLE(X) \
	X("registry.path", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_reg_part, REG_PATH, "Key, and value where the event is about one: HKLM\\SOFTWARE\\...; HKU\\<sid>\\...; CurrentControlSet for ControlSet001.") \
	X("registry.key", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_reg_part, REG_KEY, "The key alone.") \
	X("registry.value", VT_STRING, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_reg_part, REG_VALUE, "Name of the value; missing for a key's default value.") \
	X("registry.data", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_reg_data, SLOT_DATA, "Data set: text as it is, strings of REG_MULTI_SZ joined by blanks, DWORD (0x0000002a) and QWORD (0x00000000-0x0000002a) as in Sysmon, else hexadecimal.") \
	X("registry.data.previous", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_reg_data, SLOT_PREVIOUS_DATA, "Data before the change, where the record has it.") \
	X("registry.data_type", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_reg_data_type, 0, "REG_SZ, REG_EXPAND_SZ, REG_BINARY, REG_DWORD, REG_MULTI_SZ, REG_QWORD, ...")
/* clang-format on */

#endif
