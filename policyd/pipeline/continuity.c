#include "policyd/pipeline/continuity.h"

#include <string.h>

void continuity_begin(struct continuity *c)
{
	if (c->stream_id == 0)
		c->next_seq = 0;
}

/* Numbers before `first` are not going to come. */
static uint64_t skip_to(struct continuity *c, uint64_t first)
{
	uint64_t missing = first > c->next_seq ? first - c->next_seq : 0;

	if (missing)
		c->next_seq = first;
	return missing;
}

uint64_t continuity_hello(struct continuity *c, const struct stream_hello *hello, uint64_t *out_before)
{
	*out_before = 0;
	if (hello->stream_id == 0) {
		/* A recording has numbers of its own; a live stream without a name goes on within its connection. */
		if (hello->source != SOURCE_ETW_LIVE || c->stream_id)
			c->next_seq = 0;
		c->stream_id = 0;
		return 0;
	}
	if (hello->stream_id != c->stream_id) {
		*c = (struct continuity){ .stream_id = hello->stream_id, .next_seq = hello->received_seq + 1 };
		*out_before = hello->received_seq;
	}
	return skip_to(c, hello->first_seq);
}

bool continuity_record(struct continuity *c, uint64_t seq, uint64_t *out_missing)
{
	*out_missing = 0;
	if (c->stream_id && seq < c->next_seq)
		return false;
	if (c->next_seq)
		*out_missing = skip_to(c, seq);
	c->next_seq = seq + 1;
	return true;
}

static uint64_t news(uint64_t total, uint64_t *told)
{
	uint64_t delta = total > *told ? total - *told : 0;

	*told += delta;
	return delta;
}

void continuity_loss(struct continuity *c, struct stream_loss *loss)
{
	size_t i = 0, len = loss->session.len;

	if (c->stream_id == 0 || len >= CONTINUITY_SESSION_BYTES || loss->events_total + loss->buffers_total == 0)
		return;
	while (i < c->told_count && (c->told[i].reason != loss->reason || strlen(c->told[i].session) != len ||
					    memcmp(c->told[i].session, loss->session.ptr, len) != 0))
		i++;
	if (i < c->told_count) {
		loss->events_lost = news(loss->events_total, &c->told[i].events);
		loss->buffers_lost = news(loss->buffers_total, &c->told[i].buffers);
		return;
	}
	if (i == CONTINUITY_LOSS_ROWS)
		return;    /* taken as it is */
	/* The first this reader hears of it: what was told to a reader before is not in events_lost. */
	memcpy(c->told[i].session, loss->session.ptr, len);
	c->told[i].session[len] = '\0';
	c->told[i].reason = loss->reason;
	c->told[i].events = loss->events_total;
	c->told[i].buffers = loss->buffers_total;
	c->told_count++;
}
