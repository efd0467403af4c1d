/* etl_buffer: the header in front of every buffer of a trace file, and one buffer held in memory.
 * Source of all offsets and flags: WMI_BUFFER_HEADER of phnt's ntwmi.h; checked on recordings of Windows 7 to 26308. */
#ifndef VITRINE_IMPORT_ETL_BUFFER_H
#define VITRINE_IMPORT_ETL_BUFFER_H

#include "proto/base/bytes.h"

enum {
	ETL_BUFFER_HEADER_BYTES = 72,
	ETL_BUFFER_MAX_BYTES = 16 << 20,    /* ETW's own maximum since Windows 8 (MAX_ETW_BUFFER_SIZE) */
	ETL_RECORD_ALIGN = 8,
};

enum etl_buffer_flag {
	ETL_BUFFER_EVENTS_LOST = 0x02,
	ETL_BUFFER_BUFFER_LOST = 0x04,
	ETL_BUFFER_PROC_INDEX = 0x20,       /* the processor number has 11 bits, not 8 */
	ETL_BUFFER_COMPRESSED = 0x40,
	ETL_BUFFER_FLAGS_KNOWN = 0x7f,
};

enum etl_buffer_type {                      /* the others hold something else than event records */
	ETL_BUFFER_GENERIC = 0,
	ETL_BUFFER_RUNDOWN = 1,
	ETL_BUFFER_HEADER = 4,
	ETL_BUFFER_BATCHED = 5,
	ETL_BUFFER_TYPE_COUNT = 8,
};

struct etl_buffer_header {
	uint32_t disk_bytes;        /* header included; compressed: of the compressed form */
	uint32_t fill_bytes;        /* header included; compressed: of the plain form */
	uint16_t flags, type, cpu;
};

/* raw: at least ETL_BUFFER_HEADER_BYTES. False: this cannot be a buffer header. `strict` adds what ETW writes but no
 * reader needs; for finding the next buffer behind a damaged place. */
bool etl_buffer_header_parse(struct view raw, bool strict, struct etl_buffer_header *out);

/* Records of one buffer, plain. Freed with free(). */
struct etl_block {
	uint64_t index;             /* of the buffer in the file */
	uint64_t offset;            /* of the buffer in the (decompressed) file */
	uint32_t len;
	uint32_t run_count;         /* the window's: runs that still point here */
	uint16_t cpu;
	bool cut;                   /* the file or the compressed form ended early, already reported */
	uint8_t data[];             /* data[0] stands ETL_BUFFER_HEADER_BYTES behind offset, if not compressed */
};

#endif
