#include "policyd/fields/field_evt.h"

#include <inttypes.h>
#include <stdio.h>

#include "proto/base/clock.h"

static const uint64_t ns_per_s = 1000000000;

static enum field_result format_time(const struct event_view *view, struct value *out, int64_t ns, enum evt_time_part part)
{
	struct calendar c;
	char text[64];
	int n = 0;

	calendar_from_unix_ns(ns < 0 ? 0 : ns, &c);
	if (part == TIME_OF_DAY)
		n = snprintf(text, sizeof text, "%02d:%02d:%02d.%09" PRIu32, c.hour, c.minute, c.second, c.nanosecond);
	else if (part == TIME_OF_DAY_S)
		n = snprintf(text, sizeof text, "%02d:%02d:%02d", c.hour, c.minute, c.second);
	else if (part == TIME_ISO8601)
		n = snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%09" PRIu32 "+0000", c.year, c.month, c.day,
			c.hour, c.minute, c.second, c.nanosecond);
	else if (part == TIME_DATETIME)
		n = snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d.%09" PRIu32, c.year, c.month, c.day, c.hour,
			c.minute, c.second, c.nanosecond);
	else
		n = snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute,
			c.second);
	return give_copy(view, out, text, (size_t)n);
}

enum field_result get_evt_time(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct fields_ctx *ctx = getter_ctx(view);
	int64_t ns = filetime_to_unix_ns(ctx->ev->rec->time_100ns);

	if (arg->present)
		return give_u64(out, (uint64_t)ns);     /* FIELD_EVENT_TIME: as a number, for JSON */
	if (f->user != TIME_ISO8601)
		ns += (int64_t)ctx->utc_offset_s * (int64_t)ns_per_s;
	return format_time(view, out, ns, (enum evt_time_part)f->user);
}

enum field_result get_evt_span(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct fields_ctx *ctx = getter_ctx(view);
	uint64_t now = ctx->ev->rec->time_100ns, since = 0, ns;

	(void)arg;
	if (f->user < SPAN_REL)
		ns = (uint64_t)filetime_to_unix_ns(now);
	else {
		since = f->user < SPAN_DELTA ? ctx->first_100ns : ctx->previous_100ns;
		ns = since && now > since ? (now - since) * 100 : 0;
	}
	if (f->user % 4 == SPAN_SECONDS)
		ns /= ns_per_s;
	else if (f->user % 4 == SPAN_REST)
		ns %= ns_per_s;
	return give_u64(out, ns);
}

enum field_result get_evt_type(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)f;
	(void)arg;
	return give_str(out, event_kind_name(getter_event(view)->kind));
}

enum field_result get_evt_category(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)f;
	(void)arg;
	return give_str(out, event_kind_category(getter_event(view)->kind));
}

enum field_result get_evt_name(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view name;

	(void)f;
	(void)arg;
	return event_get_name(getter_event(view), &name) ? give_text(out, name) : FIELD_MISSING;
}

enum field_result get_evt_dir(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)f;
	(void)arg;
	(void)view;
	return give_str(out, "<");
}

enum field_result get_evt_args(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);
	struct text_view first, second;
	char *both;

	(void)f;
	(void)arg;
	if (!event_format_args(ev, view->scratch, &first))
		return FIELD_MISSING;
	out->str.ptr = first.ptr;
	out->str.len = first.len;
	if (!ev->twin || !event_format_args(ev->twin, view->scratch, &second) || !second.len)
		return FIELD_OK;
	both = arena_alloc(view->scratch, first.len + 1 + second.len);
	if (!both)
		return FIELD_OK;
	memcpy(both, first.ptr, first.len);
	both[first.len] = ' ';
	memcpy(both + first.len + 1, second.ptr, second.len);
	out->str.ptr = both;
	out->str.len = first.len + 1 + second.len;
	return FIELD_OK;
}

