#include "collector/import/evtx/evtx_chunk.h"

#include <stdlib.h>

#include <libbfio.h>
#include <libevtx.h>

/* Offsets in the file header, all little-endian. Source: libyal's "Windows XML Event Log (EVTX) format". */
enum {
	AT_LAST_CHUNK = 16, AT_NEXT_RECORD = 24, AT_HEADER_SIZE = 32, AT_MINOR = 36, AT_MAJOR = 38, AT_BLOCK_SIZE = 40,
	AT_CHUNK_COUNT = 42, AT_CHECKSUM = 124, HEADER_BYTES = 128, CHECKED_BYTES = 120
};

struct evtx_chunk {
	uint8_t bytes[EVTX_FILE_HEADER_BYTES + EVTX_CHUNK_BYTES];
	libbfio_handle_t *io;
	libevtx_file_t *file;
	size_t count;
	bool damaged;
	struct buf xml;
};

static uint32_t crc32_of(const uint8_t *p, size_t n)
{
	const uint32_t polynomial = UINT32_C(0xedb88320);
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
	}
	return ~crc;
}

/* Of a file that holds one chunk. */
static void make_file_header(uint8_t *h)
{
	memset(h, 0, EVTX_FILE_HEADER_BYTES);
	memcpy(h, "ElfFile", 8);
	h[AT_NEXT_RECORD] = 1;
	store_u32le(h + AT_HEADER_SIZE, HEADER_BYTES);
	store_u16le(h + AT_MINOR, 1);
	store_u16le(h + AT_MAJOR, 3);
	store_u16le(h + AT_BLOCK_SIZE, EVTX_FILE_HEADER_BYTES);
	store_u16le(h + AT_CHUNK_COUNT, 1);
	store_u32le(h + AT_CHECKSUM, crc32_of(h, CHECKED_BYTES));
}

struct evtx_chunk *evtx_chunk_create(void)
{
	struct evtx_chunk *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	make_file_header(c->bytes);
	buf_init(&c->xml, EVTX_XML_MAX_BYTES);
	return c;
}

static void close_file(struct evtx_chunk *c)
{
	if (c->file)
		libevtx_file_free(&c->file, NULL);
	if (c->io)
		libbfio_handle_free(&c->io, NULL);
	c->file = NULL;
	c->io = NULL;
	c->count = 0;
	c->damaged = false;
}

void evtx_chunk_destroy(struct evtx_chunk *c)
{
	if (!c)
		return;
	close_file(c);
	buf_release(&c->xml);
	free(c);
}

uint8_t *evtx_chunk_room(struct evtx_chunk *c)
{
	close_file(c);
	return c->bytes + EVTX_FILE_HEADER_BYTES;
}

enum status evtx_chunk_open(struct evtx_chunk *c)
{
	int count = 0;

	close_file(c);
	if (libbfio_memory_range_initialize(&c->io, NULL) != 1 ||
		libbfio_memory_range_set(c->io, c->bytes, sizeof c->bytes, NULL) != 1 || libevtx_file_initialize(&c->file, NULL) != 1)
		return ST_NOMEM;
	if (libevtx_file_open_file_io_handle(c->file, c->io, LIBEVTX_OPEN_READ, NULL) != 1)
		return ST_MALFORMED;
	if (libevtx_file_get_number_of_records(c->file, &count, NULL) != 1 || count < 0)
		return ST_MALFORMED;
	c->count = (size_t)count;
	c->damaged = libevtx_file_is_corrupted(c->file, NULL) != 0;
	return ST_OK;
}

bool evtx_chunk_is_damaged(const struct evtx_chunk *c)
{
	return c->damaged;
}

size_t evtx_chunk_count(const struct evtx_chunk *c)
{
	return c->count;
}

static enum status read_xml(struct evtx_chunk *c, libevtx_record_t *record, struct evtx_entry *out)
{
	size_t size = 0;
	uint8_t *room;

	if (libevtx_record_get_utf8_xml_string_size(record, &size, NULL) != 1 || size < 1)
		return ST_MALFORMED;
	buf_clear(&c->xml);
	room = buf_reserve(&c->xml, size);
	if (!room)
		return ST_LIMIT;
	if (libevtx_record_get_utf8_xml_string(record, room, size, NULL) != 1)
		return ST_MALFORMED;
	out->xml = (char *)room;
	out->xml_len = size - 1;    /* libevtx counts the NUL */
	return ST_OK;
}

static enum status read_entry(struct evtx_chunk *c, libevtx_record_t *record, struct evtx_entry *out)
{
	off64_t offset;

	if (libevtx_record_get_offset(record, &offset, NULL) == 1 && offset >= EVTX_FILE_HEADER_BYTES &&
		offset < EVTX_FILE_HEADER_BYTES + EVTX_CHUNK_BYTES)
		out->offset = (uint32_t)(offset - EVTX_FILE_HEADER_BYTES);
	if (libevtx_record_get_written_time(record, &out->written_100ns, NULL) != 1)
		out->written_100ns = 0;
	return read_xml(c, record, out);
}

enum status evtx_chunk_entry(struct evtx_chunk *c, size_t i, struct evtx_entry *out)
{
	libevtx_record_t *record = NULL;
	enum status st = ST_MALFORMED;

	*out = (struct evtx_entry){ .offset = 0 };
	if (libevtx_file_get_record_by_index(c->file, (int)i, &record, NULL) == 1)
		st = read_entry(c, record, out);
	if (record)
		libevtx_record_free(&record, NULL);
	return st;
}
