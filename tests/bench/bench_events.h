/* bench_events: a .jsonl file as a vocabulary and as events in memory. Every key becomes a field that holds plain
 * case-sensitive text (integers as decimal text); the field evt.type also tells the event type. */
#ifndef VITRINE_BENCH_EVENTS_H
#define VITRINE_BENCH_EVENTS_H

#include "policyd/engine/field.h"
#include "proto/base/status.h"

enum { BENCH_MAX_FIELDS = 256, BENCH_MAX_TYPES = 4096 };

/* Where a value stands in the texts of all events. */
struct bench_cell {
	uint32_t at, len;          /* len: BENCH_MISSING when the event has no such key */
};

#define BENCH_MISSING UINT32_MAX

struct bench_event {
	int64_t index;             /* key "idx", else the number of the line from 0 */
	uint16_t type;
	const char *texts;
	struct bench_cell cells[];
};

struct bench_events;

enum status bench_events_load(const char *path, struct bench_events **out, struct diag *why);
void bench_events_destroy(struct bench_events *b);

size_t bench_events_count(const struct bench_events *b);
const struct bench_event *bench_events_at(const struct bench_events *b, size_t i);
/* Lives as long as b. */
const struct vocabulary *bench_events_vocabulary(const struct bench_events *b);
/* Off: evt.type is a text like the others, and rules may compare it with anything. On at first. */
void bench_events_set_typed(struct bench_events *b, bool typed);
/* One more type that rules may ask for; false: too many. Not while rules made with the vocabulary are in use. */
bool bench_events_add_type(struct bench_events *b, const char *name, size_t len);

#endif
