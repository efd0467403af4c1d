/* shadow: the vocabulary of source windows over events written down as maps, for rule tests. The fields are those of
 * fields/, row by row; only the getters differ: they read the map.
 *
 * What an event cannot be without is filled in: container.id is host, names follow from paths (proc.name from
 * proc.exepath, fd.name from fs.path.name), and evt.type, evt.category, evt.source and the time are the event's. Every
 * other field that the map leaves out is missing. One thread. */
#ifndef VITRINE_RULETEST_SHADOW_H
#define VITRINE_RULETEST_SHADOW_H

#include "policyd/engine/condition.h"
#include "policyd/yaml/yaml_doc.h"

enum {
	SHADOW_MAX_VALUES = 1024,         /* of one event; the vocabulary has some 300 fields */
	SHADOW_MAX_LIST = 256,            /* items of one list: ancestors, answers */
};

struct shadow;

struct shadow *shadow_create(void);                              /* NULL: out of memory */
void shadow_destroy(struct shadow *s);                           /* NULL is fine */
const struct vocabulary *shadow_vocabulary(const struct shadow *s);

struct shadow_value;

/* One event. view.ctx for the getters. */
struct shadow_event {
	const struct shadow *shadow;
	const struct shadow_value *values;
	size_t value_count;
	uint16_t type;
	uint64_t number, time_100ns;      /* set by the caller */
	int64_t at_ms;                    /* key `at`: since the start of the test; -1: not given */
};

/* map: field -> value; everything is checked against the vocabulary. Lives in a and borrows map.
 * ST_MALFORMED: why has line and column. */
enum status shadow_event_read(const struct shadow *s, struct arena *a, const struct yaml_node *map,
	struct shadow_event *out, struct diag *why);

#endif
