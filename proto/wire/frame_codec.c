#include "proto/wire/frame_codec.h"

#include "stream.pb-c.h"

/* The generated names are long; these stand for them here. */
typedef Vitrine__Stream__V1__Hello pb_hello;
typedef Vitrine__Stream__V1__Loss pb_loss;
typedef Vitrine__Stream__V1__Snapshot pb_snapshot;
typedef Vitrine__Stream__V1__Heartbeat pb_heartbeat;
typedef Vitrine__Stream__V1__End pb_end;
typedef Vitrine__Stream__V1__Provider pb_provider;
typedef Vitrine__Stream__V1__DevicePath pb_device_path;
typedef Vitrine__Stream__V1__ProcessRow pb_process;
typedef Vitrine__Stream__V1__ContainerRow pb_container;

struct scratch {
	struct arena *arena;
	bool full;               /* an allocation was refused, or a bound passed */
};

static void *scratch_alloc(void *data, size_t n)
{
	struct scratch *s = data;
	void *p = arena_alloc(s->arena, n);

	if (!p)
		s->full = true;
	return p;
}

static void scratch_free(void *data, void *p)
{
	(void)data;
	(void)p;
}

static void *scratch_array(struct scratch *s, size_t count, size_t size)
{
	return scratch_alloc(s, count * size);    /* counts are bounded by limits.h */
}

/* protobuf-c wants NUL-terminated text it may call its own. */
static char *put_text(struct scratch *s, struct text_view t)
{
	char *copy = t.len ? arena_strndup(s->arena, t.ptr, t.len) : (char *)protobuf_c_empty_string;

	if (!copy)
		s->full = true;
	return copy ? copy : (char *)protobuf_c_empty_string;
}

static ProtobufCBinaryData put_bytes(struct scratch *s, const void *ptr, size_t len)
{
	ProtobufCBinaryData out = { 0, NULL };

	if (len == 0 || !(out.data = scratch_alloc(s, len)))
		return out;
	memcpy(out.data, ptr, len);
	out.len = len;
	return out;
}

static ProtobufCBinaryData put_guid(struct scratch *s, const struct guid *g)
{
	return put_bytes(s, g->b, guid_is_zero(g) ? 0 : sizeof g->b);
}

static struct text_view get_text(const char *s)
{
	return (struct text_view){ s, strlen(s) };
}

static bool get_guid(ProtobufCBinaryData in, struct guid *out)
{
	*out = (struct guid){ { 0 } };
	if (in.len == sizeof out->b)
		memcpy(out->b, in.data, sizeof out->b);
	return in.len == 0 || in.len == sizeof out->b;
}

/* NULL: *st says why. */
static void *unpack(const ProtobufCMessageDescriptor *type, struct view body, struct arena *a, enum status *st)
{
	struct scratch s = { .arena = a };
	ProtobufCAllocator allocator = { .alloc = scratch_alloc, .free = scratch_free, .allocator_data = &s };
	void *message = protobuf_c_message_unpack(type, &allocator, body.len, body.ptr);

	*st = message ? ST_OK : s.full ? ST_LIMIT : ST_MALFORMED;
	return message;
}

static enum status pack(const ProtobufCMessage *message, const struct scratch *s, struct buf *out)
{
	size_t len = s->full ? 0 : protobuf_c_message_get_packed_size(message);
	uint8_t *room;

	if (s->full || len > out->max_bytes - out->len)
		return ST_LIMIT;
	room = buf_reserve(out, len);
	if (!room && len > 0) {
		out->failed = false;
		return ST_NOMEM;
	}
	if (len > 0)
		out->len += protobuf_c_message_pack(message, room);
	return ST_OK;
}

/* HELLO */

static enum status get_providers(const pb_hello *m, struct arena *a, struct stream_hello *out)
{
	struct stream_provider *rows = arena_zalloc(a, (m->n_providers + 1) * sizeof *rows);

	if (!rows || m->n_providers > LIMIT_PROVIDERS)
		return ST_LIMIT;
	for (size_t i = 0; i < m->n_providers; i++) {
		rows[i].name = get_text(m->providers[i]->name);
		if (!get_guid(m->providers[i]->guid, &rows[i].guid))
			return ST_MALFORMED;
		if (rows[i].name.len > LIMIT_NAME_BYTES)
			return ST_LIMIT;
	}
	out->providers = rows;
	out->provider_count = m->n_providers;
	return ST_OK;
}

