#include "tests/support/generate/gen_etl.h"

#include <stdlib.h>

#include "proto/base/text.h"

enum { BUFFER_HEADER_BYTES = 72, ALIGN_BYTES = 8 };
enum { SYSTEM_BYTES = 32, PERFINFO_BYTES = 16, FULL_BYTES = 48, EVENT_BYTES = 80 };
enum { TYPE_SYSTEM64 = 2, TYPE_PERFINFO64 = 17, TYPE_EVENT64 = 19, TYPE_FULL64 = 20, MARK = 0xc0 };
enum { BUFFER_GENERIC = 0, BUFFER_FILE_HEADER = 4, FLAGS_NORMAL = 0x21, STATE_FLUSH = 3 };
enum { EVENT_EXTENDED = 0x01, EVENT_64_BIT = 0x40, ITEM_START_KEY = 13, ITEM_CONTAINER = 16, CONTAINER_CHARS = 36 };
enum { TICKS_PER_SECOND = 10000000, TIME_ZONE_BYTES = 172, MODE_FILE = 1, CPU_MHZ = 2594, CLOCK_KIND_QPC = 1 };
enum { HEADER_RECORD_PAYLOAD = 280, SYSTEM_TID = 0x103c, SYSTEM_PID = 4 };

struct buffer {
	uint8_t *data;
	uint32_t used;           /* with its header; 0: empty */
};

struct gen_etl_file {
	FILE *file;
	uint32_t buffer_bytes, cpus;
	struct buffer buffers[WORLD_MAX_CPUS];
	uint64_t sequence, bytes, start_100ns, boot_100ns, last_100ns;
	uint32_t build;
	enum status status;
	uint8_t *file_header;    /* the first buffer, written again at the end */
};

/* Kernel groups stand for class GUIDs in SYSTEM and PERFINFO headers (layouts.yaml, etw_group_to_guid). */
static const struct group {
	struct guid guid;
	uint8_t number;
} groups[] = {
	{ GUID_INIT(0x3d6fa8d0, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c), 0x03 },
	{ GUID_INIT(0x90cbdc39, 0x4a3e, 0x11d1, 0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3), 0x04 },
	{ GUID_INIT(0x3d6fa8d1, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c), 0x05 },
	{ GUID_INIT(0xae53722e, 0xc863, 0x11d2, 0x86, 0x59, 0x00, 0xc0, 0x4f, 0xa3, 0x21, 0xa1), 0x09 },
	{ GUID_INIT(0x2cb15d1d, 0x5fc1, 0x11d2, 0xab, 0xe1, 0x00, 0xa0, 0xc9, 0x11, 0xf5, 0x18), 0x14 },
};

static const struct guid system_config =
	GUID_INIT(0x9b79ee91, 0xb5fd, 0x41c0, 0xa2, 0x43, 0x42, 0x48, 0xe2, 0x66, 0xe9, 0xd0);

struct gen_etl_file *gen_etl_create(FILE *file, uint32_t buffer_bytes, const struct gen_machine *m)
{
	struct gen_etl_file *e = calloc(1, sizeof *e);
	bool ok = e != NULL;

	if (!e)
		return NULL;
	e->file = file;
	e->buffer_bytes = buffer_bytes;
	e->cpus = m->cpus;
	e->start_100ns = e->last_100ns = m->start_100ns;
	e->file_header = calloc(1, buffer_bytes);
	for (uint32_t i = 0; i < m->cpus && i < WORLD_MAX_CPUS; i++) {
		e->buffers[i].data = calloc(1, buffer_bytes);
		ok = ok && e->buffers[i].data;
	}
	if (ok && e->file_header)
		return e;
	gen_etl_destroy(e);
	return NULL;
}

void gen_etl_destroy(struct gen_etl_file *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < WORLD_MAX_CPUS; i++)
		free(e->buffers[i].data);
	free(e->file_header);
	free(e);
}

