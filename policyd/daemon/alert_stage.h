/* alert_stage: from a match to what leaves evaluation: the alert's text, to the outputs and to whoever listens. Loop
 * thread only. */
#ifndef VITRINE_DAEMON_ALERT_STAGE_H
#define VITRINE_DAEMON_ALERT_STAGE_H

#include "policyd/alert/alert.h"
#include "policyd/config/config.h"
#include "policyd/daemon/completion.h"
#include "policyd/output/output.h"

/* One alert as JSON, for listeners. json dies on return. */
typedef void alert_tap(void *ctx, const char *json, size_t len);

struct alert_stage {
	struct alert_writer *writer;
	struct buf text, json, story;
	struct outputs *outputs;       /* copies what it is given, never waits */
	uint64_t too_long;             /* alerts that could not be written down */
	struct completion *completion; /* NULL: Kubernetes is not asked */
	struct alert_gaps gaps;        /* of the alert at hand */
	alert_tap *tap;                /* NULL: nobody listens */
	void *tap_ctx;
};

/* From now on alerts that are incomplete are completed in the store. Borrowed. */
void alert_stage_complete(struct alert_stage *a, struct completion *c);

bool alert_stage_init(struct alert_stage *a, const struct config *c, struct outputs *outputs);    /* false: out of memory */
void alert_stage_release(struct alert_stage *a);
/* The settings of a new configuration; the old ones stay when memory is out. */
void alert_stage_configure(struct alert_stage *a, const struct config *c);

bool alert_stage_sink(void *ctx, const struct alert *alert);    /* a judge_sink; always true: what is dropped is counted */
#endif
