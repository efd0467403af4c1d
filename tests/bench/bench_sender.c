#include "tests/bench/bench_sender.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "proto/base/clock.h"
#include "proto/host/os_file.h"
#include "proto/wire/stream_reader.h"
#include "proto/wire/stream_writer.h"

enum { BATCHES_PER_S = 1000 };    /* what a collector does that flushes every millisecond */

static enum status write_all(void *ctx, const void *bytes, size_t len)
{
	const struct bench_sender *s = ctx;
	const char *p = bytes;

	while (len) {
		ssize_t n = write(s->fd, p, len);

		if (n <= 0)
			return ST_SYSTEM;
		p += n;
		len -= (size_t)n;
	}
	return ST_OK;
}

static enum status on_hello(void *ctx, const struct stream_hello *hello)
{
	struct bench_sender *s = ctx;

	return s->sent ? ST_OK : stream_writer_hello(s->writer, hello);
}

/* Batches leave at their time; a sender that is late sends at once, so the rate holds on the whole. */
static enum status pace(struct bench_sender *s)
{
	uint64_t due = s->start_ns + s->sent * 1000000000 / s->rate, now = os_monotonic_ns();
	enum status st = stream_writer_flush(s->writer);

	if (st != ST_OK || now - s->start_ns >= s->seconds * 1000000000)
		return st != ST_OK ? st : ST_STOPPED;
	if (due > now)
		usleep((useconds_t)((due - now) / 1000));
	else if (now - due > s->late_ns)
		s->late_ns = now - due;
	return ST_OK;
}

static int64_t stamp_of(const struct bench_sender *s)
{
	double seconds = (double)s->sent / (double)s->rate * (double)s->speed;

	return s->clock_ns ? s->clock_ns + (int64_t)(seconds * 1e9) : os_wall_ns();
}

static enum status on_record(void *ctx, const struct record *r)
{
	struct bench_sender *s = ctx;
	struct record own = *r;

	own.seq = 0;
	own.time_100ns = filetime_from_unix_ns(stamp_of(s));
	s->sent++;
	if (stream_writer_record(s->writer, &own) != ST_OK)
		return ST_SYSTEM;
	return s->sent % (s->rate / BATCHES_PER_S + 1) ? ST_OK : pace(s);
}

bool bench_realtime(void)
{
	const struct sched_param priority = { .sched_priority = 10 };

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &priority) == 0)
		return true;
	fputs("no real-time priority for who is not root\n", stderr);
	return false;
}

static void send_records(void *arg)
{
	static const struct stream_callbacks callbacks = { .hello = on_hello, .record = on_record };
	struct bench_sender *s = arg;
	enum status st = ST_OK;

	if (s->realtime)
		bench_realtime();
	s->start_ns = os_monotonic_ns();
	while (st == ST_OK) {
		struct stream_reader *reader = stream_reader_create(&callbacks, s);

		st = stream_reader_feed(reader, s->bytes, s->len, NULL);
		stream_reader_destroy(reader);
	}
	stream_writer_flush(s->writer);
	close(s->fd);
}

static bool read_whole(struct bench_sender *s)
{
	FILE *f = fopen(s->recording, "rb");
	uint64_t size = 0;

	if (f && os_file_size(f, &size) && (s->bytes = malloc((size_t)size + 1)) != NULL)
		s->len = fread(s->bytes, 1, (size_t)size, f);
	if (f)
		fclose(f);
	return s->len > 0;
}

bool bench_sender_start(struct bench_sender *s)
{
	s->writer = stream_writer_create(write_all, s);
	if (!read_whole(s) || !s->writer || uv_thread_create(&s->thread, send_records, s) != 0) {
		fprintf(stderr, "%s: cannot be sent\n", s->recording);
		return false;
	}
	return true;
}

void bench_sender_join(struct bench_sender *s)
{
	uv_thread_join(&s->thread);
	stream_writer_destroy(s->writer);
	free(s->bytes);
}
