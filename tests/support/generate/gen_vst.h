/* gen_vst: records and snapshots as a .vst file. */
#ifndef VITRINE_TEST_GEN_VST_H
#define VITRINE_TEST_GEN_VST_H

#include <stdio.h>

#include "tests/support/generate/gen_world.h"

struct gen_vst_file;

/* file: opened for writing, stays the caller's. NULL: out of memory. */
struct gen_vst_file *gen_vst_create(FILE *file);
struct gen_output gen_vst_output(struct gen_vst_file *v);
uint64_t gen_vst_bytes(const struct gen_vst_file *v);
/* A heartbeat and END. */
enum status gen_vst_finish(struct gen_vst_file *v);
void gen_vst_destroy(struct gen_vst_file *v);

#endif
