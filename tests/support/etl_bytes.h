/* etl_bytes: trace files and their records, byte by byte, for tests of the reader: what no recording at hand has, and
 * what is broken on purpose. Written from the same public structures as the reader (phnt's ntwmi.h), by hand and
 * without its code. */
#ifndef VITRINE_TEST_ETL_BYTES_H
#define VITRINE_TEST_ETL_BYTES_H

#include <stdlib.h>

#include "proto/base/bytes.h"

enum { ETLB_MAX_BYTES = 128 * 1024, ETLB_BUFFER_BYTES = 512, ETLB_BUFFER_HEADER = 72 };

#define ETLB_START_100NS UINT64_C(132000000000000000)
#define ETLB_BOOT_100NS UINT64_C(131999990000000000)
#define ETLB_FIRST_TICKS UINT64_C(5000000)
#define ETLB_PERF_FREQUENCY UINT64_C(3000000)

struct etl_bytes {
	uint8_t data[ETLB_MAX_BYTES];
	size_t len;
};

static inline void etlb_put(struct etl_bytes *b, const void *ptr, size_t n)
{
	memcpy(b->data + b->len, ptr, n);
	b->len += n;
}

static inline void etlb_zeros(struct etl_bytes *b, size_t n)
{
	memset(b->data + b->len, 0, n);
	b->len += n;
}

static inline void etlb_u16(struct etl_bytes *b, uint16_t v)
{
	store_u16le(b->data + b->len, v);
	b->len += 2;
}

static inline void etlb_u32(struct etl_bytes *b, uint32_t v)
{
	store_u32le(b->data + b->len, v);
	b->len += 4;
}

static inline void etlb_u64(struct etl_bytes *b, uint64_t v)
{
	store_u64le(b->data + b->len, v);
	b->len += 8;
}

static inline void etlb_align(struct etl_bytes *b)
{
	while (b->len % 8)
		b->data[b->len++] = 0;
}

/* A header of the SYSTEM family: type 1-4 or 16-17. hook: group << 8 | opcode. `size` counts header and payload. */
static inline void etlb_system(struct etl_bytes *b, uint8_t type, uint16_t hook, uint64_t ticks, uint16_t size)
{
	etlb_u16(b, 2);                                   /* version of the event */
	etlb_u16(b, (uint16_t)(0xc000 | type));
	etlb_u16(b, size);
	etlb_u16(b, hook);
	if (type == 16 || type == 17) {
		etlb_u64(b, ticks);
		return;
	}
	etlb_u32(b, 44);                                  /* thread */
	etlb_u32(b, 22);                                  /* process */
	etlb_u64(b, ticks);
	if (type == 1 || type == 2)
		etlb_u64(b, 0);                           /* processor times */
}

/* EVENT_TRACE_HEADER: type 10 or 20. */
static inline void etlb_full(struct etl_bytes *b, uint8_t type, const uint8_t guid[16], uint64_t ticks, uint16_t size)
{
	etlb_u16(b, size);
	etlb_u16(b, (uint16_t)(0xc000 | type));
	etlb_u16(b, 4 << 8 | 32);                         /* level 4, opcode 32 */
	etlb_u16(b, 3);                                   /* version */
	etlb_u32(b, 44);
	etlb_u32(b, 22);
	etlb_u64(b, ticks);
	etlb_put(b, guid, 16);
	etlb_u64(b, 0);
}

