/* field_file: fs.path.*, file.*, and what fd.* says of files and pipes. Rows as in getter.h. */
#ifndef VITRINE_FIELDS_FIELD_FILE_H
#define VITRINE_FIELDS_FIELD_FILE_H

#include "policyd/fields/getter.h"

enum fs_path { FS_NAME, FS_SOURCE, FS_TARGET };
enum fd_path { FD_DIRECTORY, FD_FILENAME };

field_getter get_fs_path, get_fs_raw, get_fd_path, get_fd_raw_name, get_file_time, get_file_hash;

/* The object of a file or pipe event: its path, or the pipe's name. Empty: another kind of event. */
struct text_view file_object_name(const struct event_view *view);
bool is_file_event(const struct event *ev);
bool is_pipe_event(const struct event *ev);

/* clang-format off */
#define FIELD_FILE_TABLE(X) \
	X("fs.path.name", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_fs_path, FS_NAME, "Path a file event works on, with a drive letter where the device is known; of a rename the old one.") \
	X("fs.path.nameraw", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_fs_raw, SLOT_FILE_PATH, "The path as the record has it.") \
	X("fs.path.source", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_fs_path, FS_SOURCE, "Old path of a rename or hard link.") \
	X("fs.path.sourceraw", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_fs_path, FS_SOURCE, "The same: records have no other form.") \
	X("fs.path.target", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_fs_path, FS_TARGET, "New path of a rename or hard link.") \
	X("fs.path.targetraw", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_fs_raw, SLOT_FILE_TARGET, "The new path as the record has it.") \
	X("fd.directory", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_fd_path, FD_DIRECTORY, "Folder of the file the event works on.") \
	X("fd.filename", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_fd_path, FD_FILENAME, "Name of that file without its folder.") \
	X("fd.nameraw", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_fd_raw_name, 0, "The file's path as the record has it.") \
	X("pipe.name", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_PIPE_NAME, "Named pipe made or connected to.") \
	X("file.ctime", VT_ABSTIME, NONE, FIELD_MAY_BE_MISSING, get_file_time, SLOT_FILE_CTIME, "Creation time of the file in nanoseconds since 1970 (log records only).") \
	X("file.ctime.old", VT_ABSTIME, NONE, FIELD_MAY_BE_MISSING, get_file_time, SLOT_FILE_OLD_CTIME, "What it was before it was changed (Sysmon 2).") \
	X("file.is_exe", VT_BOOL, NONE, FIELD_MAY_BE_MISSING, get_slot_bool, SLOT_FILE_IS_EXE, "The file is a program (Sysmon 23 and 26).") \
	X("file.hash.md5", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_file_hash, HASH_MD5, "Hash of the file (log records only).") \
	X("file.hash.sha1", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_file_hash, HASH_SHA1, "Hash of the file.") \
	X("file.hash.sha256", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_file_hash, HASH_SHA256, "Hash of the file.") \
	X("file.hash.imphash", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_file_hash, HASH_IMPHASH, "Hash of its imports.") \
	X("share.name", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_SHARE_NAME, "Network share opened, made or changed (Security 5140 to 5145).")
/* clang-format on */

#endif