enum field_result get_evt_arg(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);
	struct text_view name = { .ptr = arg->key, .len = arg->key_len }, text;

	(void)f;
	if (!event_get_arg(ev, name, view->scratch, &text) &&
		!(ev->twin && event_get_arg(ev->twin, name, view->scratch, &text)))
		return FIELD_MISSING;
	out->str.ptr = text.ptr;
	out->str.len = text.len;
	return FIELD_OK;
}

/* Kernel file and registry events carry an NTSTATUS, which is an error when its top bit is set; what else has a result
 * has 0 for success. */
static bool is_ntstatus(const struct event *ev)
{
	return ev->layout && ((ev->kind >= EVENT_file_create && ev->kind <= EVENT_reg_delete_value) ||
				     ev->kind == EVENT_process_access);
}

static bool has_failed(const struct event_view *view)
{
	uint64_t status;

	if (getter_event(view)->kind == EVENT_logon_failed)
		return true;
	if (!getter_u64(view, SLOT_STATUS, &status))
		return false;
	return is_ntstatus(getter_event(view)) ? (status & 0x80000000u) != 0 : status != 0;
}

enum field_result get_evt_result(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	static const struct {
		uint32_t status;
		const char *name;
	} names[] = { { 0, "SUCCESS" }, { 0xC0000022, "ACCESS_DENIED" }, { 0xC0000034, "OBJECT_NAME_NOT_FOUND" },
		{ 0xC0000035, "OBJECT_NAME_COLLISION" }, { 0xC000003A, "OBJECT_PATH_NOT_FOUND" },
		{ 0xC0000043, "SHARING_VIOLATION" }, { 0xC0000008, "INVALID_HANDLE" }, { 0xC000000D, "INVALID_PARAMETER" },
		{ 0xC000006D, "LOGON_FAILURE" }, { 0xC000006A, "WRONG_PASSWORD" }, { 0xC0000064, "NO_SUCH_USER" },
		{ 0xC0000072, "ACCOUNT_DISABLED" }, { 0xC0000234, "ACCOUNT_LOCKED_OUT" }, { 5, "ACCESS_DENIED" } };
	uint64_t status;

	(void)f;
	(void)arg;
	if (!getter_u64(view, SLOT_STATUS, &status))
		return FIELD_MISSING;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (names[i].status == status)
			return give_str(out, names[i].name);
	}
	return give_hex(view, out, status);
}

enum field_result get_evt_raw_result(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	uint64_t status;

	(void)f;
	(void)arg;
	if (!getter_u64(view, SLOT_STATUS, &status))
		return FIELD_MISSING;
	return give_i64(out, status <= UINT32_MAX ? (int32_t)(uint32_t)status : (int64_t)status);
}

enum field_result get_evt_io(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	enum event_kind kind = getter_event(view)->kind;
	bool in = kind == EVENT_net_recv, io_out = kind == EVENT_file_write || kind == EVENT_net_send;

	(void)arg;
	switch (f->user) {
	case IO_READ:
		return give_bool(out, in);
	case IO_WRITE:
		return give_bool(out, io_out);
	case IO_DIRECTION:
		return in || io_out ? give_str(out, in ? "r" : "w") : FIELD_MISSING;
	default:
		return give_bool(out, in || io_out);
	}
}

/* FILE_READ_DATA, FILE_WRITE_DATA and FILE_APPEND_DATA, FILE_EXECUTE. Source: winnt.h. */
static bool mask_allows(uint64_t mask, uintptr_t use)
{
	static const uint32_t bits[] = { [OPEN_FOR_READ] = 0x1, [OPEN_FOR_WRITE] = 0x6, [OPEN_FOR_EXEC] = 0x20 };

	return (mask & bits[use]) != 0;
}

enum field_result get_evt_open(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	enum event_kind kind = getter_event(view)->kind;
	bool creates = kind == EVENT_file_create;
	uint64_t mask;

	(void)arg;
	if (kind != EVENT_file_open && !creates)
		return give_bool(out, false);
	if (f->user == OPEN_CREATES)
		return give_bool(out, creates);
	if (getter_u64(view, SLOT_ACCESS_MASK, &mask))
		return give_bool(out, mask_allows(mask, f->user));
	if (f->user == OPEN_FOR_EXEC)
		return give_bool(out, false);
	return give_bool(out, f->user == OPEN_FOR_WRITE ? creates : !creates);
}

