/* run_inputs: every INPUT of the command line through one pipeline, with progress and errors told on stderr. */
#ifndef VITRINE_CLI_RUN_INPUTS_H
#define VITRINE_CLI_RUN_INPUTS_H

#include "policyd/cli/options.h"
#include "policyd/pipeline/pipeline.h"

struct run_result {
	bool failed;             /* an input could not be read to its end */
	bool interrupted;        /* Ctrl-C: what was read so far counts */
	bool nothing_read;       /* no input gave a single byte */
	uint64_t bytes, elapsed_ns;
};

/* A visitor that answers ST_STOPPED ends the run without an error. */
struct run_result run_inputs(struct pipeline *p, const struct options *o);

#endif
