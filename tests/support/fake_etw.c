#include "tests/support/fake_etw.h"

#include <stdlib.h>
#include <string.h>

#include "proto/wire/stream_reader.h"
#include "tests/support/fake_etw_parts.h"

struct fake_etw *fake_etw_create(void)
{
	struct fake_etw *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	fake_bind(f);
	f->known_properties = UINT32_MAX;
	uv_mutex_init(&f->lock);
	uv_cond_init(&f->changed);
	return f;
}

void fake_etw_destroy(struct fake_etw *f)
{
	if (!f)
		return;
	uv_cond_destroy(&f->changed);
	uv_mutex_destroy(&f->lock);
	for (size_t i = 0; i < f->record_count; i++) {
		free((void *)(uintptr_t)f->records[i].payload.ptr);
		free((void *)(uintptr_t)f->records[i].sid.ptr);
		free((void *)(uintptr_t)f->records[i].schema.ptr);
	}
	free(f->records);
	free(f);
}

const struct etw_api *fake_etw_api(struct fake_etw *f)
{
	return &f->api;
}

static struct view copy_of(struct view v)
{
	uint8_t *copy = v.len ? malloc(v.len) : NULL;

	if (copy)
		memcpy(copy, v.ptr, v.len);
	return (struct view){ copy, copy ? v.len : 0 };
}

static enum status keep(void *ctx, const struct record *r)
{
	struct fake_etw *f = ctx;
	size_t room = f->record_room ? f->record_room * 2 : 1024;
	struct record *grown;

	if (r->kind != RECORD_ETW)
		return ST_OK;
	if (f->record_count == f->record_room) {
		if (!(grown = realloc(f->records, room * sizeof *grown)))
			return ST_NOMEM;
		f->records = grown;
		f->record_room = room;
	}
	f->records[f->record_count] = *r;
	f->records[f->record_count].payload = copy_of(r->payload);
	f->records[f->record_count].sid = copy_of(r->sid);
	f->records[f->record_count].schema = copy_of(r->schema);
	f->record_count++;
	return ST_OK;
}

enum status fake_etw_load(struct fake_etw *f, struct view stream, struct diag *why)
{
	const struct stream_callbacks calls = { .record = keep };
	struct stream_reader *r = stream_reader_create(&calls, f);
	enum status st = r ? stream_reader_feed(r, stream.ptr, stream.len, why) : ST_NOMEM;

	stream_reader_destroy(r);
	return st;
}

size_t fake_etw_loaded(const struct fake_etw *f)
{
	return f->record_count;
}

void fake_etw_happen(struct fake_etw *f, uint64_t count)
{
	uv_mutex_lock(&f->lock);
	f->happened += f->record_count ? count : 0;
	uv_cond_broadcast(&f->changed);
	uv_mutex_unlock(&f->lock);
}

static bool all_seen(const struct fake_etw *f)
{
	for (size_t i = 0; i < MAX_SESSIONS; i++) {
		const struct fake_session *s = &f->sessions[i];

		if (s->exists && s->attached && !s->closing && !s->returned && (s->delivering || s->seen < f->happened || s->canaries))
			return false;
	}
	return true;
}

void fake_etw_settle(struct fake_etw *f)
{
	uv_mutex_lock(&f->lock);
	while (!all_seen(f))
		uv_cond_wait(&f->changed, &f->lock);
	uv_mutex_unlock(&f->lock);
}

uint64_t fake_etw_delivered(struct fake_etw *f)
{
	uint64_t n;

	uv_mutex_lock(&f->lock);
	n = f->delivered;
	uv_mutex_unlock(&f->lock);
	return n;
}

void fake_etw_stamp_now(struct fake_etw *f)
{
	f->stamp = true;
}

void fake_etw_fail(struct fake_etw *f, enum fake_call call, uint32_t error, unsigned times)
{
	uv_mutex_lock(&f->lock);
	f->errors[call] = error;
	f->error_times[call] = times;
	uv_mutex_unlock(&f->lock);
}

unsigned fake_etw_calls(struct fake_etw *f, enum fake_call call)
{
	unsigned n;

	uv_mutex_lock(&f->lock);
	n = f->calls[call];
	uv_mutex_unlock(&f->lock);
	return n;
}

void fake_etw_set_known(struct fake_etw *f, uint32_t properties, bool id_filters, bool system_flags)
{
	uv_mutex_lock(&f->lock);
	f->known_properties = properties;
	f->no_ids = !id_filters;
	f->no_system_flags = !system_flags;
	uv_mutex_unlock(&f->lock);
}

void fake_etw_lose(struct fake_etw *f, const char *session, uint32_t events, uint32_t buffers)
{
	struct fake_session *s;

	uv_mutex_lock(&f->lock);
	s = fake_by_name(f, session);
	if (s) {
		s->state.events_lost += events;
		s->state.realtime_buffers_lost += buffers;
	}
	uv_mutex_unlock(&f->lock);
}

void fake_etw_mute_canary(struct fake_etw *f, bool mute)
{
	uv_mutex_lock(&f->lock);
	f->mute = mute;
	uv_mutex_unlock(&f->lock);
}

bool fake_etw_enabled(struct fake_etw *f, const char *session, const struct guid *provider, struct etw_enable *out)
{
	const struct fake_provider *p;

	uv_mutex_lock(&f->lock);
	p = fake_find_provider(fake_by_name(f, session), provider);
	if (p)
		*out = p->e;
	uv_mutex_unlock(&f->lock);
	return p && p->e.control == ETW_ENABLE;
}

bool fake_etw_flags(struct fake_etw *f, const char *session, uint32_t *out)
{
	const struct fake_session *s;

	uv_mutex_lock(&f->lock);
	s = fake_by_name(f, session);
	if (s)
		*out = s->flags;
	uv_mutex_unlock(&f->lock);
	return s != NULL;
}

bool fake_etw_exists(struct fake_etw *f, const char *session)
{
	bool exists;

	uv_mutex_lock(&f->lock);
	exists = fake_by_name(f, session) != NULL;
	uv_mutex_unlock(&f->lock);
	return exists;
}
