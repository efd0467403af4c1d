#include "collector/import/etl/etl_header.h"

#include "proto/base/text.h"

enum { AT_HOOK = 6, TIME_ZONE_BYTES = 172, TIME_ZONE_PADDING = 4 };    /* TIME_ZONE_INFORMATION, then align 8 */

static size_t header_bytes(const struct etl_mark *first)
{
	switch (first->type) {
	case ETL_SYSTEM32:
	case ETL_SYSTEM64:
		return ETL_SYSTEM_BYTES;
	case ETL_COMPACT32:
	case ETL_COMPACT64:
		return ETL_COMPACT_BYTES;
	default:
		return 0;
	}
}

static void read_counts(struct bytes *in, struct etl_header *h)
{
	h->buffer_bytes = bytes_u32le(in);
	bytes_skip(in, 4);                  /* version of the format */
	h->os_build = bytes_u32le(in);
	bytes_skip(in, 4);                  /* processors */
	h->end_100ns = bytes_u64le(in);
	bytes_skip(in, 8);                  /* timer resolution, maximum file size */
	h->mode = bytes_u32le(in);
	h->buffers_written = bytes_u32le(in);
	bytes_skip(in, 4);                  /* start buffers */
	h->pointer_bytes = bytes_u32le(in);
	h->events_lost = bytes_u32le(in);
	h->clock.cpu_mhz = bytes_u32le(in);
}

bool etl_header_parse(const struct etl_mark *first, struct etl_header *out)
{
	size_t at = header_bytes(first);
	bool wide = first->type == ETL_SYSTEM64 || first->type == ETL_COMPACT64;
	struct bytes in;

	memset(out, 0, sizeof *out);
	if (first->kind != ETL_KIND_EVENT || !at || load_u16le(first->raw.ptr + AT_HOOK) != 0)
		return false;
	in = bytes_of(first->raw.ptr + at, first->raw.len - at);
	read_counts(&in, out);
	bytes_skip(&in, wide ? 16 : 8);     /* two pointers of the writer */
	bytes_skip(&in, TIME_ZONE_BYTES + TIME_ZONE_PADDING);
	out->boot_100ns = bytes_u64le(&in);
	out->clock.perf_frequency = bytes_u64le(&in);
	out->clock.start_100ns = bytes_u64le(&in);
	out->clock.kind = bytes_u32le(&in);
	out->buffers_lost = bytes_u32le(&in);
	out->clock.first_ticks = first->ticks;
	if (in.failed) {
		memset(out, 0, sizeof *out);
		return false;
	}
	out->session_len = text_utf16_to_utf8(bytes_utf16z(&in), out->session, sizeof out->session);
	return true;
}
