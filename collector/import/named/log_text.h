/* log_text: numbers, times and SIDs as log files write them. Strict: a text that is not wholly one gives false, and
 * leaves *out as it was. No allocation; any thread. */
#ifndef VITRINE_IMPORT_LOG_TEXT_H
#define VITRINE_IMPORT_LOG_TEXT_H

#include "proto/base/limits.h"
#include "proto/record.h"

struct log_time {
	uint64_t time_100ns;        /* FILETIME; UTC only when the zone was known */
	bool has_zone;
};

/* Decimal, or hexadecimal after 0x; a negative decimal is its two's complement (nxlog writes keywords so). */
bool log_text_number(struct text_view t, uint64_t *out);
/* The same, at most max. */
bool log_text_number_max(struct text_view t, uint64_t max, uint64_t *out);
/* "2019-04-17T18:40:00.1234567Z", with a blank for the T, any number of digits, no zone, or one as +02:00. */
bool log_text_iso_time(struct text_view t, struct log_time *out);
/* "7/31/2020 7:19:37 AM": month first, as Process Monitor writes in English. */
bool log_text_us_time(struct text_view t, uint64_t *out_100ns);
/* "7:19:37.0147934 AM": 100 ns since midnight. */
bool log_text_us_clock(struct text_view t, uint64_t *out_100ns);
/* "S-1-5-18" as bytes; the length, 0: not a SID. Source: [MS-DTYP] 2.4.2. */
size_t log_text_sid(struct text_view t, uint8_t out[LIMIT_SID_BYTES]);

#endif
