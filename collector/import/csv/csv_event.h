/* csv_event: a row under its header -> a named record, by the kind of table. Values are named as the columns. */
#ifndef VITRINE_IMPORT_CSV_EVENT_H
#define VITRINE_IMPORT_CSV_EVENT_H

#include "collector/import/csv/csv_row.h"
#include "collector/import/named/named_record.h"

enum {
	DETAIL_PARTS_MAX = 64,      /* of Process Monitor's Detail; it has at most 20 */
	DETAIL_NAME_MAX = 40,
};

enum csv_kind { CSV_UNKNOWN, CSV_PROCMON, CSV_DEFENDER, CSV_FLAT };

enum csv_kind csv_kind_of(const struct csv_row *header);
/* Begins n anew; its texts are views of header and row. */
void csv_event_read(enum csv_kind kind, const struct csv_row *header, const struct csv_row *row, struct named_record *n);

#endif
