#include "proto/host/os_file.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void os_stdio_binary(void)
{
	/* POSIX streams are binary. */
}

bool os_is_terminal(FILE *f)
{
	return isatty(fileno(f)) == 1;
}

bool os_file_size(FILE *f, uint64_t *out_bytes)
{
	struct stat st;

	if (fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	*out_bytes = (uint64_t)st.st_size;
	return true;
}

bool os_file_replace(const char *from, const char *to)
{
	return rename(from, to) == 0;
}

uint64_t os_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t os_wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
