/* source: where event records come from: a live session, a recording of any format, a test.
 * A source pushes; a sink takes. Everything handed over is borrowed and dies when the call returns.
 * One thread calls run; stop may be called from any other, or from inside the sink. */
#ifndef VITRINE_COLLECTOR_SOURCE_H
#define VITRINE_COLLECTOR_SOURCE_H

#include "proto/base/status.h"
#include "proto/stream.h"

/* A part of a recording that could not be read. The reader went on behind it. */
struct source_damage {
	uint64_t offset;            /* in the (decompressed) input */
	uint64_t line;              /* 1-based; 0: not a text */
	uint64_t skipped_bytes;     /* not read, or missing */
	const char *what;           /* static text */
};

/* hello comes first and once for each recording, then records and losses in time order as far as the source can.
 * Anything but ST_OK ends run, which returns it. No member is NULL. */
struct source_sink {
	enum status (*hello)(void *ctx, const struct stream_hello *h);
	enum status (*record)(void *ctx, const struct record *r);     /* r->seq is 0 */
	enum status (*loss)(void *ctx, const struct stream_loss *l);
	void (*damage)(void *ctx, const struct source_damage *d);     /* for the report; a loss says it in the stream */
	void *ctx;
};

/* What happened to everything that was read: handed out, or counted here. */
struct source_counters {
	uint64_t records;           /* handed out */
	uint64_t late_records;      /* of these: older than one handed out before, outside the sort window */
	uint64_t wpp_messages;      /* not handed out: WPP trace messages, meaningless without private symbol files */
	uint64_t error_records;     /* not handed out: ETW's own note that an event failed to be logged */
	uint64_t unknown_records;   /* not handed out: record headers of a kind we do not know */
	uint64_t bad_records;       /* not handed out: their inner lengths contradict each other */
	uint64_t undecoded_records; /* not handed out: entries of a log that its reader refused */
	uint64_t cut_values;        /* values of records handed out that were cut or left out: past the stream's limits */
	uint64_t extended_items;    /* extended data items passed over, their records were handed out */
	uint64_t special_buffers;   /* buffers that hold no event records */
	uint64_t damaged_places, damaged_bytes;
	uint64_t events_lost, buffers_lost;    /* as the recording says: lost before it was written */
};

struct record_source {
	const char *name;           /* "etl" */
	/* Until the end, stop (ST_STOPPED) or the sink's refusal. Damage is not an error. */
	enum status (*run)(struct record_source *s, const struct source_sink *sink, struct diag *why);
	void (*stop)(struct record_source *s);
	const struct source_counters *(*counters)(const struct record_source *s);    /* valid until close */
	void (*close)(struct record_source *s);
};

#endif
