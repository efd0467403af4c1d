/* bench_collector: what the ETW callback costs, and how many records a second pass callback, ring, sender and socket.
 * Not a test: prints figures. usage: bench_collector [millions of records] [payload bytes] [records a second, 0: as fast as it goes] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/etw/event_entry.h"
#include "collector/pump/sender.h"
#include "proto/base/clock.h"
#include "proto/host/os_file.h"
#include "proto/host/thread.h"
#include "tests/support/event_of_record.h"
#include "tests/bench/pipe_drain.h"
#include "tests/support/pipe_reader.h"

enum { RING_BYTES = 64 << 20, CALLBACK_EVENTS = 100000, ROUNDS = 20, MAX_PAYLOAD = 4096 };

static const uint8_t sid[] = { 1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0xf4, 1, 0, 0 };
static uint8_t payload[MAX_PAYLOAD];

/* As Kernel-Process has it on a current system: SID and start key on every event. */
static void make_event(struct event_of_record *made, size_t payload_bytes)
{
	const struct record r = { .kind = RECORD_ETW, .id = 1, .version = 4, .level = 4, .pointer_bytes = 8, .keyword = 0x10, .pid = 4711,
		.provider = GUID_INIT(0x22fb2cd6, 0x0e7b, 0x422b, 0xa0, 0xc7, 0x2f, 0xad, 0x1f, 0xd0, 0xe7, 0x16),
		.flags = RECORD_HAS_START_KEY, .start_key = 77, .sid = { sid, sizeof sid }, .payload = { payload, payload_bytes } };

	event_of_record_make(made, &r, NULL);
}

static void empty(struct ring *r)
{
	uint64_t pos = ring_released(r), next;

	while (ring_peek(r, &pos, &next))
		pos = next;
	ring_release(r, pos);
}

/* The callback alone, into a ring with room: best and median of some rounds. */
static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure_callback(size_t payload_bytes)
{
	struct ring *ring = ring_create(RING_BYTES);
	struct event_of_record made;
	double rounds[ROUNDS];

	make_event(&made, payload_bytes);
	for (size_t i = 0; i < ROUNDS; i++) {
		uint64_t start = os_monotonic_ns();

		for (size_t n = 0; n < CALLBACK_EVENTS; n++)
			event_entry_put(ring, &made.ev);
		rounds[i] = (double)(os_monotonic_ns() - start) / CALLBACK_EVENTS;
		empty(ring);
	}
	qsort(rounds, ROUNDS, sizeof rounds[0], by_number);
	printf("callback: %.0f ns best, %.0f ns median for %zu bytes of payload; %" PRIu64 " refused\n", rounds[0], rounds[ROUNDS / 2],
		payload_bytes, ring_refused(ring));
	ring_destroy(ring);
}

static uint64_t filetime_now(void)
{
	return filetime_from_unix_ns(os_wall_ns());
}

struct writer {
	struct ring *ring;
	struct event_of_record made;
	uint64_t records, rate;
};

/* Stands for the ETW thread. */
static void write_events(void *ctx)
{
	struct writer *w = ctx;
	uint64_t start = os_monotonic_ns(), due = w->records;

	for (uint64_t n = 0; n < w->records; n++) {
		while (w->rate && n >= (due = (os_monotonic_ns() - start) * w->rate / 1000000000))
			thread_sleep_ms(1);
		event_entry_put(w->ring, &w->made.ev);
	}
}

static void report(const struct writer *w, const struct sender_stats *s, uint64_t drained, double seconds)
{
	printf("ring, pack, socket: %" PRIu64 " records sent, %" PRIu64 " refused by the ring, %" PRIu64 " frames, %.1f MB, in %.2f s: %.2f million "
		"records/s, %.0f MB/s; read %" PRIu64 " bytes\n", s->sent, ring_refused(w->ring), s->frames, (double)s->bytes / 1e6, seconds,
		(double)s->sent / seconds / 1e6, (double)s->bytes / seconds / 1e6, drained);
}

static int measure_all(uint64_t records, uint64_t rate, size_t payload_bytes)
{
	char name[PIPE_NAME_BYTES];
	const struct pipe_options pipe = { .name = name, .direction = PIPE_OUT };
	struct writer w = { .ring = ring_create(RING_BYTES), .records = records, .rate = rate };
	struct sender_options o = { .source_count = 1, .sources = { { .name = "bench", .ring = w.ring } }, .keep_ms = 60000,
		.now_100ns = filetime_now, .hello = { .source = SOURCE_ETW_LIVE, .stream_id = 1, .pointer_bytes = 8 } };
	struct thread *writer, *sender;
	struct sender_stats stats;
	struct pipe_drain *drain;
	struct sender *s;
	uint64_t start, drained;

	pipe_test_name(name);
	make_event(&w.made, payload_bytes);
	if (pipe_end_open(&pipe, &o.pipe, NULL) != ST_OK || !(s = sender_create(&o)) || thread_start(sender_run, s, &sender, NULL) != ST_OK)
		return 1;
	drain = pipe_drain_start(name);
	while (sender_connection(s) == 0)
		thread_sleep_ms(1);
	start = os_monotonic_ns();
	if (thread_start(write_events, &w, &writer, NULL) != ST_OK)
		return 1;
	thread_join(writer);
	sender_stop(s);
	thread_join(sender);
	sender_get_stats(s, &stats);
	drained = pipe_drain_end(drain);
	report(&w, &stats, drained, (double)(os_monotonic_ns() - start) / 1e9);
	sender_destroy(s);
	pipe_end_close(o.pipe);
	ring_destroy(w.ring);
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t millions = argc > 1 ? strtoull(argv[1], NULL, 10) : 10;
	size_t payload_bytes = argc > 2 ? strtoull(argv[2], NULL, 10) : 200;
	uint64_t rate = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;

	if (payload_bytes > MAX_PAYLOAD)
		payload_bytes = MAX_PAYLOAD;
	memset(payload, 0x5a, sizeof payload);
	measure_callback(payload_bytes);
	return measure_all(millions * 1000000, rate, payload_bytes);
}
