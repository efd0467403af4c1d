/* csv_row: one row of a CSV text (RFC 4180: fields in quotes may hold commas, line ends and doubled quotes). */
#ifndef VITRINE_IMPORT_CSV_ROW_H
#define VITRINE_IMPORT_CSV_ROW_H

#include "collector/import/input/text_input.h"
#include "proto/record.h"

enum {
	CSV_COLUMNS_MAX = 256,      /* of one row; Process Monitor writes 27, Defender's widest table has about 80 */
};

struct csv_row {
	struct text_view fields[CSV_COLUMNS_MAX];
	size_t count;
};

/* Length of the window's first row with its line end; 0: the text is at its end. *whole is false for a row that does not
 * end in the window: cut off, or longer than can be held. */
size_t csv_row_length(struct text_input *in, bool *whole);
/* Cuts a row into fields, changing it in place. False: too many columns. */
bool csv_row_parse(char *text, size_t len, struct csv_row *out);

#endif
