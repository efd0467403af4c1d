/* vitrine-gen: recordings for tests and measurements, from a scenario or of any size. Not installed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/support/generate/gen_recording.h"

struct options {
	enum gen_format format;
	const char *out, *scenario;
	struct gen_bulk_limits limits;
};

static int usage(void)
{
	fputs("usage: vitrine-gen --vst|--etl -o FILE (--scenario FILE | --size N[KiB|MiB|GiB] | --records N) [--seed N]\n",
		stderr);
	return 2;
}

static bool parse_size(const char *text, uint64_t *out)
{
	char *end;
	uint64_t n = strtoull(text, &end, 10);
	unsigned shift = strcmp(end, "KiB") == 0 ? 10 : strcmp(end, "MiB") == 0 ? 20 : strcmp(end, "GiB") == 0 ? 30 : 0;

	*out = n << shift;
	return n > 0 && (*end == '\0' || shift > 0);
}

static bool parse_pair(struct options *o, const char *name, const char *value)
{
	if (strcmp(name, "-o") == 0)
		o->out = value;
	else if (strcmp(name, "--scenario") == 0)
		o->scenario = value;
	else if (strcmp(name, "--size") == 0)
		return parse_size(value, &o->limits.bytes);
	else if (strcmp(name, "--records") == 0)
		return parse_size(value, &o->limits.records);
	else if (strcmp(name, "--seed") == 0)
		return parse_size(value, &o->limits.seed);
	else
		return false;
	return true;
}

static bool parse_options(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--vst") == 0)
			o->format = GEN_VST;
		else if (strcmp(argv[i], "--etl") == 0)
			o->format = GEN_ETL;
		else if (i + 1 < argc && parse_pair(o, argv[i], argv[i + 1]))
			i++;
		else
			return false;
	}
	return o->out && (o->scenario != NULL) != (o->limits.bytes || o->limits.records);
}

int main(int argc, char **argv)
{
	struct options o = { .format = GEN_VST };
	struct gen_written done = { 0 };
	struct diag why = DIAG_INIT;
	char text[800];
	time_t start = time(NULL);
	enum status st;

	if (!parse_options(argc, argv, &o))
		return usage();
	st = o.scenario ? gen_write_scenario(o.scenario, o.format, o.out, &done, &why)
			: gen_write_bulk(&o.limits, o.format, o.out, &done, &why);
	if (st != ST_OK) {
		diag_format(&why, text, sizeof text);
		fprintf(stderr, "vitrine-gen: %s\n", text);
		return 1;
	}
	fprintf(stderr, "%s: %" PRIu64 " records, %" PRIu64 " bytes, %.0f s\n", o.out, done.records, done.bytes,
		difftime(time(NULL), start));
	return 0;
}
