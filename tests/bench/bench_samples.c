#include "tests/bench/bench_samples.h"

#include <stdio.h>
#include <stdlib.h>

bool bench_samples_init(struct bench_samples *s)
{
	*s = (struct bench_samples){ .us = calloc(BENCH_MAX_SAMPLES, sizeof *s->us) };
	return s->us != NULL;
}

void bench_samples_release(struct bench_samples *s)
{
	free(s->us);
	s->us = NULL;
}

void bench_samples_add_ns(struct bench_samples *s, int64_t ns)
{
	if (s->count < BENCH_MAX_SAMPLES)
		s->us[s->count++] = ns < 0 ? 0 : (uint32_t)(ns / 1000);
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

void bench_samples_print(const char *what, struct bench_samples *s)
{
	qsort(s->us, s->count, sizeof *s->us, compare);
	if (s->count == 0)
		return;
	printf("%-28s %8zu samples: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, longest %.2f ms\n", what, s->count,
		s->us[s->count / 2] / 1e3, s->us[s->count * 99 / 100] / 1e3, s->us[s->count * 999 / 1000] / 1e3,
		s->us[s->count - 1] / 1e3);
}

bool bench_write_rules(const char *path, const char *more, size_t count)
{
	FILE *f = fopen(path, "wb");

	if (!f)
		return false;
	fputs(more, f);
	for (size_t i = 0; i < count; i++)
		fprintf(f, "- rule: r%zu\n  desc: d\n  condition: evt.type in (process_start, file_create) and (proc.name in (a%zu.exe, b%zu.exe)"
			" or proc.cmdline contains \"-x%zu\" or fd.name startswith \"C:\\\\nowhere%zu\\\\\") and not proc.pname = c%zu.exe\n"
			"  output: \"o %%proc.cmdline %%proc.pname\"\n  priority: NOTICE\n  source: windows\n", i, i, i, i, i, i);
	return fclose(f) == 0;
}
