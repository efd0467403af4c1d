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

/* date_from_days backward: the era starts on 1 March, so that a leap day is its year's last. */
static int64_t days_from_date(const struct calendar *c)
{
	int64_t year = c->year - (c->month <= 2);
	int64_t era = year / 400, year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (c->month > 2 ? c->month - 3 : c->month + 9) + 2) / 5 + c->day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static bool is_date(const struct calendar *c)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;

	return c->year >= 1601 && c->year <= 9999 && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
		c->day <= days[c->month - 1] + (leap && c->month == 2);
}

bool filetime_from_calendar(const struct calendar *c, uint64_t *out_100ns)
{
	const int64_t epoch_days = (int64_t)(FILETIME_UNIX_EPOCH_100NS / 10000000 / 86400);
	uint64_t seconds;

	if (!is_date(c) || c->hour < 0 || c->hour > 23 || c->minute < 0 || c->minute > 59 || c->second < 0 || c->second > 60 ||
		c->nanosecond > 999999999)
		return false;
	seconds = (uint64_t)(days_from_date(c) + epoch_days) * 86400 + (uint64_t)(c->hour * 3600 + c->minute * 60 + c->second);
	*out_100ns = seconds * 10000000 + c->nanosecond / 100;
	return true;
}

struct time_text {
	const char *ptr;
	size_t len;
};

/* Exactly `count` digits; moves on. */
static bool take_digits(struct time_text *t, size_t count, int *out)
{
	int n = 0;

	if (t->len < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (t->ptr[i] < '0' || t->ptr[i] > '9')
			return false;
		n = n * 10 + (t->ptr[i] - '0');
	}
	t->ptr += count;
	t->len -= count;
	*out = n;
	return true;
}

static bool take_either(struct time_text *t, char one, char other)
{
	if (!t->len || (t->ptr[0] != one && t->ptr[0] != other))
		return false;
	t->ptr++;
	t->len--;
	return true;
}

bool filetime_from_text(const char *text, size_t len, uint64_t *out_100ns)
{
	struct time_text t = { text, len };
	struct calendar c = { 0 };
	uint32_t unit = 100000000;

	if (!take_digits(&t, 4, &c.year) || !take_either(&t, '-', '/') || !take_digits(&t, 2, &c.month) ||
		!take_either(&t, '-', '/') || !take_digits(&t, 2, &c.day) || !take_either(&t, ' ', 'T') ||
		!take_digits(&t, 2, &c.hour) || !take_either(&t, ':', ':') || !take_digits(&t, 2, &c.minute) ||
		!take_either(&t, ':', ':') || !take_digits(&t, 2, &c.second))
		return false;
	if (take_either(&t, '.', ',')) {
		for (int d; take_digits(&t, 1, &d); unit /= 10)
			c.nanosecond += (uint32_t)d * unit;
	}
	take_either(&t, 'Z', 'z');
	return t.len == 0 && filetime_from_calendar(&c, out_100ns);
}
