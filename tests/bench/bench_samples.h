/* bench_samples: delays, and where their percentiles lie. */
#ifndef VITRINE_BENCH_SAMPLES_H
#define VITRINE_BENCH_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BENCH_MAX_SAMPLES = 1 << 22 };

struct bench_samples {
	uint32_t *us;
	size_t count;                          /* more than the maximum are left out */
};

bool bench_samples_init(struct bench_samples *s);
void bench_samples_release(struct bench_samples *s);
void bench_samples_add_ns(struct bench_samples *s, int64_t ns);    /* below 0 counts as 0 */
void bench_samples_print(const char *what, struct bench_samples *s);

/* Writes rules that seldom match: `count` of them over `more`, which is written first. False: not written. */
bool bench_write_rules(const char *path, const char *more, size_t count);

#endif