uint64_t gen_etl_bytes(const struct gen_etl_file *e)
{
	return e->bytes;
}

/* The clock counts 100 ns from boot, so that conversion loses nothing. */
static uint64_t ticks(const struct gen_etl_file *e, uint64_t time_100ns)
{
	return time_100ns - e->boot_100ns;
}

static void close_buffer(struct gen_etl_file *e, uint8_t *p, uint32_t used, uint32_t cpu)
{
	memset(p, 0, BUFFER_HEADER_BYTES);
	store_u32le(p + 0x00, e->buffer_bytes);
	store_u32le(p + 0x04, used);                /* SavedOffset */
	store_u32le(p + 0x08, used);                /* CurrentOffset */
	store_u64le(p + 0x10, ticks(e, e->last_100ns));
	store_u64le(p + 0x18, e->sequence++);
	p[0x28] = (uint8_t)cpu;
	p[0x29] = (uint8_t)(cpu >> 8);
	store_u16le(p + 0x2a, 7);                   /* logger id */
	store_u32le(p + 0x2c, STATE_FLUSH);
	store_u32le(p + 0x30, used);                /* Offset */
	store_u16le(p + 0x34, FLAGS_NORMAL);
	store_u16le(p + 0x36, BUFFER_GENERIC);
	memset(p + used, 0xff, e->buffer_bytes - used);
}

static void write_buffer(struct gen_etl_file *e, const uint8_t *p)
{
	if (e->status == ST_OK && fwrite(p, 1, e->buffer_bytes, e->file) != e->buffer_bytes)
		e->status = ST_SYSTEM;
	e->bytes += e->buffer_bytes;
}

static void flush_cpu(struct gen_etl_file *e, uint32_t cpu)
{
	struct buffer *b = &e->buffers[cpu];

	if (b->used <= BUFFER_HEADER_BYTES)
		return;
	close_buffer(e, b->data, b->used, cpu);
	write_buffer(e, b->data);
	b->used = 0;
}

/* Room for a record of n bytes in the CPU's buffer; NULL: larger than a buffer. */
static uint8_t *record_room(struct gen_etl_file *e, uint32_t cpu, size_t n)
{
	struct buffer *b = &e->buffers[cpu % e->cpus];
	uint32_t aligned = (uint32_t)(n + ALIGN_BYTES - 1) & ~(uint32_t)(ALIGN_BYTES - 1);
	uint8_t *p;

	if (n > UINT16_MAX || aligned > e->buffer_bytes - BUFFER_HEADER_BYTES)
		return NULL;
	if (b->used && aligned > e->buffer_bytes - b->used)
		flush_cpu(e, cpu % e->cpus);
	if (!b->used)
		b->used = BUFFER_HEADER_BYTES;
	p = b->data + b->used;
	memset(p, 0, aligned);
	b->used += aligned;
	return p;
}

static uint8_t group_of(const struct guid *guid)
{
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		if (guid_equal(&groups[i].guid, guid))
			return groups[i].number;
	}
	return 0xff;
}

static void put_marker(uint8_t *p, unsigned version, unsigned type)
{
	store_u16le(p, (uint16_t)version);
	p[2] = (uint8_t)type;
	p[3] = MARK;
}

static enum status put_classic(struct gen_etl_file *e, const struct record *r)
{
	bool threadless = r->pid == UINT32_MAX;
	size_t head = threadless ? PERFINFO_BYTES : SYSTEM_BYTES, size = head + r->payload.len;
	uint8_t *p = record_room(e, r->cpu, size);

	if (!p)
		return ST_LIMIT;
	put_marker(p, r->version, threadless ? TYPE_PERFINFO64 : TYPE_SYSTEM64);
	store_u16le(p + 4, (uint16_t)size);
	p[6] = r->opcode;
	p[7] = group_of(&r->provider);
	if (!threadless) {
		store_u32le(p + 8, r->tid);
		store_u32le(p + 12, r->pid);
	}
	store_u64le(p + (threadless ? 8 : 16), ticks(e, r->time_100ns));
	if (r->payload.len)
		memcpy(p + head, r->payload.ptr, r->payload.len);
	return ST_OK;
}

