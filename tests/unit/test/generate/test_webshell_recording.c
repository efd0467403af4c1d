/* The shipped recordings of the web shell scenario: made again they are the same bytes, every record decodes, and they
 * say what the scenario says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/decode/decode.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/wire/stream_reader.h"
#include "tests/support/generate/gen_recording.h"
#include "tests/support/golden.h"
#include "tests/support/test_folder.h"

#define FOLDER "tests/scenario/webshell/"

enum { SCRATCH_BYTES = 1 << 20, NAME_BYTES = 256, MAX_SHELLS = 16, MIN_RECORDS = 1500 };

struct seen {
	struct decoder *decoder;
	struct arena *scratch;
	uint64_t records, undecoded, unequal_steps, last_100ns;
	char inside[MAX_SHELLS][NAME_BYTES];
	uint32_t inside_count, outside_count;
	uint32_t containers, rundown, silo_starts, device_paths;
	bool run_key, dropped_file, called_out, name_asked, script;
};

static bool ends_with(struct text_view t, const char *tail)
{
	size_t n = strlen(tail);

	return t.len >= n && text_equal_fold(t.ptr + t.len - n, n, tail, n);
}

static bool is_shell(struct text_view path)
{
	return ends_with(path, "\\cmd.exe") || ends_with(path, "\\powershell.exe") || ends_with(path, "\\putty.exe") ||
		ends_with(path, "\\git-cmd.exe") || ends_with(path, "\\pwsh.exe");
}

static struct text_view text_of(struct seen *s, const struct event *ev, enum slot slot)
{
	struct text_view t = { "", 0 };

	event_get_text(ev, slot, s->scratch, &t);
	return t;
}

static void see_start(struct seen *s, const struct event *ev)
{
	struct text_view path = text_of(s, ev, SLOT_IMAGE_PATH);

	if (!is_shell(path))
		return;
	if (!(ev->rec->flags & RECORD_HAS_CONTAINER)) {
		s->outside_count++;
		return;
	}
	assert_true(s->inside_count < MAX_SHELLS);
	snprintf(s->inside[s->inside_count++], NAME_BYTES, "%.*s", (int)path.len, path.ptr);
}

static void see_event(struct seen *s, const struct event *ev)
{
	static const uint8_t beacon[] = { 203, 0, 113, 66 };
	struct view address = { NULL, 0 };

	if (ev->kind == EVENT_process_start && ev->layout->id == 1 && !(ev->rec->flags & RECORD_CLASSIC))
		see_start(s, ev);
	if (ev->layout->flags & LAYOUT_RUNDOWN)
		s->rundown++;
	s->silo_starts += ev->kind == EVENT_container_start;
	if (ev->kind == EVENT_reg_set_value)
		s->run_key |= ends_with(text_of(s, ev, SLOT_VALUE_NAME), "Updater");
	if (ev->kind == EVENT_file_create)
		s->dropped_file |= ends_with(text_of(s, ev, SLOT_FILE_PATH), "\\Windows\\Temp\\updater.exe");
	if (ev->kind == EVENT_net_connect && event_get_bytes(ev, SLOT_REMOTE_ADDR, &address))
		s->called_out |= address.len == 4 && memcmp(address.ptr, beacon, 4) == 0;
	if (ev->kind == EVENT_dns_query)
		s->name_asked |= ends_with(text_of(s, ev, SLOT_DNS_NAME), "cdn-update.example");
	s->script |= ev->kind == EVENT_script_block;
}

static enum status on_record(void *ctx, const struct record *r)
{
	struct seen *s = ctx;
	struct event ev = { .kind = EVENT_NONE };

	s->records++;
	s->unequal_steps += r->time_100ns <= s->last_100ns;
	s->last_100ns = r->time_100ns;
	arena_reset(s->scratch);
	if (decode_record(s->decoder, r, &ev) != ST_OK)
		s->undecoded++;
	else
		see_event(s, &ev);
	return ST_OK;
}

static enum status on_snapshot(void *ctx, const struct stream_snapshot *snap)
{
	struct seen *s = ctx;

	s->containers = (uint32_t)snap->container_count;
	return ST_OK;
}

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	struct seen *s = ctx;

	s->device_paths = (uint32_t)h->device_path_count;
	return ST_OK;
}

static void read_recording(const char *path, struct seen *s)
{
	const struct stream_callbacks calls = { .hello = on_hello, .record = on_record, .snapshot = on_snapshot };
	struct stream_reader *r = stream_reader_create(&calls, s);
	struct diag why = DIAG_INIT;
	struct buf file;

	*s = (struct seen){ .decoder = decoder_create(), .scratch = arena_create(SCRATCH_BYTES) };
	assert_non_null(r);
	assert_non_null(s->decoder);
	assert_non_null(s->scratch);
	assert_true(golden_read(path, &file));
	assert_int_equal(stream_reader_feed(r, file.data, file.len, &why), ST_OK);
	assert_int_equal(stream_reader_finish(r, &why), ST_OK);
	assert_true(stream_reader_ended(r));
	stream_reader_destroy(r);
	decoder_destroy(s->decoder);
	arena_destroy(s->scratch);
	buf_release(&file);
}

static void same_bytes(enum gen_format format, const char *committed)
{
	char folder[TEST_FOLDER_BYTES], path[TEST_FOLDER_BYTES + 16];
	struct gen_written done;
	struct diag why = DIAG_INIT;
	struct buf made;

	assert_true(test_folder_make(folder));
	snprintf(path, sizeof path, "%s/made", folder);
	assert_int_equal(gen_write_scenario(FOLDER "scenario.txt", format, path, &done, &why), ST_OK);
	assert_true(golden_read(path, &made));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_true(golden_matches(committed, made.data, made.len));
	buf_release(&made);
}

static void webshell_vst__made_again_is_the_same(void **state)
{
	(void)state;
	same_bytes(GEN_VST, FOLDER "webshell.vst");
}

static void webshell_etl__made_again_is_the_same(void **state)
{
	(void)state;
	same_bytes(GEN_ETL, FOLDER "webshell.etl");
}

static void webshell_vst__every_record_decodes_in_time_order(void **state)
{
	struct seen s;

	(void)state;
	read_recording(FOLDER "webshell.vst", &s);
	assert_true(s.records >= MIN_RECORDS);
	assert_int_equal(s.undecoded, 0);
	assert_int_equal(s.unequal_steps, 0);
}

static void webshell_vst__two_shells_inside_the_container_several_outside(void **state)
{
	struct seen s;

	(void)state;
	read_recording(FOLDER "webshell.vst", &s);
	assert_int_equal(s.inside_count, 2);
	assert_non_null(strstr(s.inside[0], "\\cmd.exe"));
	assert_non_null(strstr(s.inside[1], "\\powershell.exe"));
	assert_int_equal(s.outside_count, 7);
}

static void webshell_vst__has_the_traces_of_the_intrusion(void **state)
{
	struct seen s;

	(void)state;
	read_recording(FOLDER "webshell.vst", &s);
	assert_int_equal(s.device_paths, 2);
	assert_int_equal(s.containers, 1);
	assert_int_equal(s.silo_starts, 1);
	assert_true(s.rundown > 60);
	assert_true(s.run_key);
	assert_true(s.dropped_file);
	assert_true(s.called_out);
	assert_true(s.name_asked);
	assert_true(s.script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(webshell_vst__made_again_is_the_same),
		cmocka_unit_test(webshell_etl__made_again_is_the_same),
		cmocka_unit_test(webshell_vst__every_record_decodes_in_time_order),
		cmocka_unit_test(webshell_vst__two_shells_inside_the_container_several_outside),
		cmocka_unit_test(webshell_vst__has_the_traces_of_the_intrusion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
