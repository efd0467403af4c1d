/* What `policyd relay` costs and how fast it tells: usage: bench_relay POLICYD [NODES] [PODS] [CHANGES_A_SECOND] [SECONDS]
 * One process here is the API server and all agents; the relay is a process of its own, whose figures are printed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uv.h>

#include "policyd/relay/certificate.h"
#include "tests/bench/bench_agents.h"
#include "tests/bench/bench_upstream.h"

enum { TICK_MS = 10, SETTLE_MS = 1000, PORT = 18443 };

enum phase { STARTING, CONNECTING, CHANGING, SETTLING };

struct bench {
	uv_loop_t loop;
	uv_process_t relay;
	uv_timer_t tick;
	struct upstream *up;
	struct agents *agents;
	struct tls_side *side;
	struct bench_samples delays;
	unsigned nodes, pods, rate, seconds, sent;
	enum phase phase;
	uint64_t phase_ns;
	char folder[64];
};

static bool write_file(const struct bench *b, const char *name, const struct buf *text)
{
	char path[128];
	FILE *f;
	bool good;

	snprintf(path, sizeof path, "%s/%s", b->folder, name);
	f = fopen(path, "wb");
	good = f && fwrite(text->data, 1, text->len, f) == text->len;
	if (f)
		fclose(f);
	return good;
}

static bool prepare(struct bench *b)
{
	struct certificate c;
	struct diag why = DIAG_INIT;
	char ca[128];
	bool good = mkdtemp(b->folder) && certificate_make("localhost", 1, &c) == ST_OK;

	if (!good)
		return false;
	good = write_file(b, "ca.crt", &c.ca) && write_file(b, "tls.crt", &c.cert) && write_file(b, "tls.key", &c.key) &&
	       write_file(b, "token", &c.cert);
	certificate_release(&c);
	snprintf(ca, sizeof ca, "%s/ca.crt", b->folder);
	return good && tls_side_client(ca, "localhost", &b->side, &why) == ST_OK;
}

static void remove_files(const struct bench *b)
{
	static const char *const names[] = { "ca.crt", "tls.crt", "tls.key", "token" };
	char path[128];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", b->folder, names[i]);
		remove(path);
	}
	rmdir(b->folder);
}

static void on_relay_end(uv_process_t *process, int64_t status, int signal_number)
{
	printf("relay ended: status %" PRId64 ", signal %d\n", status, signal_number);
	uv_close((uv_handle_t *)process, NULL);
}

static bool spawn(struct bench *b, const char *policyd)
{
	char server[64], listen[64], cert[128], key[128], token[128];
	char *arguments[] = { (char *)(uintptr_t)policyd, "relay", "--server", server, "--token-file", token, "--listen", listen, "--web", "",
		"--cert", cert, "--key", key, "--agent", "vt:agent", "--log-level", "warning", NULL };
	uv_stdio_container_t streams[] = { { .flags = UV_IGNORE }, { .flags = UV_IGNORE }, { .flags = UV_INHERIT_FD, .data.fd = 2 } };
	uv_process_options_t options = { .file = policyd, .args = arguments, .exit_cb = on_relay_end, .stdio_count = 3, .stdio = streams };

	snprintf(server, sizeof server, "http://127.0.0.1:%d", upstream_port(b->up));
	snprintf(listen, sizeof listen, "127.0.0.1:%d", PORT);
	snprintf(cert, sizeof cert, "%s/tls.crt", b->folder);
	snprintf(key, sizeof key, "%s/tls.key", b->folder);
	snprintf(token, sizeof token, "%s/token", b->folder);
	return uv_spawn(&b->loop, &b->relay, &options) == 0;
}

/* The number after `key` in a file of /proc; 0: not there. */
static unsigned long number_after(const char *path, const char *key, int fields)
{
	char text[4096];
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
	const char *at;

	if (f)
		fclose(f);
	text[n] = '\0';
	at = strstr(text, key);
	if (at)
		at += strlen(key);
	for (; at && fields > 0; fields--)
		at = strchr(at + 1, ' ');
	return at ? strtoul(at, NULL, 10) : 0;
}

