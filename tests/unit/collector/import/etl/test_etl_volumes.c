#include "collector/import/etl/etl_volumes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "tests/support/etl_bytes.h"

static const uint8_t system_config[16] = {
	0x91, 0xee, 0x79, 0x9b, 0xfd, 0xb5, 0xc0, 0x41, 0xa2, 0x43, 0x42, 0x48, 0xe2, 0x66, 0xe9, 0xd0
};

static void put_text(struct etl_bytes *b, const char *text)
{
	b->len += text_utf8_to_utf16(text, strlen(text) + 1, b->data + b->len, sizeof b->data - b->len);
}

static void put_volume(struct etl_bytes *b, uint8_t opcode, const char *device, const char *drive)
{
	size_t at = b->len;

	etlb_full(b, 20, system_config, ETLB_FIRST_TICKS, 0);
	b->data[at + 4] = opcode;
	put_text(b, device);
	put_text(b, drive);
	store_u16le(b->data + at, (uint16_t)(b->len - at));
	etlb_align(b);
}

static struct etl_volumes *scan(const struct etl_bytes *bytes)
{
	struct etl_block *b = calloc(1, sizeof *b + bytes->len);
	struct etl_volumes *v = etl_volumes_create();

	assert_non_null(b);
	assert_non_null(v);
	memcpy(b->data, bytes->data, bytes->len);
	b->len = (uint32_t)bytes->len;
	etl_volumes_scan(v, b);
	free(b);
	return v;
}

static void etl_volumes__a_device_and_its_drive_make_a_row(void **state)
{
	static struct etl_bytes b;
	const struct stream_device_path *rows;
	struct etl_volumes *v;
	size_t count;

	(void)state;
	b.len = 0;
	put_volume(&b, 35, "\\Device\\HarddiskVolume7\\", "C:\\");
	v = scan(&b);
	rows = etl_volumes_rows(v, &count);
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].device.len, strlen("\\Device\\HarddiskVolume7"));
	assert_memory_equal(rows[0].device.ptr, "\\Device\\HarddiskVolume7", rows[0].device.len);
	assert_int_equal(rows[0].drive.len, 2);
	assert_memory_equal(rows[0].drive.ptr, "C:", 2);
	etl_volumes_destroy(v);
}

static void etl_volumes__what_is_no_volume_makes_no_row(void **state)
{
	static struct etl_bytes b;
	struct etl_volumes *v;
	size_t count;

	(void)state;
	b.len = 0;
	put_volume(&b, 35, "\\SystemRoot\\", "C:\\Windows\\");
	put_volume(&b, 35, "\\?""?\\", "");
	put_volume(&b, 35, "\\Device\\Mup\\", "\\\\");
	put_volume(&b, 34, "\\Device\\HarddiskVolume7\\", "C:\\");
	v = scan(&b);
	etl_volumes_rows(v, &count);
	assert_int_equal(count, 0);
	etl_volumes_destroy(v);
}

static void etl_volumes__rows_are_bounded(void **state)
{
	static struct etl_bytes b;
	struct etl_volumes *v;
	size_t count;

	(void)state;
	b.len = 0;
	for (unsigned i = 0; i < LIMIT_DEVICE_PATHS + 50; i++)
		put_volume(&b, 35, "\\Device\\V\\", "C:\\");
	v = scan(&b);
	etl_volumes_rows(v, &count);
	assert_int_equal(count, LIMIT_DEVICE_PATHS);
	etl_volumes_destroy(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(etl_volumes__a_device_and_its_drive_make_a_row),
		cmocka_unit_test(etl_volumes__what_is_no_volume_makes_no_row),
		cmocka_unit_test(etl_volumes__rows_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
