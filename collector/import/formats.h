/* formats: the table of recording formats. A new one is a new row: a probe that looks at the first bytes, and a
 * function that makes a record_source. What is inside decides, never the file's name. */
#ifndef VITRINE_IMPORT_FORMATS_H
#define VITRINE_IMPORT_FORMATS_H

#include "collector/import/input/byte_input.h"
#include "collector/source.h"

struct import_format {
	const char *name;           /* "etl" */
	const char *doc;
	bool (*probe)(struct view head);    /* up to BYTE_INPUT_PEEK_MAX bytes, plain */
	enum status (*open)(struct byte_input *in, struct record_source **out, struct diag *why);
};

extern const struct import_format import_formats[];
extern const size_t import_format_count;

/* The source for what `in` holds; in is borrowed and must outlive it. ST_UNSUPPORTED: no format fits, why says what
 * was tried. ST_TRUNCATED: empty. ST_NOMEM, or why nothing could be read (byte_input_end_status). */
enum status import_open(struct byte_input *in, struct record_source **out, struct diag *why);

#endif
