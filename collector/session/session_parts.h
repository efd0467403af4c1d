/* session_parts: what a session set is made of. Private to this layer. */
#ifndef VITRINE_COLLECTOR_SESSION_PARTS_H
#define VITRINE_COLLECTOR_SESSION_PARTS_H

#include <stdatomic.h>

#include "collector/session/session_set.h"
#include "proto/host/thread.h"

struct session {
	struct session_set *set;
	enum offer_session id;
	struct etw_session_settings settings;
	uint64_t handle, trace;
	bool adopted;
	struct thread *consumer;
	_Atomic bool up, ended;              /* ended: process returned */
	_Atomic uint32_t end_code;
	uint32_t start_error;                /* told once while it stays the same */
	uint64_t retry_at_100ns;
	struct etw_session_state seen;       /* at the last look: counters only grow within one session */
	_Atomic uint64_t events_lost, log_buffers_lost, realtime_buffers_lost;
	_Atomic uint64_t canaries;
	uint64_t canaries_before;
	bool canary_out;                     /* written, not seen yet */
};

struct session_set {
	struct session_set_options o;
	struct plan plan;
	struct session sessions[OFFER_SESSION_COUNT];
	uint32_t enable_error[OFFER_PROVIDERS];    /* of the last attempt */
	uint64_t enabled[OFFER_PROVIDERS];         /* events that were enabled; 0: off */
	uint32_t refused;                    /* enum etw_property bits that this system does not take */
	bool refused_ids, refused_system_flags;
	uint64_t reassert_at_100ns, canary_due_100ns;
};

/* One of the collector's own records. provider: index, or OFFER_PROVIDERS for none. */
void session_notice(struct session *s, enum notice_id id, size_t provider, uint32_t error);
/* Takes the losses of a state just asked for. */
void session_take_losses(struct session *s, const struct etw_session_state *now);

bool session_start(struct session *s);
/* Detaches the consumer. stop: also ends the session, if it is ours. */
void session_end(struct session *s, bool stop);
/* Enables or disables one provider in its session as the plan says. */
void session_enable_provider(struct session_set *set, size_t provider);
void session_enable_all(struct session *s);

#endif
