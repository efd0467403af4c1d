/* script: script blocks that the log cut into parts, put together. PowerShell logs a long script as several 4104 records of
 * one ScriptBlockId, each with its number and the total, within milliseconds; a rule must see the whole. The first part
 * that comes is copied and goes on, with the whole text, as the one event of the script. Single-threaded. */
#ifndef VITRINE_STATE_SCRIPT_H
#define VITRINE_STATE_SCRIPT_H

#include "policyd/event.h"

struct scripts;

enum {
	SCRIPT_TIMEOUT_100NS = 100000000,      /* 10 s after the last part: parts of one script come within one */
	SCRIPT_MAX_PENDING = 32,               /* scripts with missing parts at one time; more are evaluated by part */
	SCRIPT_MAX_PARTS = 512,                /* of up to 32 KiB each; the longest recorded script has 63 */
	SCRIPT_MAX_BYTES = 4 << 20,            /* text of one script */
	SCRIPT_MAX_HELD_BYTES = 16 << 20,      /* all copies together */
	SCRIPT_MAX_ID_BYTES = 64,              /* a GUID has 36 */
};

struct script_part {
	struct text_view id, text;
	uint32_t number, total;                /* 1 .. total */
};

enum script_result {
	SCRIPT_ALONE,                          /* cannot be put together: evaluate the part as it is */
	SCRIPT_HELD,
	SCRIPT_COMPLETE,                       /* script_take has it */
};

struct scripts *scripts_create(void);          /* NULL: out of memory */
void scripts_destroy(struct scripts *s);       /* NULL is fine */
void scripts_clear(struct scripts *s);         /* forgets what is pending */
bool scripts_is_empty(const struct scripts *s);

/* A part; where tells machines apart, never followed. Copies ev's record when it is the first. */
enum script_result scripts_add(struct scripts *s, const void *where, const struct event *ev, const struct script_part *p,
	uint64_t now_100ns);
/* The script that became complete: its event, with ev->script set. Lives until the next call but scripts_is_empty. */
struct event *scripts_take(struct scripts *s);
/* The oldest script without a new part for the time-out, now UINT64_MAX: any; partial is set. NULL: none. Same life. */
struct event *scripts_take_overdue(struct scripts *s, uint64_t now_100ns);

#endif
