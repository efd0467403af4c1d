/* collector: reads ETW as SYSTEM, writes the event pipe. collector/README.md says what runs with which rights. */
#include <stdio.h>
#include <string.h>

#include "collector/core/collector.h"
#include "collector/sys/system.h"
#include "proto/base/log.h"
#include "proto/host/interrupt.h"
#include "proto/host/machine.h"
#include "proto/host/privilege.h"

enum { REPORT_BYTES = 1 << 16, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* System loggers ask for the first; the second is what lets any process walk through folders. */
static const char *const privileges[] = { "SeSystemProfilePrivilege", "SeChangeNotifyPrivilege" };

struct program {
	struct collector_settings settings;
	struct machine machine;
	struct stream_device_path drives[MACHINE_MAX_DRIVES];
	struct system_etw *etw;
	struct etw_api api;
	struct collector_options options;
	struct buf report;
};

static struct text_view text(const char *s)
{
	return (struct text_view){ s, strlen(s) };
}

static bool must_stop(void *ctx)
{
	(void)ctx;
	return interrupt_seen();
}

static void print_log(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)level;
	fprintf(stderr, "%s\n", line);
}

static void describe_machine(struct program *p)
{
	const struct machine *m = &p->machine;

	machine_describe(&p->machine);
	for (size_t i = 0; i < m->drive_count; i++)
		p->drives[i] = (struct stream_device_path){ text(m->drives[i].device), text(m->drives[i].drive) };
	p->options = (struct collector_options){ .api = &p->api, .settings = &p->settings, .cpus = m->cpus, .snapshot = system_snapshot,
		.must_stop = must_stop, .hello = { .host_name = text(m->host_name), .machine_id = text(m->id), .os_name = text(m->os_name),
			.os_build = m->os_build, .boot_time_100ns = m->boot_time_100ns, .clock = CLOCK_QPC, .pointer_bytes = 8,
			.device_paths = p->drives, .device_path_count = m->drive_count } };
}

static int fail(const struct diag *why)
{
	fprintf(stderr, "collector: %s\n", why->text);
	return EXIT_FAILED;
}

static int run(struct program *p)
{
	struct diag why = DIAG_INIT;
	enum status st = privilege_keep_only(privileges, sizeof privileges / sizeof privileges[0], &why);

	if (st != ST_OK && st != ST_UNSUPPORTED)
		return fail(&why);
	interrupt_install();
	if (collector_run(&p->options, &p->report, &why) != ST_OK)
		return fail(&why);
	puts(buf_cstr(&p->report));
	return 0;
}

static int doctor(struct program *p)
{
	unsigned wrong = collector_doctor(&p->options, &p->report);

	buf_append_str(&p->report, "privileges: ");
	privilege_describe(&p->report);
	printf("machine: %s, %s, build %u, %u processors\n%s\n%u things are wrong\n", p->machine.host_name, p->machine.os_name,
		(unsigned)p->machine.os_build, (unsigned)p->machine.cpus, buf_cstr(&p->report), wrong);
	return wrong ? EXIT_FAILED : 0;
}

static int start(int (*command)(struct program *))
{
	struct program p = { .etw = NULL };
	struct diag why = DIAG_INIT;
	int status = EXIT_FAILED;

	buf_init(&p.report, REPORT_BYTES);
	log_install(print_log, NULL);
	describe_machine(&p);
	if (collector_settings_read(&p.settings, &why) != ST_OK)
		log_line(LOG_LEVEL_WARNING, "%s", why.text);
	if (system_etw_open(&p.etw, &p.api, &why) == ST_OK)
		status = command(&p);
	else
		fail(&why);
	system_etw_close(p.etw);
	buf_release(&p.report);
	return status;
}

int main(int argc, char **argv)
{
	const char *command = argc == 2 ? argv[1] : "";

	if (strcmp(command, "run") == 0)
		return start(run);
	if (strcmp(command, "doctor") == 0)
		return start(doctor);
	if (strcmp(command, "--version") == 0) {
		puts("collector " VITRINE_VERSION);
		return 0;
	}
	puts("usage: collector run|doctor|--version\n"
	     "run     until Ctrl-C, in this console\n"
	     "doctor  sessions, providers, losses, pipes and privileges, and what is wrong");
	return strcmp(command, "--help") == 0 ? 0 : EXIT_USAGE;
}
