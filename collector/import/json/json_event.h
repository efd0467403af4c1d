/* json_event: one JSON object -> a named record, by the first shape that fits it. */
#ifndef VITRINE_IMPORT_JSON_EVENT_H
#define VITRINE_IMPORT_JSON_EVENT_H

#include "collector/import/named/named_record.h"

enum {
	JSON_DEPTH_MAX = 32,        /* objects inside objects whose leaves become values */
};

/* Provider of events that are given by the fields of rules: {"evt.type": "process_start", "proc.name": "cmd.exe"}. */
#define FIELD_MAP_PROVIDER "Vitrine-FieldMap"

struct json_object;         /* owns the texts that a record read from it points to */

/* text: one object. ST_MALFORMED: it is none; ST_NOMEM. */
enum status json_object_parse(struct view text, struct json_object **out);
void json_object_free(struct json_object *o);           /* NULL is fine */

/* Begins n anew. ST_UNSUPPORTED: no shape fits. The record lives as long as o and n. */
enum status json_event_read(const struct json_object *o, struct named_record *n);

/* What was tried, for a message: "decoded EVTX, winlogbeat, ...". */
size_t json_event_shape_count(void);
const char *json_event_shape_name(size_t i);

#endif
