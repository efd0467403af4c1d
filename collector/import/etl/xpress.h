/* xpress: the plain LZ77 form of Xpress compression, as ETW writes buffers of compressed trace files.
 * Source: [MS-XCA] §2.4 (LZ77 decompression); checked on every compressed recording of the tests. ETW flags no other
 * form: BufferFlag 0x40 is the only mark such a buffer has. No allocation; any thread. */
#ifndef VITRINE_IMPORT_XPRESS_H
#define VITRINE_IMPORT_XPRESS_H

#include "proto/base/bytes.h"
#include "proto/base/status.h"

/* Fills out[0, out_bytes). ST_TRUNCATED: the input ended first. ST_MALFORMED: a match reaches before the output.
 * *made_bytes is how much is good, also then. A match that would pass out_bytes is cut there, since ETW rounds. */
enum status xpress_decompress(struct view in, uint8_t *out, size_t out_bytes, size_t *made_bytes);

#endif
