/* One session: started, or taken over from a run that died; its providers; its consumer. */
#include "collector/session/session_parts.h"

static void on_event(const struct etw_event *ev)
{
	struct session *s = ev->ctx;

	if (guid_equal(&ev->provider, &notice_provider))
		atomic_fetch_add_explicit(&s->canaries, 1, memory_order_relaxed);
	else
		event_entry_put(s->set->o.rings[s->id], ev);    /* full: the ring counts it */
}

static void consume(void *ctx)
{
	struct session *s = ctx;
	const struct etw_api *api = s->set->o.api;

	atomic_store(&s->end_code, api->process(api->self, s->trace));
	atomic_store(&s->ended, true);
}

static bool is_ours(const struct session *s, const struct etw_session_state *st)
{
	return guid_equal(&st->guid, &s->settings.guid);
}

/* Left over by a run that died, with the settings of this one: what its buffers still hold is not lost. */
static bool can_adopt(const struct session *s, const struct etw_session_state *st)
{
	return is_ours(s, st) && (st->mode & s->settings.mode) == s->settings.mode && st->buffer_kb == s->settings.buffer_kb;
}

/* Somebody has a session of our name. */
static uint32_t take_over(struct session *s)
{
	const struct etw_api *api = s->set->o.api;
	struct etw_session_state st = { 0 };
	uint32_t rc = api->query(api->self, s->settings.name, &st);

	if (rc == ETW_OK && can_adopt(s, &st)) {
		s->handle = st.handle;
		s->adopted = true;
		s->seen = st;    /* its losses were the other run's */
		return ETW_OK;
	}
	if (rc == ETW_OK && !is_ours(s, &st))
		session_notice(s, NOTICE_SESSION_CHANGED, OFFER_PROVIDERS, ETW_ALREADY_EXISTS);
	rc = api->stop(api->self, s->settings.name, &st);
	if (rc != ETW_OK && rc != ETW_SESSION_NOT_FOUND)
		return rc;
	return api->start(api->self, &s->settings, &s->handle);
}

static uint32_t create(struct session *s)
{
	const struct etw_api *api = s->set->o.api;
	uint32_t rc;

	s->adopted = false;
	s->seen = (struct etw_session_state){ 0 };
	if (s->id == OFFER_SECURITY)
		return api->query(api->self, s->settings.name, &s->seen);    /* the system's: listened to, not controlled */
	if (s->id == OFFER_KERNEL)
		s->settings.kernel_flags = plan_kernel_flags(&s->set->plan);
	rc = api->start(api->self, &s->settings, &s->handle);
	if (rc == ETW_ALREADY_EXISTS)
		rc = take_over(s);
	if (rc == ETW_OK && s->adopted && s->id == OFFER_KERNEL)
		rc = api->set_kernel_flags(api->self, s->handle, s->settings.kernel_flags);
	return rc;
}

static uint32_t attach(struct session *s)
{
	const struct etw_api *api = s->set->o.api;
	uint32_t rc = api->open(api->self, s->settings.name, on_event, s, &s->trace);

	if (rc != ETW_OK)
		return rc;
	atomic_store(&s->ended, false);
	if (thread_start(consume, s, &s->consumer, NULL) == ST_OK)
		return ETW_OK;
	api->close(api->self, s->trace);
	return ETW_NO_RESOURCES;
}

bool session_start(struct session *s)
{
	const struct etw_api *api = s->set->o.api;
	struct etw_session_state st;
	uint32_t rc = create(s), before = s->start_error;

	if (rc == ETW_OK && (rc = attach(s)) != ETW_OK && s->id != OFFER_SECURITY)
		api->stop(api->self, s->settings.name, &st);
	s->start_error = rc;
	if (rc != ETW_OK) {
		s->retry_at_100ns = s->set->o.now_100ns() + SESSION_RETRY_S * UINT64_C(10000000);
		if (rc != before)
			session_notice(s, NOTICE_SESSION_FAILED, OFFER_PROVIDERS, rc);
		return false;
	}
	atomic_store(&s->up, true);
	session_notice(s, NOTICE_SESSION_STARTED, OFFER_PROVIDERS, ETW_OK);
	session_enable_all(s);
	return true;
}

