#include "tests/support/generate/gen_vst.h"

#include <stdlib.h>

#include "proto/wire/stream_writer.h"

struct gen_vst_file {
	FILE *file;
	struct stream_writer *writer;
	uint64_t last_100ns;
};

static enum status write_file(void *ctx, const void *bytes, size_t len)
{
	return fwrite(bytes, 1, len, ctx) == len ? ST_OK : ST_SYSTEM;
}

struct gen_vst_file *gen_vst_create(FILE *file)
{
	struct gen_vst_file *v = calloc(1, sizeof *v);

	if (!v)
		return NULL;
	v->file = file;
	v->writer = stream_writer_create(write_file, file);
	if (v->writer)
		return v;
	free(v);
	return NULL;
}

void gen_vst_destroy(struct gen_vst_file *v)
{
	if (!v)
		return;
	stream_writer_destroy(v->writer);
	free(v);
}

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	struct gen_vst_file *v = ctx;
	enum status st = stream_writer_magic(v->writer);

	return st == ST_OK ? stream_writer_hello(v->writer, h) : st;
}

static enum status on_record(void *ctx, const struct record *r)
{
	struct gen_vst_file *v = ctx;

	v->last_100ns = r->time_100ns;
	return stream_writer_record(v->writer, r);
}

static enum status on_snapshot(void *ctx, const struct stream_snapshot *s)
{
	struct gen_vst_file *v = ctx;

	return stream_writer_snapshot(v->writer, s);
}

struct gen_output gen_vst_output(struct gen_vst_file *v)
{
	return (struct gen_output){ .hello = on_hello, .record = on_record, .snapshot = on_snapshot, .ctx = v };
}

uint64_t gen_vst_bytes(const struct gen_vst_file *v)
{
	struct stream_writer_stats s;

	stream_writer_get_stats(v->writer, &s);
	return s.bytes;
}

enum status gen_vst_finish(struct gen_vst_file *v)
{
	struct stream_writer_stats s;
	struct stream_heartbeat beat;
	struct stream_end end;
	enum status st;

	stream_writer_get_stats(v->writer, &s);
	beat = (struct stream_heartbeat){ .last_seq = s.last_seq, .time_100ns = v->last_100ns, .records_sent = s.records };
	end = (struct stream_end){ .records_total = s.records };
	st = stream_writer_heartbeat(v->writer, &beat);
	return st == ST_OK ? stream_writer_end(v->writer, &end) : st;
}
