/* coverage: which techniques of ATT&CK a ruleset says it looks for, by the tags of its rules: as text, as JSON, and as a
 * layer for ATT&CK Navigator. A tag is a claim of the rule's author; what rules find is measured with recordings.
 * One thread. Borrows the ruleset. */
#ifndef VITRINE_ATTACK_COVERAGE_H
#define VITRINE_ATTACK_COVERAGE_H

#include "policyd/attack/attack.h"
#include "policyd/ruleset/ruleset.h"
#include "proto/base/buf.h"

struct coverage;

/* all_rules: those that do not run too. NULL: out of memory. */
struct coverage *coverage_create(const struct ruleset *rs, bool all_rules);
void coverage_destroy(struct coverage *c);               /* NULL is fine */

/* A tag that has the form of a technique or tactic, and is none of ATT&CK_RELEASE nor of a release known beside it. */
struct coverage_unknown {
	const struct rule *rule;
	const char *tag;
};
size_t coverage_unknown_count(const struct coverage *c);
struct coverage_unknown coverage_unknown(const struct coverage *c, size_t i);

/* By tactic, in the order of the matrix. missing: also techniques of Windows that no rule names. False: out is full. */
bool coverage_write_text(const struct coverage *c, bool missing, struct buf *out);
bool coverage_write_json(const struct coverage *c, struct buf *out);
/* Layer format 4.5 (attack-navigator, LAYERFORMATv4_5.md). The score of a technique is its number of rules. Techniques that
 * release 18 has not are left out. */
bool coverage_write_navigator(const struct coverage *c, const char *name, struct buf *out);

#endif