struct item {
	uint16_t type, len;
	uint8_t data[CONTAINER_CHARS + 4];
};

static size_t make_items(const struct record *r, struct item items[2])
{
	size_t count = 0;

	if (r->flags & RECORD_HAS_START_KEY) {
		items[count] = (struct item){ .type = ITEM_START_KEY, .len = 8 };
		store_u64le(items[count++].data, r->start_key);
	}
	if (r->flags & RECORD_HAS_CONTAINER) {
		char text[GUID_TEXT_BYTES];

		guid_format(&r->container, text);
		items[count] = (struct item){ .type = ITEM_CONTAINER, .len = CONTAINER_CHARS };
		memcpy(items[count++].data, text, CONTAINER_CHARS);
	}
	return count;
}

static size_t item_bytes(const struct item *item)
{
	return (ALIGN_BYTES + (size_t)item->len + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1);
}

/* The provider's extended items, then the payload. */
static void put_event_body(uint8_t *p, const struct record *r, const struct item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		store_u16le(p, (uint16_t)item_bytes(&items[i]));
		store_u16le(p + 2, items[i].type);
		store_u16le(p + 4, i + 1 < count);
		store_u16le(p + 6, items[i].len);
		memcpy(p + 8, items[i].data, items[i].len);
		p += item_bytes(&items[i]);
	}
	if (r->payload.len)
		memcpy(p, r->payload.ptr, r->payload.len);
}

static enum status put_event(struct gen_etl_file *e, const struct record *r)
{
	struct item items[2];
	size_t count = make_items(r, items), size = EVENT_BYTES + r->payload.len;
	uint8_t *p;

	for (size_t i = 0; i < count; i++)
		size += item_bytes(&items[i]);
	p = record_room(e, r->cpu, size);
	if (!p)
		return ST_LIMIT;
	put_marker(p, (unsigned)size, TYPE_EVENT64);
	store_u16le(p + 4, (uint16_t)(EVENT_64_BIT | (count ? EVENT_EXTENDED : 0)));
	store_u32le(p + 8, r->tid);
	store_u32le(p + 12, r->pid);
	store_u64le(p + 16, ticks(e, r->time_100ns));
	memcpy(p + 24, r->provider.b, sizeof r->provider.b);
	store_u16le(p + 40, r->id);
	p[42] = r->version;
	p[43] = r->keyword >> 63 ? 16 : 0;          /* channel */
	p[44] = r->level;
	p[45] = r->opcode;
	store_u16le(p + 46, r->task);
	store_u64le(p + 48, r->keyword);
	put_event_body(p + EVENT_BYTES, r, items, count);
	return ST_OK;
}

static enum status on_record(void *ctx, const struct record *r)
{
	struct gen_etl_file *e = ctx;
	enum status st;

	e->last_100ns = r->time_100ns;
	st = r->flags & RECORD_CLASSIC ? put_classic(e, r) : put_event(e, r);
	return st == ST_OK ? e->status : st;
}

static uint8_t *put_wide(uint8_t *p, const char *text, size_t len, bool backslash)
{
	p += text_utf8_to_utf16(text, len, p, 2 * len);
	if (backslash) {
		store_u16le(p, '\\');
		p += 2;
	}
	store_u16le(p, 0);
	return p + 2;
}

