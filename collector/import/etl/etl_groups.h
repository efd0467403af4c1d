/* etl_groups: kernel records carry a group number in place of a GUID; this is the class GUID it stands for.
 * Source: EVENT_TRACE_GROUP_* of phnt's ntwmi.h, class GUIDs of the kernel MOF (evntrace.h and Microsoft's pages on
 * the NT Kernel Logger classes). */
#ifndef VITRINE_IMPORT_ETL_GROUPS_H
#define VITRINE_IMPORT_ETL_GROUPS_H

#include "proto/base/guid.h"

/* A group we have no class for gets a GUID of zeros that ends in its number, so that it stays countable. */
void etl_group_guid(uint8_t group, struct guid *out);
/* "Process"; "" : not a kernel class we know. */
const char *etl_group_name(const struct guid *g);

#endif
