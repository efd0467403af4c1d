/* frame: the 8-byte frame header and a push parser that takes any split of its input.
 * Owns at most one partly received frame. Knows no message. Not thread-safe.
 * Format: docs/protocol.md. */
#ifndef VITRINE_WIRE_FRAME_H
#define VITRINE_WIRE_FRAME_H

#include "proto/base/bytes.h"
#include "proto/base/limits.h"
#include "proto/base/status.h"

enum frame_type {
	FRAME_HELLO = 1,
	FRAME_RECORDS = 2,
	FRAME_LOSS = 3,
	FRAME_SNAPSHOT = 4,
	FRAME_HEARTBEAT = 5,
	FRAME_END = 6,
	FRAME_REQUEST = 32,      /* of the control pipe: control_codec.h */
	FRAME_ANSWER = 33,
};

enum { FRAME_HEADER_BYTES = 8, FRAME_MAGIC_BYTES = 8 };

/* "VTRINE", 0, 1: what a .vst file starts with. Read as a frame header it would claim a body over the limit,
 * so a parser tells the two apart and takes either at any frame boundary: recordings may be concatenated. */
extern const uint8_t frame_magic[FRAME_MAGIC_BYTES];

struct frame {
	uint8_t type;            /* enum frame_type, or one this version does not know */
	struct view body;        /* inside the bytes being fed, or in the parser; dies when the sink returns */
	uint64_t offset;         /* of the frame's header in the stream */
};

/* body_bytes <= LIMIT_FRAME_BODY_BYTES. */
void frame_put_header(uint8_t out[FRAME_HEADER_BYTES], enum frame_type type, size_t body_bytes);

/* Anything but ST_OK stops the parser: feed returns it, now and from then on. */
typedef enum status frame_sink(void *ctx, const struct frame *f, struct diag *why);

struct frame_parser;

struct frame_parser *frame_parser_create(frame_sink *sink, void *ctx);    /* NULL: out of memory */
void frame_parser_destroy(struct frame_parser *p);                        /* NULL is fine */

/* A smaller bound for bodies than LIMIT_FRAME_BODY_BYTES, before the first feed. */
void frame_parser_set_max_body(struct frame_parser *p, uint32_t max_body_bytes);

/* Hands out every frame that `len` more bytes complete; one that lies wholly inside them is not copied.
 * ST_MALFORMED: reserved bits set. ST_LIMIT: body too long. ST_UNSUPPORTED: flags, or magic of another version.
 * ST_NOMEM. Or what the sink returned. why->offset is the position in the whole stream. Errors stick. */
enum status frame_parser_feed(struct frame_parser *p, const void *bytes, size_t len, struct diag *why);
/* Call at the end of the input. ST_TRUNCATED when it ended inside a frame. */
enum status frame_parser_finish(struct frame_parser *p, struct diag *why);

uint64_t frame_parser_offset(const struct frame_parser *p);    /* bytes taken so far */

#endif
