/* input: one INPUT of the command line as a stream of frames: a .vst file, "-" for frames on standard input, or
 * anything else (a folder or a pattern with * and ? too) through vitrine-import, which runs as a child so that file parsers stay out of policyd.
 * Blocking; one thread. */
#ifndef VITRINE_INGEST_INPUT_H
#define VITRINE_INGEST_INPUT_H

#include "proto/base/status.h"

#include <stddef.h>
#include <stdint.h>

/* done_bytes of total_bytes were read; total 0: not known. Any answer but ST_OK ends the input. */
typedef enum status input_bytes(void *ctx, const void *ptr, size_t len, uint64_t done_bytes, uint64_t total_bytes);

/* ST_SYSTEM: cannot be opened or read, or the importer failed (why says). A sink's refusal is returned as it is. */
enum status input_run(const char *path, input_bytes *sink, void *ctx, struct diag *why);

#endif