static enum status get_device_paths(const pb_hello *m, struct arena *a, struct stream_hello *out)
{
	struct stream_device_path *rows = arena_zalloc(a, (m->n_device_paths + 1) * sizeof *rows);

	if (!rows || m->n_device_paths > LIMIT_DEVICE_PATHS)
		return ST_LIMIT;
	for (size_t i = 0; i < m->n_device_paths; i++) {
		rows[i].device = get_text(m->device_paths[i]->device);
		rows[i].drive = get_text(m->device_paths[i]->drive);
	}
	out->device_paths = rows;
	out->device_path_count = m->n_device_paths;
	return ST_OK;
}

enum status frame_codec_decode_hello(struct view body, struct arena *a, struct stream_hello *out)
{
	struct stream_hello h = { 0 };
	enum status st;
	const pb_hello *m = unpack(&vitrine__stream__v1__hello__descriptor, body, a, &st);

	if (!m)
		return st;
	h.schema_version = m->schema_version;
	h.host_name = get_text(m->host_name);
	h.machine_id = get_text(m->machine_id);
	h.os_name = get_text(m->os_name);
	h.os_build = m->os_build;
	h.boot_time_100ns = m->boot_time_100ns;
	h.clock = m->clock <= VITRINE__STREAM__V1__CLOCK__CLOCK_CPU_CYCLES ? (enum stream_clock)m->clock : CLOCK_UNKNOWN;
	h.source = m->source <= VITRINE__STREAM__V1__SOURCE__SOURCE_GENERATED ? (enum stream_source)m->source
									      : SOURCE_UNKNOWN;
	h.pointer_bytes = (uint8_t)m->pointer_bytes;
	h.stream_id = m->stream_id;
	h.connection = m->connection;
	h.first_seq = m->first_seq;
	h.received_seq = m->received_seq;
	if (m->schema_version == 0 ||
		(m->pointer_bytes != 0 && m->pointer_bytes != 4 && m->pointer_bytes != 8))
		return ST_MALFORMED;
	if (h.host_name.len > LIMIT_NAME_BYTES)
		return ST_LIMIT;
	if ((st = get_device_paths(m, a, &h)) != ST_OK || (st = get_providers(m, a, &h)) != ST_OK)
		return st;
	*out = h;
	return ST_OK;
}

static void put_providers(struct scratch *s, const struct stream_hello *in, pb_hello *m)
{
	pb_provider *rows = scratch_array(s, in->provider_count, sizeof *rows);
	pb_provider **list = scratch_array(s, in->provider_count, sizeof *list);

	if (s->full)
		return;
	for (size_t i = 0; i < in->provider_count; i++) {
		vitrine__stream__v1__provider__init(&rows[i]);
		rows[i].guid = put_guid(s, &in->providers[i].guid);
		rows[i].name = put_text(s, in->providers[i].name);
		s->full = s->full || in->providers[i].name.len > LIMIT_NAME_BYTES;
		list[i] = &rows[i];
	}
	m->providers = list;
	m->n_providers = in->provider_count;
}

static void put_device_paths(struct scratch *s, const struct stream_hello *in, pb_hello *m)
{
	pb_device_path *rows = scratch_array(s, in->device_path_count, sizeof *rows);
	pb_device_path **list = scratch_array(s, in->device_path_count, sizeof *list);

	if (s->full)
		return;
	for (size_t i = 0; i < in->device_path_count; i++) {
		vitrine__stream__v1__device_path__init(&rows[i]);
		rows[i].device = put_text(s, in->device_paths[i].device);
		rows[i].drive = put_text(s, in->device_paths[i].drive);
		list[i] = &rows[i];
	}
	m->device_paths = list;
	m->n_device_paths = in->device_path_count;
}

enum status frame_codec_encode_hello(const struct stream_hello *in, struct arena *a, struct buf *out)
{
	struct scratch s = { .arena = a };
	pb_hello m = VITRINE__STREAM__V1__HELLO__INIT;

	if (in->provider_count > LIMIT_PROVIDERS || in->device_path_count > LIMIT_DEVICE_PATHS ||
		in->host_name.len > LIMIT_NAME_BYTES)
		return ST_LIMIT;
	m.schema_version = in->schema_version;
	m.host_name = put_text(&s, in->host_name);
	m.machine_id = put_text(&s, in->machine_id);
	m.os_name = put_text(&s, in->os_name);
	m.os_build = in->os_build;
	m.boot_time_100ns = in->boot_time_100ns;
	m.clock = (Vitrine__Stream__V1__Clock)in->clock;
	m.source = (Vitrine__Stream__V1__Source)in->source;
	m.pointer_bytes = in->pointer_bytes;
	m.stream_id = in->stream_id;
	m.connection = in->connection;
	m.first_seq = in->first_seq;
	m.received_seq = in->received_seq;
	put_device_paths(&s, in, &m);
	put_providers(&s, in, &m);
	return pack(&m.base, &s, out);
}

