/* continuity: what the numbers of a stream say of it: records that are missing, records that come again, losses that were
 * told before. A collector goes on counting over its connections; after one breaks it sends again what it was not told to
 * have arrived. Owned by one pipeline; single-threaded. */
#ifndef VITRINE_PIPELINE_CONTINUITY_H
#define VITRINE_PIPELINE_CONTINUITY_H

#include <stdbool.h>

#include "proto/stream.h"

enum {
	CONTINUITY_LOSS_ROWS = 64,         /* (session, reason) of one collector: four sessions, some reasons each */
	CONTINUITY_SESSION_BYTES = 64,
};

struct continuity {
	uint64_t stream_id;                /* 0: numbers mean nothing beyond this connection */
	uint64_t next_seq;                 /* 0: take the first that comes */
	struct {
		char session[CONTINUITY_SESSION_BYTES];
		enum loss_reason reason;
		uint64_t events, buffers;  /* told since the stream_id began */
	} told[CONTINUITY_LOSS_ROWS];
	size_t told_count;
};

/* A connection begins; whether its numbers go on is what HELLO says. */
void continuity_begin(struct continuity *c);
/* Records known to be missing now. *out_before: those that a reader before this one received, once for each stream. */
uint64_t continuity_hello(struct continuity *c, const struct stream_hello *hello, uint64_t *out_before);
/* False: the record was here before. *out_missing: records between the one before and this. */
bool continuity_record(struct continuity *c, uint64_t seq, uint64_t *out_missing);
/* Leaves in *loss only what was not told before. */
void continuity_loss(struct continuity *c, struct stream_loss *loss);

#endif
