/* How long events wait while rules are reloaded: a thread sends records of a recording at a steady rate, stamped with the time
 * of sending, over a socket into the daemon's own stream set; the loop judges them and reloads again and again. One rule
 * matches often; its matches tell the delay. Where the machine is shared a delay may be another program's: so the longest
 * turns of the loop are told in processor time too, which is what the design itself costs an event.
 * usage: bench_reload RECORDING.vst [RATE] [RULES] [SECONDS] [realtime] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "policyd/daemon/reload.h"
#include "policyd/daemon/stream_set.h"
#include "proto/host/os_file.h"
#include "tests/bench/bench_samples.h"
#include "tests/bench/bench_sender.h"

enum { QUIET_FIRST_MS = 1500, BETWEEN_MS = 500 };

struct bench {
	struct bench_sender sender;
	uv_loop_t loop;
	struct config *config;
	struct judge *judge;
	struct stream_set streams;
	struct background *background;
	struct reload *reload;
	uv_timer_t timer;
	uv_prepare_t turn;
	uint64_t turn_cpu_ns;
	struct reload_source source;
	struct bench_samples quiet, loading, quiet_turns, loading_turns;
	bool reloading;
	uint64_t reloads, failures, reload_ms, alerts;
};

static uint64_t thread_cpu_ns(void)
{
	struct timespec t = { 0, 0 };

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void on_turn(uv_prepare_t *handle)
{
	struct bench *b = handle->data;
	uint64_t now = thread_cpu_ns();

	if (b->turn_cpu_ns)
		bench_samples_add_ns(b->reloading ? &b->loading_turns : &b->quiet_turns, (int64_t)(now - b->turn_cpu_ns));
	b->turn_cpu_ns = now;
}

static bool on_alert(void *ctx, const struct alert *a)
{
	struct bench *b = ctx;

	b->alerts++;
	bench_samples_add_ns(b->reloading ? &b->loading : &b->quiet, os_wall_ns() - a->time_ns);
	return true;
}

static void on_reloaded(void *ctx, const struct reload_result *r)
{
	struct bench *b = ctx;

	on_turn(&b->turn);    /* the turn that swapped counts as one of loading */
	b->reloading = false;
	b->reloads++;
	b->reload_ms += r->took_ms;
	b->failures += r->status != ST_OK;
	fputs(r->report, stderr);
}

static void on_timer(uv_timer_t *timer)
{
	struct bench *b = timer->data;

	if (b->reloading)
		return;
	b->reloading = true;
	reload_request(b->reload);
}

static void on_ended(void *ctx, size_t input, bool clean)
{
	struct bench *b = ctx;

	(void)input;
	(void)clean;
	uv_close((uv_handle_t *)&b->timer, NULL);
	uv_close((uv_handle_t *)&b->turn, NULL);
	background_close(b->background);
}

static int print(struct bench *b)
{
	const struct pipeline *p = b->streams.streams[0]->pipeline;
	uint64_t matching = pipeline_stats(p)->by_kind[EVENT_thread_start], seconds = b->sender.seconds;
	const struct ledger *l = pipeline_ledger(p);

	printf("%" PRIu64 " records in %" PRIu64 " s, %" PRIu64 "/s; %" PRIu64 " reloads, %.0f ms each, %" PRIu64 " failed; "
	       "the sender itself was late by up to %.2f ms\n", b->sender.sent, seconds, b->sender.sent / seconds, b->reloads,
		b->reloads ? (double)b->reload_ms / (double)b->reloads : 0, b->failures, (double)b->sender.late_ns / 1e6);
	bench_samples_print("events, quiet", &b->quiet);
	bench_samples_print("events, while loading", &b->loading);
	bench_samples_print("turns (CPU), quiet", &b->quiet_turns);
	bench_samples_print("turns (CPU), while loading", &b->loading_turns);
	printf("received %" PRIu64 " of %" PRIu64 ", matches %" PRIu64 " of %" PRIu64 "\n", l->received, b->sender.sent, b->alerts,
		matching);
	return b->failures || l->received != b->sender.sent || b->alerts != matching;
}

static bool load_first(struct bench *b)
{
	struct config_report report;
	struct judge_rules *rules = NULL;

	config_report_init(&report);
	if (reload_first(&b->source, &b->config, &rules, &report) != ST_OK) {
		fputs(buf_cstr(&report.text), stderr);
		return false;
	}
	config_report_release(&report);
	b->judge = judge_create(rules, false, on_alert, b);
	return b->judge != NULL;
}

static bool open_loop(struct bench *b, int fd)
{
	struct reload_owner owner = { .config = &b->config, .done = on_reloaded, .ctx = b };
	struct stream *st;

	if (!load_first(b))
		return false;
	uv_loop_init(&b->loop);
	owner.judge = b->judge;
	owner.background = b->background = background_create(&b->loop);
	if (!b->background)
		return false;
	stream_set_init(&b->streams, &b->loop, b->judge, b->config);
	b->streams.ended = on_ended;
	b->streams.ctx = b;
	b->reload = reload_create(&b->source, &owner);
	st = stream_set_take(&b->streams, 0, "bench");
	uv_timer_init(&b->loop, &b->timer);
	uv_prepare_init(&b->loop, &b->turn);
	b->timer.data = b->turn.data = b;
	uv_timer_start(&b->timer, on_timer, QUIET_FIRST_MS, BETWEEN_MS);
	uv_prepare_start(&b->turn, on_turn);
	return st && uv_pipe_open(&st->pipe, fd) == 0 && stream_start(st);
}

static bool open_samples(struct bench *b)
{
	return bench_samples_init(&b->quiet) && bench_samples_init(&b->loading) && bench_samples_init(&b->quiet_turns) &&
	       bench_samples_init(&b->loading_turns);
}

int main(int argc, char **argv)
{
	static const char rules_path[] = "bench_reload_rules.yaml";
	static const char probe[] = "- rule: probe\n  desc: d\n  condition: evt.type = thread_start\n  output: o\n  priority: DEBUG\n"
				    "  source: windows\n";
	const char *const paths[] = { rules_path };
	struct bench *b = calloc(1, sizeof *b);
	int fds[2], status;

	if (argc < 2 || !b) {
		fputs("usage: bench_reload RECORDING.vst [RATE] [RULES] [SECONDS] [realtime]\n", stderr);
		return 2;
	}
	b->source = (struct reload_source){ .rules_paths = paths, .rules_path_count = 1 };
	b->sender = (struct bench_sender){ .recording = argv[1], .rate = argc > 2 ? strtoull(argv[2], NULL, 10) : 200000,
		.seconds = argc > 4 ? strtoull(argv[4], NULL, 10) : 10,
		.realtime = argc > 5 };
	if (!bench_write_rules(rules_path, probe, argc > 3 ? strtoull(argv[3], NULL, 10) : 1000) || !open_samples(b) ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 || !open_loop(b, fds[0]))
		return 1;
	b->sender.fd = fds[1];
	if (!bench_sender_start(&b->sender))
		return 1;
	if (b->sender.realtime)
		bench_realtime();
	uv_run(&b->loop, UV_RUN_DEFAULT);
	bench_sender_join(&b->sender);
	background_release(b->background);
	status = print(b);
	remove(rules_path);
	return status;
}
