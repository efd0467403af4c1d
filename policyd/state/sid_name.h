/* sid_name: names of the SIDs that are the same on every Windows machine. Text form in, borrowed constants out; no
 * state. Source: [MS-DTYP] 2.4.2.4 well-known SIDs; service SIDs S-1-5-80 and IIS application pools S-1-5-82 carry
 * SHA-1 of the name (upper and lower case, UTF-16LE), so all but a few get only the name of their family. Container
 * accounts: S-1-5-93-2-1 and -2. */
#ifndef VITRINE_STATE_SID_NAME_H
#define VITRINE_STATE_SID_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/record.h"

/* "S-1-5-18" -> "NT AUTHORITY\SYSTEM". For a family ("IIS APPPOOL", "NT SERVICE") the family's name alone.
 * False: no well-known SID. */
bool sid_well_known_name(struct text_view sid, struct text_view *name);

/* Mandatory labels S-1-16-RID. */
bool sid_integrity_rid(struct text_view sid, uint32_t *rid);
/* "Low", "Medium", "High", "System", ... as Sysmon spells them; NULL: no such level. */
const char *integrity_level_name(uint32_t rid);
/* The reverse, for logs that carry the name; also takes S-1-16-RID. False: neither. */
bool integrity_level_parse(struct text_view text, uint32_t *rid);

#endif
