/* machine: what a stream's HELLO says of the machine it comes from. */
#ifndef VITRINE_HOST_MACHINE_H
#define VITRINE_HOST_MACHINE_H

#include <stddef.h>
#include <stdint.h>

enum { MACHINE_TEXT_BYTES = 256, MACHINE_MAX_DRIVES = 26, MACHINE_DRIVE_BYTES = 4 };

struct machine {
	char host_name[MACHINE_TEXT_BYTES], id[MACHINE_TEXT_BYTES], os_name[MACHINE_TEXT_BYTES];    /* "": not known */
	uint32_t os_build, cpus;             /* os_build: Windows only, 0 elsewhere; cpus: at least 1 */
	uint64_t boot_time_100ns;            /* FILETIME; the same for everybody who asks during one boot. 0: not known */
	struct {
		char device[MACHINE_TEXT_BYTES], drive[MACHINE_DRIVE_BYTES];    /* "\Device\HarddiskVolume3", "C:" */
	} drives[MACHINE_MAX_DRIVES];
	size_t drive_count;
};

void machine_describe(struct machine *out);

#endif
