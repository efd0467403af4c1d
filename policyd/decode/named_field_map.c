/* Events given by fields ({"evt.type": "process_start", "proc.name": "cmd.exe"}): the value evt.type is the kind. Rows are
 * what state makes processes, paths and keys of; every other field comes straight from its value (fields layer). */
#include "policyd/decode/named_rows.h"

/* clang-format off */
static const struct named_row rows[] = {
	{ "proc.pid", SLOT_PID }, { "proc.ppid", SLOT_PPID }, { "proc.exepath", SLOT_IMAGE_PATH },
	{ "proc.name", SLOT_IMAGE_NAME }, { "proc.cmdline", SLOT_CMDLINE }, { "proc.cwd", SLOT_CWD },
	{ "proc.guid", SLOT_PROC_GUID }, { "proc.pguid", SLOT_PARENT_GUID }, { "proc.pexepath", SLOT_PARENT_PATH },
	{ "proc.pcmdline", SLOT_PARENT_CMDLINE }, { "user.name", SLOT_USER_NAME }, { "user.sid", SLOT_USER_SID },
	{ "fs.path.name", SLOT_FILE_PATH }, { "fs.path.target", SLOT_FILE_TARGET }, { "module.path", SLOT_MODULE_PATH },
	{ "registry.path", SLOT_KEY_NAME }, { "registry.data", SLOT_DATA }, { "target.pid", SLOT_TARGET_PID },
	{ "target.exepath", SLOT_TARGET_PATH }, { "thread.tid", SLOT_TID },
};

static const struct named_layout layouts[] = {
	NSEL(NAMED_FIELD_MAP, NAMED_ANY_ID, log, LAYOUT_GIVEN, NULL, rows, "evt.type"),
#define X(kind_, category) NWHEN(NAMED_FIELD_MAP, NAMED_ANY_ID, #kind_, kind_, LAYOUT_GIVEN, NULL, rows),
	EVENT_KIND_TABLE(X)
#undef X
};
/* clang-format on */

const struct named_provider named_field_map = NAMED_TABLE(layouts);
