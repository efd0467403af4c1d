/* collector: the whole program but for what differs by system: sessions -> rings -> sender -> event pipe, and the request
 * pipe back. Three kinds of threads: one for each session (the ETW callback), the sender, and the caller's, which looks
 * after the sessions, takes requests and makes snapshots. */
#ifndef VITRINE_COLLECTOR_H
#define VITRINE_COLLECTOR_H

#include "collector/etw/etw_api.h"
#include "collector/pump/sender.h"
#include "proto/base/buf.h"

enum {
	COLLECTOR_NAME_BYTES = 256,      /* of pipes and accounts */
	COLLECTOR_FLUSH_MS = 10,         /* small buffers are handed over so often while events come ... */
	COLLECTOR_IDLE_MS = 200,         /* ... and so often when none do */
	COLLECTOR_RING_MIN_MB = 1, COLLECTOR_RING_MAX_MB = 256,
	COLLECTOR_KEEP_MAX_S = 3600,
	COLLECTOR_REQUESTS_A_PASS = 64,  /* a mask has some thirty */
};

/* Set by an administrator only. */
struct collector_settings {
	char event_pipe[COLLECTOR_NAME_BYTES], request_pipe[COLLECTOR_NAME_BYTES];
	char peer[COLLECTOR_NAME_BYTES];    /* who may read events and write requests, besides SYSTEM and Administrators */
	uint32_t ring_mb;                /* for each of the sessions */
	uint32_t keep_s;                 /* of events, while nobody is connected */
};

struct collector_options {
	const struct etw_api *api;
	const struct collector_settings *settings;
	struct stream_hello hello;       /* of this machine; texts must outlive the run */
	uint32_t cpus;
	bool service;                    /* the pipes are SYSTEM's */
	/* Processes and containers there are. NULL: cannot be told here. The arena is the snapshot's. */
	enum status (*snapshot)(void *ctx, struct arena *a, struct stream_snapshot *out);
	bool (*must_stop)(void *ctx);    /* asked every COLLECTOR_IDLE_MS at least */
	void *ctx;
};

/* Defaults, and what HKLM\SOFTWARE\Vitrine\Collector says else: EventPipe, RequestPipe, Peer (text), RingMb, KeepSeconds
 * (numbers). ST_UNSUPPORTED: others may change that key, so that nothing of it is taken; why says so. */
enum status collector_settings_read(struct collector_settings *s, struct diag *why);
void collector_settings_init(struct collector_settings *s);    /* the defaults */

/* Until must_stop says so. ST_SYSTEM: the pipes cannot be made. Without ETW it says so, tries again and again, and stays up.
 * ledger: what became of every record, as one JSON object. */
enum status collector_run(const struct collector_options *o, struct buf *ledger, struct diag *why);

/* What a person should know: sessions, providers, losses, pipes. The number of things that are wrong. */
unsigned collector_doctor(const struct collector_options *o, struct buf *out);

#endif
