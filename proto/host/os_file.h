/* os_file: the few things of files and terminals that differ by system. */
#ifndef VITRINE_HOST_OS_FILE_H
#define VITRINE_HOST_OS_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Standard input and output carry bytes, not text with changed line ends; standard error is not kept back. */
void os_stdio_binary(void);
bool os_is_terminal(FILE *f);
/* Size in bytes; false when f is no regular file. */
bool os_file_size(FILE *f, uint64_t *out_bytes);
/* Gives the file at `from` the name `to`, in place of whatever had it, in one step. False: errno says why. */
bool os_file_replace(const char *from, const char *to);
/* Monotonic nanoseconds, for rates shown to a person. */
uint64_t os_monotonic_ns(void);
/* Nanoseconds since 1970, UTC, by the clock on the wall. */
int64_t os_wall_ns(void);

#endif
