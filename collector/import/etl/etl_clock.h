/* etl_clock: raw time stamps of a trace file -> FILETIME. No allocation; any thread.
 * Rule: StartTime + (ticks - ticks of the header's own record) * 1e7 / frequency, rounded down; other tools differ from
 * it by at most one unit of 100 ns. Clock kinds: EVENT_TRACE_CLOCK_* of phnt's ntwmi.h. */
#ifndef VITRINE_IMPORT_ETL_CLOCK_H
#define VITRINE_IMPORT_ETL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct etl_clock {
	uint64_t base_ticks, base_100ns;
	uint64_t ticks_per_second;
	bool approximate;           /* the file does not say enough; 10 MHz is assumed */
};

enum etl_clock_kind { ETL_CLOCK_RAW = 0, ETL_CLOCK_QPC = 1, ETL_CLOCK_SYSTEM_TIME = 2, ETL_CLOCK_CPU_CYCLES = 3 };

struct etl_clock_facts {            /* from the file's header */
	unsigned kind;              /* enum etl_clock_kind, or anything */
	uint64_t first_ticks, start_100ns, perf_frequency;
	uint32_t cpu_mhz;
};

struct etl_clock etl_clock_of(const struct etl_clock_facts *f);
/* Clamped to [0, UINT64_MAX], whatever the input. */
uint64_t etl_clock_100ns(const struct etl_clock *c, uint64_t ticks);

#endif
