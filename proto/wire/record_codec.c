#include "proto/wire/record_codec.h"

#include <stddef.h>

/* Field numbers of stream.proto. */
enum records_field { F_FIRST_SEQ = 1, F_RESET_TABLES = 2, F_NEW_PROVIDERS = 3, F_NEW_NAMES = 4, F_RECORDS = 5 };
enum provider_field { F_PROVIDER_GUID = 1, F_PROVIDER_NAME = 2 };
enum value_field { F_VALUE_NAME = 1, F_VALUE_VALUE = 2 };
enum record_field {
	F_KIND = 1,
	F_FLAGS = 2,
	F_TIME = 3,
	F_PROVIDER = 4,
	F_ID = 5,
	F_VERSION = 6,
	F_OPCODE = 7,
	F_LEVEL = 8,
	F_POINTER_BYTES = 9,
	F_PID = 10,
	F_TID = 11,
	F_CPU = 12,
	F_KEYWORD = 13,
	F_PAYLOAD = 14,
	F_CONTAINER = 15,
	F_START_KEY = 16,
	F_EVENT_KEY = 17,
	F_SID = 18,
	F_TASK = 19,
	F_SCHEMA = 20,
	F_CHANNEL = 21,
	F_HOST = 22,
	F_RECORD_ID = 23,
	F_VALUES = 24,
	F_RECORD_COUNT
};

/* All numbers of a record with keys, and the keys and lengths of its byte fields, never take more than this. */
enum { RECORD_FIXED_MAX_BYTES = 320, VALUE_FIXED_MAX_BYTES = 3 * (WIRE_KEY_MAX_BYTES + WIRE_VARINT_MAX_BYTES) };

/* Room for n bytes at the end of *out. */
static enum status make_room(struct buf *out, size_t n, uint8_t **room)
{
	if (n > out->max_bytes - out->len)
		return ST_LIMIT;
	*room = buf_reserve(out, n);
	if (*room)
		return ST_OK;
	out->failed = false;
	return ST_NOMEM;
}

static void end_at(struct buf *out, const uint8_t *end)
{
	out->len = (size_t)(end - out->data);
}

enum status record_codec_put_head(uint64_t first_seq, bool reset_tables, struct buf *out)
{
	uint8_t *p;
	enum status st = make_room(out, RECORDS_HEAD_MAX_BYTES, &p);

	if (st != ST_OK)
		return st;
	p = wire_put_number(p, F_FIRST_SEQ, first_seq);
	p = wire_put_number(p, F_RESET_TABLES, reset_tables);
	end_at(out, p);
	return ST_OK;
}

enum status record_codec_put_provider(const struct stream_provider *row, struct buf *out)
{
	size_t guid_len = guid_is_zero(&row->guid) ? 0 : sizeof row->guid.b;
	uint8_t message[sizeof row->guid.b + LIMIT_NAME_BYTES + VALUE_FIXED_MAX_BYTES], *end = message, *p;
	enum status st;

	if (row->name.len > LIMIT_NAME_BYTES)
		return ST_LIMIT;
	end = wire_put_bytes(end, F_PROVIDER_GUID, row->guid.b, guid_len);
	end = wire_put_bytes(end, F_PROVIDER_NAME, row->name.ptr, row->name.len);
	if ((st = make_room(out, sizeof message + VALUE_FIXED_MAX_BYTES, &p)) != ST_OK)
		return st;
	end_at(out, wire_put_element(p, F_NEW_PROVIDERS, message, (size_t)(end - message)));
	return ST_OK;
}

enum status record_codec_put_name(struct text_view name, struct buf *out)
{
	uint8_t *p;
	enum status st;

	if (name.len > LIMIT_NAME_BYTES)
		return ST_LIMIT;
	if ((st = make_room(out, name.len + VALUE_FIXED_MAX_BYTES, &p)) != ST_OK)
		return st;
	end_at(out, wire_put_element(p, F_NEW_NAMES, name.ptr, name.len));
	return ST_OK;
}

/* An upper bound of the encoded size, 0 when a reader would refuse the record. */
static size_t record_max_bytes(const struct record *r)
{
	size_t n = RECORD_FIXED_MAX_BYTES + r->payload.len + r->sid.len + r->schema.len;

	if (r->payload.len > LIMIT_PAYLOAD_BYTES || r->sid.len > LIMIT_SID_BYTES || r->schema.len > LIMIT_PAYLOAD_BYTES ||
		r->value_count > LIMIT_NAMED_VALUES)
		return 0;
	for (size_t i = 0; i < r->value_count; i++) {
		const struct named_value *v = &r->values[i];

		if (v->name.len > LIMIT_NAME_BYTES || v->value.len > LIMIT_VALUE_BYTES)
			return 0;
		n += v->name.len + v->value.len + VALUE_FIXED_MAX_BYTES;
	}
	return n;
}

