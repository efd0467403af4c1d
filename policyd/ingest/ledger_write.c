#include "policyd/ingest/ledger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/text.h"

static const char *why_text(enum status why)
{
	return why == ST_UNSUPPORTED ? "no layout" : status_text(why);
}

static bool is_by_id(const struct ledger_kind *row)
{
	return row->why == ST_OK;
}

static int by_count(const void *a, const void *b)
{
	const struct ledger_kind *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return memcmp(&x->provider, &y->provider, sizeof x->provider) != 0
		? memcmp(&x->provider, &y->provider, sizeof x->provider)
		: (int)x->id - (int)y->id;
}

/* Rows in use, most frequent first; the caller frees. NULL: none, or out of memory. */
static struct ledger_kind *sorted_rows(const struct ledger *l)
{
	struct ledger_kind *rows = l->kind_count ? calloc(l->kind_count, sizeof *rows) : NULL;
	size_t n = 0;

	if (!rows)
		return NULL;
	for (size_t i = 0; i < LEDGER_KIND_ROWS && n < l->kind_count; i++) {
		if (l->kind_rows[i].count)
			rows[n++] = l->kind_rows[i];
	}
	qsort(rows, n, sizeof *rows, by_count);
	return rows;
}

static void write_kind(const struct ledger_kind *row, struct buf *out)
{
	char guid[GUID_TEXT_BYTES];

	guid_format(&row->provider, guid);
	buf_printf(out, "  %14" PRIu64 "  %s{%s} %s %u version %u", row->count, row->name, guid, row->classic ? "opcode" : "id", row->id,
		row->version);
	if (!is_by_id(row))
		buf_printf(out, ": %s", why_text(row->why));
	buf_append_char(out, '\n');
}

/* A kind of record that is not known here is no damage: the two are told apart. */
static void write_undecodable(const struct ledger *l, struct buf *out)
{
	struct ledger_kind *rows = sorted_rows(l);

	buf_printf(out, "Undecodable: %" PRIu64, l->undecodable);
	if (l->undecodable)
		buf_printf(out, " (%" PRIu64 " with a damaged payload, %" PRIu64 " of kinds without a layout)", l->damaged,
			l->undecodable - l->damaged);
	buf_append_char(out, '\n');
	for (size_t i = 0; rows && i < l->kind_count; i++) {
		if (!is_by_id(&rows[i]))
			write_kind(&rows[i], out);
	}
	if (l->by_id)
		buf_printf(out, "Told by id: %" PRIu64 " of those evaluated are log events without a layout, their values unknown\n",
			l->by_id);
	for (size_t i = 0; rows && i < l->kind_count; i++) {
		if (is_by_id(&rows[i]))
			write_kind(&rows[i], out);
	}
	if (l->kind_other)
		buf_printf(out, "  %14" PRIu64 "  records of other kinds, past the %d rows kept\n", l->kind_other,
			LEDGER_KIND_ROWS / 4 * 3);
	free(rows);
}

static void write_losses(const struct ledger *l, struct buf *out)
{
	for (size_t i = 0; i < l->loss_count; i++) {
		const struct ledger_loss *row = &l->loss_rows[i];

		buf_printf(out, "  %14" PRIu64 "  %s%s%s", row->events, loss_reason_name(row->reason),
			row->session[0] ? " in " : "", row->session);
		if (row->buffers)
			buf_printf(out, ", and %" PRIu64 " buffers with an unknown number of events", row->buffers);
		buf_append_char(out, '\n');
	}
	if (l->loss_other)
		buf_printf(out, "  %14" PRIu64 "  other sessions, past the %d rows kept\n", l->loss_other, LEDGER_LOSS_ROWS);
}

