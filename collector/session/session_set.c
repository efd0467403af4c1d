#include "collector/session/session_set.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/session/session_parts.h"
#include "proto/base/log.h"

enum { NOTICE_BYTES = 512 };    /* the longest: names of at most 64 and 56 characters, and the values' names */

const char *const session_names[OFFER_SESSION_COUNT] = {
	[OFFER_KERNEL] = "vitrine-kernel",
	[OFFER_PROCESS] = "vitrine-process",
	[OFFER_BULK] = "vitrine-bulk",
	[OFFER_SECURITY] = "EventLog-Security",
};

/* Small buffers reach us soon; large ones hold a flood. At least two for each processor: etw.md §2.1. */
static struct etw_session_settings settings_of(enum offer_session id, uint32_t cpus)
{
	struct etw_session_settings s = { .name = session_names[id], .mode = ETW_MODE_REAL_TIME | ETW_MODE_INDEPENDENT,
		/* Ours alone; the last byte tells the sessions apart. */
		.guid = GUID_INIT(0x2b9e41c7, 0x05fd, 0x4a36, 0x93, 0x7c, 0xd1, 0x68, 0x4f, 0x0b, 0xe2, (uint8_t)id) };

	if (id == OFFER_KERNEL)
		s.mode |= ETW_MODE_SYSTEM_LOGGER;
	s.buffer_kb = id == OFFER_BULK ? 256 : 64;
	s.min_buffers = cpus * 4 > 32 ? cpus * 4 : 32;
	s.max_buffers = s.min_buffers * 4;
	return s;
}

struct session_set *session_set_create(const struct session_set_options *o)
{
	struct session_set *set = calloc(1, sizeof *set);

	if (!set)
		return NULL;
	set->o = *o;
	for (size_t i = 0; i < OFFER_SESSION_COUNT; i++) {
		set->sessions[i].set = set;
		set->sessions[i].id = (enum offer_session)i;
		set->sessions[i].settings = settings_of((enum offer_session)i, o->cpus);
	}
	return set;
}

void session_set_destroy(struct session_set *s)
{
	free(s);
}

void session_notice(struct session *s, enum notice_id id, size_t provider, uint32_t error)
{
	static const char *const what[] = {
		[NOTICE_SESSION_STARTED] = "started", [NOTICE_SESSION_FAILED] = "cannot be started",
		[NOTICE_SESSION_STOPPED] = "was stopped", [NOTICE_SESSION_CHANGED] = "is not ours any more",
		[NOTICE_PROVIDER_DISABLED] = "a provider was disabled", [NOTICE_PROVIDER_CHANGED] = "a provider was changed",
		[NOTICE_PROVIDER_FAILED] = "a provider cannot be enabled", [NOTICE_CANARY_MISSING] = "a test event did not arrive",
	};
	char guid[GUID_TEXT_BYTES] = "", values[NOTICE_BYTES];
	const char *name = provider < OFFER_PROVIDERS ? offer_providers[provider].name : "";
	struct etw_event ev = { .provider = notice_provider, .id = (uint16_t)id, .time_100ns = s->set->o.now_100ns(), .pid = UINT32_MAX,
		.tid = UINT32_MAX, .payload = values };

	if (name[0])
		guid_format(&offer_providers[provider].guid, guid);
	ev.payload_bytes = (uint16_t)snprintf(values, sizeof values, "SessionName%c%s%cProviderName%c%s%cProviderGuid%c%s%cErrorCode%c%" PRIu32 "%c", 0,
		s->settings.name, 0, 0, name, 0, 0, guid, 0, 0, error, 0);
	event_entry_put(s->set->o.notices, &ev);    /* full: the ring counts it, and the sender tells */
	log_line(id == NOTICE_SESSION_STARTED ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "%s: %s%s%s, error %" PRIu32, s->settings.name,
		what[id], name[0] ? ": " : "", name, error);
}

static void count(_Atomic uint64_t *total, uint32_t now, uint32_t *before)
{
	atomic_fetch_add_explicit(total, (uint32_t)(now - *before), memory_order_relaxed);
	*before = now;
}

void session_take_losses(struct session *s, const struct etw_session_state *now)
{
	count(&s->events_lost, now->events_lost, &s->seen.events_lost);
	count(&s->log_buffers_lost, now->log_buffers_lost, &s->seen.log_buffers_lost);
	count(&s->realtime_buffers_lost, now->realtime_buffers_lost, &s->seen.realtime_buffers_lost);
}

void session_set_apply(struct session_set *set, const struct plan *p)
{
	uint32_t flags = plan_kernel_flags(&set->plan);

	set->plan = *p;
	for (size_t i = 0; i < OFFER_SESSION_COUNT; i++) {
		struct session *s = &set->sessions[i];
		bool wanted = plan_needs_session(p, (enum offer_session)i);

		if (wanted && !s->up)
			session_start(s);    /* enables all */
		else if (wanted)
			session_enable_all(s);
		else if (s->up)
			session_end(s, true);
	}
	if (set->sessions[OFFER_KERNEL].up && plan_kernel_flags(p) != flags)
		set->o.api->set_kernel_flags(set->o.api->self, set->sessions[OFFER_KERNEL].handle, plan_kernel_flags(p));
}

void session_set_stop(struct session_set *set)
{
	for (size_t i = 0; i < OFFER_SESSION_COUNT; i++) {
		if (set->sessions[i].up)
			session_end(&set->sessions[i], true);
	}
}

void session_set_flush(struct session_set *set)
{
	for (size_t i = OFFER_KERNEL; i <= OFFER_PROCESS; i++) {
		if (set->sessions[i].up)
			set->o.api->flush(set->o.api->self, set->sessions[i].settings.name);
	}
}

void session_set_rundown(struct session_set *set)
{
	const struct etw_api *api = set->o.api;
	struct session *kernel = &set->sessions[OFFER_KERNEL];

	/* Groups that are switched off and on again tell what is there (etw.md §1.1). */
	if (kernel->up) {
		api->set_kernel_flags(api->self, kernel->handle, 0);
		api->set_kernel_flags(api->self, kernel->handle, plan_kernel_flags(&set->plan));
	}
	for (size_t i = 0; i < OFFER_PROVIDERS; i++) {
		const struct etw_enable e = { .provider = offer_providers[i].guid, .control = ETW_CAPTURE_STATE,
			.level = offer_providers[i].level };

		if (offer_providers[i].capture_state && set->enabled[i])
			api->enable(api->self, set->sessions[offer_providers[i].session].handle, &e);
	}
}

void session_set_losses(const struct session_set *set, enum offer_session session, struct session_losses *out)
{
	const struct session *s = &set->sessions[session];

	out->events = atomic_load_explicit(&s->events_lost, memory_order_relaxed);
	out->log_buffers = atomic_load_explicit(&s->log_buffers_lost, memory_order_relaxed);
	out->realtime_buffers = atomic_load_explicit(&s->realtime_buffers_lost, memory_order_relaxed);
}

bool session_set_is_up(const struct session_set *set, enum offer_session session)
{
	return set->sessions[session].up;
}
