#include "collector/import/summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/clock.h"
#include "proto/base/text.h"

enum { TIME_TEXT_BYTES = 40, UNIT_NS = 100, LINE_MAX_BYTES = 64 * 1024 };

/* "2020-02-17T12:48:30.4203138Z": 100 ns is what the recording knows. */
static void format_time(uint64_t time_100ns, char out[TIME_TEXT_BYTES])
{
	struct calendar c;

	calendar_from_unix_ns(filetime_to_unix_ns(time_100ns), &c);
	snprintf(out, TIME_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d.%07" PRIu32 "Z", c.year, c.month, c.day, c.hour,
		c.minute, c.second, c.nanosecond / UNIT_NS);
}

static bool put(struct buf *line, FILE *out)
{
	bool fine = !line->failed && fwrite(line->data, 1, line->len, out) == line->len;

	buf_clear(line);
	return fine;
}

static void json_time(struct buf *line, const char *key, bool known, uint64_t time_100ns)
{
	char text[TIME_TEXT_BYTES];

	format_time(time_100ns, text);
	if (known)
		buf_printf(line, ",\"%s\":\"%s\"", key, text);
	else
		buf_printf(line, ",\"%s\":null", key);
}

static void json_kind(struct buf *line, const struct summary_kind *k)
{
	char guid[GUID_TEXT_BYTES];

	guid_format(&k->provider, guid);
	buf_printf(line, "{\"provider\":\"%s\",\"name\":", guid);
	text_append_json(line, k->name, strlen(k->name));
	if (k->classic)
		buf_append_str(line, ",\"id\":null");
	else
		buf_printf(line, ",\"id\":%u", (unsigned)k->id);
	buf_printf(line, ",\"opcode\":%u,\"version\":%u,\"count\":%" PRIu64 "}", (unsigned)k->opcode, (unsigned)k->version,
		k->count);
}

bool summary_print_json(const struct summary *s, const struct summary_facts *f, FILE *out)
{
	const struct summary_totals t = summary_totals(s);
	struct summary_kind *kinds;
	struct buf line;
	size_t count;
	bool fine;

	kinds = summary_sorted(s, &count);
	if (!kinds)
		return false;
	buf_init(&line, LINE_MAX_BYTES);
	buf_append_str(&line, "{\"file\":");
	text_append_json(&line, f->file, strlen(f->file));
	buf_printf(&line, ",\"events\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"damage\":%" PRIu64, t.events,
		f->counters->events_lost + f->counters->buffers_lost, f->counters->damaged_places);
	json_time(&line, "first", t.events != 0, t.first_100ns);
	json_time(&line, "last", t.events != 0, t.last_100ns);
	buf_append_str(&line, ",\"counts\":[");
	fine = put(&line, out);
	for (size_t i = 0; i < count && fine; i++) {
		if (i)
			buf_append_char(&line, ',');
		json_kind(&line, &kinds[i]);
		fine = put(&line, out);
	}
	buf_append_str(&line, "]}\n");
	fine = put(&line, out) && fine;
	buf_release(&line);
	free(kinds);
	return fine;
}

static void text_head(struct buf *line, const struct summary *s, const struct summary_facts *f)
{
	const struct summary_totals t = summary_totals(s);
	char first[TIME_TEXT_BYTES], last[TIME_TEXT_BYTES];

	format_time(t.first_100ns, first);
	format_time(t.last_100ns, last);
	buf_printf(line, "%s\n  events  %" PRIu64 "\n", f->file, t.events);
	if (t.events)
		buf_printf(line, "  from    %s\n  to      %s\n", first, last);
	buf_printf(line, "  lost    %" PRIu64 " events and %" PRIu64 " buffers, before the recording was written\n",
		f->counters->events_lost, f->counters->buffers_lost);
	buf_printf(line, "  damage  %" PRIu64 " places, %" PRIu64 " bytes\n", f->counters->damaged_places,
		f->counters->damaged_bytes);
	if (t.other_kinds)
		buf_printf(line, "  of kinds not listed  %" PRIu64 "\n", t.other_kinds);
	if (t.events)
		buf_printf(line, "  %12s  %6s %6s %7s  %s\n", "count", "id", "opcode", "version", "provider");
}

static void text_kind(struct buf *line, const struct summary_kind *k)
{
	char guid[GUID_TEXT_BYTES], id[8] = "-";

	guid_format(&k->provider, guid);
	if (!k->classic)
		snprintf(id, sizeof id, "%u", (unsigned)k->id);
	buf_printf(line, "  %12" PRIu64 "  %6s %6u %7u  %s%s", k->count, id, (unsigned)k->opcode, (unsigned)k->version, guid,
		*k->name ? "  " : "");
	text_append_json_body(line, k->name, strlen(k->name));    /* names come from the recording: no control characters */
	buf_append_char(line, '\n');
}

bool summary_print_text(const struct summary *s, const struct summary_facts *f, FILE *out)
{
	struct summary_kind *kinds;
	struct buf line;
	size_t count;
	bool fine;

	kinds = summary_sorted(s, &count);
	if (!kinds)
		return false;
	buf_init(&line, LINE_MAX_BYTES);
	text_head(&line, s, f);
	fine = put(&line, out);
	for (size_t i = 0; i < count && fine; i++) {
		text_kind(&line, &kinds[i]);
		fine = put(&line, out);
	}
	buf_release(&line);
	free(kinds);
	return fine;
}
