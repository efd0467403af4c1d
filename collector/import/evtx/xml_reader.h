/* xml_reader: a pull reader for the small XML that event records are written in: elements, attributes, text, the five
 * named entities and numeric ones, CDATA, comments and processing instructions (both passed over). No DTD, no
 * namespaces. Strict: tags must match and end. Views into the text; no allocation; any thread. */
#ifndef VITRINE_IMPORT_XML_READER_H
#define VITRINE_IMPORT_XML_READER_H

#include "proto/base/status.h"
#include "proto/record.h"

enum {
	XML_DEPTH_MAX = 32,         /* open elements; real records have at most 8 */
	XML_ATTRIBUTES_MAX = 32,    /* of one element; real ones have at most 10 */
};

enum xml_item { XML_START, XML_TEXT, XML_END, XML_DONE };

struct xml_attribute {
	struct text_view name, raw;         /* raw: entities not resolved */
};

struct xml_reader {
	const char *at, *end;
	struct text_view name;              /* of the element that started or ended */
	struct text_view text;              /* XML_TEXT: a run of it, raw unless is_cdata */
	bool is_cdata;
	struct xml_attribute attributes[XML_ATTRIBUTES_MAX];    /* XML_START */
	size_t attribute_count;
	struct text_view open[XML_DEPTH_MAX];
	size_t depth;                       /* of elements open; XML_END: those still open */
	bool ends_itself;                   /* "<a/>": its XML_END comes next */
	bool root_seen;
};

void xml_reader_init(struct xml_reader *x, struct text_view text);
/* The next item. ST_TRUNCATED: the text ends inside the root. ST_MALFORMED. ST_LIMIT: too deep, or too many attributes.
 * After XML_DONE and after a failure it must not be called again. */
enum status xml_next(struct xml_reader *x, enum xml_item *out);
/* Resolves entities and makes every line end a LF (XML 1.0, 2.11): writes at most raw.len bytes to out, which may be raw
 * itself. ST_MALFORMED: no entity of XML's. */
enum status xml_resolve(struct text_view raw, char *out, size_t *out_len);

#endif
