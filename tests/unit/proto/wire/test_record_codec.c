/* The hand-written codec against generated code, both ways, on random records; and its refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "proto/wire/record_codec.h"
#include "stream.pb-c.h"
#include "tests/support/sequence.h"

enum { ROUNDS = 3000, MAX_BYTES = 1 << 20, MAX_VALUES = 5, FILLER_BYTES = 300 };

struct sample {
	struct record record;
	struct record_rows rows;
	struct named_value values[MAX_VALUES];
	uint8_t filler[FILLER_BYTES];
};

/* Small numbers, wide numbers and zeros in turn, so that every varint length occurs. */
static uint64_t number(struct sequence *s, unsigned bits)
{
	uint64_t wide = sequence_next(s) >> sequence_below(s, 64);

	return bits == 64 ? wide : wide & ((UINT64_C(1) << bits) - 1);
}

static struct view some_bytes(struct sample *m, struct sequence *s, uint32_t max)
{
	return (struct view){ m->filler, sequence_below(s, 2) ? sequence_below(s, max + 1) : 0 };
}

static struct text_view some_text(struct sample *m, struct sequence *s)
{
	return (struct text_view){ (const char *)m->filler, sequence_below(s, 40) };
}

static void make_numbers(struct sample *m, struct sequence *s)
{
	struct record *r = &m->record;

	r->flags = (uint32_t)number(s, 32);
	r->time_100ns = number(s, 64);
	r->id = (uint16_t)number(s, 16);
	r->version = (uint8_t)number(s, 8);
	r->opcode = (uint8_t)number(s, 8);
	r->level = (uint8_t)number(s, 8);
	r->pointer_bytes = sequence_below(s, 2) ? 8 : 4;
	r->pid = (uint32_t)number(s, 32);
	r->tid = (uint32_t)number(s, 32);
	r->cpu = (uint16_t)number(s, 16);
	r->keyword = number(s, 64);
	r->task = (uint16_t)number(s, 16);
	r->record_id = number(s, 64);
	m->rows.provider = (uint32_t)number(s, 12);
	m->rows.channel = (uint32_t)number(s, 14);
	m->rows.host = (uint32_t)number(s, 14);
}

static void make_sample(struct sample *m, struct sequence *s)
{
	struct record *r = &m->record;

	memset(m, 0, sizeof *m);
	for (size_t i = 0; i < FILLER_BYTES; i++)
		m->filler[i] = (uint8_t)(1 + i % 126);    /* text without NUL, so that generated code can carry it */
	r->kind = sequence_below(s, 2) ? RECORD_ETW : RECORD_NAMED;
	make_numbers(m, s);
	r->payload = some_bytes(m, s, FILLER_BYTES);
	r->sid = some_bytes(m, s, LIMIT_SID_BYTES);
	r->schema = some_bytes(m, s, FILLER_BYTES);
	if (r->flags & RECORD_HAS_CONTAINER)
		memcpy(r->container.b, m->filler, 16);
	r->start_key = r->flags & RECORD_HAS_START_KEY ? number(s, 64) : 0;
	r->event_key = r->flags & RECORD_HAS_EVENT_KEY ? number(s, 64) : 0;
	r->value_count = sequence_below(s, MAX_VALUES + 1);
	r->values = m->values;
	for (size_t i = 0; i < r->value_count; i++)
		m->values[i] = (struct named_value){ some_text(m, s), some_text(m, s) };
}

typedef Vitrine__Stream__V1__Records pb_records;
typedef Vitrine__Stream__V1__Record pb_record;

static void assert_text(const char *got, struct text_view want)
{
	assert_int_equal(strlen(got), want.len);
	assert_memory_equal(got, want.ptr, want.len);
}

static void assert_bytes(ProtobufCBinaryData got, struct view want)
{
	assert_int_equal(got.len, want.len);
	if (want.len)
		assert_memory_equal(got.data, want.ptr, want.len);
}

static void assert_generated_agrees(const pb_record *got, const struct sample *want)
{
	const struct record *r = &want->record;

	assert_int_equal(got->kind, r->kind == RECORD_NAMED);
	assert_int_equal(got->flags, r->flags);
	assert_true(got->time_100ns == r->time_100ns);
	assert_int_equal(got->provider, want->rows.provider);
	assert_int_equal(got->id, r->id);
	assert_int_equal(got->version, r->version);
	assert_int_equal(got->opcode, r->opcode);
	assert_int_equal(got->level, r->level);
	assert_int_equal(got->pointer_bytes, r->pointer_bytes);
	assert_int_equal(got->pid, r->pid);
	assert_int_equal(got->tid, r->tid);
	assert_int_equal(got->cpu, r->cpu);
	assert_true(got->keyword == r->keyword);
	assert_true(got->start_key == r->start_key);
	assert_true(got->event_key == r->event_key);
	assert_int_equal(got->task, r->task);
	assert_int_equal(got->channel, want->rows.channel);
	assert_int_equal(got->host, want->rows.host);
	assert_true(got->record_id == r->record_id);
	assert_bytes(got->payload, r->payload);
	assert_bytes(got->sid, r->sid);
	assert_bytes(got->schema, r->schema);
	assert_int_equal(got->container.len, r->flags & RECORD_HAS_CONTAINER ? 16 : 0);
	assert_int_equal(got->n_values, r->value_count);
	for (size_t i = 0; i < r->value_count; i++) {
		assert_text(got->values[i]->name, r->values[i].name);
		assert_text(got->values[i]->value, r->values[i].value);
	}
}

