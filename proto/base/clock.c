#include "proto/base/clock.h"

int64_t filetime_to_unix_ns(uint64_t filetime_100ns)
{
	uint64_t since;

	if (filetime_100ns <= FILETIME_UNIX_EPOCH_100NS)
		return 0;
	since = filetime_100ns - FILETIME_UNIX_EPOCH_100NS;
	return since > INT64_MAX / 100 ? INT64_MAX : (int64_t)(since * 100);
}

uint64_t filetime_from_unix_ns(int64_t unix_ns)
{
	return unix_ns <= 0 ? FILETIME_UNIX_EPOCH_100NS : FILETIME_UNIX_EPOCH_100NS + (uint64_t)unix_ns / 100;
}

/* Days since 1970-01-01 to a proleptic Gregorian date, by 400-year eras that start on 1 March. */
static void date_from_days(int64_t days, struct calendar *out)
{
	int64_t z = days + 719468;
	int64_t era = z / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted_month = (5 * day_of_year + 2) / 153;

	out->day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
	out->month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
	out->year = (int)(year_of_era + era * 400 + (out->month <= 2));
}

void calendar_from_unix_ns(int64_t unix_ns, struct calendar *out)
{
	int64_t seconds = unix_ns / 1000000000;
	int64_t of_day = seconds % 86400;

	date_from_days(seconds / 86400, out);
	out->hour = (int)(of_day / 3600);
	out->minute = (int)(of_day / 60 % 60);
	out->second = (int)(of_day % 60);
	out->nanosecond = (uint32_t)(unix_ns % 1000000000);
}
