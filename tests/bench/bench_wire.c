/* bench_wire: records a second through the stream's writer and reader, in memory. Not a test: prints figures.
 * usage: bench_wire [millions of records] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "proto/base/buf.h"
#include "proto/wire/stream_reader.h"
#include "proto/wire/stream_writer.h"

enum { KINDS = 4, PAYLOAD_BYTES = 96 };

struct sink {
	struct buf kept;
	uint64_t records, payload_bytes;
};

static double now_s(void)
{
	struct timespec t;

	timespec_get(&t, TIME_UTC);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum status keep(void *ctx, const void *bytes, size_t len)
{
	struct sink *s = ctx;

	return buf_append(&s->kept, bytes, len) ? ST_OK : ST_LIMIT;
}

static enum status count(void *ctx, const struct record *r)
{
	struct sink *s = ctx;

	s->records++;
	s->payload_bytes += r->payload.len;
	return ST_OK;
}

static void make_records(struct record records[KINDS], const uint8_t payload[PAYLOAD_BYTES])
{
	for (size_t i = 0; i < KINDS; i++) {
		records[i] = (struct record){ .kind = RECORD_ETW, .pointer_bytes = 8, .id = (uint16_t)(12 + i), .version = 1,
			.level = 4, .task = 12, .keyword = UINT64_C(0x80000000000000a0), .pid = 4000 + (uint32_t)i * 4,
			.tid = 5000, .time_100ns = UINT64_C(133400000000000000), .flags = RECORD_HAS_START_KEY,
			.start_key = UINT64_C(0x1000000000000a), .payload = { payload, PAYLOAD_BYTES - i * 20 } };
		records[i].provider.b[0] = (uint8_t)(1 + i / 2);
	}
}

static enum status encode(struct sink *s, uint64_t total)
{
	const struct stream_hello hello = { .os_build = 20348, .pointer_bytes = 8 };
	static const uint8_t payload[PAYLOAD_BYTES] = { 1, 2, 3 };
	struct record records[KINDS];
	struct stream_writer *w = stream_writer_create(keep, s);
	enum status st = w ? stream_writer_hello(w, &hello) : ST_NOMEM;

	make_records(records, payload);
	for (uint64_t i = 0; st == ST_OK && i < total; i++) {
		records[i % KINDS].time_100ns += i;
		st = stream_writer_record(w, &records[i % KINDS]);
	}
	if (st == ST_OK)
		st = stream_writer_flush(w);
	stream_writer_destroy(w);
	return st;
}

static enum status decode(struct sink *s)
{
	const struct stream_callbacks calls = { .record = count };
	struct stream_reader *r = stream_reader_create(&calls, s);
	struct diag why = DIAG_INIT;
	enum status st = r ? stream_reader_feed(r, s->kept.data, s->kept.len, &why) : ST_NOMEM;

	stream_reader_destroy(r);
	return st;
}

int main(int argc, char **argv)
{
	uint64_t total = (argc > 1 ? strtoull(argv[1], NULL, 10) : 4) * 1000000;
	struct sink s = { .records = 0 };
	double start, mid, end;

	buf_init(&s.kept, SIZE_MAX / 2);
	start = now_s();
	if (encode(&s, total) != ST_OK)
		return 1;
	mid = now_s();
	if (decode(&s) != ST_OK || s.records != total)
		return 1;
	end = now_s();
	printf("%" PRIu64 " records, %zu bytes, %.1f bytes each\n", total, s.kept.len, (double)s.kept.len / (double)total);
	printf("encode: %.2f M records/s, %.0f MB/s\n", (double)total / (mid - start) / 1e6,
		(double)s.kept.len / (mid - start) / 1e6);
	printf("decode: %.2f M records/s, %.0f MB/s\n", (double)total / (end - mid) / 1e6,
		(double)s.kept.len / (end - mid) / 1e6);
	buf_release(&s.kept);
	return 0;
}
