/* pipeline: bytes of one stream in, evaluated events out: frames -> records -> decode -> state -> visitor, with the
 * ledger kept on the way. It knows no rules and no output; replay, dump and the daemon each bring a visitor.
 * Single-threaded; no allocation per record. */
#ifndef VITRINE_PIPELINE_H
#define VITRINE_PIPELINE_H

#include <stdbool.h>

#include "policyd/engine/field.h"
#include "policyd/event.h"
#include "policyd/ingest/ledger.h"
#include "policyd/state/state.h"

struct pipeline;

struct pipeline_stats {
	uint64_t by_kind[EVENT_KIND_COUNT];          /* events handed to the visitor */
	uint64_t first_100ns, last_100ns;            /* of records; 0: none */
	uint64_t snapshots, heartbeats;
};

/* One event to evaluate. view->ctx is a struct fields_ctx for the vocabulary of fields/. Everything dies on return.
 * Anything but ST_OK stops the pipeline and comes back from pipeline_feed. */
typedef enum status pipeline_visit(void *ctx, const struct event_view *view, const struct event *ev);

/* limits NULL: all defaults. NULL: out of memory. */
struct pipeline *pipeline_create(const struct state_limits *limits, pipeline_visit *visit, void *ctx);
void pipeline_destroy(struct pipeline *p);

/* Starts the next stream. A HELLO of another host or boot clears the state. */
enum status pipeline_begin(struct pipeline *p, struct diag *why);
/* Any split of the stream's bytes. */
enum status pipeline_feed(struct pipeline *p, const void *ptr, size_t len, struct diag *why);
/* End of the stream: held events are evaluated. ST_TRUNCATED: it ended inside a frame. */
enum status pipeline_finish(struct pipeline *p, struct diag *why);

const struct ledger *pipeline_ledger(const struct pipeline *p);
const struct pipeline_stats *pipeline_stats(const struct pipeline *p);
const struct state *pipeline_state(const struct pipeline *p);
/* Bytes of whole frames taken since pipeline_begin, and the connection as its HELLO named it (0: none did): what a collector
 * is told to have arrived. */
uint64_t pipeline_received(const struct pipeline *p, uint64_t *out_connection);
/* The last HELLO said that the events happen now. */
bool pipeline_is_live(const struct pipeline *p);
/* Where fields of Kubernetes look; borrowed. NULL: nobody asks it. */
struct pods;
void pipeline_set_pods(struct pipeline *p, const struct pods *pods);
/* Event kinds that state sees but the visitor does not, by EVENT_KIND_COUNT; NULL: none. They are counted as shed. The
 * table is looked at with every event: it stays the caller's, and may change between two feeds. */
void pipeline_set_shed(struct pipeline *p, const bool *kinds);
/* Tells of what was shed since it was told last, by one events_lost event. */
void pipeline_tell_shed(struct pipeline *p);
/* An alert told of the gap (event.lost_before): the next events carry none until more is lost. */
void pipeline_clear_gap(struct pipeline *p);

#endif
