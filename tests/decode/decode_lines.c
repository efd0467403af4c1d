/* decode_lines: records of a recording, or payloads given as text, decoded field by field; one JSON object a line, for
 * the Python tests beside it.
 *
 * usage: decode_lines FILE [POINTER_BYTES]     records that have a layout; POINTER_BYTES overrides what the records say
 *        decode_lines --self FILE              records that describe themselves (TraceLogging)
 *        decode_lines -                        stdin: GUID CLASSIC ID OPCODE VERSION POINTER_BYTES OS_BUILD HEX a line */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/import/formats.h"
#include "policyd/decode/decode.h"
#include "policyd/decode/raw_value.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"

enum { SCRATCH_BYTES = 1 << 20, LINE_BYTES = 1 << 20 };

struct printer {
	struct decoder *decoder;
	struct arena *scratch;
	struct buf line;
	struct event ev;
	unsigned pointer_bytes;      /* 0: what the record says */
	uint32_t os_build;           /* of the recording, for records that have none */
	bool all, self;              /* also records without a layout; only self-describing ones */
};

static bool is_wanted(const struct printer *p, const struct record *r, enum status st)
{
	bool self = (r->flags & RECORD_TRACELOGGING) != 0;

	return p->all || (p->self ? self : !self && st != ST_UNSUPPORTED);
}

static bool is_signed(enum layout_type t)
{
	return t == LT_I8 || t == LT_I16 || t == LT_I32 || t == LT_I64;
}

static void put_field(struct printer *p, size_t i)
{
	const struct layout_field *f = &p->ev.layout->fields[i];
	const struct record *r = p->ev.rec;
	struct text_view text = { "", 0 };
	struct value v = { .type = (enum layout_type)f->type, .slot = SLOT_NONE,
		.bytes = { r->payload.ptr + p->ev.offset[i], p->ev.offset[i + 1] - p->ev.offset[i] } };
	uint64_t n;

	buf_append_str(&p->line, i ? "," : "");
	text_append_json(&p->line, f->name, strlen(f->name));
	buf_append_char(&p->line, ':');
	raw_value_get_text(&v, r->pointer_bytes, p->scratch, &text);
	if (v.bytes.len == 0 && f->optional)
		buf_append_str(&p->line, "null");
	else if (is_signed(v.type))
		buf_append(&p->line, text.ptr, text.len);
	else if (v.type != LT_WSTRZ && v.type != LT_STRZ && v.type != LT_WSTR_COUNTED && raw_value_get_u64(&v, &n))
		buf_printf(&p->line, "%" PRIu64, n);
	else
		text_append_json(&p->line, text.ptr, text.len);
}

static void put_event(struct printer *p, enum status st)
{
	const struct record *r = p->ev.rec;
	const struct layout *l = st == ST_OK ? p->ev.layout : NULL;
	char guid[GUID_TEXT_BYTES];

	guid_format(&r->provider, guid);
	buf_printf(&p->line, "{\"guid\":\"%s\",\"classic\":%d,\"id\":%u,\"op\":%u,\"ver\":%u,\"ft\":%" PRIu64 ",\"cpu\":%u,", guid,
		(r->flags & RECORD_CLASSIC) != 0, (unsigned)r->id, (unsigned)r->opcode, (unsigned)r->version, r->time_100ns,
		(unsigned)r->cpu);
	buf_printf(&p->line, "\"status\":\"%s\",\"kind\":\"%s\",\"tracelogging\":%d,\"len\":%zu", status_text(st),
		event_kind_name(p->ev.kind), (r->flags & RECORD_TRACELOGGING) != 0, r->payload.len);
	if (l) {
		buf_printf(&p->line, ",\"layout\":%u,\"rest\":%zu,\"fields\":{", (unsigned)l->version,
			r->payload.len - p->ev.offset[l->field_count]);
		for (size_t i = 0; i < l->field_count; i++)
			put_field(p, i);
		buf_append_char(&p->line, '}');
	}
	if (st == ST_OK && !l) {
		struct text_view args = { "", 0 }, name = { "", 0 };

		event_format_args(&p->ev, p->scratch, &args);
		event_get_name(&p->ev, &name);
		buf_append_str(&p->line, ",\"name\":");
		text_append_json(&p->line, name.ptr, name.len);
		buf_append_str(&p->line, ",\"args\":");
		text_append_json(&p->line, args.ptr, args.len);
	}
	buf_append_str(&p->line, "}\n");
}

