/* The look at every session once a second. ETW is asked; what payloads say decides nothing. */
#include "collector/session/session_parts.h"

/* Stopped, or another one by its name. */
static void mend(struct session *s, enum notice_id what, uint32_t error)
{
	session_notice(s, what, OFFER_PROVIDERS, error);
	session_end(s, what == NOTICE_SESSION_CHANGED);
	session_start(s);
}

static bool is_changed(const struct session *s, const struct etw_session_state *now)
{
	if (s->id == OFFER_SECURITY)
		return false;
	return now->handle != s->handle || !guid_equal(&now->guid, &s->settings.guid) ||
		(now->mode & s->settings.mode) != s->settings.mode || now->buffer_kb != s->settings.buffer_kb;
}

static void check_kernel_flags(struct session *s)
{
	const struct etw_api *api = s->set->o.api;
	uint32_t want = plan_kernel_flags(&s->set->plan), have = want;

	if (api->get_kernel_flags(api->self, s->handle, &have) != ETW_OK || (have & want) == want)
		return;
	for (size_t i = 0; i < OFFER_PROVIDERS; i++) {
		if (offer_providers[i].kernel_flags & want & ~have)
			session_notice(s, NOTICE_PROVIDER_DISABLED, i, ETW_OK);
	}
	api->set_kernel_flags(api->self, s->handle, want);
}

static void check_provider(struct session *s, size_t i)
{
	const struct etw_api *api = s->set->o.api;
	struct etw_enabled have = { 0 };
	struct etw_enable want;
	uint16_t ids[ETW_MAX_FILTER_IDS];

	if (s->set->enable_error[i]) {
		session_enable_provider(s->set, i);
		return;
	}
	if (!plan_enable(&s->set->plan, i, ids, &want))
		return;
	/* Not found: no process has it registered; what we enabled waits for one. */
	if (api->get_enabled(api->self, s->handle, &want.provider, &have) != ETW_OK)
		return;
	if (have.enabled && have.level == want.level && have.keywords == want.keywords)
		return;
	session_notice(s, have.enabled ? NOTICE_PROVIDER_CHANGED : NOTICE_PROVIDER_DISABLED, i, ETW_OK);
	s->set->enabled[i] = 0;    /* so that it tells its state again */
	session_enable_provider(s->set, i);
}

static void check_up(struct session *s)
{
	const struct etw_api *api = s->set->o.api;
	struct etw_session_state now = { 0 };
	uint32_t rc = api->query(api->self, s->settings.name, &now);

	if (rc == ETW_SESSION_NOT_FOUND || atomic_load(&s->ended)) {
		mend(s, NOTICE_SESSION_STOPPED, rc == ETW_OK ? atomic_load(&s->end_code) : rc);
		return;
	}
	if (rc != ETW_OK)
		return;
	if (is_changed(s, &now)) {
		mend(s, NOTICE_SESSION_CHANGED, ETW_OK);
		return;
	}
	session_take_losses(s, &now);
	s->seen = now;
	if (s->id == OFFER_KERNEL)
		check_kernel_flags(s);
	for (size_t i = 0; i < OFFER_PROVIDERS; i++) {
		if (offer_providers[i].session == s->id && s->set->plan.on[i])
			check_provider(s, i);
	}
}

static void write_canary(struct session_set *set, uint64_t now)
{
	if (set->o.api->write_canary(set->o.api->self) != ETW_OK)
		return;
	for (size_t i = OFFER_PROCESS; i <= OFFER_BULK; i++) {
		struct session *s = &set->sessions[i];

		s->canary_out = s->up;
		s->canaries_before = atomic_load(&s->canaries);
	}
	set->canary_due_100ns = now + SESSION_CANARY_WAIT_S * UINT64_C(10000000);
}

static void look_for_canary(struct session_set *set, uint64_t now)
{
	for (size_t i = OFFER_PROCESS; i <= OFFER_BULK; i++) {
		struct session *s = &set->sessions[i];

		if (!s->canary_out)
			continue;
		if (atomic_load(&s->canaries) != s->canaries_before) {
			s->canary_out = false;
		} else if (now >= set->canary_due_100ns) {
			s->canary_out = false;
			session_notice(s, NOTICE_CANARY_MISSING, OFFER_PROVIDERS, ETW_OK);
		}
	}
}

/* Filters of events cannot be asked for: they are set again instead. */
static void reassert(struct session_set *set, uint64_t now)
{
	if (now < set->reassert_at_100ns)
		return;
	for (size_t i = 0; i < OFFER_PROVIDERS && set->reassert_at_100ns; i++) {
		if (set->enabled[i] && set->sessions[offer_providers[i].session].up)
			session_enable_provider(set, i);
	}
	write_canary(set, now);
	set->reassert_at_100ns = now + SESSION_REASSERT_S * UINT64_C(10000000);
}

void session_set_check(struct session_set *set)
{
	uint64_t now = set->o.now_100ns();

	for (size_t i = 0; i < OFFER_SESSION_COUNT; i++) {
		struct session *s = &set->sessions[i];

		if (s->up)
			check_up(s);
		else if (plan_needs_session(&set->plan, (enum offer_session)i) && now >= s->retry_at_100ns)
			session_start(s);
	}
	look_for_canary(set, now);
	reassert(set, now);
}
