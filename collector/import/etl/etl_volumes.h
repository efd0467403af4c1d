/* etl_volumes: which device path is which drive letter, as tools that merge traces (xperf, WPR, PerfView) note it in
 * the file. Gathers the table for HELLO from the buffers read so far. Not thread-safe.
 * Source: records of class {9b79ee91-b5fd-41c0-a243-4248e266e9d0}, opcode 35: device path, drive, both UTF-16 with a
 * backslash at the end; read off two recordings. */
#ifndef VITRINE_IMPORT_ETL_VOLUMES_H
#define VITRINE_IMPORT_ETL_VOLUMES_H

#include "collector/import/etl/etl_buffer.h"
#include "proto/stream.h"

struct etl_volumes;

struct etl_volumes *etl_volumes_create(void);    /* NULL: out of memory */
void etl_volumes_destroy(struct etl_volumes *v); /* NULL is fine */
/* Past LIMIT_DEVICE_PATHS rows nothing is added. */
void etl_volumes_scan(struct etl_volumes *v, const struct etl_block *b);
/* *count rows, valid until the next scan or destroy. */
const struct stream_device_path *etl_volumes_rows(const struct etl_volumes *v, size_t *count);

#endif
