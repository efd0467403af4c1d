#include "collector/import/etl/etl_buffer.h"

enum {
	AT_DISK_BYTES = 0x00,
	AT_SAVED_OFFSET = 0x04,
	AT_CURRENT_OFFSET = 0x08,
	AT_REFERENCES = 0x0c,
	AT_CPU = 0x28,
	AT_STATE = 0x2c,
	AT_OFFSET = 0x30,
	AT_FLAGS = 0x34,
	AT_TYPE = 0x36,
};

enum { CPU_INDEX_MASK = 0x7ff, CPU_MASK = 0xff, STATE_FLUSH = 3 };

/* Offset is the fill; files that were not closed properly may have it 0. */
static uint32_t fill_of(const uint8_t *p, uint32_t disk_bytes)
{
	uint32_t fill = load_u32le(p + AT_OFFSET);

	if (fill == 0)
		fill = load_u32le(p + AT_SAVED_OFFSET);
	if (fill == 0)
		fill = load_u32le(p + AT_CURRENT_OFFSET);
	return fill ? fill : disk_bytes;
}

bool etl_buffer_header_parse(struct view raw, bool strict, struct etl_buffer_header *out)
{
	struct etl_buffer_header h;
	const uint8_t *p = raw.ptr;

	if (raw.len < ETL_BUFFER_HEADER_BYTES)
		return false;
	h.flags = load_u16le(p + AT_FLAGS);
	h.type = load_u16le(p + AT_TYPE);
	if ((h.flags & ~ETL_BUFFER_FLAGS_KNOWN) || h.type >= ETL_BUFFER_TYPE_COUNT)
		return false;
	h.disk_bytes = load_u32le(p + AT_DISK_BYTES);
	if (h.disk_bytes < ETL_BUFFER_HEADER_BYTES || h.disk_bytes > ETL_BUFFER_MAX_BYTES)
		return false;
	h.fill_bytes = fill_of(p, h.disk_bytes);
	if (h.fill_bytes < ETL_BUFFER_HEADER_BYTES || h.fill_bytes > ETL_BUFFER_MAX_BYTES)
		return false;
	if (!(h.flags & ETL_BUFFER_COMPRESSED) && h.fill_bytes > h.disk_bytes)
		return false;
	if (strict && (load_u32le(p + AT_STATE) != STATE_FLUSH || load_u32le(p + AT_REFERENCES) != 0))
		return false;
	h.cpu = load_u16le(p + AT_CPU) & (h.flags & ETL_BUFFER_PROC_INDEX ? CPU_INDEX_MASK : CPU_MASK);
	*out = h;
	return true;
}
