/* session_set: the collector's ETW sessions: started or taken over, their providers enabled as planned, each with a thread
 * that hands events to its ring; looked after once a second, so that one that is stopped, changed or blinded is seen, told
 * and mended. One thread (the control thread) calls all of this. */
#ifndef VITRINE_COLLECTOR_SESSION_SET_H
#define VITRINE_COLLECTOR_SESSION_SET_H

#include "collector/etw/event_entry.h"
#include "collector/session/plan.h"

/* Ids of the collector's own records. What policyd makes of them: policyd/decode/named_collector.c. */
enum notice_id {
	NOTICE_SESSION_STARTED = 1,
	NOTICE_SESSION_FAILED = 2,       /* cannot be started; tried again */
	NOTICE_SESSION_STOPPED = 3,      /* by somebody else */
	NOTICE_SESSION_CHANGED = 4,      /* another session by its name, or other settings */
	NOTICE_PROVIDER_DISABLED = 5,
	NOTICE_PROVIDER_CHANGED = 6,     /* other keywords or level than ours */
	NOTICE_PROVIDER_FAILED = 7,
	NOTICE_CANARY_MISSING = 8,       /* an event written did not arrive */
};

enum {
	SESSION_RETRY_S = 5,             /* between attempts to start one */
	SESSION_REASSERT_S = 60,         /* all is enabled again, since filters of events cannot be asked for; and the canary */
	SESSION_DRAIN_MS = 1000,         /* a stopped session hands over its last buffers */
	SESSION_CANARY_WAIT_S = 10,      /* several flushes of the slowest session */
};

struct session_set;

struct session_set_options {
	const struct etw_api *api;
	struct ring *rings[OFFER_SESSION_COUNT];
	struct ring *notices;
	uint32_t cpus;
	uint64_t (*now_100ns)(void);     /* FILETIME */
};

struct session_losses {                  /* since the start */
	uint64_t events, log_buffers, realtime_buffers;
};

extern const char *const session_names[OFFER_SESSION_COUNT];

struct session_set *session_set_create(const struct session_set_options *o);    /* NULL: out of memory */
/* Stops our sessions and their threads; reads their losses a last time. */
void session_set_stop(struct session_set *s);
void session_set_destroy(struct session_set *s);    /* after session_set_stop; NULL is fine */

/* Starts what is needed, enables what is new, disables what is not wanted any more. */
void session_set_apply(struct session_set *s, const struct plan *p);
/* Once a second. */
void session_set_check(struct session_set *s);
/* The sessions with small buffers hand over what they hold. */
void session_set_flush(struct session_set *s);
/* Providers tell again what is there: after a loss, or for a reader that knows nothing. */
void session_set_rundown(struct session_set *s);

/* Any thread. */
void session_set_losses(const struct session_set *s, enum offer_session session, struct session_losses *out);
bool session_set_is_up(const struct session_set *s, enum offer_session session);

#endif
