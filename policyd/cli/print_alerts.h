/* print_alerts: a judge_sink that prints each alert on a line. */
#ifndef VITRINE_CLI_PRINT_ALERTS_H
#define VITRINE_CLI_PRINT_ALERTS_H

#include <stdio.h>

#include "policyd/alert/alert.h"

struct print_alerts {
	struct alert_writer *writer;
	FILE *out;
	struct buf line;
	uint64_t too_long;       /* alerts that were not printed */
	bool failed;             /* the output is gone */
};

bool print_alerts_init(struct print_alerts *p, const struct alert_settings *settings, FILE *out);    /* false: out of memory */
void print_alerts_release(struct print_alerts *p);
bool print_alerts_sink(void *ctx, const struct alert *a);

#endif
