/* stream_reader: bytes of a stream, split in any way, into calls with records and the other frames.
 * Owns the provider and name tables of the stream, so a record comes out with its GUID and names filled in, with
 * os_build and host from HELLO where the record has none of its own. Judges no sequence numbers: that is the
 * ledger's part. Not thread-safe. */
#ifndef VITRINE_WIRE_STREAM_READER_H
#define VITRINE_WIRE_STREAM_READER_H

#include "proto/base/status.h"
#include "proto/stream.h"

/* Every view dies when the call returns. A NULL member: not interested. Anything but ST_OK stops the reader, and
 * stream_reader_feed returns it (ST_STOPPED for "enough"). */
struct stream_callbacks {
	enum status (*hello)(void *ctx, const struct stream_hello *h);
	enum status (*record)(void *ctx, const struct record *r);
	enum status (*loss)(void *ctx, const struct stream_loss *l);
	enum status (*snapshot)(void *ctx, const struct stream_snapshot *s);
	enum status (*heartbeat)(void *ctx, const struct stream_heartbeat *h);
	enum status (*end)(void *ctx, const struct stream_end *e);
};

struct stream_reader_stats {
	uint64_t bytes, frames, records;
	uint64_t unknown_frames;     /* frame types of a later version, skipped */
};

struct stream_reader;

/* *callbacks is copied. NULL: out of memory. */
struct stream_reader *stream_reader_create(const struct stream_callbacks *callbacks, void *ctx);
void stream_reader_destroy(struct stream_reader *r);    /* NULL is fine */

/* With or without the .vst magic first. ST_UNSUPPORTED: another schema version, frame flags or magic.
 * ST_MALFORMED, ST_TRUNCATED (inside a frame body), ST_LIMIT, ST_NOMEM, or what a callback returned. why->offset is
 * in the whole stream. Errors stick; records handed out before one are valid. */
enum status stream_reader_feed(struct stream_reader *r, const void *bytes, size_t len, struct diag *why);
/* At the end of the input. ST_TRUNCATED: it ended inside a frame, or before HELLO. A stream without END is not an error here:
 * stream_reader_ended tells. */
enum status stream_reader_finish(struct stream_reader *r, struct diag *why);

bool stream_reader_ended(const struct stream_reader *r);    /* the last frame was END */
void stream_reader_get_stats(const struct stream_reader *r, struct stream_reader_stats *out);

#endif
