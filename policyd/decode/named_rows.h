/* named_rows: the words the tables of log records are written in. Included by the named_<source>.c files only. */
#ifndef VITRINE_DECODE_NAMED_ROWS_H
#define VITRINE_DECODE_NAMED_ROWS_H

#include "policyd/decode/layout.h"
#include "policyd/decode/named.h"

#define ROW(name_, slot_) { .name = #name_, .slot = SLOT_##slot_ }
#define ROWS_OF(rows_) .rows = (rows_), .row_count = sizeof(rows_) / sizeof((rows_)[0])

/* A log event; one whose value `selector_` may lead to another row; that other row. */
#define NAMED(provider_, id_, kind_, flags_, name_, rows_)                                                             \
	{ .provider = (provider_), .id = (id_), .kind = EVENT_##kind_, .flags = LAYOUT_DASH | (flags_), .name = (name_),   \
	  ROWS_OF(rows_) }
#define NSEL(provider_, id_, kind_, flags_, name_, rows_, selector_)                                                   \
	{ .provider = (provider_), .id = (id_), .kind = EVENT_##kind_, .flags = LAYOUT_DASH | (flags_), .name = (name_),   \
	  ROWS_OF(rows_), .selector = (selector_) }
#define NWHEN(provider_, id_, when_, kind_, flags_, name_, rows_)                                                      \
	{ .provider = (provider_), .id = (id_), .kind = EVENT_##kind_, .flags = LAYOUT_DASH | (flags_), .name = (name_),   \
	  ROWS_OF(rows_), .when = (when_) }

#define NAMED_TABLE(layouts_) { .layouts = (layouts_), .layout_count = sizeof(layouts_) / sizeof((layouts_)[0]) }

extern const struct named_provider named_field_map, named_powershell, named_procmon, named_security, named_sysmon, named_wmi,
	named_defender_csv, named_collector;

#endif
