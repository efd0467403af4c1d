/* attack: names of MITRE ATT&CK for Enterprise, release 18.1 (techniques.txt), and what the tags of a rule mean by them.
 * Const tables; any thread. Knows no rules. */
#ifndef VITRINE_ATTACK_H
#define VITRINE_ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATTACK_RELEASE "18.1"

enum { ATTACK_TACTIC_COUNT = 14, ATTACK_ID_CHARS = 9 };    /* "T1059.001" */

struct attack_tactic {
	const char *id;              /* "TA0002" */
	const char *name;            /* "Execution" */
	const char *slug;            /* "execution", as Navigator layers write it */
};

/* In the order of the matrix. i < ATTACK_TACTIC_COUNT. */
const struct attack_tactic *attack_tactic(size_t i);
/* "TA0002", also with a tail ("TA0002_execution"). Release 19 took Defense Evasion apart: its TA0112 counts as that.
 * False: no such tactic. */
bool attack_tactic_find(const char *id, size_t *out);

enum attack_platform {
	ATTACK_WINDOWS = 1,
	ATTACK_LINUX = 2,
	ATTACK_CONTAINERS = 4,
	ATTACK_NEWER = 8,            /* release 19 brought it, and 18.1 has nothing for it */
};

struct attack_technique {
	const char *id;
	const char *name;            /* of a sub-technique without its parent's */
	const char *other;           /* what 18.1 calls it, when id is one of another release; else NULL */
	uint16_t tactics;            /* bit i: tactic i */
	uint8_t platforms;           /* enum attack_platform */
};

size_t attack_technique_count(void);
const struct attack_technique *attack_technique(size_t i);         /* sorted by id */
/* NULL: no release known here has it. An id of another release gives what it is called in 18.1. */
const struct attack_technique *attack_technique_find(const char *id);
/* Of a sub-technique; NULL: t is none. */
const struct attack_technique *attack_technique_parent(const struct attack_technique *t);

enum attack_tag {
	ATTACK_TAG_NONE,             /* about something else */
	ATTACK_TAG_TACTIC,
	ATTACK_TAG_TECHNIQUE,
	ATTACK_TAG_UNKNOWN,          /* has the form of one of both, and is neither */
};

struct attack_meaning {
	enum attack_tag kind;
	size_t tactic;
	const struct attack_technique *technique;
};

/* Tags as Falco's rules write them ("MITRE_TA0002_execution", "mitre_execution", "T1059.001") and Sigma's
 * ("attack.execution", "attack.t1059.001"); letters in either case. */
struct attack_meaning attack_tag_meaning(const char *tag);

#endif
