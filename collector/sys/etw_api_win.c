/* ETW, bound to system32. Moves bytes only. */
#include "collector/sys/system.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <evntrace.h>
#include <evntcons.h>
#include <evntprov.h>

#include "collector/etw/event_entry.h"
#include "collector/session/plan.h"

#define SAME_PLACE(ours, theirs)                                                                                       \
	_Static_assert(offsetof(struct etw_event, ours) == offsetof(EVENT_RECORD, theirs), "struct etw_event is EVENT_RECORD")
_Static_assert(sizeof(struct etw_event) == sizeof(EVENT_RECORD), "struct etw_event is EVENT_RECORD");
_Static_assert(sizeof(struct etw_item) == sizeof(EVENT_HEADER_EXTENDED_DATA_ITEM), "struct etw_item is theirs");
SAME_PLACE(flags, EventHeader.Flags);
SAME_PLACE(tid, EventHeader.ThreadId);
SAME_PLACE(pid, EventHeader.ProcessId);
SAME_PLACE(time_100ns, EventHeader.TimeStamp);
SAME_PLACE(provider, EventHeader.ProviderId);
SAME_PLACE(id, EventHeader.EventDescriptor);
SAME_PLACE(keyword, EventHeader.EventDescriptor.Keyword);
SAME_PLACE(cpu, BufferContext);
SAME_PLACE(item_count, ExtendedDataCount);
SAME_PLACE(payload_bytes, UserDataLength);
SAME_PLACE(items, ExtendedData);
SAME_PLACE(payload, UserData);
SAME_PLACE(ctx, UserContext);

enum {
	MAX_TRACES = 8,              /* attached at once; one for each session */
	KERNEL_FLAGS_CLASS = 4,      /* TraceSystemTraceEnableFlagsInfo */
	GROUP_WORDS = 8,             /* PERFINFO_GROUPMASK */
	FILTER_SYSTEM_FLAGS = (int)0x80000001, FILTER_EVENT_ID = (int)0x80000200,    /* evntprov.h of newer SDKs */
	PROVIDER_INFO_BYTES = 256 << 10,    /* a provider that four thousand processes register */
};

typedef ULONG(WINAPI query_information)(TRACEHANDLE, int, void *, ULONG, ULONG *);
typedef ULONG(WINAPI enumerate_guids)(int, void *, ULONG, void *, ULONG, ULONG *);

struct system_etw {
	query_information *query_information;    /* Wine's advapi32 has neither, so they are looked for */
	enumerate_guids *enumerate_guids;
	REGHANDLE canary;
	struct trace {
		uint64_t handle;
		etw_callback *callback;
		void *ctx;
	} traces[MAX_TRACES];
	uint8_t provider_info[PROVIDER_INFO_BYTES];
};

struct properties {
	EVENT_TRACE_PROPERTIES p;
	wchar_t name[ETW_NAME_CHARS], file[2];
};

static void init_properties(struct properties *room)
{
	memset(room, 0, sizeof *room);
	room->p.Wnode.BufferSize = sizeof *room;
	room->p.Wnode.Flags = WNODE_FLAG_TRACED_GUID;
	room->p.Wnode.ClientContext = 1;    /* QPC */
	room->p.LoggerNameOffset = offsetof(struct properties, name);
	room->p.LogFileNameOffset = offsetof(struct properties, file);
}

/* Names are ours or fixed, and ASCII. */
static const wchar_t *wide(const char *name, wchar_t out[ETW_NAME_CHARS])
{
	size_t i = 0;

	for (; name[i] && i < ETW_NAME_CHARS - 1; i++)
		out[i] = (wchar_t)(unsigned char)name[i];
	out[i] = 0;
	return out;
}

static uint32_t api_start(void *self, const struct etw_session_settings *s, uint64_t *handle)
{
	struct properties room;
	wchar_t name[ETW_NAME_CHARS];
	TRACEHANDLE got = 0;
	ULONG rc;

	(void)self;
	init_properties(&room);
	memcpy(&room.p.Wnode.Guid, s->guid.b, sizeof s->guid.b);
	room.p.BufferSize = s->buffer_kb;
	room.p.MinimumBuffers = s->min_buffers;
	room.p.MaximumBuffers = s->max_buffers;
	room.p.LogFileMode = s->mode;
	room.p.FlushTimer = 1;
	room.p.EnableFlags = s->kernel_flags;
	rc = StartTraceW(&got, wide(s->name, name), &room.p);
	*handle = got;
	return rc;
}

