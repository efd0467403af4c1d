#include "policyd/report/incident_histogram.h"

#include <string.h>

enum { FIRST_WIDTH_NS = 1000000 };

static void widen(struct incident_histogram *h)
{
	int64_t first = h->first / 2;

	/* In ascending order no bucket is read after it was written: i / 2 <= i. */
	for (int64_t i = 0; i < INCIDENT_BUCKETS; i++) {
		uint64_t count = h->counts[i];
		int64_t to = (h->first + i) / 2 - first;

		h->counts[i] = 0;
		h->counts[to] += count;
	}
	h->width_ns *= 2;
	h->first = first;
	h->low /= 2;
	h->high /= 2;
}

/* Moves the window so that it begins at the bucket; what it held fits there too. */
static void move(struct incident_histogram *h, int64_t first)
{
	size_t used = (size_t)(h->high - h->low + 1), to = (size_t)(h->low - first);

	memmove(h->counts + to, h->counts + (h->low - h->first), used * sizeof h->counts[0]);
	memset(h->counts, 0, to * sizeof h->counts[0]);
	memset(h->counts + to + used, 0, (INCIDENT_BUCKETS - to - used) * sizeof h->counts[0]);
	h->first = first;
}

void incident_histogram_add(struct incident_histogram *h, int64_t time_ns)
{
	int64_t bucket, low, high;

	if (time_ns <= 0)
		return;
	if (!h->width_ns) {
		h->width_ns = FIRST_WIDTH_NS;
		h->first = h->low = h->high = time_ns / FIRST_WIDTH_NS;
	}
	for (;;) {
		bucket = time_ns / h->width_ns;
		low = bucket < h->low ? bucket : h->low;
		high = bucket > h->high ? bucket : h->high;
		if (high - low < INCIDENT_BUCKETS)
			break;
		widen(h);
	}
	if (low < h->first || high >= h->first + INCIDENT_BUCKETS)
		move(h, low);
	h->low = low;
	h->high = high;
	h->counts[bucket - h->first]++;
}
