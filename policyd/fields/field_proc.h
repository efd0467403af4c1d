/* field_proc: proc.*, thread.*: the acting process, its parents and threads. Rows as in getter.h. */
#ifndef VITRINE_FIELDS_FIELD_PROC_H
#define VITRINE_FIELDS_FIELD_PROC_H

#include "policyd/fields/getter.h"

/* user of text fields: which ancestor (0 itself) and which text of it. */
#define PROC_TEXT(ancestor, member) ((uintptr_t)(ancestor) << 16 | offsetof(struct proc, member))
/* user of number fields: which ancestor, which number. */
#define PROC_NUMBER(ancestor, number) ((uintptr_t)(ancestor) << 16 | (number))

enum proc_number { PROC_PID, PROC_START_TS, PROC_AGE, PROC_SESSION, PROC_THREADS, PROC_CHILDREN, PROC_EXIT_CODE,
	PROC_ELEVATED, PROC_START_KEY, PROC_CREATOR, PROC_SEQUENCE };
enum proc_words { WORDS_PROGRAM, WORDS_ARGS, WORDS_COUNT, WORDS_LENGTH };

field_getter get_proc_text, get_proc_ancestor_text, get_proc_ancestor_args, get_proc_ancestor_pid,
	get_proc_ancestor_exe, get_proc_number, get_proc_ppid, get_proc_exe, get_proc_words, get_proc_integrity,
	get_proc_elevation, get_proc_decoded, get_proc_hash, get_proc_creator_name, get_proc_nt_path, get_thread_tid,
	get_thread_main;

