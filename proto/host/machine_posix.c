#include "proto/host/machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static void read_line(const char *path, char *out, size_t out_bytes)
{
	FILE *f = fopen(path, "r");

	if (f && fgets(out, (int)out_bytes, f))
		out[strcspn(out, "\n")] = '\0';
	if (f)
		fclose(f);
}

void machine_describe(struct machine *out)
{
	struct utsname name;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	memset(out, 0, sizeof *out);
	out->cpus = cpus > 0 ? (uint32_t)cpus : 1;
	read_line("/etc/machine-id", out->id, sizeof out->id);
	if (uname(&name) != 0)
		return;
	snprintf(out->host_name, sizeof out->host_name, "%.250s", name.nodename);
	snprintf(out->os_name, sizeof out->os_name, "%.100s %.100s", name.sysname, name.release);
}
