/* fake_collector: the real collector on ETW in memory, which replays a stream's records. For tests of whole programs.
 * usage: fake_collector EVENT_PIPE REQUEST_PIPE STREAM RECORDS RECORDS_A_SECOND
 * Runs until it is interrupted; then prints its ledger. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/collector.h"
#include "proto/host/interrupt.h"
#include "proto/host/os_file.h"
#include "proto/host/thread.h"
#include "tests/support/fake_etw.h"

enum { STREAM_BYTES = 256 << 20, LEDGER_BYTES = 1 << 16, STEP_MS = 10 };

struct playing {
	struct fake_etw *etw;
	uint64_t records, rate;
	struct thread *thread;
	_Atomic bool stop;
};

static void play(void *ctx)
{
	struct playing *p = ctx;
	uint64_t start = os_monotonic_ns(), done = 0;

	while (done < p->records && !p->stop && !interrupt_seen()) {
		uint64_t due = (os_monotonic_ns() - start) / 1000000 * p->rate / 1000;

		if (due > p->records)
			due = p->records;
		fake_etw_happen(p->etw, due - done);
		done = due;
		thread_sleep_ms(STEP_MS);
	}
	fprintf(stderr, "fake_collector: %llu records happened\n", (unsigned long long)done);
}

static bool must_stop(void *ctx)
{
	(void)ctx;
	return interrupt_seen();
}

static enum status snapshot(struct arena *a, struct stream_snapshot *out)
{
	struct stream_process *rows = arena_zalloc(a, sizeof *rows);

	if (!rows)
		return ST_NOMEM;
	*rows = (struct stream_process){ .pid = 4, .image_path = { "System", 6 } };
	out->processes = rows;
	out->process_count = 1;
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

static int run(char **argv, struct fake_etw *etw)
{
	struct collector_settings settings;
	struct collector_options o = { .api = fake_etw_api(etw), .settings = &settings, .cpus = 2, .snapshot = snapshot,
		.must_stop = must_stop, .hello = { .host_name = { "fake", 4 }, .pointer_bytes = 8, .os_build = 20348, .boot_time_100ns = 1 } };
	struct playing p = { .etw = etw, .records = strtoull(argv[4], NULL, 10), .rate = strtoull(argv[5], NULL, 10) };
	struct diag why = DIAG_INIT;
	struct buf ledger;
	enum status st;

	collector_settings_init(&settings);
	snprintf(settings.event_pipe, sizeof settings.event_pipe, "%s", argv[1]);
	snprintf(settings.request_pipe, sizeof settings.request_pipe, "%s", argv[2]);
	settings.peer[0] = '\0';
	buf_init(&ledger, LEDGER_BYTES);
	interrupt_install();
	if (thread_start(play, &p, &p.thread, &why) != ST_OK)
		return 1;
	st = collector_run(&o, &ledger, &why);
	p.stop = true;
	thread_join(p.thread);
	if (st == ST_OK)
		puts(buf_cstr(&ledger));
	else
		fprintf(stderr, "fake_collector: %s\n", why.text);
	buf_release(&ledger);
	return st != ST_OK;
}

int main(int argc, char **argv)
{
	struct fake_etw *etw = fake_etw_create();
	struct diag why = DIAG_INIT;
	struct buf stream;
	int status = 2;

	buf_init(&stream, STREAM_BYTES);
	if (argc != 6 || !etw)
		fputs("usage: fake_collector EVENT_PIPE REQUEST_PIPE STREAM RECORDS RECORDS_A_SECOND\n", stderr);
	else if (!read_all(argv[3], &stream) || fake_etw_load(etw, (struct view){ stream.data, stream.len }, &why) != ST_OK)
		fprintf(stderr, "fake_collector: %s: cannot be read %s\n", argv[3], why.text);
	else
		fake_etw_stamp_now(etw), status = run(argv, etw);
	buf_release(&stream);
	fake_etw_destroy(etw);
	return status;
}
