/* The calls of ETW, on sessions in memory. */
#include "tests/support/fake_etw_parts.h"

#include <string.h>

#include "collector/etw/event_entry.h"
#include "proto/base/clock.h"
#include "proto/host/os_file.h"
#include "tests/support/event_of_record.h"

/* EVENT_TRACE_FLAG_* by class, for the groups the collector offers. */
static const struct {
	struct guid guid;
	uint32_t flag;
} classic_flags[] = {
	{ GUID_INIT(0x3d6fa8d0, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c), 0x1 },
	{ GUID_INIT(0x2cb15d1d, 0x5fc1, 0x11d2, 0xab, 0xe1, 0x00, 0xa0, 0xc9, 0x11, 0xf5, 0x18), 0x4 },
	{ GUID_INIT(0x90cbdc39, 0x4a3e, 0x11d1, 0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3), 0x200 },
};

/* Locks; counts the call; an injected error, or ETW_OK. */
static uint32_t enter(struct fake_etw *f, enum fake_call call)
{
	uv_mutex_lock(&f->lock);
	f->calls[call]++;
	if (f->error_times[call] == 0)
		return ETW_OK;
	f->error_times[call]--;
	return f->errors[call];
}

static uint32_t leave(struct fake_etw *f, uint32_t rc)
{
	uv_cond_broadcast(&f->changed);
	uv_mutex_unlock(&f->lock);
	return rc;
}

struct fake_session *fake_by_name(struct fake_etw *f, const char *name)
{
	for (size_t i = 0; i < MAX_SESSIONS; i++) {
		if (f->sessions[i].exists && strcmp(f->sessions[i].name, name) == 0)
			return &f->sessions[i];
	}
	return NULL;
}

static struct fake_session *by_handle(struct fake_etw *f, uint64_t handle)
{
	for (size_t i = 0; i < MAX_SESSIONS; i++) {
		if (f->sessions[i].exists && f->sessions[i].state.handle == handle)
			return &f->sessions[i];
	}
	return NULL;
}

/* A slot that no thread is attached to any more. */
static struct fake_session *free_slot(struct fake_etw *f)
{
	for (size_t i = 0; i < MAX_SESSIONS; i++) {
		if (!f->sessions[i].exists && !f->sessions[i].attached)
			return &f->sessions[i];
	}
	return NULL;
}

static uint32_t fake_start(void *self, const struct etw_session_settings *s, uint64_t *handle)
{
	struct fake_etw *f = self;
	uint32_t rc = enter(f, FAKE_START);
	struct fake_session *slot = free_slot(f);

	if (rc == ETW_OK && fake_by_name(f, s->name))
		rc = ETW_ALREADY_EXISTS;
	if (rc == ETW_OK && (!slot || strlen(s->name) >= ETW_NAME_CHARS))
		rc = ETW_NO_RESOURCES;
	if (rc != ETW_OK)
		return leave(f, rc);
	*slot = (struct fake_session){ .exists = true, .flags = s->kernel_flags, .seen = f->happened };
	memcpy(slot->name, s->name, strlen(s->name) + 1);
	slot->state = (struct etw_session_state){ .handle = ++f->next_handle, .guid = s->guid, .mode = s->mode,
		.buffer_kb = s->buffer_kb, .buffers = s->min_buffers, .free_buffers = s->min_buffers };
	*handle = slot->state.handle;
	return leave(f, ETW_OK);
}

static uint32_t fake_query(void *self, const char *name, struct etw_session_state *out)
{
	struct fake_etw *f = self;
	uint32_t rc = enter(f, FAKE_QUERY);
	const struct fake_session *s = fake_by_name(f, name);

	if (rc == ETW_OK && s)
		*out = s->state;
	return leave(f, rc == ETW_OK && !s ? ETW_SESSION_NOT_FOUND : rc);
}

static uint32_t fake_stop(void *self, const char *name, struct etw_session_state *out)
{
	struct fake_etw *f = self;
	uint32_t rc = enter(f, FAKE_STOP);
	struct fake_session *s = fake_by_name(f, name);

	if (rc == ETW_OK && s) {
		*out = s->state;
		s->exists = false;
		s->stopped_at = f->happened;
	}
	return leave(f, rc == ETW_OK && !s ? ETW_SESSION_NOT_FOUND : rc);
}

