/* etl_source: a Windows event trace log (.etl) as a record_source. Records come in time order as far as the sort
 * window reaches; damage is passed over and told; loss the file admits to becomes LOSS. */
#ifndef VITRINE_IMPORT_ETL_SOURCE_H
#define VITRINE_IMPORT_ETL_SOURCE_H

#include "collector/import/input/byte_input.h"
#include "collector/source.h"

/* head: the first bytes of an input, as many as there are up to BYTE_INPUT_PEEK_MAX. */
bool etl_probe(struct view head);
/* in: borrowed, must outlive the source. ST_NOMEM. */
enum status etl_source_open(struct byte_input *in, struct record_source **out, struct diag *why);

#endif