/* LOSS */

enum status frame_codec_decode_loss(struct view body, struct arena *a, struct stream_loss *out)
{
	enum status st;
	const pb_loss *m = unpack(&vitrine__stream__v1__loss__descriptor, body, a, &st);

	if (!m)
		return st;
	*out = (struct stream_loss){
		.session = get_text(m->session),
		.reason = (unsigned)m->reason < LOSS_REASON_COUNT ? (enum loss_reason)m->reason : LOSS_UNKNOWN,
		.events_lost = m->events_lost,
		.buffers_lost = m->buffers_lost,
		.since_100ns = m->since_100ns,
		.until_100ns = m->until_100ns,
		.events_total = m->events_total,
		.buffers_total = m->buffers_total,
	};
	return ST_OK;
}

enum status frame_codec_encode_loss(const struct stream_loss *in, struct arena *a, struct buf *out)
{
	struct scratch s = { .arena = a };
	pb_loss m = VITRINE__STREAM__V1__LOSS__INIT;

	m.session = put_text(&s, in->session);
	m.reason = (Vitrine__Stream__V1__LossReason)in->reason;
	m.events_lost = in->events_lost;
	m.buffers_lost = in->buffers_lost;
	m.since_100ns = in->since_100ns;
	m.until_100ns = in->until_100ns;
	m.events_total = in->events_total;
	m.buffers_total = in->buffers_total;
	return pack(&m.base, &s, out);
}

/* SNAPSHOT */

static enum status get_process(const pb_process *m, struct stream_process *out)
{
	*out = (struct stream_process){
		.pid = m->pid,
		.ppid = m->ppid,
		.session_id = m->session_id,
		.create_time_100ns = m->create_time_100ns,
		.start_key = m->start_key,
		.image_path = get_text(m->image_path),
		.cmdline = get_text(m->cmdline),
		.user_sid = { m->user_sid.data, m->user_sid.len },
	};
	if (m->user_sid.len > LIMIT_SID_BYTES)
		return ST_LIMIT;
	return get_guid(m->container, &out->container) ? ST_OK : ST_MALFORMED;
}

static enum status get_processes(const pb_snapshot *m, struct arena *a, struct stream_snapshot *out)
{
	struct stream_process *rows = arena_zalloc(a, (m->n_processes + 1) * sizeof *rows);
	enum status st = ST_OK;

	if (!rows || m->n_processes > LIMIT_SNAPSHOT_ROWS)
		return ST_LIMIT;
	for (size_t i = 0; st == ST_OK && i < m->n_processes; i++)
		st = get_process(m->processes[i], &rows[i]);
	out->processes = rows;
	out->process_count = m->n_processes;
	return st;
}

static enum status get_containers(const pb_snapshot *m, struct arena *a, struct stream_snapshot *out)
{
	struct stream_container *rows = arena_zalloc(a, (m->n_containers + 1) * sizeof *rows);

	if (!rows || m->n_containers > LIMIT_SNAPSHOT_ROWS)
		return ST_LIMIT;
	for (size_t i = 0; i < m->n_containers; i++) {
		const pb_container *c = m->containers[i];

		rows[i] = (struct stream_container){ .id = get_text(c->id),
			.name = get_text(c->name),
			.image = get_text(c->image),
			.type = get_text(c->type),
			.hcs_json = get_text(c->hcs_json) };
		if (!get_guid(c->silo, &rows[i].silo))
			return ST_MALFORMED;
	}
	out->containers = rows;
	out->container_count = m->n_containers;
	return ST_OK;
}

enum status frame_codec_decode_snapshot(struct view body, struct arena *a, struct stream_snapshot *out)
{
	struct stream_snapshot snap = { 0 };
	enum status st;
	const pb_snapshot *m = unpack(&vitrine__stream__v1__snapshot__descriptor, body, a, &st);

	if (!m)
		return st;
	snap.time_100ns = m->time_100ns;
	snap.complete = m->complete;
	if ((st = get_processes(m, a, &snap)) != ST_OK || (st = get_containers(m, a, &snap)) != ST_OK)
		return st;
	*out = snap;
	return ST_OK;
}