static uint32_t fake_flush(void *self, const char *name)
{
	struct fake_etw *f = self;
	uint32_t rc = enter(f, FAKE_FLUSH);

	return leave(f, rc == ETW_OK && !fake_by_name(f, name) ? ETW_SESSION_NOT_FOUND : rc);
}

static uint32_t fake_set_flags(void *self, uint64_t handle, uint32_t flags)
{
	struct fake_etw *f = self;
	uint32_t rc = enter(f, FAKE_SET_FLAGS);
	struct fake_session *s = by_handle(f, handle);

	if (rc == ETW_OK && s)
		s->flags = flags;
	return leave(f, rc == ETW_OK && !s ? ETW_SESSION_NOT_FOUND : rc);
}

static uint32_t fake_get_flags(void *self, uint64_t handle, uint32_t *out)
{
	struct fake_etw *f = self;
	uint32_t rc = enter(f, FAKE_GET_FLAGS);
	const struct fake_session *s = by_handle(f, handle);

	if (rc == ETW_OK && s)
		*out = s->flags;
	return leave(f, rc == ETW_OK && !s ? ETW_SESSION_NOT_FOUND : rc);
}

struct fake_provider *fake_find_provider(struct fake_session *s, const struct guid *provider)
{
	for (size_t i = 0; s && i < s->provider_count; i++) {
		if (guid_equal(&s->providers[i].e.provider, provider))
			return &s->providers[i];
	}
	return NULL;
}

static bool is_known(const struct fake_etw *f, const struct etw_enable *e)
{
	return !(e->properties & ~f->known_properties) && !(e->ids && f->no_ids) && !(e->system_flags && f->no_system_flags);
}

static uint32_t put_provider(struct fake_session *s, const struct etw_enable *e)
{
	struct fake_provider *p = fake_find_provider(s, &e->provider);

	if (e->control == ETW_CAPTURE_STATE)
		return ETW_OK;
	if (!p && s->provider_count == MAX_PROVIDERS)
		return ETW_NO_RESOURCES;
	if (!p)
		p = &s->providers[s->provider_count++];
	p->e = *e;
	if (e->ids) {
		memcpy(p->ids, e->ids, e->id_count * sizeof p->ids[0]);
		p->e.ids = p->ids;
	}
	return ETW_OK;
}

static uint32_t fake_enable(void *self, uint64_t handle, const struct etw_enable *e)
{
	struct fake_etw *f = self;
	uint32_t rc = enter(f, FAKE_ENABLE);
	struct fake_session *s = by_handle(f, handle);

	if (rc == ETW_OK && !s)
		rc = ETW_SESSION_NOT_FOUND;
	if (rc == ETW_OK && (e->id_count > ETW_MAX_FILTER_IDS || !is_known(f, e)))
		rc = ETW_INVALID_PARAMETER;
	return leave(f, rc == ETW_OK ? put_provider(s, e) : rc);
}

static uint32_t fake_get_enabled(void *self, uint64_t handle, const struct guid *provider, struct etw_enabled *out)
{
	struct fake_etw *f = self;
	uint32_t rc = enter(f, FAKE_GET_ENABLED);
	const struct fake_provider *p = fake_find_provider(by_handle(f, handle), provider);

	*out = (struct etw_enabled){ .enabled = false };
	if (rc == ETW_OK && p && p->e.control == ETW_ENABLE)
		*out = (struct etw_enabled){ .enabled = true, .level = p->e.level, .keywords = p->e.keywords, .properties = p->e.properties };
	return leave(f, rc);
}

static uint32_t fake_open(void *self, const char *name, etw_callback *callback, void *ctx, uint64_t *trace)
{
	struct fake_etw *f = self;
	uint32_t rc = enter(f, FAKE_OPEN);
	struct fake_session *s = fake_by_name(f, name);

	if (rc == ETW_OK && !s)
		rc = ETW_SESSION_NOT_FOUND;
	if (rc != ETW_OK)
		return leave(f, rc);
	s->attached = true;
	s->closing = s->returned = false;
	s->callback = callback;
	s->ctx = ctx;
	*trace = (uint64_t)(s - f->sessions) + 1;
	return leave(f, ETW_OK);
}

