/* judge: a pipeline visitor that runs the rules on each event and prints an alert for each that matches. */
#ifndef VITRINE_CLI_JUDGE_H
#define VITRINE_CLI_JUDGE_H

#include <stdio.h>

#include "policyd/alert/alert.h"
#include "policyd/pipeline/pipeline.h"
#include "policyd/ruleset/ruleset.h"

struct judge;

/* Takes no reference of rs: it must outlive the judge. NULL: out of memory. */
struct judge *judge_create(const struct ruleset *rs, const struct alert_settings *settings, FILE *out);
void judge_destroy(struct judge *j);
/* The pipeline whose events come in; needed before the first. */
void judge_attach(struct judge *j, struct pipeline *p);

/* pipeline_visit with the judge as ctx. ST_STOPPED: the output is gone. */
enum status judge_visit(void *ctx, const struct event_view *view, const struct event *ev);

/* Falco's closing statistics: events, alerts by priority and by rule. */
void judge_write_stats(const struct judge *j, struct buf *out);
uint64_t judge_alert_count(const struct judge *j);
bool judge_output_failed(const struct judge *j);

#endif
