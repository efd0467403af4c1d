/* policyd service ...: policyd as a Windows service. `configure` is the one place for what an installer cannot set. */
#include <stdio.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/options.h"
#include "policyd/daemon/daemon.h"
#include "proto/host/os_file.h"
#include "proto/host/places.h"
#include "proto/host/secure_folder.h"
#include "proto/host/service.h"

enum { MAX_LOG_BYTES = 10 << 20 };    /* of a log before; then it is kept once as .1 */

/* Every account has this one; a list without any would mean all. */
static const char *const privileges[] = { "SeChangeNotifyPrivilege", NULL };

static const struct service_spec policyd_service = {
	.name = SERVICE_POLICYD, .display = "Vitrine Policy Daemon",
	.description = "Judges what the Vitrine Collector sees by rules, and sends alerts.",
	.account = SERVICE_POLICYD_ACCOUNT, .arguments = "service run", .privileges = privileges, .restricted_sid = true,
};

static const struct {
	const char *folder;
	enum secure_for use;
} folders[] = {
	{ PLACE_DATA_WINDOWS, SECURE_TO_READ }, { PLACE_RULES_WINDOWS, SECURE_TO_READ },
	{ PLACE_DATA_WINDOWS "\\secrets", SECURE_TO_READ }, { PLACE_DATA_WINDOWS "\\data", SECURE_TO_WRITE },
	{ PLACE_DATA_WINDOWS "\\logs", SECURE_TO_WRITE },
};

static int finish(enum status st, const struct diag *why)
{
	if (st == ST_OK)
		return 0;
	fprintf(stderr, "policyd: %s\n", why->text);
	return 1;
}

static void note(void *ctx, const char *text)
{
	(void)ctx;
	fprintf(stderr, "policyd: warning: %s\n", text);
}

static int configure(void)
{
	struct diag why = DIAG_INIT;
	enum status st = service_configure(&policyd_service, note, NULL, &why);
	char room[PLACE_BYTES];

	for (size_t i = 0; st == ST_OK && i < sizeof folders / sizeof folders[0]; i++)
		st = secure_folder_make(place_expand(folders[i].folder, room), folders[i].use, SERVICE_POLICYD_ACCOUNT, &why);
	return finish(st, &why);
}

static int install(void)
{
	struct diag why = DIAG_INIT;
	enum status st = service_install(&policyd_service, &why);

	return st == ST_OK ? configure() : finish(st, &why);
}

static int remove_service(void)
{
	struct diag why = DIAG_INIT;

	return finish(service_remove(SERVICE_POLICYD, &why), &why);
}

static int start(void)
{
	struct diag why = DIAG_INIT;

	return finish(service_start(SERVICE_POLICYD, &why), &why);
}

static int stop(void)
{
	struct diag why = DIAG_INIT;

	return finish(service_stop(SERVICE_POLICYD, 4 * SERVICE_STOP_MS, &why), &why);
}

/* A service has no standard error: the log goes into a file. NULL: it cannot be made; policyd runs all the same. */
static FILE *open_log(void)
{
	char room[PLACE_BYTES], before[PLACE_BYTES + 4];
	const char *path = place_expand(PLACE_DATA_WINDOWS "\\logs\\policyd.log", room);
	FILE *f = fopen(path, "rb");
	uint64_t bytes = 0;

	if (f) {
		os_file_size(f, &bytes);
		fclose(f);
	}
	if (bytes > MAX_LOG_BYTES) {
		snprintf(before, sizeof before, "%s.1", path);
		remove(before);
		rename(path, before);
	}
	return fopen(path, "ab");
}

static int body(void *ctx, struct service_session *session)
{
	const struct daemon_host host = { .running = service_running, .ending = service_ending, .ctx = session,
		.max_grace_ms = SERVICE_OUTPUT_GRACE_MS, .log = open_log() };
	int exit_status = cmd_run_hosted(ctx, &host);

	if (host.log)
		fclose(host.log);
	return exit_status;
}

static int run(char **argv)
{
	struct diag why = DIAG_INIT;
	int exit_status = 1;
	enum status st = service_run(SERVICE_POLICYD, body, argv, &exit_status, &why);

	return st == ST_OK ? exit_status : finish(st, &why);
}

static int usage(int status)
{
	puts("usage: policyd service install|configure|remove|start|stop|run\n"
	     "policyd as the Windows service " SERVICE_POLICYD ".\n\n"
	     "  install    makes the service, or brings it in line, and configures it\n"
	     "  configure  account rights, recovery, folders below " PLACE_DATA_WINDOWS "; again is fine\n"
	     "  remove     stops and removes the service; data stays\n"
	     "  start, stop\n"
	     "  run        what the service manager calls; takes the options of `policyd run`");
	return status;
}

int cmd_service(char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} actions[] = { { "install", install }, { "configure", configure }, { "remove", remove_service }, { "start", start },
		{ "stop", stop } };

	if (argv[0] && strcmp(argv[0], "--help") == 0)
		return usage(0);
	if (argv[0] && strcmp(argv[0], "run") == 0)
		return run(argv + 1);
	for (size_t i = 0; argv[0] && !argv[1] && i < sizeof actions / sizeof actions[0]; i++) {
		if (strcmp(argv[0], actions[i].name) == 0)
			return actions[i].run();
	}
	return usage(EXIT_USAGE);
}
