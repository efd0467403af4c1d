/* Microsoft-Windows-Kernel-File. Version 0 (Windows 7) has ThreadId after Irp, version 1 (Windows 8) IssuingThreadId
 * further on. 12 is open and create; 30 comes for new files only. A delete or rename raises 18 or 19, and since
 * Windows 8 also 26 or 27 with the path (the same Irp in both): so version 0 of 18 and 19 is the event, and later ones
 * only tell state. The path in 27 and 28 is the new one: the file's own is found by FileObject or FileKey. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field name_create_v0[] = {
	F(PTR, FileKey, FILE_KEY), F(WSTRZ, FileName, FILE_PATH),
};
static const struct layout_field create_v0[] = {
	F(PTR, Irp, IRP), F(PTR, ThreadId, TID), F(PTR, FileObject, FILE_OBJECT),
	F(U32, CreateOptions, CREATE_OPTIONS), F(U32, CreateAttributes, CREATE_ATTRIBUTES),
	F(U32, ShareAccess, SHARE_ACCESS), F(WSTRZ, FileName, FILE_PATH),
};
static const struct layout_field create_v1[] = {
	F(PTR, Irp, IRP), F(PTR, FileObject, FILE_OBJECT), F(U32, IssuingThreadId, TID),
	F(U32, CreateOptions, CREATE_OPTIONS), F(U32, CreateAttributes, CREATE_ATTRIBUTES),
	F(U32, ShareAccess, SHARE_ACCESS), F(WSTRZ, FileName, FILE_PATH),
};
static const struct layout_field cleanup_v0[] = {
	F(PTR, Irp, IRP), F(PTR, ThreadId, TID), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
};
static const struct layout_field cleanup_v1[] = {
	F(PTR, Irp, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY), F(U32, IssuingThreadId, TID),
};
static const struct layout_field read_v0[] = {
	F(U64, ByteOffset, IO_OFFSET), F(PTR, Irp, IRP), F(PTR, ThreadId, TID), F(PTR, FileObject, FILE_OBJECT),
	F(PTR, FileKey, FILE_KEY), F(U32, IOSize, IO_SIZE), N(U32, IOFlags),
};
static const struct layout_field read_v1[] = {
	F(U64, ByteOffset, IO_OFFSET), F(PTR, Irp, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
	F(U32, IssuingThreadId, TID), F(U32, IOSize, IO_SIZE), N(U32, IOFlags), N(U32, ExtraFlags),
};
static const struct layout_field set_information_v0[] = {
	F(PTR, Irp, IRP), F(PTR, ThreadId, TID), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
	F(PTR, ExtraInformation, EXTRA_INFO), F(U32, InfoClass, INFO_CLASS),
};
static const struct layout_field set_information_v1[] = {
	F(PTR, Irp, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
	F(PTR, ExtraInformation, EXTRA_INFO), F(U32, IssuingThreadId, TID), F(U32, InfoClass, INFO_CLASS),
};
static const struct layout_field dir_enum_v0[] = {
	F(PTR, Irp, IRP), F(PTR, ThreadId, TID), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
	N(U32, Length), F(U32, InfoClass, INFO_CLASS), N(U32, FileIndex), N(WSTRZ, FileName),
};
static const struct layout_field dir_enum_v1[] = {
	F(PTR, Irp, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY), F(U32, IssuingThreadId, TID),
	N(U32, Length), F(U32, InfoClass, INFO_CLASS), N(U32, FileIndex), N(WSTRZ, FileName),
};
static const struct layout_field operation_end_v0[] = {
	F(PTR, Irp, IRP), F(PTR, ExtraInformation, EXTRA_INFO), F(U32, Status, STATUS),
};
static const struct layout_field delete_path_v0[] = {
	F(PTR, Irp, IRP), F(PTR, ThreadId, TID), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
	F(PTR, ExtraInformation, EXTRA_INFO), F(U32, InfoClass, INFO_CLASS), F(WSTRZ, FilePath, FILE_PATH),
};
static const struct layout_field delete_path_v1[] = {
	F(PTR, Irp, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
	F(PTR, ExtraInformation, EXTRA_INFO), F(U32, IssuingThreadId, TID), F(U32, InfoClass, INFO_CLASS),
	F(WSTRZ, FilePath, FILE_PATH),
};
static const struct layout_field rename_path_v0[] = {
	F(PTR, Irp, IRP), F(PTR, ThreadId, TID), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
	F(PTR, ExtraInformation, EXTRA_INFO), F(U32, InfoClass, INFO_CLASS), F(WSTRZ, FilePath, FILE_TARGET),
};
static const struct layout_field rename_path_v1[] = {
	F(PTR, Irp, IRP), F(PTR, FileObject, FILE_OBJECT), F(PTR, FileKey, FILE_KEY),
	F(PTR, ExtraInformation, EXTRA_INFO), F(U32, IssuingThreadId, TID), F(U32, InfoClass, INFO_CLASS),
	F(WSTRZ, FilePath, FILE_TARGET),
};

static const struct layout kernel_file_layouts[] = {
	L(10, 0, NONE, 0, "NameCreate", name_create_v0),
	L(11, 0, NONE, 0, "NameDelete", name_create_v0),
	L(12, 0, file_open, LAYOUT_DISPOSITION, "Create", create_v0),
	L(12, 1, file_open, LAYOUT_DISPOSITION | LAYOUT_BREAK, "Create", create_v1),
	L(13, 0, NONE, 0, "Cleanup", cleanup_v0),
	L(13, 1, NONE, LAYOUT_BREAK, "Cleanup", cleanup_v1),
	L(14, 0, NONE, 0, "Close", cleanup_v0),
	L(14, 1, NONE, LAYOUT_BREAK, "Close", cleanup_v1),
	L(15, 0, NONE, 0, "Read", read_v0),
	L(15, 1, NONE, LAYOUT_BREAK, "Read", read_v1),
	L(16, 0, file_write, 0, "Write", read_v0),
	L(16, 1, file_write, LAYOUT_BREAK, "Write", read_v1),
	L(17, 0, file_setinfo, 0, "SetInformation", set_information_v0),
	L(17, 1, file_setinfo, LAYOUT_BREAK, "SetInformation", set_information_v1),
	L(18, 0, file_delete, 0, "SetDelete", set_information_v0),
	L(18, 1, NONE, LAYOUT_BREAK, "SetDelete", set_information_v1),
	L(19, 0, file_rename, 0, "Rename", set_information_v0),
	L(19, 1, NONE, LAYOUT_BREAK, "Rename", set_information_v1),
	L(20, 0, NONE, 0, "DirEnum", dir_enum_v0),
	L(20, 1, NONE, LAYOUT_BREAK, "DirEnum", dir_enum_v1),
	L(21, 0, NONE, 0, "Flush", cleanup_v0),
	L(21, 1, NONE, LAYOUT_BREAK, "Flush", cleanup_v1),
	L(22, 0, NONE, 0, "QueryInformation", set_information_v0),
	L(22, 1, NONE, LAYOUT_BREAK, "QueryInformation", set_information_v1),
	L(23, 0, NONE, 0, "FSCTL", set_information_v0),
	L(23, 1, NONE, LAYOUT_BREAK, "FSCTL", set_information_v1),
	L(24, 0, NONE, 0, "OperationEnd", operation_end_v0),
	L(25, 0, NONE, 0, "DirNotify", dir_enum_v0),
	L(25, 1, NONE, LAYOUT_BREAK, "DirNotify", dir_enum_v1),
	L(26, 0, file_delete, 0, "DeletePath", delete_path_v0),
	L(26, 1, file_delete, LAYOUT_BREAK, "DeletePath", delete_path_v1),
	L(27, 0, file_rename, 0, "RenamePath", rename_path_v0),
	L(27, 1, file_rename, LAYOUT_BREAK, "RenamePath", rename_path_v1),
	L(28, 0, file_rename, 0, "SetLinkPath", rename_path_v0),
	L(28, 1, file_rename, LAYOUT_BREAK, "SetLinkPath", rename_path_v1),
	L(29, 0, NONE, 0, "Rename29", set_information_v0),
	L(29, 1, NONE, LAYOUT_BREAK, "Rename29", set_information_v1),
	L(30, 0, file_create, 0, "CreateNewFile", create_v0),
	L(30, 1, file_create, LAYOUT_BREAK, "CreateNewFile", create_v1),
	L(31, 1, file_setinfo, 0, "SetSecurity", set_information_v1),
	L(32, 1, NONE, 0, "QuerySecurity", set_information_v1),
	L(33, 1, file_setinfo, 0, "SetEA", set_information_v1),
	L(34, 1, NONE, 0, "QueryEA", set_information_v1),
};
/* clang-format on */

const struct provider provider_kernel_file = {
	.guid = GUID_INIT(0xedd08927, 0x9cc4, 0x4e65, 0xb9, 0x70, 0xc2, 0x56, 0x0f, 0xb5, 0xc2, 0x89),
	.name = "Microsoft-Windows-Kernel-File",
	LAYOUT_TABLE(kernel_file_layouts)
};