/* Seconds of processor time of the relay, and its memory now and at most in KiB. Linux: proc(5). */
static double usage(const struct bench *b, unsigned long *rss, unsigned long *peak)
{
	char path[64];
	unsigned long ticks;

	snprintf(path, sizeof path, "/proc/%d/status", b->relay.pid);
	*rss = number_after(path, "VmRSS:", 0);
	*peak = number_after(path, "VmHWM:", 0);
	snprintf(path, sizeof path, "/proc/%d/stat", b->relay.pid);
	/* utime and stime are fields 14 and 15; ")" ends the second. */
	ticks = number_after(path, ")", 12) + number_after(path, ")", 13);
	return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static void next_phase(struct bench *b, enum phase phase, const char *what)
{
	double seconds = (double)(uv_hrtime() - b->phase_ns) / 1e9;
	unsigned long rss, peak;
	double cpu = usage(b, &rss, &peak);

	printf("%-28s %7.2f s, relay: %6.2f s of processor time so far, %4lu MiB (at most %lu MiB)\n", what, seconds, cpu, rss >> 10, peak >> 10);
	fflush(stdout);
	b->phase = phase;
	b->phase_ns = uv_hrtime();
}

static void end(struct bench *b)
{
	bench_samples_print("change to agent", &b->delays);
	printf("changes sent %u, told %zu; agents that lost their connection: %u\n", b->sent, b->delays.count, agents_lost(b->agents));
	agents_close(b->agents);
	uv_process_kill(&b->relay, SIGTERM);
	upstream_close(b->up);
	uv_close((uv_handle_t *)&b->tick, NULL);
}

static void send_changes(struct bench *b)
{
	double seconds = (double)(uv_hrtime() - b->phase_ns) / 1e9;
	unsigned due = (unsigned)(seconds * b->rate);

	for (; b->sent < due; b->sent++)
		upstream_change(b->up, (unsigned)rand() % b->pods);
	if (seconds >= b->seconds)
		next_phase(b, SETTLING, "changes");
}

static void on_tick(uv_timer_t *timer)
{
	struct bench *b = timer->data;
	struct agents_config agents = { .loop = &b->loop, .side = b->side, .port = PORT, .count = b->nodes, .delays = &b->delays };

	if (b->phase == STARTING && upstream_is_watched(b->up)) {
		next_phase(b, CONNECTING, "all pods listed");
		b->agents = agents_open(&agents);
	} else if (b->phase == CONNECTING && agents_watching(b->agents) + agents_lost(b->agents) >= b->nodes) {
		next_phase(b, CHANGING, "all agents listed and watch");
	} else if (b->phase == CHANGING) {
		send_changes(b);
	} else if (b->phase == SETTLING && uv_hrtime() - b->phase_ns > (uint64_t)SETTLE_MS * 1000000) {
		end(b);
	}
}

static unsigned number(int argc, char **argv, int i, unsigned preset)
{
	return argc > i ? (unsigned)strtoul(argv[i], NULL, 10) : preset;
}

int main(int argc, char **argv)
{
	struct bench b = { .nodes = number(argc, argv, 2, 5000), .pods = number(argc, argv, 3, 150000), .rate = number(argc, argv, 4, 50),
		.seconds = number(argc, argv, 5, 30), .folder = "/tmp/bench-relay-XXXXXX" };

	if (argc < 2 || uv_loop_init(&b.loop) != 0 || !bench_samples_init(&b.delays) || !prepare(&b)) {
		fprintf(stderr, "usage: bench_relay POLICYD [NODES] [PODS] [CHANGES_A_SECOND] [SECONDS]\n");
		return 2;
	}
	b.phase_ns = uv_hrtime();
	b.up = upstream_open(&b.loop, b.nodes, b.pods);
	if (!b.up || !spawn(&b, argv[1])) {
		fprintf(stderr, "cannot start\n");
		return 1;
	}
	uv_timer_init(&b.loop, &b.tick);
	b.tick.data = &b;
	uv_timer_start(&b.tick, on_tick, TICK_MS, TICK_MS);
	printf("%u nodes, %u pods, %u changes a second for %u s\n", b.nodes, b.pods, b.rate, b.seconds);
	uv_run(&b.loop, UV_RUN_DEFAULT);
	uv_loop_close(&b.loop);
	agents_release(b.agents);
	upstream_release(b.up);
	tls_side_destroy(b.side);
	bench_samples_release(&b.delays);
	remove_files(&b);
	return 0;
}