void ledger_write_text(const struct ledger *l, struct buf *out)
{
	uint64_t evaluated = l->fate[LEDGER_EVALUATED] + l->fate[LEDGER_STATE_ONLY] + l->fate[LEDGER_JOINED];

	buf_printf(out, "Ledger: %" PRIu64 " records in = %" PRIu64 " evaluated + %" PRIu64 " undecodable + %" PRIu64 " lost",
		l->received + l->lost, evaluated, l->undecodable, l->lost + l->fate[LEDGER_SHED]);
	buf_append_str(out, ledger_balances(l) ? "\n" : "  (DOES NOT BALANCE)\n");
	buf_printf(out, "Evaluated: %" PRIu64 " against the rules, %" PRIu64 " for state only, %" PRIu64 " joined into another record's event\n",
		l->fate[LEDGER_EVALUATED], l->fate[LEDGER_STATE_ONLY], l->fate[LEDGER_JOINED]);
	write_undecodable(l, out);
	buf_printf(out, "Lost: %" PRIu64 "\n", l->lost + l->fate[LEDGER_SHED]);
	if (l->fate[LEDGER_SHED])
		buf_printf(out, "  %14" PRIu64 "  shed under overload\n", l->fate[LEDGER_SHED]);
	write_losses(l, out);
	if (l->before || l->repeated)
		buf_printf(out, "Beside these: %" PRIu64 " records went to a policyd before this one, %" PRIu64 " came twice and were left out\n",
			l->before, l->repeated);
	if (l->streams_without_end)
		buf_printf(out, "Cut off: %" PRIu64 " streams ended without an END frame; what came after is not known\n",
			l->streams_without_end);
	else if (l->announced != l->before + l->received)
		buf_printf(out, "Announced: %" PRIu64 " records by END frames, %" PRIu64 " came\n", l->announced, l->received);
}

static void write_json_rows(const struct ledger *l, bool by_id, struct buf *out)
{
	struct ledger_kind *rows = sorted_rows(l);
	const char *comma = "";

	for (size_t i = 0; rows && i < l->kind_count; i++) {
		char guid[GUID_TEXT_BYTES];

		if (is_by_id(&rows[i]) != by_id)
			continue;
		guid_format(&rows[i].provider, guid);
		buf_printf(out, "%s{\"provider\":\"%s\",\"name\":", comma, guid);
		comma = ",";
		text_append_json(out, rows[i].name, strlen(rows[i].name));
		buf_printf(out, ",\"%s\":%u,\"version\":%u,", rows[i].classic ? "opcode" : "id", rows[i].id, rows[i].version);
		if (!by_id)
			buf_printf(out, "\"why\":\"%s\",", why_text(rows[i].why));
		buf_printf(out, "\"count\":%" PRIu64 "}", rows[i].count);
	}
	free(rows);
}

void ledger_write_json(const struct ledger *l, struct buf *out)
{
	buf_printf(out, "{\"in\":%" PRIu64 ",\"received\":%" PRIu64 ",\"evaluated\":%" PRIu64 ",\"state_only\":%" PRIu64
		",\"joined\":%" PRIu64 ",\"shed\":%" PRIu64 ",\"undecodable\":%" PRIu64 ",\"damaged\":%" PRIu64 ",\"by_id\":%" PRIu64
		",\"lost\":%" PRIu64,
		l->received + l->lost, l->received, l->fate[LEDGER_EVALUATED], l->fate[LEDGER_STATE_ONLY],
		l->fate[LEDGER_JOINED], l->fate[LEDGER_SHED], l->undecodable, l->damaged, l->by_id, l->lost);
	buf_printf(out, ",\"lost_buffers\":%" PRIu64 ",\"before\":%" PRIu64 ",\"repeated\":%" PRIu64 ",\"balances\":%s,\"announced\":%" PRIu64
		",\"streams_without_end\":%" PRIu64 ",\"undecodable_other\":%" PRIu64 ",\"lost_other\":%" PRIu64 ",\"undecodable_by\":[",
		l->lost_buffers, l->before, l->repeated, ledger_balances(l) ? "true" : "false", l->announced, l->streams_without_end,
		l->kind_other, l->loss_other);
	write_json_rows(l, false, out);
	buf_append_str(out, "],\"by_id_by\":[");
	write_json_rows(l, true, out);
	buf_append_str(out, "],\"lost_by\":[");
	for (size_t i = 0; i < l->loss_count; i++) {
		buf_printf(out, "%s{\"reason\":\"%s\",\"session\":", i ? "," : "", loss_reason_name(l->loss_rows[i].reason));
		text_append_json(out, l->loss_rows[i].session, strlen(l->loss_rows[i].session));
		buf_printf(out, ",\"events\":%" PRIu64 ",\"buffers\":%" PRIu64 "}", l->loss_rows[i].events, l->loss_rows[i].buffers);
	}
	buf_append_str(out, "]}");
}