static size_t bytes_field_size(size_t len)
{
	return len ? 1 + wire_varint_bytes(len) + len : 0;
}

static uint8_t *put_value(uint8_t *p, const struct named_value *v)
{
	size_t len = bytes_field_size(v->name.len) + bytes_field_size(v->value.len);

	p = wire_put_varint(wire_put_key(p, F_VALUES, WIRE_BYTES), len);
	p = wire_put_bytes(p, F_VALUE_NAME, v->name.ptr, v->name.len);
	return wire_put_bytes(p, F_VALUE_VALUE, v->value.ptr, v->value.len);
}

static uint8_t *put_header_fields(uint8_t *p, const struct record *r, uint32_t provider)
{
	p = wire_put_number(p, F_KIND, r->kind == RECORD_NAMED);
	p = wire_put_number(p, F_FLAGS, r->flags);
	p = wire_put_fixed64(p, F_TIME, r->time_100ns);
	p = wire_put_number(p, F_PROVIDER, provider);
	p = wire_put_number(p, F_ID, r->id);
	p = wire_put_number(p, F_VERSION, r->version);
	p = wire_put_number(p, F_OPCODE, r->opcode);
	p = wire_put_number(p, F_LEVEL, r->level);
	p = wire_put_number(p, F_POINTER_BYTES, r->pointer_bytes);
	p = wire_put_number(p, F_PID, r->pid);
	p = wire_put_number(p, F_TID, r->tid);
	p = wire_put_number(p, F_CPU, r->cpu);
	return wire_put_fixed64(p, F_KEYWORD, r->keyword);
}

static uint8_t *put_body_fields(uint8_t *p, const struct record *r, const struct record_rows *rows)
{
	bool has_container = (r->flags & RECORD_HAS_CONTAINER) != 0;

	p = wire_put_bytes(p, F_PAYLOAD, r->payload.ptr, r->payload.len);
	p = wire_put_bytes(p, F_CONTAINER, r->container.b, has_container ? sizeof r->container.b : 0);
	p = wire_put_fixed64(p, F_START_KEY, r->flags & RECORD_HAS_START_KEY ? r->start_key : 0);
	p = wire_put_fixed64(p, F_EVENT_KEY, r->flags & RECORD_HAS_EVENT_KEY ? r->event_key : 0);
	p = wire_put_bytes(p, F_SID, r->sid.ptr, r->sid.len);
	p = wire_put_number(p, F_TASK, r->task);
	p = wire_put_bytes(p, F_SCHEMA, r->schema.ptr, r->schema.len);
	p = wire_put_number(p, F_CHANNEL, rows->channel);
	p = wire_put_number(p, F_HOST, rows->host);
	p = wire_put_number(p, F_RECORD_ID, r->record_id);
	for (size_t i = 0; i < r->value_count; i++)
		p = put_value(p, &r->values[i]);
	return p;
}

/* The length stands before the message: it is written behind a guess of the length's own width and moved by a byte
 * or two when the guess was wrong, which is cheaper than adding up every field first. */
enum status record_codec_put_record(const struct record *r, const struct record_rows *rows, struct buf *out)
{
	size_t max = record_max_bytes(r), width, len;
	uint8_t *start, *message, *end;
	enum status st;

	if (max == 0)
		return ST_LIMIT;
	if ((st = make_room(out, max, &start)) != ST_OK)
		return st;
	start = wire_put_key(start, F_RECORDS, WIRE_BYTES);
	message = start + wire_varint_bytes(max - RECORD_FIXED_MAX_BYTES + 40);
	end = put_body_fields(put_header_fields(message, r, rows->provider), r, rows);
	len = (size_t)(end - message);
	width = wire_varint_bytes(len);
	if (start + width != message)
		memmove(start + width, message, len);
	wire_put_varint(start, len);
	end_at(out, start + width + len);
	return ST_OK;
}

/* How each field of Record is decoded: numbers go to an offset of struct records_item. */
struct number_row {
	uint64_t max;
	uint16_t offset;
	uint8_t bytes;           /* width of the member; 0: not a number */
	uint8_t type;            /* enum wire_type */
};

#define NUMBER(member, width, largest)                                                                                 \
	{ .max = (largest), .offset = offsetof(struct records_item, member), .bytes = (width), .type = WIRE_VARINT }
#define FIXED(member)                                                                                                  \
	{ .max = UINT64_MAX, .offset = offsetof(struct records_item, member), .bytes = 8, .type = WIRE_FIXED64 }
#define BLOB { .type = WIRE_BYTES }

