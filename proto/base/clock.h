/* clock: FILETIME (100 ns since 1601-01-01 UTC, the inside unit) to and from Unix nanoseconds (the outside unit),
 * and to calendar parts. Pure arithmetic; any thread. */
#ifndef VITRINE_BASE_CLOCK_H
#define VITRINE_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 1601-01-01 to 1970-01-01 in 100 ns. Source: [MS-DTYP] FILETIME. */
#define FILETIME_UNIX_EPOCH_100NS UINT64_C(116444736000000000)

/* Times before 1970 give 0; times past what 64-bit nanoseconds hold (year 2262) give INT64_MAX. */
int64_t filetime_to_unix_ns(uint64_t filetime_100ns);
uint64_t filetime_from_unix_ns(int64_t unix_ns);

struct calendar {
	int year, month, day;               /* month and day 1-based */
	int hour, minute, second;
	uint32_t nanosecond;
};

void calendar_from_unix_ns(int64_t unix_ns, struct calendar *out);    /* UTC; unix_ns >= 0 */
/* The other way, to 100 ns. False, and *out untouched: no such day or time, or outside the years 1601 to 9999. */
bool filetime_from_calendar(const struct calendar *c, uint64_t *out_100ns);
/* "2019-04-27 15:57:53.634", or with T and Z (RFC 3339), dashes or slashes; digits beyond 100 ns are cut. UTC: no other
 * offset is known. False, and *out untouched: anything else. */
bool filetime_from_text(const char *text, size_t len, uint64_t *out_100ns);

#endif
