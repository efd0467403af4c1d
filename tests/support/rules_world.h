/* rules_world: two small vocabularies (windows, and an inactive syscall) and one call that loads texts against them. */
#ifndef VITRINE_TEST_RULES_WORLD_H
#define VITRINE_TEST_RULES_WORLD_H

#include "policyd/ruleset/ruleset.h"

/* Fields of every shape a rules file can meet. The event is an array of texts, one for each field; NULL: no value. */
enum { RULES_WORLD_FIELDS = 16 };

struct rules_event {
	const char *values[RULES_WORLD_FIELDS];
};

const struct vocabulary *rules_world_windows(void);
const struct vocabulary *rules_world_syscall(void);
/* Both, windows first, syscall inactive; everything runs. */
struct ruleset_options rules_world_options(void);
/* Sets a value by the field's name; false: no such field. */
bool rules_event_set(struct rules_event *e, const char *field, const char *value);
void rules_event_bind(struct rules_event *e, struct arena *scratch, struct event_view *view);

/* One text as rules.yaml. *out is NULL when it does not load. report: what the load has to say, as text. */
enum status rules_world_load(const char *text, size_t len, struct ruleset **out, struct buf *report);

#endif
