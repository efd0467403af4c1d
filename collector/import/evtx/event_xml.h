/* event_xml: the XML of one event record, as Windows and libevtx write it, -> a named record.
 * System becomes the record's own fields; every leaf of EventData, UserData and whatever else stands beside them becomes
 * a value: its name is the element's, for Data its Name attribute ("" without one), its value the text. A Data that holds
 * markup has the markup as its value. Other attributes are values under their own names. Source: the schema in [MS-EVEN6] 2.2.13 and winevt.h's event schema. */
#ifndef VITRINE_IMPORT_EVENT_XML_H
#define VITRINE_IMPORT_EVENT_XML_H

#include "collector/import/named/named_record.h"

/* text is changed in place (entities) and must live as long as the record. Begins the record anew.
 * ST_MALFORMED, ST_TRUNCATED, ST_LIMIT: no event, n is then unspecified. Number texts that are no numbers leave zero. */
enum status event_xml_read(char *text, size_t len, struct named_record *n);

#endif
