/* alert_stage: from a match to what leaves evaluation: the alert's text, to the outputs and to whoever listens. Loop
 * thread only. */
#ifndef VITRINE_DAEMON_ALERT_STAGE_H
#define VITRINE_DAEMON_ALERT_STAGE_H

#include "policyd/alert/alert.h"
#include "policyd/config/config.h"

/* One alert as JSON, for listeners. json dies on return. */
typedef void alert_tap(void *ctx, const char *json, size_t len);

struct alert_stage {
	struct alert_writer *writer;
	struct buf text;
	bool to_stdout;
	uint64_t written, too_long, failed;
	alert_tap *tap;                /* NULL: nobody listens, no JSON is made for it */
	void *tap_ctx;
};

bool alert_stage_init(struct alert_stage *a, const struct config *c);    /* false: out of memory */
void alert_stage_release(struct alert_stage *a);
/* The settings of a new configuration; the old ones stay when memory is out. */
void alert_stage_configure(struct alert_stage *a, const struct config *c);

bool alert_stage_sink(void *ctx, const struct alert *alert);    /* a judge_sink; always true: an output that fails is counted */
/* An alert of the program about itself. */
void alert_stage_internal(struct alert_stage *a, const struct internal_alert *alert);

#endif
