/* duration: Prometheus durations as Falco's configuration and our rules write them: "1h30m", "500ms". Any thread. */
#ifndef VITRINE_RULESET_DURATION_H
#define VITRINE_RULESET_DURATION_H

#include <stdint.h>

/* Milliseconds. Units y w d h m s ms, each at most once and in this order; blanks are dropped; a year has 365 days.
 * 0 for anything else, an empty text and values past 64 bits included. Numbers are decimal, leading zeros too
 * (Falco reads those as octal). */
uint64_t duration_ms_parse(const char *text);

#endif
