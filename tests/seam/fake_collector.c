/* fake_collector: the real collector on ETW in memory, which replays a stream's records; the machine, its processes and its
 * containers are those that the stream tells of. For tests of whole programs.
 * usage: fake_collector EVENT_PIPE REQUEST_PIPE STREAM RECORDS RECORDS_A_SECOND RING_MIB [now]
 * Records happen once a line came on standard input; RECORDS 0: all of the stream, once. now: they carry the present time. A
 * line "stop SESSION" then does that, as somebody else would.
 * Runs until it is interrupted; then prints its ledger. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/collector.h"
#include "proto/base/log.h"
#include "proto/host/interrupt.h"
#include "proto/host/os_file.h"
#include "proto/host/thread.h"
#include "proto/wire/stream_reader.h"
#include "tests/support/fake_etw.h"

enum { STREAM_BYTES = 256 << 20, LEDGER_BYTES = 1 << 16, WORLD_BYTES = 16 << 20, STEP_MS = 10, MAX_CONTAINERS = 64, LINE_BYTES = 128 };

struct world {                        /* as the stream tells it */
	struct arena *arena;
	struct stream_hello hello;
	struct stream_container containers[MAX_CONTAINERS];
	size_t container_count;
	bool greeted;
};

struct playing {
	struct fake_etw *etw;
	uint64_t records, rate;
	struct thread *thread;
	_Atomic bool stop;
};

static struct text_view keep(struct world *w, struct text_view t)
{
	const char *copy = arena_strndup(w->arena, t.ptr, t.len);

	return (struct text_view){ copy ? copy : "", copy ? t.len : 0 };
}

static enum status on_hello(void *ctx, const struct stream_hello *h)
{
	struct world *w = ctx;
	struct stream_device_path *paths = arena_zalloc(w->arena, (h->device_path_count + 1) * sizeof *paths);

	if (w->greeted || !paths)
		return ST_OK;
	w->greeted = true;
	w->hello = (struct stream_hello){ .host_name = keep(w, h->host_name), .machine_id = keep(w, h->machine_id),
		.os_name = keep(w, h->os_name), .os_build = h->os_build, .boot_time_100ns = h->boot_time_100ns, .clock = h->clock,
		.pointer_bytes = h->pointer_bytes, .device_paths = paths, .device_path_count = h->device_path_count };
	for (size_t i = 0; i < h->device_path_count; i++)
		paths[i] = (struct stream_device_path){ keep(w, h->device_paths[i].device), keep(w, h->device_paths[i].drive) };
	return ST_OK;
}

static enum status on_snapshot(void *ctx, const struct stream_snapshot *s)
{
	struct world *w = ctx;

	for (size_t i = 0; i < s->container_count && w->container_count < MAX_CONTAINERS; i++) {
		const struct stream_container *c = &s->containers[i];

		w->containers[w->container_count++] = (struct stream_container){ .silo = c->silo, .id = keep(w, c->id),
			.name = keep(w, c->name), .image = keep(w, c->image), .type = keep(w, c->type), .hcs_json = keep(w, c->hcs_json) };
	}
	return ST_OK;
}

static bool read_world(struct view stream, struct world *w)
{
	const struct stream_callbacks calls = { .hello = on_hello, .snapshot = on_snapshot };
	struct stream_reader *r = stream_reader_create(&calls, w);
	enum status st = r ? stream_reader_feed(r, stream.ptr, stream.len, NULL) : ST_NOMEM;

	stream_reader_destroy(r);
	return st == ST_OK;
}

static void attack(const struct playing *p, char *line)
{
	const struct etw_api *api = fake_etw_api(p->etw);
	struct etw_session_state st;

	line[strcspn(line, "\r\n")] = '\0';
	if (strncmp(line, "stop ", 5) == 0)
		fprintf(stderr, "fake_collector: stop: %u\n", (unsigned)api->stop(api->self, line + 5, &st));
}

