#include "policyd/ingest/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ledger *ledger_create(void)
{
	struct ledger *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->kind_rows = calloc(LEDGER_KIND_ROWS, sizeof *l->kind_rows);
	if (!l->kind_rows) {
		free(l);
		return NULL;
	}
	return l;
}

void ledger_destroy(struct ledger *l)
{
	if (!l)
		return;
	free(l->kind_rows);
	free(l);
}

static size_t row_hash(const struct record *r, uint16_t id, enum status why)
{
	uint64_t h = load_u64le(r->provider.b) ^ load_u64le(r->provider.b + 8);

	h ^= (uint64_t)id << 16 | (uint64_t)r->version << 8 | (uint64_t)why;
	return (size_t)(h * UINT64_C(0x9E3779B97F4A7C15) >> 40);
}

static void set_name(struct ledger_kind *row, const struct record *r)
{
	size_t len = r->provider_name.len < sizeof row->name - 1 ? r->provider_name.len : sizeof row->name - 1;

	if (len)
		memcpy(row->name, r->provider_name.ptr, len);
	row->name[len] = '\0';
}

/* Open addressing; three quarters full is full, so that a probe always ends. */
static void count_kind(struct ledger *l, const struct record *r, enum status why)
{
	bool classic = (r->flags & RECORD_CLASSIC) != 0;
	uint16_t id = classic ? r->opcode : r->id;
	size_t i = row_hash(r, id, why) % LEDGER_KIND_ROWS;
	struct ledger_kind *row;

	for (;; i = (i + 1) % LEDGER_KIND_ROWS) {
		row = &l->kind_rows[i];
		if (row->count == 0)
			break;
		if (row->id == id && row->version == r->version && row->why == why && row->classic == classic &&
			guid_equal(&row->provider, &r->provider)) {
			row->count++;
			return;
		}
	}
	if (l->kind_count >= LEDGER_KIND_ROWS / 4 * 3) {
		l->kind_other++;
		return;
	}
	l->kind_count++;
	*row = (struct ledger_kind){ .provider = r->provider, .id = id, .version = r->version,
		.classic = classic, .why = why, .count = 1 };
	set_name(row, r);
}

void ledger_add_undecodable(struct ledger *l, const struct record *r, enum status why)
{
	l->undecodable++;
	l->damaged += why != ST_UNSUPPORTED;
	count_kind(l, r, why);
}

void ledger_note_by_id(struct ledger *l, const struct record *r)
{
	l->by_id++;
	count_kind(l, r, ST_OK);
}

void ledger_add_loss(struct ledger *l, const struct stream_loss *loss)
{
	char session[LEDGER_SESSION_BYTES];
	struct ledger_loss *row;
	size_t i;

	snprintf(session, sizeof session, "%.*s", (int)(loss->session.len < sizeof session ? loss->session.len : sizeof session - 1),
		loss->session.ptr ? loss->session.ptr : "");
	l->lost += loss->events_lost;
	l->lost_buffers += loss->buffers_lost;
	for (i = 0; i < l->loss_count; i++) {
		if (l->loss_rows[i].reason == loss->reason && strcmp(l->loss_rows[i].session, session) == 0)
			break;
	}
	if (i == LEDGER_LOSS_ROWS) {
		l->loss_other += loss->events_lost;
		return;
	}
	row = &l->loss_rows[i];
	if (i == l->loss_count) {
		l->loss_count++;
		row->reason = loss->reason;
		memcpy(row->session, session, sizeof session);
	}
	row->events += loss->events_lost;
	row->buffers += loss->buffers_lost;
}

bool ledger_balances(const struct ledger *l)
{
	uint64_t known = l->undecodable;

	for (size_t i = 0; i < LEDGER_FATE_COUNT; i++)
		known += l->fate[i];
	return known == l->received;
}
