/* The processes there are. What a process does not tell us is left out, never guessed. */
#include "collector/sys/system.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <winternl.h>

#include "collector/sys/containers_win.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"

enum {
	LIST_BYTES = 1 << 20, MAX_LIST_BYTES = 32 << 20,    /* some 400 bytes and 80 a thread for each process */
	INFO_BYTES = 80 << 10,       /* a command line has at most 32,767 characters */
	/* SYSTEM_PROCESS_INFORMATION of 64-bit Windows (phnt, ntexapi.h). */
	AT_CREATE_TIME = 0x20, AT_NAME_BYTES = 0x38, AT_NAME = 0x40, AT_PID = 0x50, AT_PPID = 0x58, AT_SESSION = 0x64, ROW_BYTES = 0x68,
	/* PROCESSINFOCLASS: ProcessImageFileName, ProcessCommandLineInformation, ProcessTelemetryIdInformation. */
	CLASS_IMAGE = 27, CLASS_CMDLINE = 60, CLASS_TELEMETRY = 64, TELEMETRY_START_KEY = 8,
};

static uint8_t *list_processes(ULONG *bytes)
{
	for (ULONG room = LIST_BYTES; room <= MAX_LIST_BYTES; room *= 2) {
		uint8_t *list = malloc(room);

		if (list && NtQuerySystemInformation(SystemProcessInformation, list, room, bytes) >= 0)
			return list;
		free(list);
	}
	return NULL;
}

static struct text_view text_of(struct arena *a, const void *utf16, size_t bytes)
{
	char *room = bytes ? arena_alloc(a, TEXT_UTF8_MAX(bytes)) : NULL;
	struct view in = { utf16, bytes };

	return room ? (struct text_view){ room, text_utf16_to_utf8(in, room, TEXT_UTF8_MAX(bytes)) } : (struct text_view){ "", 0 };
}

/* A UNICODE_STRING with its text behind it. */
static struct text_view ask_text(HANDLE process, int class, uint8_t *room, struct arena *a)
{
	UNICODE_STRING s;
	ULONG got = 0;

	if (NtQueryInformationProcess(process, (PROCESSINFOCLASS)class, room, INFO_BYTES, &got) < 0 || got < sizeof s)
		return (struct text_view){ "", 0 };
	memcpy(&s, room, sizeof s);
	return s.Length <= got - sizeof s ? text_of(a, s.Buffer, s.Length) : (struct text_view){ "", 0 };
}

static struct view ask_user(HANDLE process, uint8_t *room, struct arena *a)
{
	struct view v = { NULL, 0 };
	HANDLE token = NULL;
	TOKEN_USER user;
	DWORD got = 0;

	if (OpenProcessToken(process, TOKEN_QUERY, &token) && GetTokenInformation(token, TokenUser, room, INFO_BYTES, &got) &&
		got >= sizeof user) {
		uint8_t *copy = arena_alloc(a, LIMIT_SID_BYTES);
		DWORD bytes;

		memcpy(&user, room, sizeof user);
		bytes = GetLengthSid(user.User.Sid);
		if (copy && bytes <= LIMIT_SID_BYTES) {
			memcpy(copy, user.User.Sid, bytes);
			v = (struct view){ copy, bytes };
		}
	}
	if (token)
		CloseHandle(token);
	return v;
}

static void ask_process(struct stream_process *p, uint8_t *room, struct arena *a)
{
	HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, p->pid);
	struct text_view path;
	ULONG got = 0;

	if (!process)
		return;
	path = ask_text(process, CLASS_IMAGE, room, a);
	if (path.len)
		p->image_path = path;
	p->cmdline = ask_text(process, CLASS_CMDLINE, room, a);
	p->user_sid = ask_user(process, room, a);
	if (NtQueryInformationProcess(process, (PROCESSINFOCLASS)CLASS_TELEMETRY, room, INFO_BYTES, &got) >= 0 &&
		got >= TELEMETRY_START_KEY + 8)
		p->start_key = load_u64le(room + TELEMETRY_START_KEY);
	CloseHandle(process);
}

static void take_row(const uint8_t *row, struct stream_process *p, uint8_t *room, struct arena *a)
{
	const void *name;

	memcpy(&name, row + AT_NAME, sizeof name);
	*p = (struct stream_process){ .pid = load_u32le(row + AT_PID), .ppid = load_u32le(row + AT_PPID),
		.session_id = load_u32le(row + AT_SESSION), .create_time_100ns = load_u64le(row + AT_CREATE_TIME),
		.image_path = text_of(a, name, name ? load_u16le(row + AT_NAME_BYTES) : 0) };    /* a name, till there is a path */
	ask_process(p, room, a);
}

enum status system_snapshot(void *ctx, struct arena *a, struct stream_snapshot *out)
{
	struct stream_process *rows = arena_alloc(a, LIMIT_SNAPSHOT_ROWS * sizeof *rows);
	uint8_t *room = malloc(INFO_BYTES);
	ULONG bytes = 0;
	uint8_t *list = list_processes(&bytes);
	enum status st = rows && room && list ? ST_OK : ST_NOMEM;

	(void)ctx;
	out->processes = rows;
	for (size_t at = 0, next = 1; st == ST_OK && next && at + ROW_BYTES <= bytes && out->process_count < LIMIT_SNAPSHOT_ROWS; at += next) {
		next = load_u32le(list + at);
		take_row(list + at, &rows[out->process_count++], room, a);
	}
	free(list);
	free(room);
	if (st == ST_OK)
		containers_list(a, out);
	return st;
}
