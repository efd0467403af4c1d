#include "tests/support/generate/gen_recording.h"

#include <errno.h>

#include "tests/support/generate/gen_etl.h"
#include "tests/support/generate/gen_scenario.h"
#include "tests/support/generate/gen_vst.h"
#include "tests/support/golden.h"

enum { FILE_BUFFER_BYTES = 1 << 20 };

struct recording {
	FILE *file;
	struct gen_vst_file *vst;
	struct gen_etl_file *etl;
	uint64_t records;
};

static enum status open_recording(struct recording *r, enum gen_format format, const char *path,
	const struct gen_machine *m, uint32_t buffer_bytes)
{
	r->file = fopen(path, "wb");
	if (!r->file)
		return ST_SYSTEM;
	setvbuf(r->file, NULL, _IOFBF, FILE_BUFFER_BYTES);
	if (format == GEN_VST)
		r->vst = gen_vst_create(r->file);
	else
		r->etl = gen_etl_create(r->file, buffer_bytes, m);
	return r->vst || r->etl ? ST_OK : ST_NOMEM;
}

static struct gen_output output_of(const struct recording *r)
{
	return r->vst ? gen_vst_output(r->vst) : gen_etl_output(r->etl);
}

static uint64_t bytes_of_recording(const void *ctx)
{
	const struct recording *r = ctx;

	return r->vst ? gen_vst_bytes(r->vst) : gen_etl_bytes(r->etl);
}

/* Completes the file when all went well so far. */
static enum status close_recording(struct recording *r, enum status st, struct gen_written *done)
{
	if (st == ST_OK)
		st = r->vst ? gen_vst_finish(r->vst) : gen_etl_finish(r->etl);
	if (r->vst || r->etl)
		*done = (struct gen_written){ .records = r->records, .bytes = bytes_of_recording(r) };
	gen_vst_destroy(r->vst);
	gen_etl_destroy(r->etl);
	if (r->file && fclose(r->file) != 0)
		st = ST_SYSTEM;
	return st;
}

static enum status explain(enum status st, const char *path, struct diag *why)
{
	if (st == ST_SYSTEM)
		diag_set_os(why, errno, "cannot write");
	else if (st != ST_OK && !why->text[0])
		diag_set(why, st, "%s", status_text(st));
	if (st != ST_OK)
		diag_set_file(why, path);
	return st;
}

static enum status counted_record(void *ctx, const struct record *rec)
{
	struct recording *r = ctx;
	struct gen_output out = output_of(r);

	r->records++;
	return out.record(out.ctx, rec);
}

static enum status pass_hello(void *ctx, const struct stream_hello *h)
{
	struct gen_output out = output_of(ctx);

	return out.hello(out.ctx, h);
}

static enum status pass_snapshot(void *ctx, const struct stream_snapshot *s)
{
	struct gen_output out = output_of(ctx);

	return out.snapshot(out.ctx, s);
}

enum status gen_write_scenario(const char *scenario, enum gen_format format, const char *out, struct gen_written *done,
	struct diag *why)
{
	struct recording r = { .file = NULL };
	const struct gen_output output = { pass_hello, counted_record, pass_snapshot, &r };
	struct gen_scenario *s = NULL;
	struct buf text;
	enum status st = ST_SYSTEM;

	if (!golden_read(scenario, &text) || !buf_append_char(&text, '\0'))
		goto done;
	st = gen_scenario_open((char *)text.data, &s, why);
	if (st == ST_OK)
		st = open_recording(&r, format, out, gen_scenario_machine(s), ETL_SMALL_BUFFER);
	if (st == ST_OK)
		st = gen_scenario_play(s, &output, why);
	st = close_recording(&r, st, done);
done:
	gen_scenario_close(s);
	buf_release(&text);
	return explain(st, st == ST_MALFORMED ? scenario : out, why);
}

enum status gen_write_bulk(const struct gen_bulk_limits *limits, enum gen_format format, const char *out,
	struct gen_written *done, struct diag *why)
{
	struct recording r = { .file = NULL };
	const struct gen_bulk_meter meter = { bytes_of_recording, &r };
	enum status st = open_recording(&r, format, out, &gen_bulk_machine, ETL_LARGE_BUFFER);

	if (st == ST_OK) {
		struct gen_output output = output_of(&r);

		st = gen_bulk_play(limits, &output, &meter, &r.records);
	}
	return explain(close_recording(&r, st, done), out, why);
}
