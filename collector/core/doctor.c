/* What a person should know of the sessions on this machine, asked of ETW itself: the service may run or not. */
#include <inttypes.h>

#include "collector/core/collector.h"
#include "collector/session/session_set.h"
#include "proto/host/pipe.h"

static unsigned describe_session(const struct etw_api *api, enum offer_session id, struct etw_session_state *st, struct buf *out)
{
	uint32_t rc = api->query(api->self, session_names[id], st);

	if (rc == ETW_OK && st->buffer_kb == 0) {
		buf_printf(out, "session %s: WRONG: an answer without buffers: this system has no ETW (Wine)\n", session_names[id]);
		st->handle = 0;
		return 1;
	}
	if (rc == ETW_OK) {
		buf_printf(out, "session %s: %" PRIu32 " buffers of %" PRIu32 " KiB, %" PRIu32 " free; lost %" PRIu32 " events, %" PRIu32
			" buffers, %" PRIu32 " real-time buffers; mode 0x%08" PRIx32 "\n", session_names[id], st->buffers, st->buffer_kb,
			st->free_buffers, st->events_lost, st->log_buffers_lost, st->realtime_buffers_lost, st->mode);
		return st->events_lost || st->log_buffers_lost || st->realtime_buffers_lost;
	}
	buf_printf(out, "session %s: WRONG: %s (error %" PRIu32 ")\n", session_names[id],
		rc == ETW_SESSION_NOT_FOUND ? "does not run" : rc == ETW_ACCESS_DENIED ? "may not be asked for: run as administrator" :
		"cannot be asked for", rc);
	return id != OFFER_SECURITY;    /* it listens only while a rule needs logons */
}

static unsigned describe_provider(const struct etw_api *api, uint64_t handle, size_t i, struct buf *out)
{
	const struct offer_provider *p = &offer_providers[i];
	struct etw_enabled e = { .enabled = false };
	uint32_t rc = api->get_enabled(api->self, handle, &p->guid, &e);
	bool floor = false;

	for (size_t k = 0; k < p->event_count; k++)
		floor = floor || p->events[k].when == OFFER_FLOOR;
	if (e.enabled || floor)
		buf_printf(out, "  %s: %s, level %u, keywords 0x%" PRIx64 ", properties 0x%" PRIx32 "\n", p->name,
			e.enabled ? "on" : rc == ETW_OK ? "WRONG: off" : "nobody registers it", e.level, e.keywords, e.properties);
	return floor && !e.enabled && rc == ETW_OK;
}

static unsigned describe_pipe(const struct collector_options *o, const char *name, enum pipe_direction direction, struct buf *out)
{
	const struct pipe_options pipe = { .name = name, .direction = direction, .peer = o->settings->peer[0] ? o->settings->peer : NULL,
		.system_owner = o->service };
	char rights[PIPE_TEXT_BYTES];
	struct diag why = DIAG_INIT;
	bool wrong = pipe_rights_text(&pipe, rights, &why) != ST_OK;

	buf_printf(out, "pipe %s: %s%s\n", name, wrong ? "WRONG: " : "", wrong ? why.text : rights);
	return wrong;
}

unsigned collector_doctor(const struct collector_options *o, struct buf *out)
{
	unsigned wrong = 0;
	uint32_t flags = 0;

	for (size_t s = 0; s < OFFER_SESSION_COUNT; s++) {
		struct etw_session_state st = { .handle = 0 };

		wrong += describe_session(o->api, (enum offer_session)s, &st, out);
		if (st.handle && s == OFFER_KERNEL && o->api->get_kernel_flags(o->api->self, st.handle, &flags) == ETW_OK)
			buf_printf(out, "  kernel flags 0x%" PRIx32 "\n", flags);
		for (size_t i = 0; st.handle && i < OFFER_PROVIDERS; i++) {
			if (offer_providers[i].session == s && !offer_providers[i].kernel_flags)
				wrong += describe_provider(o->api, st.handle, i, out);
		}
	}
	wrong += describe_pipe(o, o->settings->event_pipe, PIPE_OUT, out);
	wrong += describe_pipe(o, o->settings->request_pipe, PIPE_IN, out);
	return wrong;
}
