/* stream_set: the event streams that are connected, each with a pipeline of its own. A pipeline outlives its connection:
 * the next one of the same input goes on with what was learned, unless its HELLO names another machine or boot. Loop thread
 * only. */
#ifndef VITRINE_DAEMON_STREAM_SET_H
#define VITRINE_DAEMON_STREAM_SET_H

#include <uv.h>

#include "policyd/config/config.h"
#include "policyd/judge/judge.h"

enum {
	STREAM_SET_MAX = 64,           /* a node has one collector; a test bench or a gateway some dozen */
	STREAM_READ_BYTES = 64 << 10,  /* one read; small enough that requests are answered in between */
	STREAM_NAME_BYTES = 128,
};

struct busiest;
struct stream_set;

struct stream {
	uv_pipe_t pipe;
	uv_fs_t file_read;             /* standard input that is a file */
	uv_file file;
	struct stream_set *set;
	struct pipeline *pipeline;
	size_t input;                  /* place in config.inputs */
	uint64_t id;                   /* of the connection, from 1 */
	char name[STREAM_NAME_BYTES];
	bool connected, closing;
	uint64_t bytes, connections, errors;
	uint64_t newest_100ns;         /* time of the newest record; 0: none */
	char *room;
};

typedef void stream_ended(void *ctx, size_t input, bool clean);

struct stream_set {
	uv_loop_t *loop;
	struct judge *judge;
	const struct pods *pods;       /* NULL: Kubernetes is not asked */
	struct state_limits limits;
	struct stream *streams[STREAM_SET_MAX];
	size_t count;
	uint64_t next_id, refused;
	struct busiest *busiest;       /* counts events by process while somebody looks; NULL: nothing does */
	stream_ended *ended;           /* told when a connection is closed for good */
	void *ctx;
};

void stream_set_init(struct stream_set *s, uv_loop_t *loop, struct judge *judge, const struct config *c);
/* A slot whose pipe is initialised and not connected; the caller connects, accepts or opens it and calls stream_start, or
 * stream_drop. NULL: no slot, or no memory; counted and logged. */
struct stream *stream_set_take(struct stream_set *s, size_t input, const char *name);
bool stream_start(struct stream *st);
bool stream_start_file(struct stream *st, uv_file file);
void stream_drop(struct stream *st);
/* Closes all connections. Handles are gone when the loop says so. */
void stream_set_close(struct stream_set *s);
void stream_set_release(struct stream_set *s);    /* after the loop has ended */
size_t stream_set_connected(const struct stream_set *s);

#endif
