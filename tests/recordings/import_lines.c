/* import_lines: every record of a recording as one line of tab-separated values, in the order the source gives them,
 * for the scripts beside it; a named record is "named" and one JSON object. The last line has the counters. */
#include <inttypes.h>
#include <stdio.h>

#include "collector/import/formats.h"
#include "proto/base/text.h"

#define CRC32_POLYNOMIAL UINT32_C(0xedb88320)    /* the one of zlib, reversed */

static uint32_t crc32_of(struct view v)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < v.len; i++) {
		crc ^= v.ptr[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? CRC32_POLYNOMIAL : 0);
	}
	return ~crc;
}

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	(void)ctx;
	printf("hello\t%u\t%d\t%u", h->os_build, (int)h->clock, (unsigned)h->pointer_bytes);
	for (size_t i = 0; i < h->device_path_count; i++)
		printf("\t%.*s=%.*s", (int)h->device_paths[i].device.len, h->device_paths[i].device.ptr,
			(int)h->device_paths[i].drive.len, h->device_paths[i].drive.ptr);
	putchar('\n');
	return ST_OK;
}

static void put_text(struct buf *line, const char *key, struct text_view value)
{
	buf_printf(line, "\"%s\":", key);
	text_append_json(line, value.ptr, value.len);
	buf_append_char(line, ',');
}

static void print_named(const struct record *r)
{
	enum { LINE_MAX_BYTES = 64 << 20 };
	char guid[GUID_TEXT_BYTES];
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	guid_format(&r->provider, guid);
	buf_printf(&line, "named\t{\"guid\":\"%s\",\"id\":%u,\"version\":%u,\"level\":%u,\"task\":%u,\"opcode\":%u,", guid,
		(unsigned)r->id, (unsigned)r->version, (unsigned)r->level, (unsigned)r->task, (unsigned)r->opcode);
	buf_printf(&line, "\"keyword\":%" PRIu64 ",\"time\":%" PRIu64 ",\"pid\":%u,\"tid\":%u,\"record\":%" PRIu64 ",\"sid\":\"",
		r->keyword, r->time_100ns, r->pid, r->tid, r->record_id);
	for (size_t i = 0; i < r->sid.len; i++)
		buf_printf(&line, "%02x", r->sid.ptr[i]);
	buf_append_str(&line, "\",");
	put_text(&line, "provider", r->provider_name);
	put_text(&line, "channel", r->channel);
	put_text(&line, "host", r->host);
	buf_append_str(&line, "\"values\":[");
	for (size_t i = 0; i < r->value_count; i++) {
		buf_append_str(&line, i ? ",[" : "[");
		text_append_json(&line, r->values[i].name.ptr, r->values[i].name.len);
		buf_append_char(&line, ',');
		text_append_json(&line, r->values[i].value.ptr, r->values[i].value.len);
		buf_append_char(&line, ']');
	}
	buf_append_str(&line, "]}");
	puts(line.failed ? "failed" : buf_cstr(&line));
	buf_release(&line);
}

static enum status on_record(void *ctx, const struct record *r)
{
	char guid[GUID_TEXT_BYTES];

	(void)ctx;
	if (r->kind == RECORD_NAMED) {
		print_named(r);
		return ST_OK;
	}
	guid_format(&r->provider, guid);
	printf("record\t%s\t%u\t%u\t%u\t%u\t%u\t%" PRIu64 "\t%u\t%u", guid, (unsigned)r->id, (unsigned)r->opcode,
		(unsigned)r->version, (unsigned)r->level, (unsigned)r->task, r->keyword, r->pid, r->tid);
	printf("\t%" PRIu64 "\t%zu\t%08" PRIx32 "\t%u\t%d\t%u", r->time_100ns, r->payload.len, crc32_of(r->payload),
		(unsigned)r->cpu, (r->flags & RECORD_CLASSIC) != 0, (unsigned)r->pointer_bytes);
	printf("\t%zu\t%.*s\n", r->schema.len, (int)r->provider_name.len, r->provider_name.len ? r->provider_name.ptr : "");
	return ST_OK;
}

static enum status on_loss(void *ctx, const struct stream_loss *l)
{
	(void)ctx;
	printf("loss\t%d\t%" PRIu64 "\t%" PRIu64 "\n", (int)l->reason, l->events_lost, l->buffers_lost);
	return ST_OK;
}

static void on_damage(void *ctx, const struct source_damage *d)
{
	(void)ctx;
	printf("damage\t%" PRIu64 "\t%" PRIu64 "\t%s\n", d->offset, d->skipped_bytes, d->what);
}

static void print_end(const struct source_counters *c)
{
	printf("end\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", c->records, c->late_records,
		c->extended_items, c->undecoded_records, c->cut_values);
}

int main(int argc, char **argv)
{
	const struct source_sink sink = {
		.hello = on_hello, .record = on_record, .loss = on_loss, .damage = on_damage, .ctx = NULL
	};
	struct record_source *source = NULL;
	struct byte_input *in = NULL;
	struct diag why = DIAG_INIT;
	enum status st;

	if (argc != 2)
		return 2;
	st = byte_input_open(argv[1], &in, &why);
	if (st == ST_OK)
		st = import_open(in, &source, &why);
	if (st == ST_OK)
		st = source->run(source, &sink, &why);
	if (st == ST_OK)
		print_end(source->counters(source));
	else
		fprintf(stderr, "%s\n", why.text);
	if (source)
		source->close(source);
	byte_input_close(in);
	return st == ST_OK ? 0 : 1;
}
