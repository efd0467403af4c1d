/* etl_file: a trace file as a run of buffers, decompressed, in the order they stand in the file. Reads on behind
 * whatever is damaged, and says what it passed over. Holds one buffer at a time. Not thread-safe. */
#ifndef VITRINE_IMPORT_ETL_FILE_H
#define VITRINE_IMPORT_ETL_FILE_H

#include "collector/import/etl/etl_buffer.h"
#include "collector/import/input/byte_input.h"
#include "collector/source.h"

struct etl_file {                   /* caller's storage; init, then next until the end, then release */
	struct byte_input *in;      /* borrowed */
	void (*damage)(void *ctx, const struct source_damage *d);
	void *ctx;
	uint32_t first_bytes;       /* of the first buffer on disk */
	uint32_t grid_bytes;        /* of every plain buffer; the caller sets it once it knows; 0: not known */
	uint64_t buffer_count;      /* met so far, of any type */
	uint64_t special_buffers, lossy_buffers;    /* without records; flagged as having lost events before them */
	bool cut;                   /* the end of the file was reported as damage */
	uint8_t *packed;
	size_t packed_cap;
};

void etl_file_init(struct etl_file *f, struct byte_input *in, void (*damage)(void *, const struct source_damage *), void *ctx);
void etl_file_release(struct etl_file *f);
/* *out: the next buffer with records, the caller's to free(); NULL at the end. ST_NOMEM. */
enum status etl_file_next(struct etl_file *f, struct etl_block **out);

struct etl_gap {
	uint64_t bytes;             /* passed over */
	bool only_zeros, at_end;
};

/* Moves the input to the next thing that looks like a buffer header, or to the end. */
struct etl_gap etl_resync(struct byte_input *in, uint32_t grid_bytes);

#endif
