/* gen_etl: records as a Windows trace file (.etl): file header record, per-CPU buffers of one size, SYSTEM, PERFINFO and
 * EVENT headers with extended items, volume names. Buffers are written as they fill, so records of different CPUs are
 * out of time order, as in real files. Snapshots have no place in the format and are left out.
 * Source of the layouts: WMI_BUFFER_HEADER and the trace headers of phnt's ntwmi.h, EVENT_HEADER and
 * TRACE_LOGFILE_HEADER of the Windows SDK, extended items as read off real files. */
#ifndef VITRINE_TEST_GEN_ETL_H
#define VITRINE_TEST_GEN_ETL_H

#include <stdio.h>

#include "tests/support/generate/gen_world.h"

enum { ETL_SMALL_BUFFER = 8 * 1024, ETL_LARGE_BUFFER = 64 * 1024 };

struct gen_etl_file;

/* file: opened for writing, seekable, stays the caller's. NULL: out of memory. */
struct gen_etl_file *gen_etl_create(FILE *file, uint32_t buffer_bytes, const struct gen_machine *m);
struct gen_output gen_etl_output(struct gen_etl_file *e);
uint64_t gen_etl_bytes(const struct gen_etl_file *e);
/* Writes what is held and completes the file header. */
enum status gen_etl_finish(struct gen_etl_file *e);
void gen_etl_destroy(struct gen_etl_file *e);

#endif
