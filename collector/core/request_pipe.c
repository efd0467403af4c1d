#include "collector/core/request_pipe.h"

#include "collector/core/collector.h"
#include "proto/base/log.h"

static enum status apply(struct request_pipe *r, const struct collector_request *q, struct requested *out)
{
	switch (q->kind) {
	case COLLECTOR_REQUEST_PROVIDER:
		if (q->first)
			plan_begin(&r->mask);
		else if (!r->in_mask)
			return ST_MALFORMED;
		plan_add(&r->mask, q);
		r->in_mask = !q->last;
		if (q->last) {
			out->wanted = r->mask;
			out->plan = true;
		}
		break;
	case COLLECTOR_REQUEST_SNAPSHOT:
		out->snapshot = true;
		break;
	case COLLECTOR_REQUEST_STATS:
		out->stats = true;
		out->connection = q->connection;
		out->received_bytes = q->received_bytes;
		break;
	}
	return ST_OK;
}

static void forget(struct request_pipe *r)
{
	r->connected = r->in_mask = false;
	r->have = 0;
}

/* False: nothing more now. */
static bool take_one(struct request_pipe *r, uint32_t timeout_ms, struct requested *out)
{
	struct collector_request q;
	size_t got;
	enum pipe_result read = pipe_end_read(r->pipe, r->bytes + r->have, sizeof r->bytes - r->have, timeout_ms, &got);
	enum status st;

	if (read != PIPE_DONE) {
		if (read == PIPE_GONE)
			forget(r);
		return false;
	}
	r->have += got;
	if (r->have < sizeof r->bytes)
		return true;
	r->have = 0;
	st = collector_request_decode(r->bytes, sizeof r->bytes, &q);
	if (st == ST_OK)
		st = apply(r, &q, out);
	if (st == ST_OK)
		return true;
	r->refused++;
	log_line(LOG_LEVEL_WARNING, "request pipe: connection ended: %s", status_text(st));
	pipe_end_disconnect(r->pipe);
	forget(r);
	return false;
}

void request_pipe_poll(struct request_pipe *r, uint32_t timeout_ms, struct requested *out)
{
	out->plan = out->snapshot = out->stats = false;
	if (!r->connected) {
		r->connected = pipe_end_accept(r->pipe, timeout_ms) == PIPE_DONE;
		timeout_ms = 0;
	}
	for (unsigned i = 0; r->connected && i < COLLECTOR_REQUESTS_A_PASS; i++) {
		if (!take_one(r, i == 0 ? timeout_ms : 0, out))
			break;
	}
}
