/* byte_input: a file, standard input or memory as one forward-moving run of plain bytes. A .zst or .gz is told by its
 * first bytes and decompressed on the way. Constant memory: one chunk before and one after decompression, and the
 * decompressor's own window. Not thread-safe. Knows no recording format. */
#ifndef VITRINE_IMPORT_BYTE_INPUT_H
#define VITRINE_IMPORT_BYTE_INPUT_H

#include "proto/base/bytes.h"
#include "proto/base/status.h"

enum {
	BYTE_INPUT_CHUNK_BYTES = 256 * 1024,    /* past this size, larger reads gain nothing measurable */
	BYTE_INPUT_PEEK_MAX = 64 * 1024,        /* how far a reader may look ahead: format sniffing, resynchronising */
};

struct byte_input;

/* path "-": standard input. ST_SYSTEM: cannot be opened. A damaged compressed stream shows later, while reading. */
enum status byte_input_open(const char *path, struct byte_input **out, struct diag *why);
/* Bytes in memory, which must outlive the input; also sniffed for compression. NULL: out of memory. */
struct byte_input *byte_input_of_memory(const void *bytes, size_t len);
void byte_input_close(struct byte_input *in);    /* NULL is fine */

/* The next bytes, not consumed: `max` (at most BYTE_INPUT_PEEK_MAX), fewer only at the end of the input.
 * The view dies at the next call. */
struct view byte_input_peek(struct byte_input *in, size_t max);
/* Consumes; fewer than n only at the end. */
size_t byte_input_read(struct byte_input *in, void *out, size_t n);
uint64_t byte_input_skip(struct byte_input *in, uint64_t n);

uint64_t byte_input_offset(const struct byte_input *in);    /* plain bytes consumed so far */
const char *byte_input_compression(const struct byte_input *in);    /* "", "zstd", "gzip" */

/* Why the input ended. ST_OK: its proper end. ST_TRUNCATED, ST_MALFORMED: the compressed stream is cut or damaged.
 * ST_SYSTEM: a read failed. ST_STOPPED: a signal came while waiting. ST_NOMEM. */
enum status byte_input_end_status(const struct byte_input *in, struct diag *why);

/* For progress: bytes of the file as stored. total 0: not known. */
void byte_input_progress(const struct byte_input *in, uint64_t *done_bytes, uint64_t *total_bytes);

#endif
