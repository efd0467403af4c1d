/* log: levelled log lines through one installed sink. The sink is set once, before threads start; it is the one
 * exception to "no mutable globals". Without a sink lines of level warning and above go to stderr. */
#ifndef VITRINE_BASE_LOG_H
#define VITRINE_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/base/status.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

typedef void log_sink(void *ctx, enum log_level level, const char *line);    /* line: no newline; any thread */

void log_install(log_sink *sink, void *ctx);
void log_line(enum log_level level, const char *fmt, ...) VITRINE_PRINTF(2, 3);

/* For lines that a peer can cause as often as it likes. Zeroed by its owner; one thread. */
enum { LOG_LIMIT_LINES = 10, LOG_LIMIT_MS = 10000 };    /* so many in so long */
struct log_limit {
	uint64_t since_ms, held_back;
	unsigned lines;
};
/* Whether the next line may be written; one that may not is counted. */
bool log_limit_passes(struct log_limit *l, uint64_t now_ms);
/* Now and then: when a stretch of time is over, tells how many lines about `what` were left out in it. */
void log_limit_tell(struct log_limit *l, uint64_t now_ms, const char *what);

#endif
