#include "policyd/cli/time_option.h"

#include <stddef.h>
#include <string.h>

#include "policyd/ruleset/duration.h"
#include "proto/base/clock.h"

/* Exactly so many digits; moves *at past them. */
static bool take_digits(const char **at, int digits, int *out)
{
	int n = 0;

	for (int i = 0; i < digits; i++) {
		char c = (*at)[i];

		if (c < '0' || c > '9')
			return false;
		n = n * 10 + (c - '0');
	}
	*at += digits;
	*out = n;
	return true;
}

static bool take_char(const char **at, const char *any)
{
	if (!**at || !strchr(any, **at))
		return false;
	++*at;
	return true;
}

static bool take_time(const char **at, struct calendar *c)
{
	if (!take_digits(at, 2, &c->hour) || !take_char(at, ":") || !take_digits(at, 2, &c->minute))
		return false;
	return !take_char(at, ":") || take_digits(at, 2, &c->second);
}

static bool parse_calendar(const char *text, struct calendar *c)
{
	const char *at = text;

	*c = (struct calendar){ .year = 0 };
	if (!take_digits(&at, 4, &c->year) || !take_char(&at, "-") || !take_digits(&at, 2, &c->month) || !take_char(&at, "-") ||
	    !take_digits(&at, 2, &c->day))
		return false;
	if (take_char(&at, "T ") && !take_time(&at, c))
		return false;
	take_char(&at, "Z");
	return *at == '\0';
}

bool time_option_parse(const char *text, int64_t now_ns, int64_t *out)
{
	uint64_t ms = duration_ms_parse(text), filetime;
	struct calendar c;

	if (ms && ms <= (uint64_t)(now_ns > 0 ? now_ns : 0) / 1000000) {
		*out = now_ns - (int64_t)ms * 1000000;
		return true;
	}
	if (!parse_calendar(text, &c) || c.year < 1970 || !filetime_from_calendar(&c, &filetime))
		return false;
	*out = filetime_to_unix_ns(filetime);
	return true;
}
