/* fields: the vocabulary of source `windows`: what rules and outputs can ask of an event. One table row and one small
 * getter per field, by family in field_<family>.h and .c; `policyd list fields` and docs/fields.md come from the table.
 * Getters allocate from the event's scratch arena only. Any thread that owns the state and the event. */
#ifndef VITRINE_FIELDS_FIELDS_H
#define VITRINE_FIELDS_FIELDS_H

#include "policyd/engine/field.h"
#include "policyd/state/state.h"
#include "proto/base/buf.h"

struct pods;

/* event_view.ctx for this vocabulary; event_view.type is kind - 1. Caller's storage. */
struct fields_ctx {
	const struct event *ev;
	const struct state *state;
	uint64_t number;               /* evt.num: events evaluated so far, this one included */
	uint64_t first_100ns;          /* of the stream's first event, for evt.reltime; 0: unknown */
	uint64_t previous_100ns;       /* of the event evaluated before, for evt.deltatime; 0: none */
	int32_t utc_offset_s;          /* local time minus UTC, for evt.time and evt.datetime; 0 in replay */
	const struct pods *pods;       /* NULL: nobody asks Kubernetes */
	struct text_view host_name;    /* evt.hostname where the operator set one; empty: the stream's */
};

const struct vocabulary *fields_vocabulary(void);

/* evt.incomplete: the event's container has no pod yet, and may get one. view: of this vocabulary. */
bool fields_incomplete(const struct event_view *view);

/* The pod of the event's container is known. */
bool fields_has_pod(const struct event_view *view);

/* What an alert tells of its event's place in Kubernetes, whatever its rule prints: fields that have a value. */
enum { FIELDS_PLACE_MAX = 12 };
struct field_text {
	const char *name;              /* of the vocabulary */
	struct text_view text;         /* lives as long as the event */
};
/* 0: nobody asks Kubernetes. */
size_t fields_place(const struct event_view *view, struct field_text out[FIELDS_PLACE_MAX]);

/* docs/fields.md, whole. False: the buffer is full. */
bool fields_write_markdown(struct buf *out);

#endif
