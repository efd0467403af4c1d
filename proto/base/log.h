/* log: levelled log lines through one installed sink. The sink is set once, before threads start; it is the one
 * exception to "no mutable globals". Without a sink lines of level warning and above go to stderr. */
#ifndef VITRINE_BASE_LOG_H
#define VITRINE_BASE_LOG_H

#include "proto/base/status.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

typedef void log_sink(void *ctx, enum log_level level, const char *line);    /* line: no newline; any thread */

void log_install(log_sink *sink, void *ctx);
void log_line(enum log_level level, const char *fmt, ...) VITRINE_PRINTF(2, 3);

#endif
