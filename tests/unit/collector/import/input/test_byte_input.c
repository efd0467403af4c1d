#include "collector/import/input/byte_input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include <zlib.h>
#include <zstd.h>

enum { PLAIN_BYTES = 3 * BYTE_INPUT_CHUNK_BYTES + 777, PACKED_MAX = 2 * PLAIN_BYTES };

struct fixture {
	uint8_t plain[PLAIN_BYTES], packed[PACKED_MAX], got[PLAIN_BYTES + 16];
	size_t packed_len;
};

/* Compresses a little, so that chunks on both sides do not line up. */
static int set_up(void **state)
{
	struct fixture *f = malloc(sizeof *f);
	uint32_t x = 1;

	if (!f)
		return 1;
	for (size_t i = 0; i < PLAIN_BYTES; i++) {
		x = x * 1664525u + 1013904223u;
		f->plain[i] = (uint8_t)(x >> 24 & 0x1f);
	}
	f->packed_len = 0;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

static void add_zstd(struct fixture *f, const uint8_t *ptr, size_t len)
{
	size_t n = ZSTD_compress(f->packed + f->packed_len, PACKED_MAX - f->packed_len, ptr, len, 1);

	assert_false(ZSTD_isError(n));
	f->packed_len += n;
}

static void add_gzip(struct fixture *f, uint8_t *ptr, size_t len)
{
	z_stream z = { .next_in = ptr, .avail_in = (unsigned)len };

	z.next_out = f->packed + f->packed_len;
	z.avail_out = (unsigned)(PACKED_MAX - f->packed_len);
	assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	f->packed_len += z.total_out;
	deflateEnd(&z);
}

static void expect_plain(struct fixture *f, const char *compression)
{
	struct byte_input *in = byte_input_of_memory(f->packed, f->packed_len);

	assert_non_null(in);
	assert_string_equal(byte_input_compression(in), compression);
	assert_int_equal(byte_input_read(in, f->got, sizeof f->got), PLAIN_BYTES);
	assert_memory_equal(f->got, f->plain, PLAIN_BYTES);
	assert_int_equal(byte_input_offset(in), PLAIN_BYTES);
	assert_int_equal(byte_input_end_status(in, NULL), ST_OK);
	byte_input_close(in);
}

static void byte_input__zstd_in_two_frames(void **state)
{
	struct fixture *f = *state;

	add_zstd(f, f->plain, 1000);
	add_zstd(f, f->plain + 1000, PLAIN_BYTES - 1000);
	expect_plain(f, "zstd");
}

static void byte_input__gzip_in_two_members_with_padding_behind(void **state)
{
	struct fixture *f = *state;

	add_gzip(f, f->plain, 1000);
	add_gzip(f, f->plain + 1000, PLAIN_BYTES - 1000);
	memset(f->packed + f->packed_len, 0, 600);
	f->packed_len += 600;
	expect_plain(f, "gzip");
}

static void byte_input__peek_read_and_skip_see_one_run_of_bytes(void **state)
{
	struct fixture *f = *state;
	struct byte_input *in;
	struct view v;
	size_t at = 0;

	add_zstd(f, f->plain, PLAIN_BYTES);
	in = byte_input_of_memory(f->packed, f->packed_len);
	assert_non_null(in);
	while (at + 100000 < PLAIN_BYTES) {
		v = byte_input_peek(in, 50000);
		assert_int_equal(v.len, 50000);
		assert_memory_equal(v.ptr, f->plain + at, v.len);
		assert_int_equal(byte_input_read(in, f->got, 70001), 70001);
		assert_memory_equal(f->got, f->plain + at, 70001);
		assert_int_equal(byte_input_skip(in, 123), 123);
		at += 70124;
		assert_int_equal(byte_input_offset(in), at);
	}
	assert_int_equal(byte_input_skip(in, UINT64_MAX), PLAIN_BYTES - at);
	assert_int_equal(byte_input_peek(in, 1).len, 0);
	byte_input_close(in);
}

static void byte_input__plain_bytes_stay_as_they_are(void **state)
{
	struct fixture *f = *state;
	struct byte_input *in = byte_input_of_memory(f->plain, PLAIN_BYTES);
	uint64_t done, total;

	assert_non_null(in);
	assert_string_equal(byte_input_compression(in), "");
	assert_int_equal(byte_input_read(in, f->got, sizeof f->got), PLAIN_BYTES);
	assert_memory_equal(f->got, f->plain, PLAIN_BYTES);
	byte_input_progress(in, &done, &total);
	assert_int_equal(done, PLAIN_BYTES);
	assert_int_equal(total, PLAIN_BYTES);
	byte_input_close(in);
}

static enum status status_of_prefix(struct fixture *f, size_t n)
{
	uint8_t *exact = malloc(n ? n : 1);
	struct byte_input *in;
	enum status st;

	assert_non_null(exact);
	memcpy(exact, f->packed, n);
	in = byte_input_of_memory(exact, n);
	assert_non_null(in);
	assert_true(byte_input_skip(in, UINT64_MAX) <= 1000);
	st = byte_input_end_status(in, NULL);
	byte_input_close(in);
	free(exact);
	return st;
}

/* The first bytes alone are not enough to tell compression, and then are plain. */
static void byte_input__every_prefix_of_a_compressed_stream_is_truncated(void **state)
{
	struct fixture *f = *state;

	add_zstd(f, f->plain, 1000);
	for (size_t n = 4; n < f->packed_len; n++)
		assert_int_equal(status_of_prefix(f, n), ST_TRUNCATED);
	f->packed_len = 0;
	add_gzip(f, f->plain, 1000);
	for (size_t n = 3; n < f->packed_len; n++)
		assert_int_equal(status_of_prefix(f, n), ST_TRUNCATED);
}

static void byte_input__damage_ends_the_input_and_says_so(void **state)
{
	struct fixture *f = *state;
	struct diag why = DIAG_INIT;
	struct byte_input *in;
	size_t second;

	add_zstd(f, f->plain, 1000);
	second = f->packed_len;
	add_zstd(f, f->plain, 1000);
	memset(f->packed + second, 0xff, 4);
	in = byte_input_of_memory(f->packed, f->packed_len);
	assert_non_null(in);
	assert_int_equal(byte_input_skip(in, UINT64_MAX), 1000);
	assert_int_equal(byte_input_end_status(in, &why), ST_MALFORMED);
	assert_string_equal(why.text, "the zstd stream is damaged");
	byte_input_close(in);
}

static void byte_input__what_cannot_be_opened_is_a_system_error(void **state)
{
	struct diag why = DIAG_INIT;
	struct byte_input *in;

	(void)state;
	assert_int_equal(byte_input_open("no/such/file.etl", &in, &why), ST_SYSTEM);
	assert_null(in);
	assert_string_equal(why.file, "no/such/file.etl");
}

static void byte_input__empty_memory_is_an_ended_input(void **state)
{
	struct byte_input *in = byte_input_of_memory(NULL, 0);

	(void)state;
	assert_non_null(in);
	assert_int_equal(byte_input_peek(in, 100).len, 0);
	assert_int_equal(byte_input_end_status(in, NULL), ST_OK);
	byte_input_close(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(byte_input__zstd_in_two_frames, set_up, tear_down),
		cmocka_unit_test_setup_teardown(byte_input__gzip_in_two_members_with_padding_behind, set_up, tear_down),
		cmocka_unit_test_setup_teardown(byte_input__peek_read_and_skip_see_one_run_of_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(byte_input__plain_bytes_stay_as_they_are, set_up, tear_down),
		cmocka_unit_test_setup_teardown(byte_input__every_prefix_of_a_compressed_stream_is_truncated, set_up, tear_down),
		cmocka_unit_test_setup_teardown(byte_input__damage_ends_the_input_and_says_so, set_up, tear_down),
		cmocka_unit_test(byte_input__what_cannot_be_opened_is_a_system_error),
		cmocka_unit_test(byte_input__empty_memory_is_an_ended_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
