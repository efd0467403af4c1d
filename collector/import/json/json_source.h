/* json_source: events written as JSON, as a record_source. What cannot be read is told with its line; the rest is handed
 * out in the order of the file. */
#ifndef VITRINE_IMPORT_JSON_SOURCE_H
#define VITRINE_IMPORT_JSON_SOURCE_H

#include "collector/import/input/byte_input.h"
#include "collector/source.h"

bool json_probe(struct view head);
/* in: borrowed, must outlive the source. ST_NOMEM. Its run is ST_UNSUPPORTED when there are objects, and none is an
 * event of a known shape. */
enum status json_source_open(struct byte_input *in, struct record_source **out, struct diag *why);

#endif
