/* sender: the thread that takes records from the rings, packs them into frames and writes the event pipe; with nobody there
 * it keeps the newest and accounts for the rest. It alone writes the pipe and reads the rings; the control thread talks to
 * it through the functions below, which neither wait nor lock. */
#ifndef VITRINE_COLLECTOR_SENDER_H
#define VITRINE_COLLECTOR_SENDER_H

#include "proto/base/ring.h"
#include "proto/base/arena.h"
#include "proto/host/pipe.h"
#include "proto/stream.h"

enum {
	SENDER_MAX_SOURCES = 8,
	SENDER_POLL_MS = 5,          /* records of that time share a frame, when they are less than 64 KiB */
	SENDER_IDLE_POLL_MS = 20,    /* after a second without any */
	SENDER_STALL_MS = 10000,     /* a reader that takes nothing for so long loses its connection */
	SENDER_LINGER_MS = 300,      /* at the end, for a reader to take the rest, unless it says that it has */
	SENDER_STOP_MS = 3000,       /* for what is left at the end; a service has 5 s to stop */
};

enum sender_loss { SENDER_LOST_EVENTS, SENDER_LOST_BUFFERS, SENDER_LOST_REALTIME, SENDER_LOST_QUEUE, SENDER_NOT_CONNECTED,
	SENDER_LOSS_COUNT };

struct sender_source {               /* one ring, and what is lost before it */
	const char *name;
	struct ring *ring;
	/* Totals of ETW's: index of enum sender_loss, up to SENDER_LOST_REALTIME. NULL: loses nothing. Sender thread. */
	void (*losses)(void *ctx, uint64_t out[SENDER_LOSS_COUNT]);
	void *ctx;
};

struct sender_options {
	struct sender_source sources[SENDER_MAX_SOURCES];
	size_t source_count;
	struct pipe_end *pipe;
	struct stream_hello hello;   /* texts must outlive the sender; the live part is filled in */
	uint32_t keep_ms;            /* with nobody connected */
	uint64_t (*now_100ns)(void);
};

/* A snapshot with the memory it lives in; taken over by whoever it is given to. */
struct sender_snapshot {
	struct arena *arena;         /* the struct itself is in it */
	struct stream_snapshot rows;
};

struct sender_stats {
	uint64_t connection;         /* of the reader there is, or was; 0: none yet */
	bool connected;
	uint64_t sent, bytes, frames;
	uint64_t lost[SENDER_MAX_SOURCES][SENDER_LOSS_COUNT];
	uint64_t stalls;             /* readers that took nothing for too long */
	uint64_t waiting;            /* after the end: taken and not sent */
};

struct sender;

struct sender *sender_create(const struct sender_options *o);    /* NULL: out of memory */
void sender_destroy(struct sender *s);                            /* after sender_run; NULL is fine */
void sender_run(void *sender);                                    /* a thread_main; until sender_stop */

/* From other threads. */
void sender_stop(struct sender *s);
uint64_t sender_connection(const struct sender *s);               /* changes with each reader */
void sender_confirm(struct sender *s, uint64_t connection, uint64_t bytes);
void sender_give_snapshot(struct sender *s, struct sender_snapshot *snapshot);    /* replaces one not sent yet */
/* Figures of a moment; exact once sender_run has returned. */
void sender_get_stats(const struct sender *s, struct sender_stats *out);

#endif
