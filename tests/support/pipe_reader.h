/* pipe_reader: the reading end of an event pipe: connects, reads frames, counts what came. One thread. */
#ifndef VITRINE_TESTS_PIPE_READER_H
#define VITRINE_TESTS_PIPE_READER_H

#include <stdbool.h>

#include "proto/stream.h"

enum { PIPE_NAME_BYTES = 100 };

struct pipe_reader;

struct pipe_seen {
	uint64_t bytes, records, first_seq, last_seq;
	uint64_t out_of_order;                 /* records whose number is not one more than the one before */
	uint64_t heartbeats, snapshots, processes, ends, errors;
	struct stream_hello hello;             /* numbers only */
	struct stream_end end;
	uint64_t events_lost[LOSS_REASON_COUNT], buffers_lost[LOSS_REASON_COUNT];     /* sums of what LOSS frames told */
	uint64_t events_total[LOSS_REASON_COUNT];    /* of the last such frame */
	bool closed;                           /* by the other end */
};

/* A name for a pipe that no other test has. */
void pipe_test_name(char out[PIPE_NAME_BYTES]);

struct pipe_reader *pipe_reader_open(const char *name);    /* waits until somebody listens; NULL after 10 s */
void pipe_reader_close(struct pipe_reader *r);             /* NULL is fine */
const struct pipe_seen *pipe_reader_seen(const struct pipe_reader *r);

/* Reads until it holds; false after 10 s, or when the other end closes. */
typedef bool pipe_reader_goal(const struct pipe_seen *seen, uint64_t number);
bool pipe_reader_until(struct pipe_reader *r, pipe_reader_goal *goal, uint64_t number);

/* The writing end of a request pipe. */
struct pipe_writer;
struct pipe_writer *pipe_writer_open(const char *name);    /* NULL: nobody listens */
bool pipe_writer_send(struct pipe_writer *w, const void *ptr, size_t len);    /* false: the other end is gone */
void pipe_writer_close(struct pipe_writer *w);             /* NULL is fine */

/* Goals. */
bool pipe_has_records(const struct pipe_seen *seen, uint64_t count);
bool pipe_has_heartbeats(const struct pipe_seen *seen, uint64_t count);
bool pipe_has_snapshots(const struct pipe_seen *seen, uint64_t count);
bool pipe_has_ended(const struct pipe_seen *seen, uint64_t count);

#endif
