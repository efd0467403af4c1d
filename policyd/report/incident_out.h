/* incident_out: JSON into a script element of a file. Whatever it is given, nothing in it can end that element or begin a
 * comment: "<", ">" and "&" are written as \u escapes, and so are U+2028 and U+2029. Private to the layer. */
#ifndef VITRINE_INCIDENT_OUT_H
#define VITRINE_INCIDENT_OUT_H

#include <stdio.h>

#include "proto/base/json_out.h"

struct incident_out {
	FILE *file;
	struct buf pending;
	struct json_out json;          /* into pending */
	bool failed;
};

void incident_out_init(struct incident_out *o, FILE *file);
void incident_out_release(struct incident_out *o);

/* Bytes of the page itself, as they are. */
void incident_out_raw(struct incident_out *o, const void *ptr, size_t len);
/* Writes what is pending, escaped. False: the file, or memory, failed now or before. */
bool incident_out_flush(struct incident_out *o);
/* A text that need not end in NUL. */
void incident_out_text(struct incident_out *o, const char *key, const char *ptr, size_t len);
/* A JSON object known to be one, as an element; its numbers of more than 15 digits become texts, for a browser would round
 * them. */
void incident_out_object(struct incident_out *o, const char *json, size_t len);

#endif