/* EVENT_HEADER: type 18 or 19, id 7 version 1 level 5 opcode 6 task 9 keyword 0x8000000000000010. */
static inline void etlb_event(struct etl_bytes *b, uint8_t type, uint16_t flags, uint64_t ticks, uint16_t size)
{
	static const uint8_t guid[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

	etlb_u16(b, size);
	etlb_u16(b, (uint16_t)(0xc000 | type));
	etlb_u16(b, flags);
	etlb_u16(b, 0);
	etlb_u32(b, 44);
	etlb_u32(b, 22);
	etlb_u64(b, ticks);
	etlb_put(b, guid, 16);
	etlb_u16(b, 7);
	etlb_u16(b, 1);                                   /* version, channel */
	etlb_u16(b, 6 << 8 | 5);                          /* level, opcode */
	etlb_u16(b, 9);
	etlb_u64(b, UINT64_C(0x8000000000000010));
	etlb_zeros(b, 8 + 16);                            /* processor time, activity */
}

/* One extended item; `more`: another follows. */
static inline void etlb_item(struct etl_bytes *b, uint16_t type, bool more, const void *data, uint16_t len)
{
	etlb_u16(b, (uint16_t)((8 + len + 7) & ~7));
	etlb_u16(b, type);
	etlb_u16(b, more);
	etlb_u16(b, len);
	etlb_put(b, data, len);
	etlb_align(b);
}

/* WMI_BUFFER_HEADER; the caller appends fill - 72 bytes of records and pads to `disk`. */
static inline void etlb_buffer(struct etl_bytes *b, uint32_t disk, uint32_t fill, uint16_t flags, uint16_t type)
{
	size_t at = b->len;

	etlb_zeros(b, ETLB_BUFFER_HEADER);
	store_u32le(b->data + at, disk);
	store_u16le(b->data + at + 0x28, 3);              /* processor */
	store_u32le(b->data + at + 0x2c, 3);              /* state: flush */
	store_u32le(b->data + at + 0x30, fill);
	store_u16le(b->data + at + 0x34, flags);
	store_u16le(b->data + at + 0x36, type);
}

/* Patches the fill of the buffer that started at `at`, and pads it with ones. */
static inline void etlb_close_buffer(struct etl_bytes *b, size_t at)
{
	store_u32le(b->data + at + 0x30, (uint32_t)(b->len - at));
	while (b->len < at + ETLB_BUFFER_BYTES)
		b->data[b->len++] = 0xff;
}

struct etlb_header {                /* what a test wants to say in TRACE_LOGFILE_HEADER */
	uint8_t type;               /* of the record: 1 (32-bit) or 2 (64-bit) */
	uint32_t clock, buffers_written, events_lost, buffers_lost;
	uint64_t end_100ns;
};

/* The first buffer of a file: one EventTrace/Header record of a session "s". */
static inline void etlb_first_buffer(struct etl_bytes *b, const struct etlb_header *h)
{
	size_t at = b->len, record;
	size_t pointers = h->type == 1 ? 8 : 16;

	etlb_buffer(b, ETLB_BUFFER_BYTES, 0, 0x21, 4);
	record = b->len;
	etlb_system(b, h->type, 0, ETLB_FIRST_TICKS, (uint16_t)(32 + 264 + pointers + 4));
	etlb_u32(b, ETLB_BUFFER_BYTES);
	etlb_u32(b, 0x05000106);
	etlb_u32(b, 20348);
	etlb_u32(b, 4);
	etlb_u64(b, h->end_100ns);
	etlb_u64(b, 0);
	etlb_u32(b, 0);                                   /* mode */
	etlb_u32(b, h->buffers_written);
	etlb_u32(b, 1);
	etlb_u32(b, h->type == 1 ? 4 : 8);
	etlb_u32(b, h->events_lost);
	etlb_u32(b, 2);                                   /* MHz */
	etlb_zeros(b, pointers + 172 + 4);
	etlb_u64(b, ETLB_BOOT_100NS);
	etlb_u64(b, ETLB_PERF_FREQUENCY);
	etlb_u64(b, ETLB_START_100NS);
	etlb_u32(b, h->clock);
	etlb_u32(b, h->buffers_lost);
	etlb_put(b, "s\0\0", 4);
	store_u16le(b->data + record + 4, (uint16_t)(b->len - record));
	etlb_close_buffer(b, at);
}

/* A buffer of PERFINFO records of group 0x0f, opcode 46, 8 bytes of payload each, at these ticks. */
static inline void etlb_ticks_buffer(struct etl_bytes *b, const uint64_t *ticks, size_t count)
{
	size_t at = b->len;

	etlb_buffer(b, ETLB_BUFFER_BYTES, 0, 0, 0);
	for (size_t i = 0; i < count; i++) {
		etlb_system(b, 17, 0x0f2e, ticks[i], 24);
		etlb_u64(b, ticks[i]);
	}
	etlb_close_buffer(b, at);
}

/* A copy of exactly n bytes, so that ASan sees a read of one more. free() it. */
static inline uint8_t *etlb_exact(const uint8_t *ptr, size_t n)
{
	uint8_t *exact = malloc(n ? n : 1);

	if (exact && n)
		memcpy(exact, ptr, n);
	return exact;
}

#endif
