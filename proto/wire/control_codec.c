#include "proto/wire/control_codec.h"

#include <string.h>

#include "control.pb-c.h"
#include "proto/wire/frame.h"

typedef Vitrine__Control__V1__Request pb_request;
typedef Vitrine__Control__V1__Answer pb_answer;

static void *scratch_alloc(void *data, size_t n)
{
	return arena_alloc(data, n);
}

static void scratch_free(void *data, void *p)
{
	(void)data;
	(void)p;
}

static void *unpack(const ProtobufCMessageDescriptor *type, struct view body, struct arena *a)
{
	ProtobufCAllocator allocator = { .alloc = scratch_alloc, .free = scratch_free, .allocator_data = a };

	return protobuf_c_message_unpack(type, &allocator, body.len, body.ptr);
}

enum status control_decode_request(struct view body, struct arena *a, struct control_request *out)
{
	const pb_request *m;

	if (body.len > CONTROL_MAX_REQUEST_BYTES)
		return ST_LIMIT;
	m = unpack(&vitrine__control__v1__request__descriptor, body, a);
	if (!m)
		return ST_MALFORMED;
	*out = (struct control_request){ .version = m->version, .id = m->id, .kind = (int)m->kind, .rule = m->rule,
		.tag = m->tag, .priority = m->priority, .since = m->since, .text = m->text, .pod = m->pod,
		.limit = m->limit, .enable = m->enable };
	return ST_OK;
}

enum status control_decode_answer(struct view body, struct arena *a, struct control_answer *out)
{
	const pb_answer *m = unpack(&vitrine__control__v1__answer__descriptor, body, a);

	if (!m)
		return ST_MALFORMED;
	*out = (struct control_answer){ .id = m->id, .outcome = (int)m->outcome, .message = m->message,
		.body = { m->body.data, m->body.len }, .more = m->more };
	return ST_OK;
}

static enum status pack(const ProtobufCMessage *message, enum frame_type type, struct buf *out)
{
	size_t len = protobuf_c_message_get_packed_size(message);
	uint8_t *room;

	if (len > LIMIT_FRAME_BODY_BYTES || len + FRAME_HEADER_BYTES > out->max_bytes - out->len)
		return ST_LIMIT;
	room = buf_reserve(out, len + FRAME_HEADER_BYTES);
	if (!room)
		return ST_NOMEM;
	frame_put_header(room, type, len);
	out->len += FRAME_HEADER_BYTES + protobuf_c_message_pack(message, room + FRAME_HEADER_BYTES);
	return ST_OK;
}

/* protobuf-c wants texts it may call its own, and never writes to them. */
static char *text(const char *t)
{
	return (char *)(uintptr_t)(t ? t : "");
}

enum status control_encode_request(const struct control_request *in, struct buf *out)
{
	pb_request m = VITRINE__CONTROL__V1__REQUEST__INIT;

	m.version = in->version;
	m.id = in->id;
	m.kind = (Vitrine__Control__V1__Kind)in->kind;
	m.rule = text(in->rule);
	m.tag = text(in->tag);
	m.priority = text(in->priority);
	m.since = text(in->since);
	m.text = text(in->text);
	m.pod = text(in->pod);
	m.limit = in->limit;
	m.enable = in->enable;
	return pack(&m.base, FRAME_REQUEST, out);
}

enum status control_encode_answer(const struct control_answer *in, struct buf *out)
{
	pb_answer m = VITRINE__CONTROL__V1__ANSWER__INIT;

	m.id = in->id;
	m.outcome = (Vitrine__Control__V1__Outcome)in->outcome;
	m.message = text(in->message);
	m.body.data = (uint8_t *)(uintptr_t)in->body.ptr;
	m.body.len = in->body.len;
	m.more = in->more;
	return pack(&m.base, FRAME_ANSWER, out);
}
