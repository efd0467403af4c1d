/* How long events wait while rules are reloaded: a thread sends records of a recording at a steady rate, stamped with the time
 * of sending, over a socket into the daemon's own stream set; the loop judges them and reloads again and again. One rule
 * matches often; its matches tell the delay. usage: bench_reload RECORDING.vst [RATE] [RULES] [SECONDS] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "policyd/daemon/reload.h"
#include "policyd/daemon/stream_set.h"
#include "proto/base/clock.h"
#include "proto/host/os_file.h"
#include "proto/wire/stream_reader.h"
#include "proto/wire/stream_writer.h"

enum { BATCH = 200, MAX_SAMPLES = 1 << 22, QUIET_FIRST_MS = 1500 };

struct samples {
	uint32_t *us;
	size_t count;
};

struct bench {
	/* The sending thread. */
	const uint8_t *recording;
	size_t recording_bytes;
	struct stream_writer *writer;
	int fd;
	uint64_t rate, sent, start_ns, end_ns;
	/* The loop. */
	uv_loop_t loop;
	struct config *config;
	struct judge *judge;
	struct stream_set streams;
	struct reload *reload;
	uv_timer_t timer;
	struct reload_source source;
	struct samples quiet, loading;
	bool reloading;
	uint64_t reloads, failures, reload_ms, alerts;
};

static enum status write_all(void *ctx, const void *bytes, size_t len)
{
	const struct bench *b = ctx;
	const char *p = bytes;

	while (len) {
		ssize_t n = write(b->fd, p, len);

		if (n <= 0)
			return ST_SYSTEM;
		p += n;
		len -= (size_t)n;
	}
	return ST_OK;
}

static enum status on_hello(void *ctx, const struct stream_hello *hello)
{
	struct bench *b = ctx;

	return b->sent ? ST_OK : stream_writer_hello(b->writer, hello);
}

/* Batches leave at their time; a sender that is late sends at once, so the rate holds on the whole. */
static enum status pace(struct bench *b)
{
	uint64_t due = b->start_ns + b->sent * 1000000000 / b->rate, now = os_monotonic_ns();
	enum status st = stream_writer_flush(b->writer);

	if (st != ST_OK || now >= b->end_ns)
		return st != ST_OK ? st : ST_STOPPED;
	if (due > now)
		usleep((useconds_t)((due - now) / 1000));
	return ST_OK;
}

static enum status on_record(void *ctx, const struct record *r)
{
	struct bench *b = ctx;
	struct record own = *r;

	own.seq = 0;
	own.time_100ns = filetime_from_unix_ns(os_wall_ns());
	b->sent++;
	if (stream_writer_record(b->writer, &own) != ST_OK)
		return ST_SYSTEM;
	return b->sent % BATCH ? ST_OK : pace(b);
}

static void send_records(void *arg)
{
	static const struct stream_callbacks callbacks = { .hello = on_hello, .record = on_record };
	struct bench *b = arg;
	enum status st = ST_OK;

	while (st == ST_OK) {
		struct stream_reader *reader = stream_reader_create(&callbacks, b);

		st = stream_reader_feed(reader, b->recording, b->recording_bytes, NULL);
		stream_reader_destroy(reader);
	}
	stream_writer_flush(b->writer);
	close(b->fd);
}

static bool on_alert(void *ctx, const struct alert *a)
{
	struct bench *b = ctx;
	struct samples *s = b->reloading ? &b->loading : &b->quiet;
	int64_t late = os_wall_ns() - a->time_ns;

	b->alerts++;
	if (s->count < MAX_SAMPLES)
		s->us[s->count++] = late < 0 ? 0 : (uint32_t)(late / 1000);
	return true;
}

static void on_reloaded(void *ctx, const struct reload_result *r)
{
	struct bench *b = ctx;

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
}

