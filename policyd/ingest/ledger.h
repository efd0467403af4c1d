/* ledger: what became of every record (design §2). At any time
 *     received = evaluated + state_only + joined + shed + undecodable
 *     in       = received + lost
 * and, for a collector that outlives its connections, sent by it = before + received + lost as sequence_gap,
 * so nothing is lost in silence. One owner, one thread; no allocation after create. */
#ifndef VITRINE_INGEST_LEDGER_H
#define VITRINE_INGEST_LEDGER_H

#include "proto/base/buf.h"
#include "proto/stream.h"

enum {
	LEDGER_KIND_ROWS = 4096,    /* distinct (provider, id, version, why); real streams stay under 300 */
	LEDGER_LOSS_ROWS = 256,            /* distinct (session, reason) */
	LEDGER_SESSION_BYTES = 64,
};

enum ledger_fate {
	LEDGER_EVALUATED,      /* tried against the rules */
	LEDGER_STATE_ONLY,     /* rundown, names, closes: applied to state, nothing to evaluate */
	LEDGER_JOINED,         /* one of two records of an event that is evaluated once, or waiting for the other */
	LEDGER_SHED,           /* applied to state, not tried: policyd could not keep up */
	LEDGER_FATE_COUNT
};

struct ledger_kind {
	struct guid provider;
	uint16_t id;                   /* classic: opcode */
	uint8_t version;
	bool classic;
	enum status why;               /* ST_OK: told by id; ST_UNSUPPORTED: no layout; else the payload is damaged */
	uint64_t count;
	char name[48];                 /* provider name, "" when not known */
};

struct ledger_loss {
	char session[LEDGER_SESSION_BYTES];
	enum loss_reason reason;
	uint64_t events, buffers;
};

struct ledger {
	uint64_t received;
	uint64_t fate[LEDGER_FATE_COUNT];
	uint64_t undecodable, lost, lost_buffers;
	uint64_t damaged;              /* of undecodable: there is a layout, and the payload does not follow it */
	uint64_t by_id;                /* of evaluated: log events of which only the header is known, having no layout */
	uint64_t before;               /* not in `received`: a policyd before this one had them */
	uint64_t repeated;             /* not in `received`: came again after a broken connection, left out */
	uint64_t synthetic;            /* events made by policyd itself (events_lost), beside the records */
	struct ledger_kind *kind_rows;
	size_t kind_count;
	uint64_t kind_other;    /* past the row bound */
	struct ledger_loss loss_rows[LEDGER_LOSS_ROWS];
	size_t loss_count;
	uint64_t loss_other;
	uint64_t announced;            /* sum of the END frames */
	uint64_t streams_without_end;  /* cut off: what came after their last record is not known */
};

struct ledger *ledger_create(void);    /* NULL: out of memory */
void ledger_destroy(struct ledger *l);

void ledger_add_undecodable(struct ledger *l, const struct record *r, enum status why);
/* Beside its fate. */
void ledger_note_by_id(struct ledger *l, const struct record *r);
void ledger_add_loss(struct ledger *l, const struct stream_loss *loss);
bool ledger_balances(const struct ledger *l);

/* Text for a person, and one JSON object. */
void ledger_write_text(const struct ledger *l, struct buf *out);
void ledger_write_json(const struct ledger *l, struct buf *out);

#endif