void session_end(struct session *s, bool stop)
{
	const struct etw_api *api = s->set->o.api;
	struct etw_session_state st;
	bool ours = s->id != OFFER_SECURITY;

	if (stop && ours) {
		api->flush(api->self, s->settings.name);
		if (api->stop(api->self, s->settings.name, &st) == ETW_OK && is_ours(s, &st))
			session_take_losses(s, &st);
	}
	/* The consumer hands over what the buffers held, then returns by itself. */
	for (unsigned ms = 0; stop && ours && ms < SESSION_DRAIN_MS && !atomic_load(&s->ended); ms += SESSION_DRAIN_MS / 100)
		thread_sleep_ms(SESSION_DRAIN_MS / 100);
	api->close(api->self, s->trace);
	thread_join(s->consumer);
	s->consumer = NULL;
	atomic_store(&s->up, false);
	for (size_t i = 0; i < OFFER_PROVIDERS; i++) {
		if (offer_providers[i].session == s->id)
			s->set->enabled[i] = 0;
	}
}

/* Takes one thing away that an older system may not know. False: nothing is left to take away. */
static bool ask_for_less(struct session_set *set, struct etw_enable *e)
{
	static const uint32_t newest_first[] = { ETW_PROPERTY_CONTAINER_TRACKING, ETW_PROPERTY_ENABLE_SILOS, ETW_PROPERTY_START_KEY,
		ETW_PROPERTY_SID };

	if (e->system_flags) {
		e->system_flags = 0;
		set->refused_system_flags = true;
		return true;
	}
	for (size_t i = 0; i < sizeof newest_first / sizeof newest_first[0]; i++) {
		if (e->properties & newest_first[i]) {
			e->properties &= ~newest_first[i];
			set->refused |= newest_first[i];
			return true;
		}
	}
	if (!e->ids)
		return false;
	e->ids = NULL;
	e->id_count = 0;
	set->refused_ids = true;
	return true;
}

static uint32_t enable(struct session_set *set, uint64_t handle, struct etw_enable *e)
{
	const struct etw_api *api = set->o.api;
	uint32_t rc;

	e->properties &= ~set->refused;
	if (set->refused_system_flags)
		e->system_flags = 0;
	if (set->refused_ids)
		e->ids = NULL;
	do
		rc = api->enable(api->self, handle, e);
	while ((rc == ETW_INVALID_PARAMETER || rc == ETW_NOT_SUPPORTED) && ask_for_less(set, e));
	return rc;
}

void session_enable_provider(struct session_set *set, size_t i)
{
	struct session *s = &set->sessions[offer_providers[i].session];
	uint16_t ids[ETW_MAX_FILTER_IDS];
	struct etw_enable e;
	uint32_t rc;

	if (!plan_enable(&set->plan, i, ids, &e)) {
		if (!set->enabled[i])
			return;
		e = (struct etw_enable){ .provider = offer_providers[i].guid, .control = ETW_DISABLE };
	}
	rc = enable(set, s->handle, &e);
	if (rc != ETW_OK && rc != set->enable_error[i])
		session_notice(s, NOTICE_PROVIDER_FAILED, i, rc);
	set->enable_error[i] = rc;
	if (rc != ETW_OK)
		return;
	if (offer_providers[i].capture_state && e.control == ETW_ENABLE && !set->enabled[i]) {
		e.control = ETW_CAPTURE_STATE;
		set->o.api->enable(set->o.api->self, s->handle, &e);
	}
	set->enabled[i] = set->plan.on[i];
}

void session_enable_all(struct session *s)
{
	for (size_t i = 0; i < OFFER_PROVIDERS; i++) {
		if (offer_providers[i].session == s->id && s->set->enabled[i] != s->set->plan.on[i])
			session_enable_provider(s->set, i);
	}
}
