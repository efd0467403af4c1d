#include "collector/import/formats.h"

#include "collector/import/csv/csv_source.h"
#include "collector/import/etl/etl_source.h"
#include "collector/import/evtx/evtx_source.h"
#include "collector/import/json/json_source.h"
#include "proto/base/buf.h"

const struct import_format import_formats[] = {
	{ .name = "etl", .doc = "Windows event trace log", .probe = etl_probe, .open = etl_source_open },
	{ .name = "evtx", .doc = "Windows event log", .probe = evtx_probe, .open = evtx_source_open },
	{ .name = "json", .doc = "events as JSON, in lines or an array", .probe = json_probe, .open = json_source_open },
	{ .name = "csv", .doc = "tables of Process Monitor, Defender or the Security log", .probe = csv_probe,
		.open = csv_source_open },
};

const size_t import_format_count = sizeof import_formats / sizeof import_formats[0];

static enum status say_what_was_tried(struct view head, struct diag *why)
{
	enum { TRIED_BYTES = 256, SHOWN_BYTES = 8 };
	struct buf tried;
	enum status st;

	buf_init(&tried, TRIED_BYTES);
	for (size_t i = 0; i < import_format_count; i++)
		buf_printf(&tried, "%s%s (%s)", i ? ", " : "", import_formats[i].name, import_formats[i].doc);
	buf_append_str(&tried, "; it starts with");
	for (size_t i = 0; i < head.len && i < SHOWN_BYTES; i++)
		buf_printf(&tried, " %02x", head.ptr[i]);
	st = diag_set(why, ST_UNSUPPORTED, "no recording of a known format; tried: %s", buf_cstr(&tried));
	buf_release(&tried);
	return st;
}

enum status import_open(struct byte_input *in, struct record_source **out, struct diag *why)
{
	struct view head = byte_input_peek(in, BYTE_INPUT_PEEK_MAX);
	enum status st;

	*out = NULL;
	if (head.len == 0) {
		st = byte_input_end_status(in, why);
		return st == ST_OK ? diag_set(why, ST_TRUNCATED, "the input is empty") : st;
	}
	for (size_t i = 0; i < import_format_count; i++) {
		if (import_formats[i].probe(head))
			return import_formats[i].open(in, out, why);
	}
	return say_what_was_tried(head, why);
}
