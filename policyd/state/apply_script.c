/* Script blocks: parts become one event (script.h). */
#include "policyd/state/host.h"

static void count_result(struct state *st, const struct event *ev)
{
	if (ev->partial)
		st->count.scripts_partial++;
	else
		st->count.scripts_joined++;
}

enum state_verdict apply_script_block(struct state *st, struct host_state *h, struct event *ev)
{
	struct script_part part = { .total = 0 };
	enum script_result result = SCRIPT_ALONE;

	if (event_get_u32(ev, SLOT_PART, &part.number) && event_get_u32(ev, SLOT_PART_COUNT, &part.total) && part.total > 1) {
		part.id = state_text(st, ev, SLOT_SCRIPT_ID);
		part.text = state_text(st, ev, SLOT_SCRIPT_TEXT);
		result = scripts_add(st->scripts, h, ev, &part, st->now_100ns);
		ev->partial = true;
	}
	if (result == SCRIPT_HELD)
		return STATE_HELD;
	if (result == SCRIPT_COMPLETE)
		*ev = *scripts_take(st->scripts);
	if (part.total > 1)
		count_result(st, ev);
	return apply_actor(st, h, ev);
}

void apply_overdue_script(struct state *st, struct event *ev)
{
	count_result(st, ev);
	apply_actor(st, state_host(st, ev->rec), ev);
}