static uint32_t control(const char *session, ULONG code, struct etw_session_state *out)
{
	struct properties room;
	wchar_t name[ETW_NAME_CHARS];
	ULONG rc;

	init_properties(&room);
	rc = ControlTraceW(0, wide(session, name), &room.p, code);
	if (rc != ERROR_SUCCESS || !out)
		return rc;
	*out = (struct etw_session_state){ .handle = room.p.Wnode.HistoricalContext, .mode = room.p.LogFileMode,
		.buffer_kb = room.p.BufferSize, .buffers = room.p.NumberOfBuffers, .free_buffers = room.p.FreeBuffers,
		.events_lost = room.p.EventsLost, .log_buffers_lost = room.p.LogBuffersLost,
		.realtime_buffers_lost = room.p.RealTimeBuffersLost };
	memcpy(out->guid.b, &room.p.Wnode.Guid, sizeof out->guid.b);
	return rc;
}

static uint32_t api_query(void *self, const char *name, struct etw_session_state *out)
{
	(void)self;
	return control(name, EVENT_TRACE_CONTROL_QUERY, out);
}

static uint32_t api_stop(void *self, const char *name, struct etw_session_state *out)
{
	(void)self;
	return control(name, EVENT_TRACE_CONTROL_STOP, out);
}

static uint32_t api_flush(void *self, const char *name)
{
	(void)self;
	return control(name, EVENT_TRACE_CONTROL_FLUSH, NULL);
}

static uint32_t api_set_kernel_flags(void *self, uint64_t handle, uint32_t flags)
{
	ULONG groups[GROUP_WORDS] = { flags };

	(void)self;
	return TraceSetInformation(handle, (TRACE_INFO_CLASS)KERNEL_FLAGS_CLASS, groups, sizeof groups);
}

static uint32_t api_get_kernel_flags(void *self, uint64_t handle, uint32_t *out)
{
	struct system_etw *s = self;
	ULONG groups[GROUP_WORDS] = { 0 }, got = 0, rc;

	if (!s->query_information)
		return ERROR_NOT_SUPPORTED;
	rc = s->query_information(handle, KERNEL_FLAGS_CLASS, groups, sizeof groups, &got);
	if (rc == ERROR_SUCCESS)
		*out = groups[0];
	return rc;
}

static uint32_t api_enable(void *self, uint64_t handle, const struct etw_enable *e)
{
	static const ULONG codes[] = { [ETW_DISABLE] = 0, [ETW_ENABLE] = 1, [ETW_CAPTURE_STATE] = 2 };    /* EVENT_CONTROL_CODE_* */
	struct {                                       /* EVENT_FILTER_EVENT_ID */
		BOOLEAN in;
		UCHAR reserved;
		USHORT count, ids[ETW_MAX_FILTER_IDS];
	} ids = { .in = TRUE, .count = e->id_count };
	uint32_t system_flags = e->system_flags;
	EVENT_FILTER_DESCRIPTOR filters[2];
	ENABLE_TRACE_PARAMETERS p = { .Version = 2, .EnableProperty = e->properties, .EnableFilterDesc = filters };
	GUID provider;

	(void)self;
	memcpy(&provider, e->provider.b, sizeof provider);
	if (e->ids && e->id_count <= ETW_MAX_FILTER_IDS) {
		memcpy(ids.ids, e->ids, e->id_count * sizeof ids.ids[0]);
		filters[p.FilterDescCount++] = (EVENT_FILTER_DESCRIPTOR){ .Ptr = (ULONGLONG)(uintptr_t)&ids,
			.Size = (ULONG)(offsetof(__typeof__(ids), ids) + e->id_count * sizeof ids.ids[0]), .Type = (ULONG)FILTER_EVENT_ID };
	}
	if (system_flags)
		filters[p.FilterDescCount++] = (EVENT_FILTER_DESCRIPTOR){ .Ptr = (ULONGLONG)(uintptr_t)&system_flags,
			.Size = sizeof system_flags, .Type = (ULONG)FILTER_SYSTEM_FLAGS };
	return EnableTraceEx2(handle, &provider, codes[e->control], e->level, e->keywords, 0, 0, &p);
}

/* TRACE_ENABLE_INFO of our session in one instance of the provider. */
static bool find_enabled(struct bytes *in, uint16_t logger, struct etw_enabled *out)
{
	uint32_t count, enabled, properties;
	uint16_t id;
	uint64_t keywords;
	uint8_t level;

	bytes_skip(in, 4);
	count = bytes_u32le(in);
	bytes_skip(in, 8);
	for (uint32_t i = 0; i < count && !in->failed; i++) {
		enabled = bytes_u32le(in);
		level = bytes_u8(in);
		bytes_skip(in, 1);
		id = bytes_u16le(in);
		properties = bytes_u32le(in);
		bytes_skip(in, 4);
		keywords = bytes_u64le(in);
		bytes_skip(in, 8);
		if (id == logger && enabled && !in->failed) {
			*out = (struct etw_enabled){ true, level, keywords, properties };
			return true;
		}
	}
	return false;
}