static const struct number_row record_numbers[F_RECORD_COUNT] = {
	[F_KIND] = NUMBER(record.kind, 4, 1),
	[F_FLAGS] = NUMBER(record.flags, 4, UINT32_MAX),
	[F_TIME] = FIXED(record.time_100ns),
	[F_PROVIDER] = NUMBER(rows.provider, 4, LIMIT_PROVIDERS),
	[F_ID] = NUMBER(record.id, 2, UINT16_MAX),
	[F_VERSION] = NUMBER(record.version, 1, UINT8_MAX),
	[F_OPCODE] = NUMBER(record.opcode, 1, UINT8_MAX),
	[F_LEVEL] = NUMBER(record.level, 1, UINT8_MAX),
	[F_POINTER_BYTES] = NUMBER(record.pointer_bytes, 1, 8),
	[F_PID] = NUMBER(record.pid, 4, UINT32_MAX),
	[F_TID] = NUMBER(record.tid, 4, UINT32_MAX),
	[F_CPU] = NUMBER(record.cpu, 2, UINT16_MAX),
	[F_KEYWORD] = FIXED(record.keyword),
	[F_PAYLOAD] = BLOB,
	[F_CONTAINER] = BLOB,
	[F_START_KEY] = FIXED(record.start_key),
	[F_EVENT_KEY] = FIXED(record.event_key),
	[F_SID] = BLOB,
	[F_TASK] = NUMBER(record.task, 2, UINT16_MAX),
	[F_SCHEMA] = BLOB,
	[F_CHANNEL] = NUMBER(rows.channel, 4, LIMIT_STREAM_NAMES),
	[F_HOST] = NUMBER(rows.host, 4, LIMIT_STREAM_NAMES),
	[F_RECORD_ID] = NUMBER(record.record_id, 8, UINT64_MAX),
	[F_VALUES] = BLOB,
};

_Static_assert(sizeof(enum record_kind) == 4, "record.kind is stored as four bytes");

static enum status store_number(const struct number_row *row, uint64_t value, struct records_item *item)
{
	uint8_t *member = (uint8_t *)item + row->offset;
	uint32_t v32 = (uint32_t)value;
	uint16_t v16 = (uint16_t)value;

	if (value > row->max)
		return ST_MALFORMED;
	switch (row->bytes) {
	case 1:
		*member = (uint8_t)value;
		break;
	case 2:
		memcpy(member, &v16, sizeof v16);
		break;
	case 4:
		memcpy(member, &v32, sizeof v32);
		break;
	default:
		memcpy(member, &value, sizeof value);
	}
	return ST_OK;
}

static struct text_view text_of(struct view v)
{
	return v.len ? (struct text_view){ (const char *)v.ptr, v.len } : (struct text_view){ "", 0 };
}

static enum status decode_value(struct records_cursor *c, struct view message, struct record *r)
{
	struct wire_reader in = wire_reader_of(message);
	struct named_value v = { { "", 0 }, { "", 0 } };
	struct wire_field f = { 0 };

	if (r->value_count == LIMIT_NAMED_VALUES)
		return ST_LIMIT;
	while (wire_next(&in, &f)) {
		if (f.id != F_VALUE_NAME && f.id != F_VALUE_VALUE)
			continue;
		if (f.type != WIRE_BYTES)
			return ST_MALFORMED;
		*(f.id == F_VALUE_NAME ? &v.name : &v.value) = text_of(f.bytes);
	}
	if (v.name.len > LIMIT_NAME_BYTES || v.value.len > LIMIT_VALUE_BYTES)
		return ST_LIMIT;
	c->values[r->value_count++] = v;
	r->values = c->values;
	return wire_status(&in);
}

static enum status store_view(struct view v, size_t max, struct view *out)
{
	*out = v;
	return v.len > max ? ST_LIMIT : ST_OK;
}

/* An empty one is a zero GUID. */
static enum status store_guid(struct view v, struct guid *out)
{
	if (v.len != 0 && v.len != sizeof out->b)
		return ST_MALFORMED;
	memset(out->b, 0, sizeof out->b);
	if (v.len)
		memcpy(out->b, v.ptr, sizeof out->b);
	return ST_OK;
}

static enum status store_blob(struct records_cursor *c, const struct wire_field *f, struct record *r)
{
	switch (f->id) {
	case F_PAYLOAD:
		return store_view(f->bytes, LIMIT_PAYLOAD_BYTES, &r->payload);
	case F_CONTAINER:
		return store_guid(f->bytes, &r->container);
	case F_SID:
		return store_view(f->bytes, LIMIT_SID_BYTES, &r->sid);
	case F_SCHEMA:
		return store_view(f->bytes, LIMIT_PAYLOAD_BYTES, &r->schema);
	default:
		return decode_value(c, f->bytes, r);
	}
}

