/* story: the processes of an alert as JSON that the alert store keeps beside it, so that a report made later can draw the
 * tree: {"actor":[process, parent, ...],"target":[...]}. Knows no rule and no store. One thread. */
#ifndef VITRINE_STORY_H
#define VITRINE_STORY_H

#include "policyd/event.h"
#include "proto/base/buf.h"

enum {
	STORY_MAX_PROCS = 16,              /* of one chain; real ones have six or seven */
	STORY_FIRST_TEXT_BYTES = 4096,     /* command line of the process itself; the alert's own fields have more */
	STORY_TEXT_BYTES = 512,            /* any other text */
	STORY_MAX_BYTES = 64 * 1024,       /* of the JSON; two chains of the longest texts, escaped, are cut to fit */
};

/* Nothing is written when no process is known. False: out is full or too small; it holds what it held before. */
bool story_write(const struct event *ev, struct buf *out);

#endif
