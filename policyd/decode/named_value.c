/* Texts of log records -> what slots mean: numbers in any form a log writes them, times, message codes, quoted texts. */
#include "policyd/decode/named.h"
#include "policyd/decode/layout.h"
#include "policyd/decode/raw_value.h"
#include "proto/base/clock.h"

static bool row_text(const struct event *ev, enum slot slot, struct text_view *out)
{
	const struct named_layout *l = ev->named;

	for (size_t row = slot == SLOT_NONE ? 0 : l->index->by_slot[slot]; row; row = l->index->next_of_slot[row]) {
		const struct text_view *v;

		if (ev->offset[row - 1] == NAMED_ABSENT)
			continue;
		v = &ev->rec->values[ev->offset[row - 1]].value;
		if (v->len == 0 || (l->flags & LAYOUT_DASH && v->len == 1 && v->ptr[0] == '-'))
			continue;
		*out = *v;
		return true;
	}
	return false;
}

/* "host:port" -> the part asked for. The host is an address or a name, the port a number or a service's name. */
static bool part_of_end(struct text_view end, enum slot slot, struct text_view *out)
{
	size_t colon = end.len, name = 0;

	while (colon && end.ptr[colon - 1] != ':')
		colon--;
	if (!colon)
		return false;
	if (slot == SLOT_LOCAL_PORT || slot == SLOT_REMOTE_PORT) {
		*out = (struct text_view){ .ptr = end.ptr + colon, .len = end.len - colon };
		return out->len > 0;
	}
	*out = (struct text_view){ .ptr = end.ptr, .len = colon - 1 };
	while (name < out->len && strchr("0123456789abcdefABCDEF.:", out->ptr[name]))
		name++;
	return out->len && (slot == SLOT_REMOTE_HOST) == (name < out->len);
}

/* What SLOT_ENDS tells of one end. */
static bool end_text(const struct event *ev, enum slot slot, struct text_view *out)
{
	static const char arrow[] = " -> ";
	bool remote = slot == SLOT_REMOTE_ADDR || slot == SLOT_REMOTE_PORT || slot == SLOT_REMOTE_HOST;
	struct text_view all, end;
	size_t at = 0;

	if (!ev->named->index->by_slot[SLOT_ENDS] || (!remote && slot != SLOT_LOCAL_ADDR && slot != SLOT_LOCAL_PORT) ||
		!row_text(ev, SLOT_ENDS, &all))
		return false;
	while (at + 4 <= all.len && memcmp(all.ptr + at, arrow, 4) != 0)
		at++;
	if (at + 4 > all.len)
		return false;
	end = (struct text_view){ .ptr = all.ptr, .len = at };
	if (remote)
		end = (struct text_view){ .ptr = all.ptr + at + 4, .len = all.len - at - 4 };
	return part_of_end(end, slot, out);
}

bool named_slot_text(const struct event *ev, enum slot slot, struct text_view *out)
{
	return row_text(ev, slot, out) || end_text(ev, slot, out);
}

/* Sysmon's WMI events write texts as they stand in MOF: " \"root\\\\cimv2\"". */
static bool unquote(struct text_view v, struct arena *scratch, struct text_view *out)
{
	char *text;
	size_t n = 0;

	while (v.len && v.ptr[0] == ' ') {
		v.ptr++;
		v.len--;
	}
	*out = v;
	if (v.len < 2 || v.ptr[0] != '"' || v.ptr[v.len - 1] != '"')
		return true;
	text = arena_alloc(scratch, v.len);
	if (!text)
		return false;
	for (size_t i = 1; i + 1 < v.len; i++) {
		if (v.ptr[i] == '\\' && i + 2 < v.len && (v.ptr[i + 1] == '\\' || v.ptr[i + 1] == '"'))
			i++;
		text[n++] = v.ptr[i];
	}
	*out = (struct text_view){ .ptr = text, .len = n };
	return true;
}

bool named_slot_clean(const struct event *ev, enum slot slot, struct arena *scratch, struct text_view *out)
{
	if (!named_slot_text(ev, slot, out))
		return false;
	return !(ev->named->flags & LAYOUT_QUOTED) || unquote(*out, scratch, out);
}

/* Numbers of the Security log's message texts. Source: the message table of msobjs.dll. */
static bool message_number(enum slot slot, uint64_t code, uint64_t *out)
{
	static const struct {
		uint8_t slot;
		uint16_t first, last, value;     /* codes first .. last are value, value + 1, ... */
	} ranges[] = {
		{ SLOT_ELEVATION_TYPE, 1936, 1938, 1 },     /* default, full, limited */
		{ SLOT_LOGON_ELEVATED, 1842, 1842, 1 },     /* yes */
		{ SLOT_LOGON_ELEVATED, 1843, 1843, 0 },     /* no */
		{ SLOT_DATA_TYPE, 1872, 1883, 0 },          /* REG_NONE .. REG_QWORD */
	};

	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
		if (ranges[i].slot != slot || code < ranges[i].first || code > ranges[i].last)
			continue;
		*out = ranges[i].value + (code - ranges[i].first);
		return true;
	}
	return false;
}

static bool is_time(enum slot slot)
{
	return slot == SLOT_CREATE_TIME || slot == SLOT_EXIT_TIME || slot == SLOT_FILE_CTIME || slot == SLOT_FILE_OLD_CTIME;
}

/* "1,417" and "-1073740756", as Process Monitor writes sizes and statuses. */
static bool parse_grouped(struct text_view t, uint64_t *out)
{
	bool negative = t.len && t.ptr[0] == '-';
	char text[24];
	size_t n = 0;

	for (size_t i = negative; i < t.len; i++) {
		if (t.ptr[i] == ',' && i > 0)
			continue;
		if (n == sizeof text || t.ptr[i] < '0' || t.ptr[i] > '9')
			return false;
		text[n++] = t.ptr[i];
	}
	if (!raw_value_parse_number(text, n, out))
		return false;
	if (negative)
		*out = *out <= UINT32_MAX ? (uint32_t)(0 - (uint32_t)*out) : 0 - *out;
	return true;
}

bool named_slot_u64(const struct event *ev, enum slot slot, uint64_t *out)
{
	struct text_view t;
	uint64_t code;

	if (!named_slot_text(ev, slot, &t))
		return false;
	if (raw_value_parse_number(t.ptr, t.len, out))
		return true;
	if (t.len > 2 && t.ptr[0] == '%' && t.ptr[1] == '%')
		return raw_value_parse_number(t.ptr + 2, t.len - 2, &code) && message_number(slot, code, out);
	return is_time(slot) ? filetime_from_text(t.ptr, t.len, out) : parse_grouped(t, out);
}