static void assert_view(struct view got, struct view want)
{
	assert_int_equal(got.len, want.len);
	if (want.len)
		assert_memory_equal(got.ptr, want.ptr, want.len);
}

static void assert_decoded_equals(const struct records_item *item, const struct sample *want)
{
	struct record got = item->record, r = want->record;

	assert_memory_equal(&item->rows, &want->rows, sizeof want->rows);
	assert_view(got.payload, r.payload);
	assert_view(got.sid, r.sid);
	assert_view(got.schema, r.schema);
	assert_int_equal(got.value_count, r.value_count);
	for (size_t i = 0; i < r.value_count; i++) {
		assert_int_equal(got.values[i].name.len, r.values[i].name.len);
		assert_int_equal(got.values[i].value.len, r.values[i].value.len);
		assert_memory_equal(got.values[i].value.ptr, r.values[i].value.ptr, r.values[i].value.len);
	}
	assert_int_equal(got.kind, r.kind);
	assert_int_equal(got.flags, r.flags);
	assert_true(got.time_100ns == r.time_100ns && got.keyword == r.keyword && got.record_id == r.record_id);
	assert_true(got.start_key == r.start_key && got.event_key == r.event_key);
	assert_int_equal(got.id, r.id);
	assert_int_equal(got.version, r.version);
	assert_int_equal(got.opcode, r.opcode);
	assert_int_equal(got.level, r.level);
	assert_int_equal(got.pointer_bytes, r.pointer_bytes);
	assert_int_equal(got.task, r.task);
	assert_int_equal(got.pid, r.pid);
	assert_int_equal(got.tid, r.tid);
	assert_int_equal(got.cpu, r.cpu);
	assert_memory_equal(got.container.b, r.container.b, 16);
}

static void encode_one(const struct sample *m, struct buf *out)
{
	const struct stream_provider provider = { GUID_INIT(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), { "name", 4 } };

	buf_clear(out);
	assert_int_equal(record_codec_put_head(77, true, out), ST_OK);
	assert_int_equal(record_codec_put_provider(&provider, out), ST_OK);
	assert_int_equal(record_codec_put_name((struct text_view){ "chan", 4 }, out), ST_OK);
	assert_int_equal(record_codec_put_record(&m->record, &m->rows, out), ST_OK);
}

static void record_codec__generated_code_reads_and_writes_the_same_bytes(void **state)
{
	struct sequence s = { 42 };
	struct sample m;
	struct buf out;
	uint8_t *again = malloc(MAX_BYTES);

	(void)state;
	assert_non_null(again);
	buf_init(&out, MAX_BYTES);
	for (int i = 0; i < ROUNDS; i++) {
		pb_records *got;

		make_sample(&m, &s);
		encode_one(&m, &out);
		got = vitrine__stream__v1__records__unpack(NULL, out.len, out.data);
		assert_non_null(got);
		assert_int_equal(got->first_seq, 77);
		assert_int_equal(got->n_new_providers, 1);
		assert_string_equal(got->new_providers[0]->name, "name");
		assert_string_equal(got->new_names[0], "chan");
		assert_int_equal(got->n_records, 1);
		assert_generated_agrees(got->records[0], &m);
		assert_int_equal(vitrine__stream__v1__records__pack(got, again), out.len);
		assert_memory_equal(again, out.data, out.len);
		vitrine__stream__v1__records__free_unpacked(got, NULL);
	}
	buf_release(&out);
	free(again);
}

static void record_codec__decodes_what_it_encoded(void **state)
{
	struct sequence s = { 43 };
	struct sample m;
	struct buf out;
	static struct records_cursor c;
	struct records_item item;

	(void)state;
	buf_init(&out, MAX_BYTES);
	for (int i = 0; i < ROUNDS; i++) {
		make_sample(&m, &s);
		encode_one(&m, &out);
		records_cursor_init(&c, (struct view){ out.data, out.len });
		assert_true(records_cursor_next(&c, &item));
		assert_int_equal(item.kind, RECORDS_RESET);
		assert_true(records_cursor_next(&c, &item));
		assert_int_equal(item.kind, RECORDS_PROVIDER);
		assert_int_equal(item.provider.name.len, 4);
		assert_true(records_cursor_next(&c, &item));
		assert_int_equal(item.kind, RECORDS_NAME);
		assert_true(records_cursor_next(&c, &item));
		assert_int_equal(item.kind, RECORDS_RECORD);
		assert_int_equal(item.record.seq, 77);
		assert_decoded_equals(&item, &m);
		assert_false(records_cursor_next(&c, &item));
		assert_int_equal(c.status, ST_OK);
	}
	buf_release(&out);
}

