/* stream_writer: records and the other frames into bytes of a stream, through one write function.
 * Gathers records into frames of about 64 KiB, gives them sequence numbers, and sends each provider, channel and host
 * name once. Memory is bounded whatever the input. Not thread-safe. */
#ifndef VITRINE_WIRE_STREAM_WRITER_H
#define VITRINE_WIRE_STREAM_WRITER_H

#include "proto/base/status.h"
#include "proto/stream.h"

enum { STREAM_WRITER_BATCH_BYTES = 64 * 1024 };

/* One or more whole frames (or the magic). Anything but ST_OK is returned by the call that wrote, and sticks. */
typedef enum status stream_write(void *ctx, const void *bytes, size_t len);

struct stream_writer_stats {
	uint64_t bytes, frames, records;
	uint64_t last_seq;           /* 0: none yet */
};

struct stream_writer;

struct stream_writer *stream_writer_create(stream_write *write, void *ctx);    /* NULL: out of memory */
void stream_writer_destroy(struct stream_writer *w);    /* does not flush; NULL is fine */

/* The 8 bytes a .vst file starts with; a pipe does without. */
enum status stream_writer_magic(struct stream_writer *w);

/* Must come first: what is sent before it is refused with ST_MALFORMED. schema_version 0 means the current one. hello->providers become the first rows. A second hello starts a new
 * recording: both tables are emptied, numbering goes on. */
enum status stream_writer_hello(struct stream_writer *w, const struct stream_hello *h);

/* seq 0: the next number is given; else the record's own, which must be larger than all before (ST_MALFORMED).
 * host, channel and provider_name may have ptr NULL with len 0. A host equal to HELLO's is not repeated.
 * ST_LIMIT: larger than limits.h or one frame allows; nothing is written and the writer goes on working. */
enum status stream_writer_record(struct stream_writer *w, const struct record *r);

/* Each sends the gathered records first, so order is kept. A snapshot is split over frames as needed
 * (ST_LIMIT: one row alone is too large). */
enum status stream_writer_loss(struct stream_writer *w, const struct stream_loss *l);
enum status stream_writer_snapshot(struct stream_writer *w, const struct stream_snapshot *s);
enum status stream_writer_heartbeat(struct stream_writer *w, const struct stream_heartbeat *h);
enum status stream_writer_end(struct stream_writer *w, const struct stream_end *e);
enum status stream_writer_flush(struct stream_writer *w);

void stream_writer_get_stats(const struct stream_writer *w, struct stream_writer_stats *out);

#endif
