#include "collector/import/named/log_text.h"

#include "proto/base/bytes.h"
#include "proto/base/clock.h"

#define UNITS_PER_SECOND UINT64_C(10000000)    /* of 100 ns */

struct scan {
	const char *at, *end;
	bool failed;
};

static struct scan scan_of(struct text_view t)
{
	return (struct scan){ .at = t.ptr, .end = t.ptr + t.len, .failed = false };
}

static bool scan_is(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static void scan_char(struct scan *s, char c)
{
	if (!scan_is(s, c))
		s->failed = true;
}

/* min to max decimal digits. */
static int scan_digits(struct scan *s, int min, int max)
{
	int value = 0, n = 0;

	for (; n < max && s->at < s->end && *s->at >= '0' && *s->at <= '9'; n++)
		value = value * 10 + (*s->at++ - '0');
	if (n < min)
		s->failed = true;
	return value;
}

/* Digits behind the point, as nanoseconds; more than nine are passed over. */
static uint32_t scan_fraction(struct scan *s)
{
	uint32_t value = 0, unit = 100000000;

	if (s->at == s->end || *s->at < '0' || *s->at > '9')
		s->failed = true;
	for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++) {
		value += (uint32_t)(*s->at - '0') * unit;
		unit /= 10;
	}
	return value;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

bool log_text_number(struct text_view t, uint64_t *out)
{
	bool negative = t.len > 1 && t.ptr[0] == '-';
	bool hex = t.len > 2 && t.ptr[0] == '0' && (t.ptr[1] == 'x' || t.ptr[1] == 'X');
	uint64_t base = hex ? 16 : 10, value = 0;

	if (t.len == 0)
		return false;
	for (size_t i = hex ? 2 : negative; i < t.len; i++) {
		uint64_t digit = (uint64_t)digit_value(t.ptr[i]);

		if (digit >= base || value > (UINT64_MAX - digit) / base)
			return false;
		value = value * base + digit;
	}
	*out = negative ? 0 - value : value;
	return true;
}

bool log_text_number_max(struct text_view t, uint64_t max, uint64_t *out)
{
	uint64_t value;

	if (!log_text_number(t, &value) || value > max)
		return false;
	*out = value;
	return true;
}

/* "Z", "+02:00", "-0530" or nothing; moves *time to UTC. */
static bool scan_zone(struct scan *s, struct log_time *time)
{
	bool west, east;
	uint64_t shift;

	time->has_zone = s->at < s->end;
	if (s->at == s->end || scan_is(s, 'Z'))
		return s->at == s->end;
	west = scan_is(s, '-');
	east = !west && scan_is(s, '+');
	shift = (uint64_t)scan_digits(s, 2, 2) * 3600;
	(void)scan_is(s, ':');
	shift = (shift + (uint64_t)scan_digits(s, 2, 2) * 60) * UNITS_PER_SECOND;
	if (s->failed || s->at < s->end || !(west || east) || shift > time->time_100ns)
		return false;
	time->time_100ns = west ? time->time_100ns + shift : time->time_100ns - shift;
	return true;
}

bool log_text_iso_time(struct text_view t, struct log_time *out)
{
	struct scan s = scan_of(t);
	struct calendar c = { .year = scan_digits(&s, 4, 4) };
	struct log_time time = { .time_100ns = 0 };

	scan_char(&s, '-');
	c.month = scan_digits(&s, 2, 2);
	scan_char(&s, '-');
	c.day = scan_digits(&s, 2, 2);
	if (!scan_is(&s, 'T'))
		scan_char(&s, ' ');
	c.hour = scan_digits(&s, 2, 2);
	scan_char(&s, ':');
	c.minute = scan_digits(&s, 2, 2);
	scan_char(&s, ':');
	c.second = scan_digits(&s, 2, 2);
	if (scan_is(&s, '.'))
		c.nanosecond = scan_fraction(&s);
	if (s.failed || !filetime_from_calendar(&c, &time.time_100ns) || !scan_zone(&s, &time))
		return false;
	*out = time;
	return true;
}

/* "7:19:37.0147934 AM" to the end of the text. */
static bool scan_us_clock(struct scan *s, struct calendar *c)
{
	bool afternoon;

	c->hour = scan_digits(s, 1, 2);
	scan_char(s, ':');
	c->minute = scan_digits(s, 2, 2);
	scan_char(s, ':');
	c->second = scan_digits(s, 2, 2);
	if (scan_is(s, '.'))
		c->nanosecond = scan_fraction(s);
	scan_char(s, ' ');
	afternoon = scan_is(s, 'P');
	if (!afternoon)
		scan_char(s, 'A');
	scan_char(s, 'M');
	if (s->failed || s->at != s->end || c->hour < 1 || c->hour > 12)
		return false;
	c->hour = c->hour % 12 + (afternoon ? 12 : 0);
	return true;
}

bool log_text_us_time(struct text_view t, uint64_t *out_100ns)
{
	struct scan s = scan_of(t);
	struct calendar c = { .month = scan_digits(&s, 1, 2) };

	scan_char(&s, '/');
	c.day = scan_digits(&s, 1, 2);
	scan_char(&s, '/');
	c.year = scan_digits(&s, 4, 4);
	scan_char(&s, ' ');
	return scan_us_clock(&s, &c) && filetime_from_calendar(&c, out_100ns);
}

bool log_text_us_clock(struct text_view t, uint64_t *out_100ns)
{
	struct scan s = scan_of(t);
	struct calendar c = { .year = 1601, .month = 1, .day = 1 };    /* where FILETIME starts */

	return scan_us_clock(&s, &c) && filetime_from_calendar(&c, out_100ns);
}

static bool scan_decimal(struct scan *s, uint64_t max, uint64_t *out)
{
	struct text_view digits = { .ptr = s->at };

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	digits.len = (size_t)(s->at - digits.ptr);
	return log_text_number_max(digits, max, out);
}

size_t log_text_sid(struct text_view t, uint8_t out[LIMIT_SID_BYTES])
{
	enum { HEADER_BYTES = 8, SUBAUTHORITIES_MAX = 15 };
	struct scan s = scan_of(t);
	uint64_t authority, sub;
	uint8_t count = 0;

	scan_char(&s, 'S');
	scan_char(&s, '-');
	scan_char(&s, '1');
	scan_char(&s, '-');
	if (s.failed || !scan_decimal(&s, UINT64_C(0xffffffffffff), &authority))
		return 0;
	for (; s.at < s.end; count++) {
		if (count == SUBAUTHORITIES_MAX || !scan_is(&s, '-') || !scan_decimal(&s, UINT32_MAX, &sub))
			return 0;
		store_u32le(out + HEADER_BYTES + 4 * (size_t)count, (uint32_t)sub);
	}
	out[0] = 1;
	out[1] = count;
	for (size_t i = 0; i < 6; i++)
		out[2 + i] = (uint8_t)(authority >> (40 - 8 * i));
	return HEADER_BYTES + 4 * (size_t)count;
}