/* clang-format off */
#define FIELD_PROC_TABLE(X) \
	X("proc.name", VT_STRING, NONE, FIELD_WINDOWS_NAME, get_proc_text, PROC_TEXT(0, name), "Name of the process: last part of its executable's path.") \
	X("proc.pname", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_proc_text, PROC_TEXT(1, name), "Name of the parent.") \
	X("proc.aname", VT_STRING, INDEX_OPTIONAL, FIELD_WINDOWS_NAME | FIELD_ANY_ANCESTOR, get_proc_ancestor_text, offsetof(struct proc, name), "Name of ancestor n ([0] itself, [1] parent); without index any ancestor, in outputs all of them.") \
	X("proc.exe", VT_STRING, NONE, FIELD_WINDOWS_NAME, get_proc_exe, 0, "First word of the command line, without quotes; the name where there is no command line.") \
	X("proc.pexe", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_proc_exe, 1, "First word of the parent's command line.") \
	X("proc.aexe", VT_STRING, INDEX_OPTIONAL, FIELD_WINDOWS_NAME | FIELD_ANY_ANCESTOR, get_proc_ancestor_exe, 0, "First word of the command line of ancestor n, or of any.") \
	X("proc.exepath", VT_PATH, NONE, FIELD_WINDOWS_NAME, get_proc_text, PROC_TEXT(0, path), "Full path of the executable, with a drive letter where the device is known.") \
	X("proc.pexepath", VT_PATH, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_proc_text, PROC_TEXT(1, path), "The parent's.") \
	X("proc.aexepath", VT_PATH, INDEX_OPTIONAL, FIELD_WINDOWS_NAME | FIELD_ANY_ANCESTOR, get_proc_ancestor_text, offsetof(struct proc, path), "That of ancestor n, or of any.") \
	X("proc.exepath.nt", VT_PATH, NONE, FIELD_WINDOWS_NAME, get_proc_nt_path, 0, "Full path of the executable as the kernel writes it.") \
	X("proc.cmdline", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_proc_text, PROC_TEXT(0, cmdline), "Command line, exactly as given to the process; of other events than its start, the first 8 KiB.") \
	X("proc.pcmdline", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_proc_text, PROC_TEXT(1, cmdline), "The parent's.") \
	X("proc.acmdline", VT_STRING, INDEX_OPTIONAL, FIELD_ANY_ANCESTOR, get_proc_ancestor_text, offsetof(struct proc, cmdline), "That of ancestor n, or of any.") \
	X("proc.cmdline.decoded", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_proc_decoded, 0, "What powershell -EncodedCommand runs, decoded.") \
	X("proc.exeline", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_proc_text, PROC_TEXT(0, cmdline), "The same as proc.cmdline: Windows keeps program and arguments in one text.") \
	X("proc.args", VT_STRING, INDEX_OPTIONAL, FIELD_MAY_BE_MISSING, get_proc_words, WORDS_ARGS, "Command line behind the program; with index one argument, split as Windows programs do ([0] is the first).") \
	X("proc.aargs", VT_STRING, INDEX_REQUIRED, FIELD_MAY_BE_MISSING, get_proc_ancestor_args, 0, "Arguments of ancestor n.") \
	X("proc.cmdnargs", VT_UINT64, NONE, FIELD_MAY_BE_MISSING, get_proc_words, WORDS_COUNT, "Number of arguments.") \
	X("proc.cmdlenargs", VT_UINT64, NONE, FIELD_MAY_BE_MISSING, get_proc_words, WORDS_LENGTH, "Length of all arguments together, blanks between them left out.") \
	X("proc.pid", VT_INT64, NONE, 0, get_proc_number, PROC_NUMBER(0, PROC_PID), "Process id.") \
	X("proc.ppid", VT_INT64, NONE, FIELD_MAY_BE_MISSING, get_proc_ppid, 0, "Process id of the parent.") \
	X("proc.apid", VT_INT64, INDEX_OPTIONAL, FIELD_ANY_ANCESTOR, get_proc_ancestor_pid, 0, "Process id of ancestor n, or of any.") \
	X("proc.cwd", VT_PATH, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_proc_text, PROC_TEXT(0, cwd), "Current directory at the start (log records only).") \
	X("proc.pid.ts", VT_RELTIME, NONE, FIELD_MAY_BE_MISSING, get_proc_number, PROC_NUMBER(0, PROC_START_TS), "Start of the process in nanoseconds since 1970.") \
	X("proc.ppid.ts", VT_RELTIME, NONE, FIELD_MAY_BE_MISSING, get_proc_number, PROC_NUMBER(1, PROC_START_TS), "Start of the parent.") \
	X("proc.duration", VT_RELTIME, NONE, FIELD_MAY_BE_MISSING, get_proc_number, PROC_NUMBER(0, PROC_AGE), "Age of the process in nanoseconds.") \
	X("proc.ppid.duration", VT_RELTIME, NONE, FIELD_MAY_BE_MISSING, get_proc_number, PROC_NUMBER(1, PROC_AGE), "Age of the parent.") \
	X("proc.sid", VT_INT64, NONE, FIELD_MAY_BE_MISSING, get_proc_number, PROC_NUMBER(0, PROC_SESSION), "Windows session: 0 services, 1 and up people.") \
	X("proc.session", VT_INT64, NONE, FIELD_MAY_BE_MISSING, get_proc_number, PROC_NUMBER(0, PROC_SESSION), "The same as proc.sid.") \
	X("proc.nthreads", VT_UINT64, NONE, 0, get_proc_number, PROC_NUMBER(0, PROC_THREADS), "Threads known now.") \
	X("proc.nchilds", VT_UINT64, NONE, 0, get_proc_number, PROC_NUMBER(0, PROC_CHILDREN), "Processes it has started that are known.") \
	X("proc.exit_code", VT_INT64, NONE, FIELD_MAY_BE_MISSING, get_proc_number, PROC_NUMBER(0, PROC_EXIT_CODE), "Exit code, once it has ended.") \
	X("proc.integrity", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_proc_integrity, 0, "Integrity level: Untrusted, Low, Medium, Medium Plus, High, System, Protected.") \
	X("proc.pintegrity", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_proc_integrity, 1, "The parent's.") \
	X("proc.elevated", VT_BOOL, NONE, FIELD_MAY_BE_MISSING, get_proc_number, PROC_NUMBER(0, PROC_ELEVATED), "The token is elevated.") \
	X("proc.elevation", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_proc_elevation, 0, "Elevation type: default, full (by UAC), limited.") \
	X("proc.guid", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_proc_text, PROC_TEXT(0, guid), "Sysmon's ProcessGuid.") \
	X("proc.puser", VT_STRING, NONE, FIELD_WINDOWS_NAME | FIELD_MAY_BE_MISSING, get_proc_text, PROC_TEXT(1, user_name), "Account of the parent.") \
	X("proc.pguid", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_proc_text, PROC_TEXT(1, guid), "The parent's.") \
	X("proc.start_key", VT_UINT64, NONE, FIELD_MAY_BE_MISSING, get_proc_number, PROC_NUMBER(0, PROC_START_KEY), "Start key: unique within one boot.") \
	X("proc.seq", VT_UINT64, NONE, FIELD_MAY_BE_MISSING, get_proc_number, PROC_NUMBER(0, PROC_SEQUENCE), "Process sequence number: unique within one boot.") \
	X("proc.creator.pid", VT_INT64, NONE, FIELD_MAY_BE_MISSING, get_proc_number, PROC_NUMBER(0, PROC_CREATOR), "Process that called for the start; differs from proc.ppid when the parent is spoofed.") \
	X("proc.creator.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_proc_creator_name, 0, "Its name.") \
	X("proc.package", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_proc_text, PROC_TEXT(0, package), "Package of a store app.") \
	X("proc.hash.md5", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_proc_hash, HASH_MD5, "Hash of the executable, at its start (log records only).") \
	X("proc.hash.sha1", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_proc_hash, HASH_SHA1, "Hash of the executable.") \
	X("proc.hash.sha256", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_proc_hash, HASH_SHA256, "Hash of the executable.") \
	X("proc.hash.imphash", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_proc_hash, HASH_IMPHASH, "Hash of its imports.") \
	X("thread.tid", VT_INT64, NONE, FIELD_MAY_BE_MISSING, get_thread_tid, 0, "Thread the event is about, else the thread that wrote it.") \
	X("thread.ismain", VT_BOOL, NONE, FIELD_MAY_BE_MISSING, get_thread_main, 0, "That thread is the first one known of its process.") \
	X("thread.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_THREAD_NAME, "Description of the thread.") \
	X("thread.start_address", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_hex, SLOT_WIN32_START_ADDR, "Start address given by its creator, in hexadecimal.") \
	X("thread.start_module", VT_PATH, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_slot_text, SLOT_START_MODULE, "Module of the start address (log records only).") \
	X("thread.start_function", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_slot_text, SLOT_START_FUNCTION, "Function of the start address (log records only).")
/* clang-format on */

#endif
