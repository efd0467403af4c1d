/* frame_codec: bodies of HELLO, LOSS, SNAPSHOT, HEARTBEAT and END frames <-> the views of proto/stream.h.
 * The only file that sees generated protobuf code. What a decoded view points to lives in the arena given, whose
 * ceiling bounds what a hostile body can make us hold. Not thread-safe.
 *
 * Decoding: ST_MALFORMED: not a message of that type, or a GUID that is not 16 bytes. ST_LIMIT: a bound of limits.h,
 * or the arena's ceiling. Encoding: ST_LIMIT as well; *out is then as before. */
#ifndef VITRINE_WIRE_FRAME_CODEC_H
#define VITRINE_WIRE_FRAME_CODEC_H

#include "proto/base/arena.h"
#include "proto/base/buf.h"
#include "proto/base/limits.h"
#include "proto/stream.h"

/* Ceiling for the arenas: a 1 MiB body of many small rows grows about eightfold. */
enum { FRAME_CODEC_ARENA_BYTES = 12 << 20 };

enum status frame_codec_decode_hello(struct view body, struct arena *a, struct stream_hello *out);
enum status frame_codec_decode_loss(struct view body, struct arena *a, struct stream_loss *out);
enum status frame_codec_decode_snapshot(struct view body, struct arena *a, struct stream_snapshot *out);
enum status frame_codec_decode_heartbeat(struct view body, struct arena *a, struct stream_heartbeat *out);
enum status frame_codec_decode_end(struct view body, struct arena *a, struct stream_end *out);

/* Append the body to *out; the arena is scratch. */
enum status frame_codec_encode_hello(const struct stream_hello *in, struct arena *a, struct buf *out);
enum status frame_codec_encode_loss(const struct stream_loss *in, struct arena *a, struct buf *out);
enum status frame_codec_encode_snapshot(const struct stream_snapshot *in, struct arena *a, struct buf *out);
enum status frame_codec_encode_heartbeat(const struct stream_heartbeat *in, struct arena *a, struct buf *out);
enum status frame_codec_encode_end(const struct stream_end *in, struct arena *a, struct buf *out);

#endif
