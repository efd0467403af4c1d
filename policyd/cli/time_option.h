/* time_option: a moment as people give it on a command line. */
#ifndef VITRINE_CLI_TIME_OPTION_H
#define VITRINE_CLI_TIME_OPTION_H

#include <stdbool.h>
#include <stdint.h>

/* "2h30m": that long before now_ns. "2026-01-02", "2026-01-02T03:04", "2026-01-02T03:04:05": UTC; a blank may stand for the
 * T, and a Z behind. *out in nanoseconds since 1970. False: neither. */
bool time_option_parse(const char *text, int64_t now_ns, int64_t *out);

#endif
