/* gen_recording: one output file, .vst or .etl by choice, written by a scenario or in bulk. */
#ifndef VITRINE_TEST_GEN_RECORDING_H
#define VITRINE_TEST_GEN_RECORDING_H

#include "proto/base/status.h"
#include "tests/support/generate/gen_bulk.h"

enum gen_format { GEN_VST, GEN_ETL };

struct gen_written {
	uint64_t records, bytes;
};

enum status gen_write_scenario(const char *scenario, enum gen_format format, const char *out, struct gen_written *done,
	struct diag *why);
enum status gen_write_bulk(const struct gen_bulk_limits *limits, enum gen_format format, const char *out,
	struct gen_written *done, struct diag *why);

#endif
