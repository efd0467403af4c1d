/* How long it takes from an event to its alert: a policyd of its own with 1,000 rules gets records over its event socket at a
 * steady rate, each stamped with the time at which it leaves; one rule alerts on each value that is set in the registry
 * (1 % of a generated recording) and shows that stamp. Its alerts come back in two ways: as `policyctl tail` prints them, and
 * from standard output, where they have gone through the store on disk. Both delays are whole: socket, frames, state,
 * rules, text, pipe, and the waking of each process on the way. (Starts of processes would measure the recording: one that
 * a second source tells too waits for that one.) The folder bench_latency.d is made for it.
 * usage: bench_latency BIN_FOLDER RECORDING.vst [RATE] [RULES] [SECONDS] [realtime] */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/host/os_file.h"
#include "tests/bench/bench_samples.h"
#include "tests/bench/bench_sender.h"

enum { MAX_PATH = 4096, QUIET_MS = 1500, START_TRIES = 1000, LINE_BYTES = 1 << 16 };

static const char folder[] = "bench_latency.d", stamp[] = "\"evt.rawtime\":";
static const char probe[] = "- rule: probe\n  desc: d\n  condition: evt.type = reg_set_value\n  output: \"%evt.rawtime %proc.cmdline\"\n"
			    "  priority: NOTICE\n  source: windows\n";

/* Lines of one program, on a thread of its own. */
struct reader {
	FILE *from;
	pid_t program;
	bool realtime;
	uv_thread_t thread;
	struct bench_samples samples;
};

static void read_lines(void *ctx)
{
	struct reader *r = ctx;
	char *line = malloc(LINE_BYTES);

	if (r->realtime)
		bench_realtime();
	while (line && fgets(line, LINE_BYTES, r->from)) {
		const char *at = strstr(line, stamp);

		if (at)
			bench_samples_add_ns(&r->samples, os_wall_ns() - strtoll(at + sizeof stamp - 1, NULL, 10));
	}
	free(line);
}

/* argv[0] in the folder of programs; its standard output is read, its standard error goes into a file. */
static bool start(struct reader *r, const char *programs, const char *const *argv)
{
	char path[MAX_PATH];
	int fds[2];

	if (!bench_samples_init(&r->samples) || pipe(fds) != 0)
		return false;
	snprintf(path, sizeof path, "%s/%s", programs, argv[0]);
	r->program = fork();
	if (r->program == 0) {
		if (r->realtime)
			bench_realtime();
		dup2(fds[1], 1);
		close(fds[0]);
		close(fds[1]);
		if (freopen("programs.log", "a", stderr))
			execv(path, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(fds[1]);
	r->from = fdopen(fds[0], "r");
	return r->program > 0 && r->from && uv_thread_create(&r->thread, read_lines, r) == 0;
}

static uint64_t end(struct reader *r, int number)
{
	struct rusage usage = { .ru_utime = { 0, 0 } };
	int status = 0;

	kill(r->program, number);
	wait4(r->program, &status, 0, &usage);
	uv_thread_join(&r->thread);
	fclose(r->from);
	return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
	       (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

/* -1: nobody listens there in time. */
static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	for (int i = 0; i < START_TRIES; i++) {
		if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
			return fd;
		usleep(10000);
	}
	return -1;
}

/* Until both have seen no more alerts for a while. */
static void wait_quiet(const struct reader *a, const struct reader *b)
{
	size_t seen;

	do {
		seen = a->samples.count + b->samples.count;
		usleep(QUIET_MS * 1000);
	} while (a->samples.count + b->samples.count != seen);
}

static int measure(const char *programs, struct bench_sender *s)
{
	static const char *const policyd[] = { "policyd", "run", "-r", "rules.yaml", "-o", "inputs=[{listen: events.sock}]", "-o",
		"control.path=control.sock", "-o", "store.path=alerts.db", "-o", "json_output=true", "-o",
		"watch_config_files=false", "-o", "overload.shed=never", NULL };
	static const char *const tail[] = { "policyctl", "--socket", "control.sock", "--json", "tail", NULL };
	struct reader out = { .realtime = s->realtime }, live = { .realtime = s->realtime };
	uint64_t cpu_ms;

	if (!start(&out, programs, policyd) || (s->fd = connect_to("events.sock")) < 0 || !start(&live, programs, tail)) {
		fputs("policyd does not start: see bench_latency.d/programs.log\n", stderr);
		return 1;
	}
	usleep(QUIET_MS * 1000);
	if (!bench_sender_start(s))
		return 1;
	bench_sender_join(s);
	wait_quiet(&out, &live);
	end(&live, SIGINT);
	cpu_ms = end(&out, SIGTERM);
	printf("%" PRIu64 " records in %" PRIu64 " s, %" PRIu64 "/s; the sender itself was late by up to %.2f ms; policyd took "
	       "%.2f s of processor time\n", s->sent, s->seconds, s->sent / s->seconds, (double)s->late_ns / 1e6,
		(double)cpu_ms / 1e3);
	bench_samples_print("alerts, policyctl tail", &live.samples);
	bench_samples_print("alerts, stored and printed", &out.samples);
	return live.samples.count != out.samples.count || out.samples.count == 0;
}

int main(int argc, char **argv)
{
	struct bench_sender s = { .rate = argc > 3 ? strtoull(argv[3], NULL, 10) : 100000,
		.seconds = argc > 5 ? strtoull(argv[5], NULL, 10) : 10, .realtime = argc > 6 };
	char programs[MAX_PATH], recording[MAX_PATH];

	if (argc < 3 || !realpath(argv[1], programs) || !realpath(argv[2], recording)) {
		fputs("usage: bench_latency BIN_FOLDER RECORDING.vst [RATE] [RULES] [SECONDS] [realtime]\n", stderr);
		return 2;
	}
	s.recording = recording;
	if ((mkdir(folder, 0700) != 0 && errno != EEXIST) || chdir(folder) != 0 ||
	    !bench_write_rules("rules.yaml", probe, argc > 4 ? strtoull(argv[4], NULL, 10) : 1000))
		return 1;
	remove("alerts.db");
	return measure(programs, &s);
}
