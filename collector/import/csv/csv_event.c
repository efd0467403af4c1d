#include "collector/import/csv/csv_event.h"

#include "collector/import/named/flat_event.h"

#define DAY_100NS UINT64_C(864000000000)

static bool has(const struct csv_row *header, const char *name)
{
	for (size_t i = 0; i < header->count; i++) {
		if (text_is(header->fields[i], name))
			return true;
	}
	return false;
}

static struct text_view column(const struct csv_row *header, const struct csv_row *row, const char *name)
{
	for (size_t i = 0; i < header->count && i < row->count; i++) {
		if (text_is(header->fields[i], name))
			return row->fields[i];
	}
	return text_of("");
}

enum csv_kind csv_kind_of(const struct csv_row *header)
{
	if (has(header, "Operation") && has(header, "Process Name") && has(header, "Time of Day"))
		return CSV_PROCMON;
	if (has(header, "CreatedProcessId") || (has(header, "ActionType") && has(header, "InitiatingProcessId")))
		return CSV_DEFENDER;
	return has(header, "EventID") ? CSV_FLAT : CSV_UNKNOWN;
}

/* "Desired Access: " at the start of a part of Detail: the length of the name, 0: none. */
static size_t detail_name(struct text_view t)
{
	for (size_t i = 0; i < t.len && i <= DETAIL_NAME_MAX; i++) {
		char c = t.ptr[i];

		if (c == ':')
			return i && t.len - i > 1 && t.ptr[i + 1] == ' ' ? i : 0;
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (i && c == ' ')))
			return 0;
	}
	return 0;
}

/* Length up to the ", " that a further name follows: values hold commas too. */
static size_t detail_part(struct text_view t)
{
	for (size_t i = 0; i + 2 < t.len; i++) {
		if (t.ptr[i] == ',' && t.ptr[i + 1] == ' ' &&
			detail_name((struct text_view){ .ptr = t.ptr + i + 2, .len = t.len - i - 2 }))
			return i;
	}
	return t.len;
}

static void add_detail(struct text_view t, struct named_record *n)
{
	size_t name, part;

	for (int i = 0; i < DETAIL_PARTS_MAX && (name = detail_name(t)) != 0; i++) {
		part = detail_part(t);
		named_record_add(n, (struct text_view){ .ptr = t.ptr, .len = name },
			(struct text_view){ .ptr = t.ptr + name + 2, .len = part - name - 2 });
		if (part == t.len)
			return;
		t.ptr += part + 2;
		t.len -= part + 2;
	}
}

/* Local time of a machine whose zone the table does not tell; taken for UTC, and marked. */
static void procmon_time(const struct csv_row *header, const struct csv_row *row, struct named_record *n)
{
	uint64_t day = 0, clock = 0;

	n->rec.flags |= RECORD_FORGED_CLOCK;
	log_text_us_time(column(header, row, "Date & Time"), &day);
	if (log_text_us_clock(column(header, row, "Time of Day"), &clock))
		day -= day % DAY_100NS;
	n->rec.time_100ns = day + clock;
}

static void procmon_read(const struct csv_row *header, const struct csv_row *row, struct named_record *n)
{
	uint64_t pid = UINT32_MAX, tid = UINT32_MAX;

	named_record_begin(n);
	n->rec.provider_name = text_of("Process Monitor");
	log_text_number_max(column(header, row, "PID"), UINT32_MAX, &pid);
	log_text_number_max(column(header, row, "TID"), UINT32_MAX, &tid);
	n->rec.pid = (uint32_t)pid;
	n->rec.tid = (uint32_t)tid;
	procmon_time(header, row, n);
	for (size_t i = 0; i < header->count && i < row->count; i++)
		named_record_add(n, header->fields[i], row->fields[i]);
	add_detail(column(header, row, "Detail"), n);
}

static void flat_read(const struct csv_row *header, const struct csv_row *row, struct named_record *n)
{
	struct flat_event f;

	flat_event_begin(&f, n);
	for (size_t i = 0; i < header->count && i < row->count; i++) {
		if (header->fields[i].len)    /* the row numbers that pandas writes have no name */
			flat_event_add(&f, header->fields[i], row->fields[i], false);
	}
	flat_event_finish(&f);
}

void csv_event_read(enum csv_kind kind, const struct csv_row *header, const struct csv_row *row, struct named_record *n)
{
	static const char *const times[] = { "EventTime", "Timestamp", "TimeGenerated", "CreatedProcessCreationTime" };
	struct log_time time;

	if (kind == CSV_PROCMON) {
		procmon_read(header, row, n);
		return;
	}
	flat_read(header, row, n);
	if (kind == CSV_DEFENDER)
		n->rec.provider_name = text_of("Microsoft Defender for Endpoint");
	else if (!n->rec.provider_name.len && !n->rec.channel.len && has(header, "SubjectUserSid"))
		n->rec.channel = text_of("Security");    /* only its events have a Subject; policyd finds the provider */
	for (size_t i = 0; i < sizeof times / sizeof times[0] && !n->rec.time_100ns; i++) {
		if (log_text_iso_time(column(header, row, times[i]), &time))
			n->rec.time_100ns = time.time_100ns;
	}
}
