#include "policyd/daemon/shed.h"

#include "proto/base/clock.h"
#include "proto/base/log.h"
#include "proto/host/os_file.h"

enum { STEPS = 4, STEP_KINDS = 4 };

/* Least useful first: frequent, and seldom what a rule decides by. What tells of programs, logons, services, scripts and
 * tampering is never given up. */
static const enum event_kind steps[STEPS][STEP_KINDS] = {
	{ EVENT_net_send, EVENT_net_recv, EVENT_file_setinfo, EVENT_reg_open_key },
	{ EVENT_file_open, EVENT_thread_start, EVENT_net_disconnect, EVENT_NONE },
	{ EVENT_file_write, EVENT_image_load, EVENT_net_accept, EVENT_NONE },
	{ EVENT_file_create, EVENT_file_rename, EVENT_reg_create_key, EVENT_NONE },
};

void shed_describe(const struct shed *s, struct buf *out)
{
	for (unsigned i = 0; i < s->level; i++) {
		for (size_t k = 0; k < STEP_KINDS; k++) {
			if (steps[i][k] != EVENT_NONE)
				buf_printf(out, "%s%s", out->len ? ", " : "", event_kind_name(steps[i][k]));
		}
	}
}

static void take_step(struct shed *s, unsigned level, uint64_t now_ms)
{
	struct buf names;

	if (level > s->level)
		s->steps_up++;
	s->level = level;
	s->stepped_ms = now_ms;
	s->calm_since_ms = 0;
	for (unsigned i = 0; i < STEPS; i++) {
		for (size_t k = 0; k < STEP_KINDS; k++)
			s->kinds[steps[i][k]] = i < level && steps[i][k] != EVENT_NONE;
	}
	buf_init(&names, 4096);
	shed_describe(s, &names);
	if (level)
		log_line(LOG_LEVEL_WARNING, "overload: %lld ms behind; step %u: not evaluated: %s", (long long)s->lag_ms, level,
			buf_cstr(&names));
	else
		log_line(LOG_LEVEL_INFO, "overload: over; every event is evaluated again");
	buf_release(&names);
}

/* How far the newest record of this look is behind the clock. 0: none came, or the stream is not judged by the clock. */
static int64_t lag_of(struct shed *s, const struct stream *st, size_t place, int mode)
{
	uint64_t received = pipeline_ledger(st->pipeline)->received;
	bool came = received != s->seen[place];
	int64_t behind = os_wall_ns() - filetime_to_unix_ns(st->newest_100ns);

	s->seen[place] = received;
	if (!came || !st->newest_100ns || behind < 0 || (mode == CONFIG_SHED_LIVE && !pipeline_is_live(st->pipeline)))
		return 0;
	return behind / 1000000;
}

void shed_tick(struct shed *s, struct stream_set *streams, const struct config *c, uint64_t now_ms)
{
	int mode = c->overload.mode;

	s->lag_ms = 0;
	for (size_t i = 0; i < streams->count; i++) {
		struct stream *st = streams->streams[i];
		int64_t lag = mode == CONFIG_SHED_NEVER ? 0 : lag_of(s, st, i, mode);
		bool may = mode == CONFIG_SHED_ALWAYS || (mode == CONFIG_SHED_LIVE && pipeline_is_live(st->pipeline));

		s->lag_ms = lag > s->lag_ms ? lag : s->lag_ms;
		pipeline_set_shed(st->pipeline, may ? s->kinds : NULL);
		pipeline_tell_shed(st->pipeline);
	}
	if (s->lag_ms > c->overload.lag_ms) {
		s->calm_since_ms = 0;
		if (s->level < STEPS && (s->level == 0 || now_ms - s->stepped_ms >= SHED_STEP_MS))
			take_step(s, s->level + 1, now_ms);
	} else if (s->level) {
		if (s->calm_since_ms == 0)
			s->calm_since_ms = now_ms;
		else if (now_ms - s->calm_since_ms >= (uint64_t)c->overload.recover_ms)
			take_step(s, s->level - 1, now_ms);
	}
}
