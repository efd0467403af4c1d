/* Kernel MOF class FileIo. Name events (0, 32, 35, 36) and file maps call FileObject what other events call FileKey.
 * 70 and 71 are the event in version 2; from version 3 on 79 and 80 with the path follow for the same Irp (payload
 * samples FileIODeleteV3 and FileIODeletePathV3), so there 70 and 71 only tell state. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field file_io_v0_name[] = {
	F(PTR, FileObject, FILE_KEY), F(WSTRZ, FileName, FILE_PATH),
};
static const struct layout_field file_io_v2_map_file[] = {
	N(PTR, ViewBase), F(PTR, FileObject, FILE_KEY), N(U64, MiscInfo), N(PTR, ViewSize), F(U32, ProcessId, PID),
};
static const struct layout_field file_io_v2_create[] = {
	F(PTR, IrpPtr, IRP), F(PTR, TTID, TID), F(PTR, FileObject, FILE_OBJECT), F(U32, CreateOptions, CREATE_OPTIONS),
	F(U32, FileAttributes, CREATE_ATTRIBUTES), F(U32, ShareAccess, SHARE_ACCESS), F(WSTRZ, OpenPath, FILE_PATH),
};
static const struct layout_field file_io_create[] = {
	F(PTR, IrpPtr, IRP), F(PTR, FileObject, FILE_OBJECT), F(U32, TTID, TID), F(U32, CreateOptions, CREATE_OPTIONS),
	F(U32, FileAttributes, CREATE_ATTRIBUTES), F(U32, ShareAccess, SHARE_ACCESS), F(WSTRZ, OpenPath, FILE_PATH),
};
static const struct layout_field file_io_v2_simple_op[] = {
	F(PTR, IrpPtr, IRP), F(PTR, TTID, TID), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
};
static const struct layout_field file_io_simple_op[] = {
	F(PTR, IrpPtr, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY), F(U32, TTID, TID),
};
static const struct layout_field file_io_v2_read_write[] = {
	F(U64, Offset, IO_OFFSET), F(PTR, IrpPtr, IRP), F(PTR, TTID, TID), F(PTR, FileObject, FILE_OBJECT),
	F(PTR, FileKey, FILE_KEY), F(U32, IoSize, IO_SIZE), N(U32, IoFlags),
};
static const struct layout_field file_io_read_write[] = {
	F(U64, Offset, IO_OFFSET), F(PTR, IrpPtr, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
	F(U32, TTID, TID), F(U32, IoSize, IO_SIZE), N(U32, IoFlags),
};
static const struct layout_field file_io_v2_info[] = {
	F(PTR, IrpPtr, IRP), F(PTR, TTID, TID), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
	F(PTR, ExtraInfo, EXTRA_INFO), F(U32, InfoClass, INFO_CLASS),
};
static const struct layout_field file_io_info[] = {
	F(PTR, IrpPtr, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY), F(PTR, ExtraInfo, EXTRA_INFO),
	F(U32, TTID, TID), F(U32, InfoClass, INFO_CLASS),
};
static const struct layout_field file_io_v2_dir_enum[] = {
	F(PTR, IrpPtr, IRP), F(PTR, TTID, TID), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
	N(U32, Length), F(U32, InfoClass, INFO_CLASS), N(U32, FileIndex), N(WSTRZ, FileName),
};
static const struct layout_field file_io_dir_enum[] = {
	F(PTR, IrpPtr, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY), F(U32, TTID, TID),
	N(U32, Length), F(U32, InfoClass, INFO_CLASS), N(U32, FileIndex), N(WSTRZ, FileName),
};
static const struct layout_field file_io_v2_op_end[] = {
	F(PTR, IrpPtr, IRP), F(PTR, ExtraInfo, EXTRA_INFO), F(U32, NtStatus, STATUS),
};
static const struct layout_field file_io_path_operation[] = {
	F(PTR, IrpPtr, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY), F(PTR, ExtraInfo, EXTRA_INFO),
	F(U32, TTID, TID), F(U32, InfoClass, INFO_CLASS), F(WSTRZ, FileName, FILE_PATH),
};
static const struct layout_field file_io_path_operation_id80[] = {
	F(PTR, IrpPtr, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY), F(PTR, ExtraInfo, EXTRA_INFO),
	F(U32, TTID, TID), F(U32, InfoClass, INFO_CLASS), F(WSTRZ, FileName, FILE_TARGET),
};
static const struct layout_field flt_io_init[] = {
	N(PTR, RoutineAddr), F(PTR, FileObject, FILE_OBJECT), N(PTR, FileContext), F(PTR, IrpPtr, IRP),
	N(PTR, CallbackDataPtr), N(U32, MajorFunction),
};
static const struct layout_field flt_io_completion[] = {
	N(U64, InitialTime), N(PTR, RoutineAddr), F(PTR, FileObject, FILE_OBJECT), N(PTR, FileContext),
	F(PTR, IrpPtr, IRP), N(PTR, CallbackDataPtr), N(U32, MajorFunction),
};
static const struct layout_field flt_io_failure[] = {
	N(PTR, RoutineAddr), F(PTR, FileObject, FILE_OBJECT), N(PTR, FileContext), F(PTR, IrpPtr, IRP),
	N(PTR, CallbackDataPtr), N(U32, MajorFunction), F(U32, Status, STATUS),
};

static const struct layout classic_file_io_layouts[] = {
	L(0, 0, NONE, 0, "Name", file_io_v0_name),
	L(0, 1, NONE, 0, "Name", file_io_v0_name),
	L(0, 2, NONE, 0, "Name", file_io_v0_name),
	L(0, 3, NONE, 0, "Name", file_io_v0_name),
	L(32, 1, NONE, 0, "FileCreate", file_io_v0_name),
	L(32, 2, NONE, 0, "FileCreate", file_io_v0_name),
	L(32, 3, NONE, 0, "FileCreate", file_io_v0_name),
	L(35, 2, NONE, 0, "FileDelete", file_io_v0_name),
	L(35, 3, NONE, 0, "FileDelete", file_io_v0_name),
	L(36, 2, NONE, LAYOUT_RUNDOWN, "FileRundown", file_io_v0_name),
	L(36, 3, NONE, LAYOUT_RUNDOWN, "FileRundown", file_io_v0_name),
	L(37, 2, NONE, 0, "MapFile", file_io_v2_map_file),
	L(38, 2, NONE, 0, "UnmapFile", file_io_v2_map_file),
	L(39, 2, NONE, LAYOUT_RUNDOWN, "MapFileDCStart", file_io_v2_map_file),
	L(40, 2, NONE, LAYOUT_RUNDOWN, "MapFileDCEnd", file_io_v2_map_file),
	L(64, 2, file_open, LAYOUT_DISPOSITION, "Create", file_io_v2_create),
	L(64, 3, file_open, LAYOUT_DISPOSITION | LAYOUT_BREAK, "Create", file_io_create),
	L(65, 2, NONE, 0, "Cleanup", file_io_v2_simple_op),
	L(65, 3, NONE, LAYOUT_BREAK, "Cleanup", file_io_simple_op),
	L(66, 2, NONE, 0, "Close", file_io_v2_simple_op),
	L(66, 3, NONE, LAYOUT_BREAK, "Close", file_io_simple_op),
	L(67, 2, NONE, 0, "Read", file_io_v2_read_write),
	L(67, 3, NONE, LAYOUT_BREAK, "Read", file_io_read_write),
	L(68, 2, file_write, 0, "Write", file_io_v2_read_write),
	L(68, 3, file_write, LAYOUT_BREAK, "Write", file_io_read_write),
	L(69, 2, file_setinfo, 0, "SetInfo", file_io_v2_info),
	L(69, 3, file_setinfo, LAYOUT_BREAK, "SetInfo", file_io_info),
	L(70, 2, file_delete, 0, "Delete", file_io_v2_info),
	L(70, 3, NONE, LAYOUT_BREAK, "Delete", file_io_info),
	L(71, 2, file_rename, 0, "Rename", file_io_v2_info),
	L(71, 3, NONE, LAYOUT_BREAK, "Rename", file_io_info),
	L(72, 2, NONE, 0, "DirEnum", file_io_v2_dir_enum),
	L(72, 3, NONE, LAYOUT_BREAK, "DirEnum", file_io_dir_enum),
	L(73, 2, NONE, 0, "Flush", file_io_v2_simple_op),
	L(73, 3, NONE, LAYOUT_BREAK, "Flush", file_io_simple_op),
	L(74, 2, NONE, 0, "QueryInfo", file_io_v2_info),
	L(74, 3, NONE, LAYOUT_BREAK, "QueryInfo", file_io_info),
	L(75, 2, NONE, 0, "FSControl", file_io_v2_info),
	L(75, 3, NONE, LAYOUT_BREAK, "FSControl", file_io_info),
	L(76, 2, NONE, 0, "OperationEnd", file_io_v2_op_end),
	L(76, 3, NONE, 0, "OperationEnd", file_io_v2_op_end),
	L(77, 2, NONE, 0, "DirNotify", file_io_v2_dir_enum),
	L(77, 3, NONE, LAYOUT_BREAK, "DirNotify", file_io_dir_enum),
	L(79, 3, file_delete, 0, "DeletePath", file_io_path_operation),
	L(80, 3, file_rename, 0, "RenamePath", file_io_path_operation_id80),
	L(81, 3, file_rename, 0, "SetLinkPath", file_io_path_operation_id80),
	L(96, 3, NONE, 0, "FltIoInit", flt_io_init),
	L(97, 3, NONE, 0, "FltIoInit", flt_io_init),
	L(98, 3, NONE, 0, "FltIoCompletion", flt_io_completion),
	L(99, 3, NONE, 0, "FltIoCompletion", flt_io_completion),
	L(100, 3, NONE, 0, "FltIoFailure", flt_io_failure),
	L(101, 3, NONE, 0, "FltIoFailure", flt_io_failure),
};
/* clang-format on */

const struct provider provider_classic_file_io = {
	.guid = GUID_INIT(0x90cbdc39, 0x4a3e, 0x11d1, 0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3),
	.name = "MSNT_SystemTrace/FileIo",
	.classic = true,
	LAYOUT_TABLE(classic_file_io_layouts)
};
