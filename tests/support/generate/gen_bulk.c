#include "tests/support/generate/gen_bulk.h"

#include "tests/support/generate/gen_activity.h"

#define VOLUME "\\Device\\HarddiskVolume3"
#define LAYER "\\Device\\VhdHardDisk{5a1f0e77-2b1c-4d6a-9f32-7c0de19ab004}"
#define START_100NS UINT64_C(133855488000000000)    /* 2025-03-04T08:00:00Z */

enum { MEAN_GAP_UNITS = 200, PARENT_NONE = -1 };      /* some 50,000 things a second */

static const struct stream_device_path volumes[] = { { { VOLUME, sizeof VOLUME - 1 }, { "C:", 2 } } };

const struct gen_machine gen_bulk_machine = {
	.name = "BENCH-01",
	.id = "b0a3c7d2-0001",
	.os_name = "Windows Server 2022",
	.build = 20348,
	.boot_100ns = START_100NS - UINT64_C(36000000000),
	.start_100ns = START_100NS,
	.cpus = 8,
	.device_paths = volumes,
	.device_path_count = 1,
};

static const struct guid silo = GUID_INIT(0x3f1c8a52, 0x66d1, 0x4e0b, 0x8c, 0x4a, 0x91, 0x0f, 0x2d, 0x7e, 0x55, 0x10);

static const struct citizen {
	int parent;              /* row of this table */
	const char *path, *cmdline;
	uint32_t session;
	bool busy, contained;
} citizens[] = {
	{ PARENT_NONE, "System", "", 0, false, false },
	{ 0, VOLUME "\\Windows\\System32\\smss.exe", "\\SystemRoot\\System32\\smss.exe", 0, false, false },
	{ 1, VOLUME "\\Windows\\System32\\wininit.exe", "wininit.exe", 0, false, false },
	{ 2, VOLUME "\\Windows\\System32\\services.exe", "C:\\Windows\\system32\\services.exe", 0, true, false },
	{ 2, VOLUME "\\Windows\\System32\\lsass.exe", "C:\\Windows\\system32\\lsass.exe", 0, true, false },
	{ 3, VOLUME "\\Windows\\System32\\svchost.exe", "C:\\Windows\\system32\\svchost.exe -k netsvcs -p", 0, true, false },
	{ 3, VOLUME "\\Windows\\System32\\svchost.exe", "C:\\Windows\\system32\\svchost.exe -k iissvcs", 0, true, false },
	{ 3, VOLUME "\\Windows\\System32\\svchost.exe", "C:\\Windows\\system32\\svchost.exe -k NetworkService", 0, true, false },
	{ 6, VOLUME "\\Windows\\System32\\inetsrv\\w3wp.exe", "c:\\windows\\system32\\inetsrv\\w3wp.exe -ap \"Shop\"", 0, true,
		false },
	{ PARENT_NONE, VOLUME "\\Windows\\explorer.exe", "C:\\Windows\\Explorer.EXE", 1, true, false },
	{ 9, VOLUME "\\Program Files\\Google\\Chrome\\Application\\chrome.exe", "chrome.exe", 1, true, false },
	{ 9, VOLUME "\\Program Files\\Microsoft Visual Studio\\MSBuild.exe", "MSBuild.exe shop.sln /m", 1, true, false },
	{ 0, LAYER "\\Windows\\System32\\smss.exe", "\\SystemRoot\\System32\\smss.exe", 2, false, true },
	{ 12, LAYER "\\Windows\\System32\\wininit.exe", "wininit.exe", 2, false, true },
	{ 13, LAYER "\\Windows\\System32\\services.exe", "C:\\Windows\\system32\\services.exe", 2, true, true },
	{ 14, LAYER "\\Windows\\System32\\svchost.exe", "C:\\Windows\\system32\\svchost.exe -k iissvcs", 2, true, true },
	{ 15, LAYER "\\Windows\\System32\\inetsrv\\w3wp.exe", "c:\\windows\\system32\\inetsrv\\w3wp.exe -ap \"Site\"", 2, true,
		true },
};

enum { CITIZENS = sizeof citizens / sizeof citizens[0] };

static void settle(struct gen_world *w, const struct gen_user users[2])
{
	struct gen_proc *procs[CITIZENS];

	for (int i = 0; i < CITIZENS; i++) {
		const struct citizen *c = &citizens[i];
		struct gen_spec spec = { .path = c->path, .cmdline = c->cmdline, .user = &users[c->session == 1],
			.session = c->session, .pid = i == 0 ? 4 : 0, .busy = c->busy };

		if (c->contained)
			spec.container = silo;
		procs[i] = gen_world_running(w, c->parent == PARENT_NONE ? NULL : procs[c->parent], &spec);
	}
}

static void begin(struct gen_world *w)
{
	static const char id[] = "7c1d5f0b9a3e46288d17c2f4e05b6a91d3c8477f20e1b65a94f3d8072c6be15f";
	static const char image[] = "mcr.microsoft.com/windows/servercore/iis:windowsservercore-ltsc2022";
	const struct stream_container c = { .silo = silo, .id = { id, sizeof id - 1 }, .name = { "site", 4 },
		.image = { image, sizeof image - 1 }, .type = { "windows", 7 }, .hcs_json = { "", 0 } };

	gen_world_hello(w);
	gen_world_snapshot(w, &c, 1);
	gen_world_rundown(w);
}

enum status gen_bulk_play(const struct gen_bulk_limits *limits, const struct gen_output *out,
	const struct gen_bulk_meter *meter, uint64_t *records)
{
	struct gen_world *w = gen_world_create(&gen_bulk_machine, out);
	struct gen_activity a = { .world = w, .start_processes = true };
	struct gen_user users[2] = { { .integrity = 16384 }, { .integrity = 8192 } };
	enum status st;

	if (!w)
		return ST_NOMEM;
	if (limits->seed)
		gen_world_sequence(w)->state = limits->seed;
	users[0].sid_len = sid_parse("S-1-5-18", users[0].sid);
	users[1].sid_len = sid_parse("S-1-5-21-1004336348-1177238915-682003330-1001", users[1].sid);
	settle(w, users);
	begin(w);
	while (gen_world_status(w) == ST_OK && (!limits->records || gen_world_record_count(w) < limits->records) &&
		(!limits->bytes || meter->written(meter->ctx) < limits->bytes)) {
		gen_world_advance(w, sequence_below(gen_world_sequence(w), 2 * MEAN_GAP_UNITS));
		gen_activity_step(&a);
	}
	st = gen_world_status(w);
	*records = gen_world_record_count(w);
	gen_world_destroy(w);
	return st;
}
