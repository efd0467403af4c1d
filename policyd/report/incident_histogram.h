/* incident_histogram: counts by time in a fixed number of buckets, whatever the span turns out to be: buckets grow twice
 * as wide when a time does not fit. Private to the layer. */
#ifndef VITRINE_INCIDENT_HISTOGRAM_H
#define VITRINE_INCIDENT_HISTOGRAM_H

#include <stdint.h>

#include "policyd/report/incident.h"

struct incident_histogram {
	int64_t width_ns;                      /* of one bucket; 0: nothing was counted */
	int64_t first;                         /* bucket i holds times from (first + i) * width_ns on */
	int64_t low, high;                     /* lowest and highest bucket used, as first counts them */
	uint64_t counts[INCIDENT_BUCKETS];
};

/* time_ns > 0; others are not counted. */
void incident_histogram_add(struct incident_histogram *h, int64_t time_ns);

#endif
