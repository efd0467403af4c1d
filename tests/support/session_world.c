#include "tests/support/session_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "proto/wire/stream_writer.h"

static uint64_t now_100ns;

static uint64_t clock_now(void)
{
	return now_100ns;
}

void session_world_make_set(struct session_world *w)
{
	w->set = session_set_create(&w->options);
	assert_non_null(w->set);
}

int session_world_set_up(void **state)
{
	struct session_world *w = calloc(1, sizeof *w);

	now_100ns = UINT64_C(133400000000000000);
	w->etw = fake_etw_create();
	w->api = fake_etw_api(w->etw);
	w->options = (struct session_set_options){ .api = w->api, .notices = ring_create(0), .cpus = 2, .now_100ns = clock_now };
	for (size_t i = 0; i < OFFER_SESSION_COUNT; i++)
		w->options.rings[i] = ring_create(0);
	buf_init(&w->stream, 1 << 20);
	plan_begin(&w->plan);
	session_world_make_set(w);
	*state = w;
	return 0;
}

void session_world_drop_set(struct session_world *w)
{
	session_set_stop(w->set);
	session_set_destroy(w->set);
	w->set = NULL;
}

int session_world_tear_down(void **state)
{
	struct session_world *w = *state;

	if (w->set)
		session_world_drop_set(w);
	fake_etw_destroy(w->etw);
	for (size_t i = 0; i < OFFER_SESSION_COUNT; i++)
		ring_destroy(w->options.rings[i]);
	ring_destroy(w->options.notices);
	buf_release(&w->stream);
	free(w);
	return 0;
}

void session_world_pass_s(struct session_world *w, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		now_100ns += 10000000;
		session_set_check(w->set);
	}
}

/* Notices of that id since the last call; text: that one of their values must hold. */
unsigned session_world_notices(struct session_world *w, enum notice_id id, const char *text)
{
	struct named_value values[NOTICE_MAX_VALUES];
	const struct event_entry *e;
	struct record r;
	unsigned found = 0;
	uint64_t next;

	while ((e = ring_peek(w->options.notices, &w->notices_read, &next)) != NULL) {
		event_entry_record(e, values, &r);
		for (size_t i = 0; r.id == id && i < r.value_count; i++)
			found += strcmp(r.values[i].value.ptr, text) == 0;
		w->notices_read = next;
	}
	ring_release(w->options.notices, w->notices_read);
	return found;
}

struct etw_session_state session_world_state(struct session_world *w, const char *name)
{
	struct etw_session_state st = { 0 };

	assert_int_equal(w->api->query(w->api->self, name, &st), ETW_OK);
	return st;
}

static enum status append(void *ctx, const void *bytes, size_t len)
{
	return buf_append(ctx, bytes, len) ? ST_OK : ST_LIMIT;
}

void session_world_load(struct session_world *w, const struct record *records, size_t count)
{
	const struct stream_hello hello = { .os_build = 20348, .pointer_bytes = 8 };
	struct stream_writer *writer = stream_writer_create(append, &w->stream);
	struct diag why = DIAG_INIT;

	assert_int_equal(stream_writer_hello(writer, &hello), ST_OK);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(stream_writer_record(writer, &records[i]), ST_OK);
	assert_int_equal(stream_writer_flush(writer), ST_OK);
	stream_writer_destroy(writer);
	assert_int_equal(fake_etw_load(w->etw, (struct view){ w->stream.data, w->stream.len }, &why), ST_OK);
	assert_int_equal(fake_etw_loaded(w->etw), count);
}

