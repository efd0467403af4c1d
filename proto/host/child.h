/* child: runs another program of ours and reads what it writes to standard output. Portable through libuv.
 * Blocks the calling thread until the child has ended; meant for replay, not for the daemon's loop. */
#ifndef VITRINE_HOST_CHILD_H
#define VITRINE_HOST_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/base/status.h"

/* Bytes of the child's standard output, in order. Anything but ST_OK ends the child and is returned by child_run. */
typedef enum status child_output(void *ctx, const void *ptr, size_t len);

/* argv: NULL-terminated, argv[0] the program's path; no shell, no search along PATH. Standard error is shared,
 * standard input is empty. *exit_status: the child's own, or 128 + signal. ST_SYSTEM: it could not be started. */
enum status child_run(const char *const argv[], child_output *output, void *ctx, int *exit_status, struct diag *why);

/* Path of a program that stands in the same folder as the running one. */
enum status child_sibling_path(const char *name, char *out, size_t out_bytes, struct diag *why);

#endif
