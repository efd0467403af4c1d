#include "collector/import/etl/etl_volumes.h"

#include <stdlib.h>

#include "collector/import/etl/etl_cursor.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"

enum { OPCODE_VOLUME = 35, AT_OPCODE = 4, AT_CLASS = 24, DEVICE_BYTES = 256, DRIVE_BYTES = 4 };

static const struct guid system_config_class =
	GUID_INIT(0x9b79ee91, 0xb5fd, 0x41c0, 0xa2, 0x43, 0x42, 0x48, 0xe2, 0x66, 0xe9, 0xd0);

struct row_text {
	char device[DEVICE_BYTES], drive[DRIVE_BYTES];
};

struct etl_volumes {
	struct stream_device_path rows[LIMIT_DEVICE_PATHS];
	struct row_text texts[LIMIT_DEVICE_PATHS];
	size_t count;
};

struct etl_volumes *etl_volumes_create(void)
{
	return calloc(1, sizeof(struct etl_volumes));
}

void etl_volumes_destroy(struct etl_volumes *v)
{
	free(v);
}

static struct text_view read_path(struct bytes *in, char *out, size_t out_bytes)
{
	size_t n = text_utf16_to_utf8(bytes_utf16z(in), out, out_bytes);

	if (n && out[n - 1] == '\\')
		n--;
	return (struct text_view){ .ptr = out, .len = n };
}

static bool is_volume(const struct etl_mark *m)
{
	return m->kind == ETL_KIND_EVENT && (m->type == ETL_FULL32 || m->type == ETL_FULL64) &&
		m->raw.ptr[AT_OPCODE] == OPCODE_VOLUME &&
		memcmp(m->raw.ptr + AT_CLASS, system_config_class.b, sizeof system_config_class.b) == 0;
}

static void add_row(struct etl_volumes *v, const struct etl_mark *m)
{
	static const char prefix[] = "\\Device\\";
	struct row_text *text = &v->texts[v->count];
	struct stream_device_path *row = &v->rows[v->count];
	struct bytes in = bytes_of(m->raw.ptr + ETL_FULL_BYTES, m->raw.len - ETL_FULL_BYTES);

	row->device = read_path(&in, text->device, sizeof text->device);
	row->drive = read_path(&in, text->drive, sizeof text->drive);
	if (row->device.len < sizeof prefix || memcmp(text->device, prefix, sizeof prefix - 1) != 0)
		return;    /* \SystemRoot and \??\ are not devices */
	if (row->drive.len == 2 && text->drive[1] == ':')
		v->count++;
}

void etl_volumes_scan(struct etl_volumes *v, const struct etl_block *b)
{
	struct etl_cursor c = etl_cursor_of(b, 0, b->len);
	struct etl_mark m;

	while (v->count < LIMIT_DEVICE_PATHS && etl_cursor_next(&c, &m)) {
		if (is_volume(&m))
			add_row(v, &m);
	}
}

const struct stream_device_path *etl_volumes_rows(const struct etl_volumes *v, size_t *count)
{
	*count = v->count;
	return v->rows;
}
