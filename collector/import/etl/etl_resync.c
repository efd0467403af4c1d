#include "collector/import/etl/etl_file.h"

static bool looks_like_buffer(struct view at, uint32_t grid_bytes)
{
	struct etl_buffer_header h;

	if (!etl_buffer_header_parse(at, true, &h))
		return false;
	return !grid_bytes || (h.flags & ETL_BUFFER_COMPRESSED) || h.disk_bytes == grid_bytes;
}

/* Position of the first header that starts at or behind `from`; v.len: none starts in this view. */
static size_t find_header(struct view v, size_t from, uint32_t grid_bytes)
{
	for (size_t at = from; v.len >= ETL_BUFFER_HEADER_BYTES && at <= v.len - ETL_BUFFER_HEADER_BYTES; at++) {
		if (looks_like_buffer((struct view){ .ptr = v.ptr + at, .len = v.len - at }, grid_bytes))
			return at;
	}
	return v.len;
}

static bool all_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i])
			return false;
	}
	return true;
}

struct etl_gap etl_resync(struct byte_input *in, uint32_t grid_bytes)
{
	struct etl_gap gap = { .bytes = 0, .only_zeros = true, .at_end = false };

	while (!gap.at_end) {
		struct view v = byte_input_peek(in, BYTE_INPUT_PEEK_MAX);
		size_t at = find_header(v, gap.bytes ? 0 : 1, grid_bytes);
		bool found = at < v.len;
		size_t pass = at;

		/* A header may begin in the last bytes of this view; keep those for the next one. */
		if (!found && v.len == BYTE_INPUT_PEEK_MAX)
			pass = v.len - (ETL_BUFFER_HEADER_BYTES - 1);
		gap.only_zeros = gap.only_zeros && all_zero(v.ptr, pass);
		gap.bytes += byte_input_skip(in, pass);
		if (found)
			return gap;
		gap.at_end = v.len < BYTE_INPUT_PEEK_MAX;
	}
	return gap;
}
