/* summary: how many records of each kind a recording has. Memory is bounded: kinds past the limit are counted in one
 * last row. Not thread-safe. */
#ifndef VITRINE_IMPORT_SUMMARY_H
#define VITRINE_IMPORT_SUMMARY_H

#include <stdio.h>

#include "collector/source.h"

enum {
	SUMMARY_KINDS_MAX = 1 << 16,        /* (provider, id or opcode, version); real recordings stay under 2,000 */
	SUMMARY_NAMES_MAX_BYTES = 4 << 20,  /* provider names the recording brings */
};

struct summary_kind {
	struct guid provider;
	uint16_t id;
	uint8_t opcode, version;
	bool classic;               /* opcode says which event, id does not count */
	const char *name;           /* of the provider; "" when not known; lives as long as the summary */
	uint64_t count;
};

struct summary;

struct summary *summary_create(void);         /* NULL: out of memory */
void summary_destroy(struct summary *s);      /* NULL is fine */
enum status summary_add(struct summary *s, const struct record *r);    /* ST_NOMEM */

struct summary_facts {                        /* what the counts do not say */
	const char *file;
	const struct source_counters *counters;
};

/* Kinds by falling count. Both forms go to `out`; false: a write failed, or no memory to sort with. */
bool summary_print_text(const struct summary *s, const struct summary_facts *f, FILE *out);
/* One line: {"file","events","lost","damage","first","last","counts":[{"provider","name","id","opcode","version",
 * "count"}]}. lost: events and buffers the recording says were lost; damage: places that could not be read;
 * first and last: UTC with 100 ns digits, null without records. */
bool summary_print_json(const struct summary *s, const struct summary_facts *f, FILE *out);

/* For the printers. */
struct summary_totals {
	uint64_t events, other_kinds;       /* other_kinds: records past SUMMARY_KINDS_MAX */
	uint64_t first_100ns, last_100ns;   /* oldest and youngest record */
};
struct summary_totals summary_totals(const struct summary *s);
/* All kinds, sorted; the caller frees the array. NULL: out of memory. */
struct summary_kind *summary_sorted(const struct summary *s, size_t *count);

#endif
