/* csv_source: a table of events as a record_source, in the order of its rows. */
#ifndef VITRINE_IMPORT_CSV_SOURCE_H
#define VITRINE_IMPORT_CSV_SOURCE_H

#include "collector/import/input/byte_input.h"
#include "collector/source.h"

bool csv_probe(struct view head);    /* a header of a known table */
/* in: borrowed, must outlive the source. ST_NOMEM. */
enum status csv_source_open(struct byte_input *in, struct record_source **out, struct diag *why);

#endif
