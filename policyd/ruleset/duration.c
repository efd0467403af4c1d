#include "policyd/ruleset/duration.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct {
	const char *name;
	uint64_t ms;
} units[] = {
	{ "y", UINT64_C(31536000000) }, { "w", 604800000 }, { "d", 86400000 }, { "h", 3600000 }, { "m", 60000 },
	{ "s", 1000 }, { "ms", 1 },
};
enum { UNIT_COUNT = sizeof units / sizeof units[0] };

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* Reads digits; false when there are none or the number does not fit. */
static bool read_number(const char **p, uint64_t *out)
{
	const char *start = *p;
	uint64_t n = 0;

	for (; **p >= '0' && **p <= '9'; (*p)++) {
		unsigned digit = (unsigned)(**p - '0');

		if (n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return *p != start;
}

/* Reads a unit not before `first`; UNIT_COUNT: none. */
static size_t read_unit(const char **p, size_t first)
{
	size_t len = 0;

	while ((*p)[len] >= 'a' && (*p)[len] <= 'z')
		len++;
	for (size_t i = first; i < UNIT_COUNT; i++)
		if (strlen(units[i].name) == len && memcmp(units[i].name, *p, len) == 0) {
			*p += len;
			return i;
		}
	return UNIT_COUNT;
}

uint64_t duration_ms_parse(const char *text)
{
	const char *p = skip_blanks(text);
	uint64_t total = 0, n;
	size_t next = 0;

	while (*p) {
		size_t unit;

		if (!read_number(&p, &n))
			return 0;
		p = skip_blanks(p);
		unit = read_unit(&p, next);
		if (unit == UNIT_COUNT || n > (UINT64_MAX - total) / units[unit].ms)
			return 0;
		total += n * units[unit].ms;
		next = unit + 1;
		p = skip_blanks(p);
	}
	return total;
}
