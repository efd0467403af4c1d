/* control_codec: requests and answers of the control pipe (proto/schema/control.proto). Pure functions; the arena is
 * scratch and holds what decoded views point into. */
#ifndef VITRINE_WIRE_CONTROL_CODEC_H
#define VITRINE_WIRE_CONTROL_CODEC_H

#include "proto/base/arena.h"
#include "proto/base/buf.h"
#include "proto/base/bytes.h"
#include "proto/base/status.h"

enum {
	CONTROL_VERSION = 1,
	CONTROL_MAX_REQUEST_BYTES = 16 << 10,    /* names and filters; nobody types more */
	CONTROL_ARENA_BYTES = 2 << 20,           /* an answer of one frame, copied */
};

enum control_kind {
	CONTROL_HELLO = 1, CONTROL_STATUS, CONTROL_RELOAD, CONTROL_RULES, CONTROL_SELECT_RULES, CONTROL_ALERTS,
	CONTROL_TAIL, CONTROL_TOP, CONTROL_METRICS, CONTROL_SPOOL, CONTROL_LEDGER, CONTROL_KIND_COUNT
};

enum control_outcome { CONTROL_DONE, CONTROL_FAILED, CONTROL_REFUSED };

struct control_request {
	uint32_t version;
	uint64_t id;
	int kind;                        /* enum control_kind, or one this version does not know */
	const char *rule, *tag, *priority, *since, *text, *pod;    /* "": not given */
	uint32_t limit;
	bool enable;
};

struct control_answer {
	uint64_t id;
	int outcome;                     /* enum control_outcome */
	const char *message;
	struct view body;
	bool more;
};

/* ST_MALFORMED: no such message, or a text with a NUL byte. ST_LIMIT: too long. */
enum status control_decode_request(struct view body, struct arena *a, struct control_request *out);
enum status control_decode_answer(struct view body, struct arena *a, struct control_answer *out);

/* Append a whole frame. */
enum status control_encode_request(const struct control_request *in, struct buf *out);
enum status control_encode_answer(const struct control_answer *in, struct buf *out);

#endif
