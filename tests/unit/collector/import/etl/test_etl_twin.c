/* The web shell scenario as .vst and as .etl: the importer must give the same records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>

#include "collector/import/etl/etl_source.h"
#include "proto/base/buf.h"
#include "proto/wire/stream_reader.h"
#include "tests/support/golden.h"

#define FOLDER "tests/scenario/webshell/"

enum { MAX_TEXT_BYTES = 16 << 20 };

/* Only the file itself has these: its header, and the names of volumes. */
static const struct guid only_in_files[] = {
	GUID_INIT(0x68fdd900, 0x4a3e, 0x11d1, 0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3),
	GUID_INIT(0x9b79ee91, 0xb5fd, 0x41c0, 0xa2, 0x43, 0x42, 0x48, 0xe2, 0x66, 0xe9, 0xd0),
};

static enum status put_hello(void *ctx, const struct stream_hello *h)
{
	struct buf *out = ctx;

	buf_printf(out, "build %" PRIu32 " boot %" PRIu64 "\n", h->os_build, h->boot_time_100ns);
	for (size_t i = 0; i < h->device_path_count; i++)
		buf_printf(out, "%.*s %.*s\n", (int)h->device_paths[i].device.len, h->device_paths[i].device.ptr,
			(int)h->device_paths[i].drive.len, h->device_paths[i].drive.ptr);
	return ST_OK;
}

static enum status put_record(void *ctx, const struct record *r)
{
	struct buf *out = ctx;
	char provider[GUID_TEXT_BYTES], container[GUID_TEXT_BYTES];

	if (guid_equal(&r->provider, &only_in_files[0]) || guid_equal(&r->provider, &only_in_files[1]))
		return ST_OK;
	guid_format(&r->provider, provider);
	guid_format(&r->container, container);
	buf_printf(out, "%" PRIu64 " %s %u v%u op%u l%u t%u k%" PRIx64 " p%" PRIu32 " t%" PRIu32 " c%u f%x %" PRIx64 " %s %u ",
		r->time_100ns, provider, r->id, r->version, r->opcode, r->level, r->task, r->keyword, r->pid, r->tid, r->cpu,
		(unsigned)r->flags, r->start_key, container, r->pointer_bytes);
	for (size_t i = 0; i < r->payload.len; i++)
		buf_printf(out, "%02x", r->payload.ptr[i]);
	return buf_append_char(out, '\n') ? ST_OK : ST_LIMIT;
}

static enum status no_loss(void *ctx, const struct stream_loss *l)
{
	(void)ctx;
	(void)l;
	return ST_MALFORMED;
}

static void no_damage(void *ctx, const struct source_damage *d)
{
	(void)ctx;
	print_error("damage at %" PRIu64 ": %s\n", d->offset, d->what);
}

static void read_etl(struct buf *out)
{
	const struct source_sink sink = { put_hello, put_record, no_loss, no_damage, out };
	struct record_source *source = NULL;
	struct byte_input *in = NULL;
	struct diag why = DIAG_INIT;

	assert_int_equal(byte_input_open(FOLDER "webshell.etl", &in, &why), ST_OK);
	assert_int_equal(etl_source_open(in, &source, &why), ST_OK);
	assert_int_equal(source->run(source, &sink, &why), ST_OK);
	assert_int_equal(source->counters(source)->damaged_places, 0);
	assert_int_equal(source->counters(source)->late_records, 0);
	source->close(source);
	byte_input_close(in);
}

static void read_vst(struct buf *out)
{
	const struct stream_callbacks calls = { .hello = put_hello, .record = put_record };
	struct stream_reader *r = stream_reader_create(&calls, out);
	struct diag why = DIAG_INIT;
	struct buf file;

	assert_non_null(r);
	assert_true(golden_read(FOLDER "webshell.vst", &file));
	assert_int_equal(stream_reader_feed(r, file.data, file.len, &why), ST_OK);
	stream_reader_destroy(r);
	buf_release(&file);
}

static void etl_twin__gives_the_records_of_the_stream(void **state)
{
	struct buf etl, vst;

	(void)state;
	buf_init(&etl, MAX_TEXT_BYTES);
	buf_init(&vst, MAX_TEXT_BYTES);
	read_etl(&etl);
	read_vst(&vst);
	assert_true(vst.len > 100000);
	assert_string_equal(buf_cstr(&etl), buf_cstr(&vst));
	buf_release(&etl);
	buf_release(&vst);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(etl_twin__gives_the_records_of_the_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