static enum status decode_all(const void *bytes, size_t len)
{
	static struct records_cursor c;
	struct records_item item;

	records_cursor_init(&c, (struct view){ bytes, len });
	while (records_cursor_next(&c, &item))
		continue;
	return c.status;
}

/* A cut between two fields of the body leaves a shorter, valid body. */
static void record_codec__every_prefix_is_truncated_or_ends_between_fields(void **state)
{
	struct sequence s = { 44 };
	struct sample m;
	struct buf out;

	(void)state;
	buf_init(&out, MAX_BYTES);
	for (int i = 0; i < 50; i++) {
		size_t whole = 0;

		make_sample(&m, &s);
		encode_one(&m, &out);
		for (size_t n = 0; n < out.len; n++) {
			uint8_t *exact = malloc(n ? n : 1);
			enum status st;

			assert_non_null(exact);
			memcpy(exact, out.data, n);
			st = decode_all(exact, n);
			assert_true(st == ST_OK || st == ST_TRUNCATED);
			whole += st == ST_OK;
			free(exact);
		}
		assert_int_equal(whole, 5);    /* nothing, first_seq, reset, provider, name */
	}
	buf_release(&out);
}

struct refusal {
	const char *what;
	enum status want;
	size_t len;
	uint8_t bytes[36];
};

/* 08 01: first_seq 1. 2a: records. 48 08: pointer_bytes 8. */
static const struct refusal refusals[] = {
	{ "smallest record", ST_OK, 6, { 8, 1, 0x2a, 2, 0x48, 8 } },
	{ "unknown field of every wire type", ST_OK, 33,
		{ 8, 1, 0x98, 6, 1, 0x2a, 26, 0x48, 8, 0xc8, 1, 5, 0xd5, 1, 1, 2, 3, 4, 0xda, 1, 2, 1, 2, 0xe1, 1, 1 } },
	{ "no sequence number", ST_MALFORMED, 4, { 0x2a, 2, 0x48, 8 } },
	{ "no pointer width", ST_MALFORMED, 4, { 8, 1, 0x2a, 0 } },
	{ "named record needs none", ST_OK, 6, { 8, 1, 0x2a, 2, 8, 1 } },
	{ "unknown kind", ST_MALFORMED, 8, { 8, 1, 0x2a, 4, 0x48, 8, 8, 2 } },
	{ "id over 16 bits", ST_MALFORMED, 10, { 8, 1, 0x2a, 6, 0x48, 8, 0x28, 0x80, 0x80, 4 } },
	{ "version over 8 bits", ST_MALFORMED, 9, { 8, 1, 0x2a, 5, 0x48, 8, 0x30, 0x80, 2 } },
	{ "time as a varint", ST_MALFORMED, 8, { 8, 1, 0x2a, 4, 0x48, 8, 0x18, 1 } },
	{ "payload as a varint", ST_MALFORMED, 8, { 8, 1, 0x2a, 4, 0x48, 8, 0x70, 1 } },
	{ "records as a varint", ST_MALFORMED, 4, { 8, 1, 0x28, 1 } },
	{ "container of 2 bytes", ST_MALFORMED, 10, { 8, 1, 0x2a, 6, 0x48, 8, 0x7a, 2, 1, 1 } },
	{ "group", ST_MALFORMED, 3, { 8, 1, 0x2b } },
	{ "field number 0", ST_MALFORMED, 4, { 8, 1, 0, 1 } },
	{ "varint of 11 bytes", ST_MALFORMED, 12,
		{ 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 } },
	{ "first_seq after a record", ST_MALFORMED, 8, { 8, 1, 0x2a, 2, 0x48, 8, 8, 9 } },
	{ "reset that says false", ST_MALFORMED, 4, { 8, 1, 0x10, 0 } },
};

static void record_codec__refuses_by_status(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		if (decode_all(refusals[i].bytes, refusals[i].len) != refusals[i].want)
			print_error("case: %s\n", refusals[i].what);
		assert_int_equal(decode_all(refusals[i].bytes, refusals[i].len), refusals[i].want);
	}
}

static void record_codec__more_values_than_the_limit_are_refused(void **state)
{
	uint8_t body[4 + 3 + 2 + (LIMIT_NAMED_VALUES + 1) * 3] = { 8, 1, 0x2a };
	size_t len = 2 + (LIMIT_NAMED_VALUES + 1) * 3, at = 3;

	(void)state;
	at = (size_t)(wire_put_varint(body + at, len) - body);
	body[at++] = 0x48;
	body[at++] = 8;
	for (size_t i = 0; i <= LIMIT_NAMED_VALUES; i++) {
		body[at++] = 0xc2;
		body[at++] = 1;
		body[at++] = 0;
	}
	assert_int_equal(decode_all(body, at), ST_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(record_codec__generated_code_reads_and_writes_the_same_bytes),
		cmocka_unit_test(record_codec__decodes_what_it_encoded),
		cmocka_unit_test(record_codec__every_prefix_is_truncated_or_ends_between_fields),
		cmocka_unit_test(record_codec__refuses_by_status),
		cmocka_unit_test(record_codec__more_values_than_the_limit_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