enum field_result get_evt_number(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct fields_ctx *ctx = getter_ctx(view);
	const struct record *rec = ctx->ev->rec;
	const uint64_t numbers[] = {
		[EVT_NUM] = ctx->number,
		[EVT_CPU] = rec->cpu,
		[EVT_COUNT] = 1,
		[EVT_GAP] = ctx->ev->lost_before,
		[EVT_ID] = rec->flags & RECORD_CLASSIC ? rec->opcode : rec->id,
		[EVT_RECORD_ID] = rec->record_id,
		[EVT_PARTIAL] = ctx->ev->partial,
		[EVT_IS_ASYNC] = ctx->ev->kind == EVENT_events_lost,
		[EVT_VERSION] = rec->version,
		[EVT_OPCODE] = rec->opcode,
		[EVT_LEVEL] = rec->level,
		[EVT_TASK] = rec->task,
	};

	(void)arg;
	if (f->user == EVT_FAILED || f->user == EVT_COUNT_ERROR)
		return give_u64(out, has_failed(view));
	if (f->user == EVT_RECORD_ID && !rec->record_id)
		return FIELD_MISSING;
	if (f->type == VT_INT16)
		return give_i64(out, (int64_t)numbers[f->user]);
	return give_u64(out, numbers[f->user]);
}

enum field_result get_evt_host(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct fields_ctx *ctx = getter_ctx(view);

	(void)f;
	(void)arg;
	if (ctx->host_name.len)
		return give_text(out, ctx->host_name);
	return give_text(out, ctx->state ? state_host_name(ctx->state, ctx->ev->rec) : ctx->ev->rec->host);
}

enum field_result get_evt_source(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)f;
	(void)arg;
	(void)view;
	return give_str(out, fields_vocabulary()->source);
}

enum field_result get_evt_channel(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view channel;

	(void)f;
	(void)arg;
	if (getter_text(view, SLOT_CHANNEL, &channel) && channel.len)
		return give_text(out, channel);
	return give_text(out, getter_event(view)->rec->channel);
}

enum field_result get_evt_async_name(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)f;
	(void)arg;
	return getter_event(view)->kind == EVENT_events_lost ? give_str(out, "events_lost") : FIELD_MISSING;
}

enum field_result get_evt_buffer(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct view bytes;

	(void)f;
	(void)arg;
	if (!event_get_bytes(getter_event(view), SLOT_DATA, &bytes))
		return FIELD_MISSING;
	out->str.ptr = (const char *)bytes.ptr;
	out->str.len = bytes.len;
	return FIELD_OK;
}

enum field_result get_etw_keyword(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)f;
	(void)arg;
	return give_hex(view, out, getter_event(view)->rec->keyword);
}

enum field_result get_etw_doubt(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	static const char *const texts[] = { [DOUBT_STARTED_ITSELF] = "started itself", [DOUBT_PID_IN_USE] = "pid in use",
		[DOUBT_ENDED_BY_ANOTHER] = "ended by another" };
	enum event_doubt doubt = getter_event(view)->doubt;

	(void)f;
	(void)arg;
	return doubt ? give_str(out, texts[doubt]) : FIELD_MISSING;
}

static const struct provider *known_provider(const struct guid *guid)
{
	for (size_t i = 0; i < provider_count; i++) {
		if (guid_equal(&providers[i]->guid, guid))
			return providers[i];
	}
	return NULL;
}

enum field_result get_etw_provider(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct record *rec = getter_event(view)->rec;
	const struct provider *p;
	char text[GUID_TEXT_BYTES];

	(void)f;
	(void)arg;
	if (rec->provider_name.len)
		return give_text(out, rec->provider_name);
	if (guid_is_zero(&rec->provider))
		return FIELD_MISSING;
	p = known_provider(&rec->provider);
	if (p)
		return give_str(out, p->name);
	guid_format(&rec->provider, text);
	return give_copy(view, out, text, GUID_TEXT_BYTES - 1);
}