static enum status check_record(struct record *r)
{
	bool width_ok = r->pointer_bytes == 4 || r->pointer_bytes == 8;

	r->kind = (int)r->kind == 1 ? RECORD_NAMED : RECORD_ETW;
	if (!width_ok && !(r->kind == RECORD_NAMED && r->pointer_bytes == 0))
		return ST_MALFORMED;
	return ST_OK;
}

static enum status decode_record_message(struct records_cursor *c, struct view message, struct records_item *item)
{
	struct wire_reader in = wire_reader_of(message);
	struct wire_field f = { 0 };
	enum status st;

	item->record = (struct record){ .seq = c->next_seq };
	item->rows = (struct record_rows){ 0 };
	while (wire_next(&in, &f)) {
		const struct number_row *row = f.id < F_RECORD_COUNT ? &record_numbers[f.id] : NULL;

		if (!row)
			continue;    /* from a later version */
		if (f.type != (enum wire_type)row->type)
			return ST_MALFORMED;
		st = row->bytes ? store_number(row, f.number, item) : store_blob(c, &f, &item->record);
		if (st != ST_OK)
			return st;
	}
	st = wire_status(&in);
	return st == ST_OK ? check_record(&item->record) : st;
}

static enum status next_record(struct records_cursor *c, struct view message, struct records_item *item)
{
	enum status st;

	if (++c->record_count > LIMIT_RECORDS_PER_FRAME)
		return ST_LIMIT;
	if (c->next_seq == 0 || c->next_seq == UINT64_MAX)
		return ST_MALFORMED;
	st = decode_record_message(c, message, item);
	item->kind = RECORDS_RECORD;
	item->record.provider_name = item->record.channel = item->record.host = text_of((struct view){ 0 });
	c->next_seq++;
	return st;
}

static enum status next_provider(struct view message, struct records_item *item)
{
	struct wire_reader in = wire_reader_of(message);
	struct wire_field f = { 0 };
	enum status st = ST_OK;

	item->kind = RECORDS_PROVIDER;
	item->provider = (struct stream_provider){ .name = { "", 0 } };
	while (st == ST_OK && wire_next(&in, &f)) {
		if (f.id != F_PROVIDER_GUID && f.id != F_PROVIDER_NAME)
			continue;
		if (f.type != WIRE_BYTES)
			return ST_MALFORMED;
		if (f.id == F_PROVIDER_GUID)
			st = store_guid(f.bytes, &item->provider.guid);
		else
			item->provider.name = text_of(f.bytes);
	}
	if (item->provider.name.len > LIMIT_NAME_BYTES)
		return ST_LIMIT;
	return st == ST_OK ? wire_status(&in) : st;
}

void records_cursor_init(struct records_cursor *c, struct view body)
{
	c->in = wire_reader_of(body);
	c->next_seq = 0;
	c->record_count = 0;
	c->started = false;
	c->status = ST_OK;
}

static bool is_item(uint32_t field)
{
	return field >= F_RESET_TABLES && field <= F_RECORDS;
}

static enum status apply_field(struct records_cursor *c, const struct wire_field *f, struct records_item *item)
{
	enum wire_type want = f->id <= F_RESET_TABLES ? WIRE_VARINT : WIRE_BYTES;

	if (f->id > F_RECORDS)
		return ST_OK;
	if (f->type != want)
		return ST_MALFORMED;
	switch (f->id) {
	case F_FIRST_SEQ:
		c->next_seq = f->number;
		return c->record_count ? ST_MALFORMED : ST_OK;
	case F_RESET_TABLES:
		/* Once, and before all else: emptying tables is dear for two bytes. */
		item->kind = RECORDS_RESET;
		return f->number == 1 && !c->started ? ST_OK : ST_MALFORMED;
	case F_NEW_PROVIDERS:
		return next_provider(f->bytes, item);
	case F_NEW_NAMES:
		item->kind = RECORDS_NAME;
		item->name = text_of(f->bytes);
		return item->name.len > LIMIT_NAME_BYTES ? ST_LIMIT : ST_OK;
	default:
		return next_record(c, f->bytes, item);
	}
}

bool records_cursor_next(struct records_cursor *c, struct records_item *item)
{
	struct wire_field f = { 0 };

	while (c->status == ST_OK && wire_next(&c->in, &f)) {
		c->status = apply_field(c, &f, item);
		if (c->status == ST_OK && is_item(f.id)) {
			c->started = true;
			return true;
		}
	}
	if (c->status == ST_OK)
		c->status = wire_status(&c->in);
	return false;
}