static uint32_t api_get_enabled(void *self, uint64_t handle, const struct guid *provider, struct etw_enabled *out)
{
	struct system_etw *s = self;
	struct guid guid = *provider;
	ULONG got = 0, rc;

	*out = (struct etw_enabled){ .enabled = false };
	if (!s->enumerate_guids)
		return ERROR_NOT_SUPPORTED;
	rc = s->enumerate_guids(1, guid.b, sizeof guid.b, s->provider_info, sizeof s->provider_info, &got);    /* TraceGuidQueryInfo */
	if (rc != ERROR_SUCCESS || got < 8)
		return rc;
	for (size_t at = 8, next = 1; next && at + 16 <= got; at += next) {    /* TRACE_GUID_INFO, then the instances */
		struct bytes in = bytes_of(s->provider_info + at, got - at);

		next = load_u32le(s->provider_info + at);
		if (find_enabled(&in, (uint16_t)handle, out))    /* a session's handle is its number */
			break;
	}
	return rc;
}

static VOID WINAPI on_record(PEVENT_RECORD record)
{
	const struct trace *t = record->UserContext;
	struct etw_event ev;

	memcpy(&ev, record, sizeof ev);
	ev.ctx = t->ctx;
	t->callback(&ev);
}

static struct trace *slot_of(struct system_etw *s, uint64_t handle)
{
	for (size_t i = 0; i < MAX_TRACES; i++) {
		if (s->traces[i].handle == handle)
			return &s->traces[i];
	}
	return NULL;
}

static uint32_t api_open(void *self, const char *name, etw_callback *callback, void *ctx, uint64_t *trace)
{
	struct trace *t = slot_of(self, 0);
	wchar_t session[ETW_NAME_CHARS];
	EVENT_TRACE_LOGFILEW file = { .LoggerName = session, .EventRecordCallback = on_record, .Context = t };
	TRACEHANDLE got;

	if (!t)
		return ERROR_NO_SYSTEM_RESOURCES;
	wide(name, session);
	file.ProcessTraceMode = PROCESS_TRACE_MODE_REAL_TIME | PROCESS_TRACE_MODE_EVENT_RECORD;
	*t = (struct trace){ .callback = callback, .ctx = ctx };
	got = OpenTraceW(&file);
	if (got == INVALID_PROCESSTRACE_HANDLE)
		return GetLastError();
	t->handle = *trace = got;
	return ERROR_SUCCESS;
}

static uint32_t api_process(void *self, uint64_t trace)
{
	TRACEHANDLE handle = trace;

	(void)self;
	return ProcessTrace(&handle, 1, NULL, NULL);
}

static uint32_t api_close(void *self, uint64_t trace)
{
	struct trace *t = slot_of(self, trace);
	ULONG rc = CloseTrace(trace);    /* ERROR_CTX_CLOSE_PENDING: ProcessTrace returns soon, and the caller waits for it */

	if (t)
		t->handle = 0;
	return rc;
}

static uint32_t api_write_canary(void *self)
{
	const EVENT_DESCRIPTOR descriptor = { .Id = OFFER_CANARY_ID, .Level = 4 };

	return EventWrite(((struct system_etw *)self)->canary, &descriptor, 0, NULL);
}

/* From the library of system32, by its path: a file of the same name beside the program is not looked at. */
static FARPROC find(const wchar_t *library, const char *name)
{
	HMODULE module = LoadLibraryExW(library, NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);

	return module ? GetProcAddress(module, name) : NULL;
}

enum status system_etw_open(struct system_etw **out, struct etw_api *api, struct diag *why)
{
	struct system_etw *s = calloc(1, sizeof *s);
	GUID canary;

	*out = s;
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->query_information = (query_information *)(void (*)(void))find(L"sechost.dll", "TraceQueryInformation");
	s->enumerate_guids = (enumerate_guids *)(void (*)(void))find(L"sechost.dll", "EnumerateTraceGuidsEx");
	memcpy(&canary, notice_provider.b, sizeof canary);
	EventRegister(&canary, NULL, NULL, &s->canary);    /* without it the canary is missed, and that is told */
	*api = (struct etw_api){ .self = s, .start = api_start, .query = api_query, .stop = api_stop, .flush = api_flush,
		.set_kernel_flags = api_set_kernel_flags, .get_kernel_flags = api_get_kernel_flags, .enable = api_enable,
		.get_enabled = api_get_enabled, .open = api_open, .process = api_process, .close = api_close,
		.write_canary = api_write_canary };
	return ST_OK;
}

void system_etw_close(struct system_etw *s)
{
	if (!s)
		return;
	EventUnregister(s->canary);
	free(s);
}
