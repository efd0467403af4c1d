#include "tests/support/stream_text.h"

#include <inttypes.h>

#include "proto/base/text.h"

static void put_text(struct buf *out, const char *name, struct text_view t)
{
	if (t.len == 0)
		return;
	buf_printf(out, " %s=", name);
	text_append_json(out, t.ptr, t.len);
}

static void put_number(struct buf *out, const char *name, uint64_t v)
{
	if (v)
		buf_printf(out, " %s=%" PRIu64, name, v);
}

static void put_hex(struct buf *out, const char *name, struct view v)
{
	if (v.len == 0)
		return;
	buf_printf(out, " %s=", name);
	for (size_t i = 0; i < v.len; i++)
		buf_printf(out, "%02x", v.ptr[i]);
}

static void put_guid(struct buf *out, const char *name, const struct guid *g)
{
	char text[GUID_TEXT_BYTES];

	if (guid_is_zero(g))
		return;
	guid_format(g, text);
	buf_printf(out, " %s=%s", name, text);
}

static enum status end_line(struct buf *out)
{
	return buf_append_char(out, '\n') ? ST_OK : ST_LIMIT;
}

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	struct buf *out = ctx;

	buf_printf(out, "HELLO schema=%" PRIu32, h->schema_version);
	put_text(out, "host", h->host_name);
	put_text(out, "machine", h->machine_id);
	put_text(out, "os", h->os_name);
	put_number(out, "build", h->os_build);
	put_number(out, "boot", h->boot_time_100ns);
	put_number(out, "clock", h->clock);
	put_number(out, "source", h->source);
	put_number(out, "pointer", h->pointer_bytes);
	put_number(out, "stream", h->stream_id);
	put_number(out, "connection", h->connection);
	put_number(out, "first", h->first_seq);
	put_number(out, "received", h->received_seq);
	for (size_t i = 0; i < h->device_path_count; i++) {
		put_text(out, "device", h->device_paths[i].device);
		put_text(out, "drive", h->device_paths[i].drive);
	}
	for (size_t i = 0; i < h->provider_count; i++) {
		put_guid(out, "provider", &h->providers[i].guid);
		put_text(out, "name", h->providers[i].name);
	}
	return end_line(out);
}

static void put_record_numbers(struct buf *out, const struct record *r)
{
	put_number(out, "flags", r->flags);
	put_number(out, "time", r->time_100ns);
	put_number(out, "id", r->id);
	put_number(out, "version", r->version);
	put_number(out, "opcode", r->opcode);
	put_number(out, "level", r->level);
	put_number(out, "pointer", r->pointer_bytes);
	put_number(out, "task", r->task);
	put_number(out, "keyword", r->keyword);
	put_number(out, "pid", r->pid);
	put_number(out, "tid", r->tid);
	put_number(out, "cpu", r->cpu);
	put_number(out, "build", r->os_build);
	put_number(out, "start_key", r->start_key);
	put_number(out, "event_key", r->event_key);
	put_number(out, "record_id", r->record_id);
}

static enum status on_record(void *ctx, const struct record *r)
{
	struct buf *out = ctx;

	buf_printf(out, "%s seq=%" PRIu64, r->kind == RECORD_NAMED ? "NAMED" : "ETW", r->seq);
	put_guid(out, "provider", &r->provider);
	put_text(out, "name", r->provider_name);
	put_text(out, "channel", r->channel);
	put_text(out, "host", r->host);
	put_record_numbers(out, r);
	put_guid(out, "container", &r->container);
	put_hex(out, "sid", r->sid);
	put_hex(out, "schema", r->schema);
	put_hex(out, "payload", r->payload);
	for (size_t i = 0; i < r->value_count; i++) {
		buf_append_char(out, ' ');
		text_append_json(out, r->values[i].name.ptr, r->values[i].name.len);
		buf_append_char(out, ':');
		text_append_json(out, r->values[i].value.ptr, r->values[i].value.len);
	}
	return end_line(out);
}

static enum status on_loss(void *ctx, const struct stream_loss *l)
{
	struct buf *out = ctx;

	buf_printf(out, "LOSS reason=%s", loss_reason_name(l->reason));
	put_text(out, "session", l->session);
	put_number(out, "events", l->events_lost);
	put_number(out, "buffers", l->buffers_lost);
	put_number(out, "since", l->since_100ns);
	put_number(out, "until", l->until_100ns);
	put_number(out, "events_total", l->events_total);
	put_number(out, "buffers_total", l->buffers_total);
	return end_line(out);
}

static void put_process(struct buf *out, const struct stream_process *p)
{
	buf_printf(out, " process=%" PRIu32, p->pid);
	put_number(out, "parent", p->ppid);
	put_number(out, "session", p->session_id);
	put_number(out, "created", p->create_time_100ns);
	put_number(out, "start_key", p->start_key);
	put_text(out, "image", p->image_path);
	put_text(out, "cmdline", p->cmdline);
	put_hex(out, "sid", p->user_sid);
	put_guid(out, "container", &p->container);
}

static enum status on_snapshot(void *ctx, const struct stream_snapshot *s)
{
	struct buf *out = ctx;

	buf_append_str(out, "SNAPSHOT");
	put_number(out, "time", s->time_100ns);
	put_number(out, "complete", s->complete);
	for (size_t i = 0; i < s->process_count; i++)
		put_process(out, &s->processes[i]);
	for (size_t i = 0; i < s->container_count; i++) {
		put_guid(out, "silo", &s->containers[i].silo);
		put_text(out, "id", s->containers[i].id);
		put_text(out, "name", s->containers[i].name);
		put_text(out, "image", s->containers[i].image);
		put_text(out, "type", s->containers[i].type);
		put_text(out, "hcs", s->containers[i].hcs_json);
	}
	return end_line(out);
}

static enum status on_heartbeat(void *ctx, const struct stream_heartbeat *h)
{
	struct buf *out = ctx;

	buf_printf(out, "HEARTBEAT last_seq=%" PRIu64, h->last_seq);
	put_number(out, "time", h->time_100ns);
	put_number(out, "sent", h->records_sent);
	put_number(out, "lost", h->events_lost);
	return end_line(out);
}

static enum status on_end(void *ctx, const struct stream_end *e)
{
	struct buf *out = ctx;

	buf_printf(out, "END records=%" PRIu64, e->records_total);
	put_number(out, "events_lost", e->events_lost_total);
	put_number(out, "buffers_lost", e->buffers_lost_total);
	return end_line(out);
}

const struct stream_callbacks stream_text_callbacks = {
	.hello = on_hello,
	.record = on_record,
	.loss = on_loss,
	.snapshot = on_snapshot,
	.heartbeat = on_heartbeat,
	.end = on_end,
};

enum status stream_text_render(struct view stream, size_t step, struct buf *out, struct diag *why)
{
	struct stream_reader *r = stream_reader_create(&stream_text_callbacks, out);
	struct bytes in = bytes_of(stream.ptr, stream.len);
	enum status st = r ? ST_OK : ST_NOMEM;

	while (st == ST_OK && bytes_left(&in) > 0) {
		size_t n = bytes_left(&in) < step ? bytes_left(&in) : step;

		st = stream_reader_feed(r, bytes_take(&in, n), n, why);
	}
	if (st == ST_OK)
		st = stream_reader_finish(r, why);
	stream_reader_destroy(r);
	return st;
}