static void play(void *ctx)
{
	struct playing *p = ctx;
	uint64_t start, done = 0;
	char line[LINE_BYTES];

	if (!fgets(line, sizeof line, stdin))
		return;
	start = os_monotonic_ns();
	while (done < p->records && !p->stop && !interrupt_seen()) {
		uint64_t due = (os_monotonic_ns() - start) / 1000000 * p->rate / 1000;

		if (due > p->records)
			due = p->records;
		fake_etw_happen(p->etw, due - done);
		done = due;
		thread_sleep_ms(STEP_MS);
	}
	fprintf(stderr, "fake_collector: %llu records happened\n", (unsigned long long)done);
	while (fgets(line, sizeof line, stdin))
		attack(p, line);
}

static void print_log(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)level;
	fprintf(stderr, "%s\n", line);
}

static bool must_stop(void *ctx)
{
	(void)ctx;
	return interrupt_seen();
}

/* The world has no processes but those of the records. */
static enum status snapshot(void *ctx, struct arena *a, struct stream_snapshot *out)
{
	const struct world *w = ctx;

	(void)a;
	out->containers = w->containers;
	out->container_count = w->container_count;
	return ST_OK;
}

static bool read_all(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	char room[65536];
	size_t n;

	while (f && (n = fread(room, 1, sizeof room, f)) > 0)
		buf_append(out, room, n);
	if (f)
		fclose(f);
	return f && !out->failed;
}

static int run(char **argv, struct fake_etw *etw, struct world *w)
{
	struct collector_settings settings;
	struct collector_options o = { .api = fake_etw_api(etw), .settings = &settings, .cpus = 2, .snapshot = snapshot,
		.must_stop = must_stop, .hello = w->hello, .ctx = w };
	struct playing p = { .etw = etw, .records = strtoull(argv[4], NULL, 10), .rate = strtoull(argv[5], NULL, 10) };
	struct diag why = DIAG_INIT;
	struct buf ledger;
	enum status st;

	if (p.records == 0)
		p.records = fake_etw_loaded(etw);
	collector_settings_init(&settings);
	snprintf(settings.event_pipe, sizeof settings.event_pipe, "%s", argv[1]);
	snprintf(settings.request_pipe, sizeof settings.request_pipe, "%s", argv[2]);
	settings.peer[0] = '\0';
	settings.ring_mb = (uint32_t)strtoul(argv[6], NULL, 10);
	buf_init(&ledger, LEDGER_BYTES);
	interrupt_install();
	log_install(print_log, NULL);
	if (thread_start(play, &p, &p.thread, &why) != ST_OK)
		return 1;
	st = collector_run(&o, &ledger, &why);
	p.stop = true;
	if (st == ST_OK)
		puts(buf_cstr(&ledger));
	else
		fprintf(stderr, "fake_collector: %s\n", why.text);
	fflush(stdout);
	thread_join(p.thread);    /* after the line it waits for, or the end of standard input */
	buf_release(&ledger);
	return st != ST_OK;
}

int main(int argc, char **argv)
{
	struct fake_etw *etw = fake_etw_create();
	struct world *w = calloc(1, sizeof *w);
	struct diag why = DIAG_INIT;
	struct buf stream;
	struct view bytes;
	int status = 2;

	buf_init(&stream, STREAM_BYTES);
	if (!etw || !w || (argc != 7 && argc != 8) || !(w->arena = arena_create(WORLD_BYTES))) {
		fputs("usage: fake_collector EVENT_PIPE REQUEST_PIPE STREAM RECORDS RECORDS_A_SECOND RING_MIB [now]\n", stderr);
		return status;
	}
	if (argc == 8)
		fake_etw_stamp_now(etw);
	read_all(argv[3], &stream);
	bytes = (struct view){ stream.data, stream.len };
	if (!read_world(bytes, w) || fake_etw_load(etw, bytes, &why) != ST_OK)
		fprintf(stderr, "fake_collector: %s: cannot be read %s\n", argv[3], why.text);
	else
		status = run(argv, etw, w);
	buf_release(&stream);
	arena_destroy(w->arena);
	free(w);
	fake_etw_destroy(etw);
	return status;
}