static void put_processes(struct scratch *s, const struct stream_snapshot *in, pb_snapshot *m)
{
	pb_process *rows = scratch_array(s, in->process_count, sizeof *rows);
	pb_process **list = scratch_array(s, in->process_count, sizeof *list);

	if (s->full)
		return;
	for (size_t i = 0; i < in->process_count; i++) {
		const struct stream_process *p = &in->processes[i];

		vitrine__stream__v1__process_row__init(&rows[i]);
		rows[i].pid = p->pid;
		rows[i].ppid = p->ppid;
		rows[i].session_id = p->session_id;
		rows[i].create_time_100ns = p->create_time_100ns;
		rows[i].start_key = p->start_key;
		rows[i].image_path = put_text(s, p->image_path);
		rows[i].cmdline = put_text(s, p->cmdline);
		rows[i].user_sid = put_bytes(s, p->user_sid.ptr, p->user_sid.len);
		rows[i].container = put_guid(s, &p->container);
		s->full = s->full || p->user_sid.len > LIMIT_SID_BYTES;
		list[i] = &rows[i];
	}
	m->processes = list;
	m->n_processes = in->process_count;
}

static void put_containers(struct scratch *s, const struct stream_snapshot *in, pb_snapshot *m)
{
	pb_container *rows = scratch_array(s, in->container_count, sizeof *rows);
	pb_container **list = scratch_array(s, in->container_count, sizeof *list);

	if (s->full)
		return;
	for (size_t i = 0; i < in->container_count; i++) {
		const struct stream_container *c = &in->containers[i];

		vitrine__stream__v1__container_row__init(&rows[i]);
		rows[i].silo = put_guid(s, &c->silo);
		rows[i].id = put_text(s, c->id);
		rows[i].name = put_text(s, c->name);
		rows[i].image = put_text(s, c->image);
		rows[i].type = put_text(s, c->type);
		rows[i].hcs_json = put_text(s, c->hcs_json);
		list[i] = &rows[i];
	}
	m->containers = list;
	m->n_containers = in->container_count;
}

enum status frame_codec_encode_snapshot(const struct stream_snapshot *in, struct arena *a, struct buf *out)
{
	struct scratch s = { .arena = a };
	pb_snapshot m = VITRINE__STREAM__V1__SNAPSHOT__INIT;

	if (in->process_count > LIMIT_SNAPSHOT_ROWS || in->container_count > LIMIT_SNAPSHOT_ROWS)
		return ST_LIMIT;
	m.time_100ns = in->time_100ns;
	m.complete = in->complete;
	put_processes(&s, in, &m);
	put_containers(&s, in, &m);
	return pack(&m.base, &s, out);
}

/* HEARTBEAT, END */

enum status frame_codec_decode_heartbeat(struct view body, struct arena *a, struct stream_heartbeat *out)
{
	enum status st;
	const pb_heartbeat *m = unpack(&vitrine__stream__v1__heartbeat__descriptor, body, a, &st);

	if (!m)
		return st;
	*out = (struct stream_heartbeat){ .last_seq = m->last_seq,
		.time_100ns = m->time_100ns,
		.records_sent = m->records_sent,
		.events_lost = m->events_lost };
	return ST_OK;
}

enum status frame_codec_encode_heartbeat(const struct stream_heartbeat *in, struct arena *a, struct buf *out)
{
	struct scratch s = { .arena = a };
	pb_heartbeat m = VITRINE__STREAM__V1__HEARTBEAT__INIT;

	m.last_seq = in->last_seq;
	m.time_100ns = in->time_100ns;
	m.records_sent = in->records_sent;
	m.events_lost = in->events_lost;
	return pack(&m.base, &s, out);
}

enum status frame_codec_decode_end(struct view body, struct arena *a, struct stream_end *out)
{
	enum status st;
	const pb_end *m = unpack(&vitrine__stream__v1__end__descriptor, body, a, &st);

	if (!m)
		return st;
	*out = (struct stream_end){ .records_total = m->records_total,
		.events_lost_total = m->events_lost_total,
		.buffers_lost_total = m->buffers_lost_total };
	return ST_OK;
}

enum status frame_codec_encode_end(const struct stream_end *in, struct arena *a, struct buf *out)
{
	struct scratch s = { .arena = a };
	pb_end m = VITRINE__STREAM__V1__END__INIT;

	m.records_total = in->records_total;
	m.events_lost_total = in->events_lost_total;
	m.buffers_lost_total = in->buffers_lost_total;
	return pack(&m.base, &s, out);
}
