#include "collector/import/stream_out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/wire/stream_writer.h"

struct stream_out {
	const char *path;
	FILE *file;
	struct stream_writer *writer;
	struct stream_end totals;
	uint64_t refused;
	bool broken;
	int os_error;
};

static enum status break_with(struct stream_out *o, int os_error)
{
	o->broken = true;
	o->os_error = os_error;
	return ST_SYSTEM;
}

static enum status write_bytes(void *ctx, const void *bytes, size_t len)
{
	struct stream_out *o = ctx;

	return fwrite(bytes, 1, len, o->file) == len ? ST_OK : break_with(o, errno);
}

struct stream_out *stream_out_create(const char *path)
{
	struct stream_out *o = calloc(1, sizeof *o);

	if (!o)
		return NULL;
	o->path = path;
	o->writer = stream_writer_create(write_bytes, o);
	if (!o->writer) {
		free(o);
		return NULL;
	}
	return o;
}

void stream_out_destroy(struct stream_out *o)
{
	if (!o)
		return;
	if (o->file && o->file != stdout)
		fclose(o->file);
	stream_writer_destroy(o->writer);
	free(o);
}

enum status stream_out_hello(struct stream_out *o, const struct stream_hello *h)
{
	enum status st;

	if (o->file)
		return stream_writer_hello(o->writer, h);
	o->file = strcmp(o->path, "-") == 0 ? stdout : fopen(o->path, "wb");
	if (!o->file)
		return break_with(o, errno);
	setvbuf(o->file, NULL, _IONBF, 0);    /* the writer gathers whole frames itself */
	st = stream_writer_magic(o->writer);
	return st == ST_OK ? stream_writer_hello(o->writer, h) : st;
}

enum status stream_out_record(struct stream_out *o, const struct record *r)
{
	enum status st = stream_writer_record(o->writer, r);

	if (st == ST_OK) {
		o->totals.records_total++;
		return ST_OK;
	}
	if (st != ST_LIMIT)
		return st;
	o->refused++;
	return stream_out_loss(o, &(struct stream_loss){ .reason = LOSS_DAMAGE, .events_lost = 1, .since_100ns = r->time_100ns,
		.until_100ns = r->time_100ns });
}

enum status stream_out_loss(struct stream_out *o, const struct stream_loss *l)
{
	o->totals.events_lost_total += l->events_lost;
	o->totals.buffers_lost_total += l->buffers_lost;
	return stream_writer_loss(o->writer, l);
}

enum status stream_out_finish(struct stream_out *o, struct diag *why)
{
	enum status st;
	FILE *f = o->file;

	if (!f)
		return ST_OK;
	st = stream_writer_end(o->writer, &o->totals);
	if (st == ST_OK)
		st = stream_writer_flush(o->writer);
	o->file = NULL;
	if ((f == stdout ? fflush(f) : fclose(f)) != 0 && st == ST_OK)
		st = break_with(o, errno);
	if (st != ST_OK)
		stream_out_explain(o, why);
	return st;
}

bool stream_out_broken(const struct stream_out *o)
{
	return o->broken;
}

uint64_t stream_out_refused(const struct stream_out *o)
{
	return o->refused;
}

void stream_out_explain(const struct stream_out *o, struct diag *why)
{
	diag_set_os(why, o->os_error, "cannot write");
	diag_set_file(why, strcmp(o->path, "-") == 0 ? "standard output" : o->path);
}