static bool passes(const struct fake_provider *p, const struct record *r)
{
	if (!p || p->e.control != ETW_ENABLE || (r->level > p->e.level && p->e.level))
		return false;
	if (r->keyword && p->e.keywords && !(r->keyword & p->e.keywords))
		return false;
	for (size_t i = 0; p->e.ids && i < p->e.id_count; i++) {
		if (p->e.ids[i] == r->id)
			return true;
	}
	return !p->e.ids;
}

static bool wants(struct fake_session *s, const struct record *r)
{
	if (!(r->flags & RECORD_CLASSIC))
		return passes(fake_find_provider(s, &r->provider), r);
	for (size_t i = 0; i < sizeof classic_flags / sizeof classic_flags[0]; i++) {
		if (guid_equal(&classic_flags[i].guid, &r->provider))
			return (s->flags & classic_flags[i].flag) != 0;
	}
	return false;
}

static const struct record *next_record(const struct fake_etw *f, struct fake_session *s)
{
	uint64_t end = s->exists ? f->happened : s->stopped_at;

	return s->seen < end ? &f->records[s->seen++ % f->record_count] : NULL;
}

static void deliver(struct fake_etw *f, struct fake_session *s, const struct record *r)
{
	struct event_of_record made;
	etw_callback *callback = s->callback;

	event_of_record_make(&made, r, s->ctx);
	if (f->stamp)
		made.ev.time_100ns = filetime_from_unix_ns(os_wall_ns());
	s->delivering++;
	uv_mutex_unlock(&f->lock);
	callback(&made.ev);
	uv_mutex_lock(&f->lock);
	s->delivering--;
}

static void deliver_canary(struct fake_etw *f, struct fake_session *s)
{
	const struct record canary = { .kind = RECORD_ETW, .provider = notice_provider, .id = CANARY_ID, .level = 4, .pointer_bytes = 8 };

	s->canaries--;
	if (passes(fake_find_provider(s, &canary.provider), &canary))
		deliver(f, s, &canary);
}

static uint32_t fake_process(void *self, uint64_t trace)
{
	struct fake_etw *f = self;
	struct fake_session *s = &f->sessions[trace - 1];
	uint32_t rc = enter(f, FAKE_PROCESS);
	const struct record *r;

	s->processing++;
	while (rc == ETW_OK && !s->closing) {
		if (s->canaries) {
			deliver_canary(f, s);
		} else if ((r = next_record(f, s)) == NULL) {
			if (!s->exists)
				break;    /* what its buffers held was handed over */
			uv_cond_broadcast(&f->changed);
			uv_cond_wait(&f->changed, &f->lock);
		} else if (wants(s, r)) {
			f->delivered++;
			deliver(f, s, r);
		}
	}
	s->processing--;
	s->returned = true;
	return leave(f, rc);
}

static uint32_t fake_close(void *self, uint64_t trace)
{
	struct fake_etw *f = self;
	struct fake_session *s = &f->sessions[trace - 1];

	uv_mutex_lock(&f->lock);
	s->closing = true;
	uv_cond_broadcast(&f->changed);
	while (s->processing)
		uv_cond_wait(&f->changed, &f->lock);
	s->attached = false;
	return leave(f, ETW_OK);
}

static uint32_t fake_canary(void *self)
{
	struct fake_etw *f = self;
	uint32_t rc = enter(f, FAKE_CANARY);

	for (size_t i = 0; i < MAX_SESSIONS && rc == ETW_OK && !f->mute; i++)
		f->sessions[i].canaries += f->sessions[i].attached;
	return leave(f, rc);
}

void fake_bind(struct fake_etw *f)
{
	f->api = (struct etw_api){ .self = f, .start = fake_start, .query = fake_query, .stop = fake_stop, .flush = fake_flush,
		.set_kernel_flags = fake_set_flags, .get_kernel_flags = fake_get_flags, .enable = fake_enable,
		.get_enabled = fake_get_enabled, .open = fake_open, .process = fake_process, .close = fake_close,
		.write_canary = fake_canary };
}
