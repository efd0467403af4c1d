/* bench_sender: a thread that sends the records of a recording, over and over, at a steady rate, each stamped with the time at
 * which it leaves. */
#ifndef VITRINE_BENCH_SENDER_H
#define VITRINE_BENCH_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct bench_sender {
	/* Set by the caller. */
	const char *recording;                 /* path of a .vst file */
	int fd;                                /* closed at the end */
	uint64_t rate, seconds;
	bool realtime;
	/* 0: each record is stamped with the time at which it leaves. Else a clock that starts here, since 1970, and runs
	 * `speed` times as fast as ours. */
	int64_t clock_ns;
	uint64_t speed;
	/* What became of it. */
	uint64_t sent;
	uint64_t late_ns;                      /* the most that a batch left after its time: the sender's own delay */
	/* Its own. */
	uint8_t *bytes;
	size_t len;
	struct stream_writer *writer;
	uint64_t start_ns;
	uv_thread_t thread;
};

/* The calling thread runs before all others from now on, so that what else the machine does is not measured; needs root.
 * Threads it makes do not. False, and said on standard error: not permitted. */
bool bench_realtime(void);

bool bench_sender_start(struct bench_sender *s);    /* false: no recording, or no memory; said on standard error */
void bench_sender_join(struct bench_sender *s);     /* all is sent then */

#endif