static enum status on_record(void *ctx, const struct record *r)
{
	struct printer *p = ctx;
	struct record copy = *r;
	enum status st;

	if (p->pointer_bytes)
		copy.pointer_bytes = (uint8_t)p->pointer_bytes;
	if (!copy.os_build)
		copy.os_build = p->os_build;
	buf_clear(&p->line);
	arena_reset(p->scratch);
	st = decode_record(p->decoder, &copy, &p->ev);
	if (!is_wanted(p, r, st))
		return ST_OK;
	put_event(p, st);
	if (p->line.failed)
		return ST_LIMIT;
	fwrite(p->line.data, 1, p->line.len, stdout);
	return ST_OK;
}

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	struct printer *p = ctx;

	p->os_build = h->os_build;
	return ST_OK;
}

static enum status on_loss(void *ctx, const struct stream_loss *l)
{
	(void)ctx;
	(void)l;
	return ST_OK;
}

static void on_damage(void *ctx, const struct source_damage *d)
{
	(void)ctx;
	(void)d;
}

static enum status print_file(struct printer *p, const char *path)
{
	const struct source_sink sink = {
		.hello = on_hello, .record = on_record, .loss = on_loss, .damage = on_damage, .ctx = p
	};
	struct record_source *source = NULL;
	struct byte_input *in = NULL;
	struct diag why = DIAG_INIT;
	enum status st;

	st = byte_input_open(path, &in, &why);
	if (st == ST_OK)
		st = import_open(in, &source, &why);
	if (st == ST_OK)
		st = source->run(source, &sink, &why);
	if (st != ST_OK)
		fprintf(stderr, "%s\n", why.text);
	if (source)
		source->close(source);
	byte_input_close(in);
	return st;
}

/* Exact-size copy on the heap, so that a sanitizer sees a read past the payload. */
static uint8_t *parse_hex(const char *hex, size_t *len_out)
{
	size_t len = strspn(hex, "0123456789abcdef") / 2;
	uint8_t *out = malloc(len ? len : 1);

	for (size_t i = 0; out && i < len; i++) {
		const char pair[3] = { hex[i * 2], hex[i * 2 + 1], '\0' };

		out[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	*len_out = len;
	return out;
}

static enum status print_line(struct printer *p, char *line)
{
	struct record r = { .kind = RECORD_ETW };
	unsigned long number[6] = { 0 };
	uint8_t *payload;
	enum status st;
	char *at = line;

	if (strlen(line) < GUID_TEXT_BYTES || !guid_parse(line, GUID_TEXT_BYTES - 1, &r.provider))
		return ST_MALFORMED;
	at += GUID_TEXT_BYTES - 1;
	for (size_t i = 0; i < sizeof number / sizeof number[0]; i++)
		number[i] = strtoul(at, &at, 10);
	r.flags = number[0] ? RECORD_CLASSIC : 0;
	r.id = (uint16_t)number[1];
	r.opcode = (uint8_t)number[2];
	r.version = (uint8_t)number[3];
	r.pointer_bytes = (uint8_t)number[4];
	r.os_build = (uint32_t)number[5];
	payload = parse_hex(at + strspn(at, " "), &r.payload.len);
	if (!payload)
		return ST_NOMEM;
	r.payload.ptr = payload;
	st = on_record(p, &r);
	free(payload);
	return st;
}

static enum status print_stdin(struct printer *p)
{
	char *line = malloc(LINE_BYTES);
	enum status st = line ? ST_OK : ST_NOMEM;

	while (st == ST_OK && fgets(line, LINE_BYTES, stdin))
		st = print_line(p, line);
	free(line);
	return st;
}

int main(int argc, char **argv)
{
	struct printer p = { .decoder = decoder_create(), .scratch = arena_create(SCRATCH_BYTES) };
	enum status st = ST_NOMEM;

	if (argc < 2)
		return 2;
	p.all = strcmp(argv[1], "-") == 0;
	p.self = strcmp(argv[1], "--self") == 0;
	p.pointer_bytes = argc > 2 && !p.self ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	buf_init(&p.line, LINE_BYTES);
	if (p.decoder && p.scratch)
		st = p.all ? print_stdin(&p) : print_file(&p, argv[argc == 3 && p.self ? 2 : 1]);
	decoder_destroy(p.decoder);
	arena_destroy(p.scratch);
	buf_release(&p.line);
	if (st != ST_OK)
		fprintf(stderr, "decode_lines: %s\n", status_text(st));
	return st == ST_OK ? 0 : 1;
}
