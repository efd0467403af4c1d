/* field_file: fs.path.*, and what fd.* says of files and pipes. Rows as in getter.h. */
#ifndef VITRINE_FIELDS_FIELD_FILE_H
#define VITRINE_FIELDS_FIELD_FILE_H

#include "policyd/fields/getter.h"

enum fs_path { FS_NAME, FS_SOURCE, FS_TARGET };
enum fd_path { FD_DIRECTORY, FD_FILENAME };

field_getter get_fs_path, get_fs_raw, get_fd_path, get_fd_raw_name;

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
	X("pipe.name", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_slot_text, SLOT_PIPE_NAME, "Named pipe made or connected to.")
/* clang-format on */

#endif
