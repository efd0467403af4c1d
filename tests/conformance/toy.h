/* toy: the vocabulary of a fixture (falco-language.md §8): fields of every type whose values come from a YAML map.
 * One vocabulary per known source, all with the same fields. */
#ifndef VITRINE_CONFORMANCE_TOY_H
#define VITRINE_CONFORMANCE_TOY_H

#include "policyd/engine/field.h"
#include "policyd/yaml/yaml_doc.h"

enum { TOY_MAX_FIELDS = 512, TOY_MAX_SOURCES = 16, TOY_MAX_EVENT_TYPES = 1024 };

struct toy;

/* fixture: {known_sources, event_types, fields: [{name, type, arg, list, ancestor, either, no_rhs, ...}]}.
 * Keeps pointers into the YAML document. */
enum status toy_create(const struct yaml_node *fixture, struct toy **out, struct diag *why);
void toy_destroy(struct toy *toy);

const char *toy_engine_version(const struct toy *toy);
size_t toy_source_count(const struct toy *toy);
const struct vocabulary *toy_source(const struct toy *toy, size_t index);
const struct vocabulary *toy_vocabulary(const struct toy *toy);    /* the first source */

/* The caller's storage for one event. */
struct toy_event {
	const struct yaml_node *values;         /* map of field (with [arg]) -> value */
	const struct yaml_node *chain;          /* sequence of maps, the process itself first; NULL: none */
	int64_t time_ns;
};

/* view points at event and scratch. */
void toy_event_view(const struct toy *toy, const struct toy_event *event, struct arena *scratch,
	struct event_view *view);

#endif
