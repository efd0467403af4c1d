/* log_source: what every source of log records does alike: HELLO before the first record, losses, counters, stop.
 * A format embeds it as its first member. */
#ifndef VITRINE_IMPORT_LOG_SOURCE_H
#define VITRINE_IMPORT_LOG_SOURCE_H

#include <stdatomic.h>

#include "collector/import/named/named_record.h"
#include "collector/source.h"

struct log_source {
	struct record_source base;          /* first, so that a record_source is a log_source */
	enum stream_source kind;
	struct source_counters counters;
	struct named_record named;
	const struct source_sink *sink;     /* during run */
	uint64_t damage_untold;             /* places not yet in a LOSS */
	bool hello_sent;
	atomic_bool stopping;
};

/* Sets everything but run and close, which the format has. ST_NOMEM. */
enum status log_source_init(struct log_source *l, const char *name, enum stream_source kind);
void log_source_release(struct log_source *l);

static inline bool log_source_stopping(const struct log_source *l)
{
	return atomic_load_explicit(&l->stopping, memory_order_relaxed);
}

/* Hands out l->named, behind HELLO and what was lost before it. */
enum status log_source_record(struct log_source *l);
/* A place that could not be read; counted, reported, and a LOSS before the next record. */
void log_source_damage(struct log_source *l, const struct source_damage *d);
/* At the end of a run: what is still to be told. Returns ST_STOPPED when the run was stopped. */
enum status log_source_finish(struct log_source *l);

#endif
