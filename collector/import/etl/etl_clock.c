#include "collector/import/etl/etl_clock.h"

#define UNITS_PER_SECOND UINT64_C(10000000)    /* FILETIME counts 100 ns */
#define FREQUENCY_MAX UINT64_C(1000000000000)  /* 1 THz: keeps remainder * 1e7 within 64 bits, and is no real clock */

struct etl_clock etl_clock_of(const struct etl_clock_facts *f)
{
	struct etl_clock c = { .base_ticks = f->first_ticks, .base_100ns = f->start_100ns };

	switch (f->kind) {
	case ETL_CLOCK_SYSTEM_TIME:
		c.base_ticks = c.base_100ns = 0;    /* stamps are FILETIMEs already */
		c.ticks_per_second = UNITS_PER_SECOND;
		return c;
	case ETL_CLOCK_CPU_CYCLES:
		c.ticks_per_second = (uint64_t)f->cpu_mhz * 1000000;
		break;
	default:
		c.ticks_per_second = f->perf_frequency;
		break;
	}
	if (c.ticks_per_second == 0 || c.ticks_per_second > FREQUENCY_MAX || c.base_100ns == 0) {
		c.ticks_per_second = UNITS_PER_SECOND;
		c.approximate = true;
	}
	return c;
}

/* ticks * 1e7 / frequency; up says which way to round. */
static uint64_t scale(const struct etl_clock *c, uint64_t ticks, bool up)
{
	uint64_t seconds = ticks / c->ticks_per_second, rest = ticks % c->ticks_per_second;
	uint64_t part = rest * UNITS_PER_SECOND;
	uint64_t units = (part + (up ? c->ticks_per_second - 1 : 0)) / c->ticks_per_second;

	if (seconds > (UINT64_MAX - units) / UNITS_PER_SECOND)
		return UINT64_MAX;
	return seconds * UNITS_PER_SECOND + units;
}

uint64_t etl_clock_100ns(const struct etl_clock *c, uint64_t ticks)
{
	uint64_t units;

	if (ticks < c->base_ticks) {
		units = scale(c, c->base_ticks - ticks, true);
		return units > c->base_100ns ? 0 : c->base_100ns - units;
	}
	units = scale(c, ticks - c->base_ticks, false);
	return units > UINT64_MAX - c->base_100ns ? UINT64_MAX : c->base_100ns + units;
}