/* TRACE_LOGFILE_HEADER as the payload of a record of group 0, type 0. */
static void put_file_header(struct gen_etl_file *e)
{
	static const char session[] = "Vitrine", log_name[] = "C:\\recording.etl";
	uint8_t *p = e->file_header + BUFFER_HEADER_BYTES, *body = p + SYSTEM_BYTES, *end;
	uint32_t used;

	memset(e->file_header, 0, e->buffer_bytes);
	put_marker(p, 2, TYPE_SYSTEM64);
	store_u32le(p + 8, SYSTEM_TID);
	store_u32le(p + 12, SYSTEM_PID);
	store_u64le(p + 16, ticks(e, e->start_100ns));
	store_u32le(body + 0, e->buffer_bytes);
	store_u32le(body + 4, 0x0501000a);          /* version 10.0, sub 1.5 */
	store_u32le(body + 8, e->build);
	store_u32le(body + 12, e->cpus);
	store_u64le(body + 16, e->last_100ns);
	store_u32le(body + 24, 156250);             /* timer resolution */
	store_u32le(body + 32, MODE_FILE);
	store_u32le(body + 36, (uint32_t)(e->bytes / e->buffer_bytes));
	store_u32le(body + 40, 1);
	store_u32le(body + 44, 8);                  /* pointer size */
	store_u32le(body + 52, CPU_MHZ);
	store_u64le(body + 248, e->boot_100ns);
	store_u64le(body + 256, TICKS_PER_SECOND);
	store_u64le(body + 264, e->start_100ns);
	store_u32le(body + 272, CLOCK_KIND_QPC);
	end = put_wide(body + HEADER_RECORD_PAYLOAD, session, sizeof session - 1, false);
	end = put_wide(end, log_name, sizeof log_name - 1, false);
	store_u16le(p + 4, (uint16_t)(end - p));
	used = (uint32_t)(end - e->file_header + ALIGN_BYTES - 1) & ~(uint32_t)(ALIGN_BYTES - 1);
	e->sequence = 0;
	close_buffer(e, e->file_header, used, 0);
	store_u16le(e->file_header + 0x36, BUFFER_FILE_HEADER);
}

/* As tools that merge traces note it: device path and drive, both with a backslash at the end. */
static enum status put_volume(struct gen_etl_file *e, const struct stream_device_path *v)
{
	size_t size = FULL_BYTES + 2 * (v->device.len + v->drive.len + 4);
	uint8_t *p = record_room(e, 0, size), *end;

	if (!p)
		return ST_LIMIT;
	put_marker(p, (unsigned)size, TYPE_FULL64);
	p[4] = 35;
	store_u16le(p + 6, 2);
	store_u32le(p + 8, SYSTEM_TID);
	store_u32le(p + 12, SYSTEM_PID);
	store_u64le(p + 16, ticks(e, e->start_100ns));
	memcpy(p + 24, system_config.b, sizeof system_config.b);
	end = put_wide(p + FULL_BYTES, v->device.ptr, v->device.len, true);
	put_wide(end, v->drive.ptr, v->drive.len, true);
	return ST_OK;
}

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	struct gen_etl_file *e = ctx;
	enum status st = ST_OK;

	e->build = h->os_build;
	e->boot_100ns = h->boot_time_100ns;
	put_file_header(e);
	e->sequence = 1;
	write_buffer(e, e->file_header);
	for (size_t i = 0; st == ST_OK && i < h->device_path_count; i++)
		st = put_volume(e, &h->device_paths[i]);
	return st == ST_OK ? e->status : st;
}

static enum status no_snapshot(void *ctx, const struct stream_snapshot *s)
{
	(void)ctx;
	(void)s;
	return ST_OK;
}

struct gen_output gen_etl_output(struct gen_etl_file *e)
{
	return (struct gen_output){ .hello = on_hello, .record = on_record, .snapshot = no_snapshot, .ctx = e };
}

enum status gen_etl_finish(struct gen_etl_file *e)
{
	for (uint32_t i = 0; i < e->cpus; i++)
		flush_cpu(e, i);
	put_file_header(e);
	if (fseek(e->file, 0, SEEK_SET) != 0)
		e->status = ST_SYSTEM;
	else if (fwrite(e->file_header, 1, e->buffer_bytes, e->file) != e->buffer_bytes)
		e->status = ST_SYSTEM;
	return e->status;
}
