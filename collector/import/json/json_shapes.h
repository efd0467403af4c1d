/* json_shapes: the shapes of events that are known, in the order they are tried. */
#ifndef VITRINE_IMPORT_JSON_SHAPES_H
#define VITRINE_IMPORT_JSON_SHAPES_H

#include <jansson.h>

#include "collector/import/named/named_record.h"

struct json_shape {
	const char *name;
	bool (*fits)(const json_t *o);
	void (*read)(const json_t *o, struct named_record *n);    /* n was begun */
};

extern const struct json_shape json_shapes[];
extern const size_t json_shape_count;

#endif
