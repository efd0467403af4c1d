/* log_output: the log on standard error or in a file, as text or as JSON lines. The sink may be called from any thread; settings
 * change between two lines. */
#ifndef VITRINE_DAEMON_LOG_OUTPUT_H
#define VITRINE_DAEMON_LOG_OUTPUT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "proto/base/log.h"

struct log_output {
	FILE *to;                   /* set before the first line */
	_Atomic int level;          /* enum log_level */
	_Atomic bool json, enabled;
};

void log_output_sink(void *ctx, enum log_level level, const char *line);    /* a log_sink with a struct log_output */
void log_output_text(enum log_level level, const char *text);               /* each line of text on its own */

#endif