static void write_rules(const char *path, size_t count)
{
	FILE *f = fopen(path, "wb");

	if (!f)
		return;
	fputs("- rule: probe\n  desc: d\n  condition: evt.type = thread_start\n  output: o\n  priority: DEBUG\n  source: windows\n", f);
	for (size_t i = 1; i < count; i++)
		fprintf(f, "- rule: r%zu\n  desc: d\n  condition: evt.type in (process_start, file_create) and (proc.name in (a%zu.exe, b%zu.exe)"
			" or proc.cmdline contains \"-x%zu\" or fd.name startswith \"C:\\\\nowhere%zu\\\\\") and not proc.pname = c%zu.exe\n"
			"  output: \"o %%proc.cmdline %%proc.pname\"\n  priority: NOTICE\n  source: windows\n", i, i, i, i, i, i);
	fclose(f);
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void print_samples(const char *what, struct samples *s)
{
	qsort(s->us, s->count, sizeof *s->us, compare);
	if (s->count == 0)
		return;
	printf("%-14s %8zu samples: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms\n", what, s->count,
		s->us[s->count / 2] / 1e3, s->us[s->count * 99 / 100] / 1e3, s->us[s->count * 999 / 1000] / 1e3,
		s->us[s->count - 1] / 1e3);
}

static int print(struct bench *b, uint64_t seconds)
{
	const struct pipeline *p = b->streams.streams[0]->pipeline;
	uint64_t matching = pipeline_stats(p)->by_kind[EVENT_thread_start];
	const struct ledger *l = pipeline_ledger(p);

	printf("%" PRIu64 " records in %" PRIu64 " s, %" PRIu64 "/s; %" PRIu64 " reloads, %.0f ms each, %" PRIu64 " failed\n", b->sent,
		seconds, b->sent / seconds, b->reloads, b->reloads ? (double)b->reload_ms / (double)b->reloads : 0, b->failures);
	print_samples("quiet", &b->quiet);
	print_samples("while loading", &b->loading);
	printf("received %" PRIu64 " of %" PRIu64 ", matches %" PRIu64 " of %" PRIu64 "\n", l->received, b->sent, b->alerts, matching);
	return b->failures || l->received != b->sent || b->alerts != matching;
}

static bool open_loop(struct bench *b, int fd)
{
	struct config_report report;
	struct judge_rules *rules = NULL;
	struct reload_owner owner = { .loop = &b->loop, .config = &b->config, .done = on_reloaded, .ctx = b };
	struct stream *st;

	config_report_init(&report);
	if (reload_first(&b->source, &b->config, &rules, &report) != ST_OK) {
		fputs(buf_cstr(&report.text), stderr);
		return false;
	}
	config_report_release(&report);
	uv_loop_init(&b->loop);
	b->judge = judge_create(rules, false, on_alert, b);
	owner.judge = b->judge;
	stream_set_init(&b->streams, &b->loop, b->judge, b->config);
	b->streams.ended = on_ended;
	b->streams.ctx = b;
	b->reload = reload_create(&b->source, &owner);
	st = stream_set_take(&b->streams, 0, "bench");
	uv_timer_init(&b->loop, &b->timer);
	b->timer.data = b;
	uv_timer_start(&b->timer, on_timer, QUIET_FIRST_MS, 500);
	return st && uv_pipe_open(&st->pipe, fd) == 0 && stream_start(st);
}

static uint8_t *read_whole(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	uint64_t size = 0;
	uint8_t *bytes = NULL;

	if (f && os_file_size(f, &size) && (bytes = malloc((size_t)size + 1)) != NULL)
		*len = fread(bytes, 1, (size_t)size, f);
	if (f)
		fclose(f);
	return bytes;
}

int main(int argc, char **argv)
{
	static const char rules_path[] = "bench_reload_rules.yaml";
	const char *const paths[] = { rules_path };
	uint64_t seconds = argc > 4 ? strtoull(argv[4], NULL, 10) : 10;
	struct bench *b = calloc(1, sizeof *b);
	uv_thread_t sender;
	int fds[2], status;

	if (argc < 2 || !b || !(b->recording = read_whole(argv[1], &b->recording_bytes))) {
		fputs("usage: bench_reload RECORDING.vst [RATE] [RULES] [SECONDS]\n", stderr);
		return 2;
	}
	write_rules(rules_path, argc > 3 ? strtoull(argv[3], NULL, 10) : 1000);
	b->rate = argc > 2 ? strtoull(argv[2], NULL, 10) : 200000;
	b->source = (struct reload_source){ .rules_paths = paths, .rules_path_count = 1 };
	b->quiet.us = calloc(MAX_SAMPLES, sizeof *b->quiet.us);
	b->loading.us = calloc(MAX_SAMPLES, sizeof *b->loading.us);
	b->writer = stream_writer_create(write_all, b);
	if (!b->quiet.us || !b->loading.us || !b->writer || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 || !open_loop(b, fds[0]))
		return 1;
	b->fd = fds[1];
	b->start_ns = os_monotonic_ns();
	b->end_ns = b->start_ns + seconds * 1000000000;
	uv_thread_create(&sender, send_records, b);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	uv_thread_join(&sender);
	status = print(b, seconds);
	remove(rules_path);
	return status;
}
