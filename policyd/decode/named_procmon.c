/* Process Monitor: one row for each operation that is an event type; values are the columns of its CSV, and behind them
 * what column Detail says, by name. Times in it are local, and stay out. */
#include "policyd/decode/named_rows.h"

#define PROCMON "Process Monitor"
#define OP(operation_, kind_, rows_) NWHEN(PROCMON, 0, operation_, kind_, 0, operation_, rows_)

#define NET(protocol_, operation_, kind_)                                                                              \
	NWHEN(PROCMON, 0, #protocol_ " " operation_, kind_, LAYOUT_##protocol_, #protocol_ " " operation_, network)

/* clang-format off */
#define ACTOR ROW(PID, PID), ROW(ImagePath, IMAGE_PATH), ROW(User, USER_NAME), ROW(Session, SESSION_ID), \
	ROW(CommandLine, CMDLINE), ROW(TID, TID), ROW(Integrity, INTEGRITY_LEVEL), ROW(ParentPID, PPID)

static const struct named_row any[] = { ACTOR };
/* The record is the parent's; the first PID is its own, the second the child's, in column Detail. */
static const struct named_row process_create[] = {
	ROW(PID, PPID), ROW(Path, IMAGE_PATH), ROW(ImagePath, PARENT_PATH), ROW(CommandLine, PARENT_CMDLINE),
	ROW(PID, PID), ROW(Commandline, CMDLINE),
};
/* The record is the new process's own. */
static const struct named_row process_start[] = {
	ROW(PID, PID), ROW(ImagePath, IMAGE_PATH), ROW(Company, PE_COMPANY), ROW(Description, PE_DESCRIPTION),
	ROW(Version, PE_VERSION), ROW(User, USER_NAME), ROW(Session, SESSION_ID), ROW(CommandLine, CMDLINE),
	ROW(Integrity, INTEGRITY_LEVEL), ROW(ParentPID, PPID), ROW(Currentdirectory, CWD),
};
static const struct named_row process_exit[] = { ACTOR, ROW(ExitStatus, EXIT_CODE) };
static const struct named_row image[] = {
	ROW(Path, MODULE_PATH), ACTOR, ROW(ImageBase, IMAGE_BASE), ROW(ImageSize, IMAGE_SIZE),
};
static const struct named_row thread[] = { ACTOR, ROW(ThreadID, TID) };
static const struct named_row file[] = {
	ROW(Path, FILE_PATH), ACTOR, ROW(Offset, IO_OFFSET), ROW(Length, IO_SIZE), ROW(FileName, FILE_TARGET),
};
static const struct named_row key[] = {
	ROW(Path, KEY_NAME), ACTOR, ROW(Type, DATA_TYPE), ROW(Length, DATA_SIZE), ROW(Data, DATA),
};
static const struct named_row pipe[] = { ROW(Path, PIPE_NAME), ACTOR };
static const struct named_row network[] = { ACTOR, ROW(Path, ENDS), ROW(Length, NET_SIZE) };

static const struct named_layout layouts[] = {
	NSEL(PROCMON, 0, log, 0, NULL, any, "Operation"),
	OP("Process Create", process_start, process_create),
	NWHEN(PROCMON, 0, "Process Start", process_start, LAYOUT_REPEATS, "Process Start", process_start),
	OP("Process Exit", process_exit, process_exit),
	OP("Load Image", image_load, image),
	OP("Thread Create", thread_start, thread),
	{ .provider = PROCMON, .kind = EVENT_file_open, .flags = LAYOUT_DASH, .name = "CreateFile", ROWS_OF(file),
	  .when = "CreateFile", .selector = "OpenResult" },
	OP("Created", file_create, file),
	OP("Overwritten", file_create, file),
	OP("Superseded", file_create, file),
	OP("WriteFile", file_write, file),
	OP("SetRenameInformationFile", file_rename, file),
	OP("SetRenameInformationEx", file_rename, file),
	OP("SetDispositionInformationFile", file_delete, file),
	OP("SetDispositionInformationEx", file_delete, file),
	OP("SetBasicInformationFile", file_setinfo, file),
	OP("SetEndOfFileInformationFile", file_setinfo, file),
	OP("SetAllocationInformationFile", file_setinfo, file),
	OP("CreatePipe", pipe_created, pipe),
	OP("RegCreateKey", reg_create_key, key),
	OP("RegOpenKey", reg_open_key, key),
	OP("RegSetValue", reg_set_value, key),
	OP("RegDeleteKey", reg_delete_key, key),
	OP("RegDeleteValue", reg_delete_value, key),
	NET(TCP, "Connect", net_connect),
	NET(TCP, "Accept", net_accept),
	NET(TCP, "Send", net_send),
	NET(TCP, "Receive", net_recv),
	NET(TCP, "Disconnect", net_disconnect),
	NET(UDP, "Send", net_send),
	NET(UDP, "Receive", net_recv),
};
/* clang-format on */

const struct named_provider named_procmon = NAMED_TABLE(layouts);
