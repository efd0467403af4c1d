#include "policyd/decode/refine.h"

#include "policyd/decode/decode.h"
#include "policyd/decode/named.h"

enum { REFINING = LAYOUT_DISPOSITION | LAYOUT_SILO | LAYOUT_OBJECT | LAYOUT_REG_OPERATION | LAYOUT_DIRECTION };

unsigned event_flags(const struct event *ev)
{
	return ev->layout ? ev->layout->flags : ev->named ? ev->named->flags : 0;
}

bool event_repeats(const struct event *ev)
{
	return (event_flags(ev) & LAYOUT_REPEATS) != 0;
}

/* Compares a text slot with an ASCII word without scratch: raw text is UTF-16, a log's is UTF-8. */
static bool slot_is(const struct event *ev, enum slot slot, const char *word)
{
	size_t len = strlen(word), unit = ev->layout ? 2 : 1;
	struct view v;

	if (!event_get_bytes(ev, slot, &v) || v.len != len * unit)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (v.ptr[i * unit] != (uint8_t)word[i] || (unit == 2 && v.ptr[i * 2 + 1] != 0))
			return false;
	}
	return true;
}

/* NtCreateFile dispositions: 0 supersede, 1 open, 2 create, 3 open-if, 4 overwrite, 5 overwrite-if. What makes or
 * replaces content counts as a create, as in Sysmon 11; open-if mostly opens. */
static enum event_kind by_disposition(const struct event *ev, enum event_kind kind)
{
	uint64_t options = 0;

	if (!event_get_u64(ev, SLOT_CREATE_OPTIONS, &options))
		return kind;
	switch (options >> 24 & 0xff) {
	case 0: case 2: case 4: case 5:
		return EVENT_file_create;
	default:
		return EVENT_file_open;
	}
}

/* SERVERSILO_STATE (ntddk.h): 0 initing, 1 started, 2 shutting down, 3 terminating, 4 terminated. */
static enum event_kind by_silo_state(const struct event *ev, enum event_kind kind)
{
	uint64_t state = 0;

	if (!event_get_u64(ev, SLOT_SILO_STATE, &state))
		return kind;
	return state == 1 ? EVENT_container_start : state == 4 ? EVENT_container_stop : kind;
}

/* Texts that decide a kind, of raw and log records alike. */
static const struct {
	uint16_t flag;
	uint8_t slot;            /* whose text */
	uint8_t kind;
	const char *text;
} by_text[] = {
	{ LAYOUT_OBJECT, SLOT_OBJECT_TYPE, EVENT_file_open, "File" },
	{ LAYOUT_OBJECT, SLOT_OBJECT_TYPE, EVENT_reg_open_key, "Key" },
	{ LAYOUT_OBJECT, SLOT_OBJECT_TYPE, EVENT_process_access, "Process" },
	/* "Existing registry value deleted" (Security 4657). */
	{ LAYOUT_REG_OPERATION, SLOT_EVENT_SUBTYPE, EVENT_reg_delete_value, "%%1906" },
	/* "Inbound" (Security 5156). */
	{ LAYOUT_DIRECTION, SLOT_DIRECTION, EVENT_net_accept, "%%14592" },
	{ LAYOUT_DIRECTION, SLOT_DIRECTION, EVENT_net_accept, "Inbound" },
};

static bool is_inbound(const struct event *ev)
{
	return slot_is(ev, SLOT_DIRECTION, "%%14592") || slot_is(ev, SLOT_DIRECTION, "Inbound");
}

enum event_kind refine_kind(const struct event *ev, enum event_kind kind)
{
	unsigned flags = event_flags(ev) & REFINING;

	if (!flags)
		return kind;
	if (flags & LAYOUT_DISPOSITION)
		return by_disposition(ev, kind);
	if (flags & LAYOUT_SILO)
		return by_silo_state(ev, kind);
	if (kind == EVENT_log && flags & LAYOUT_DIRECTION)     /* refused connections stay what they are */
		return kind;
	for (size_t i = 0; i < sizeof by_text / sizeof by_text[0]; i++) {
		if (flags & by_text[i].flag && slot_is(ev, (enum slot)by_text[i].slot, by_text[i].text))
			return (enum event_kind)by_text[i].kind;
	}
	return kind;
}

static enum slot swap_ends(enum slot asked)
{
	switch (asked) {
	case SLOT_LOCAL_ADDR:
		return SLOT_REMOTE_ADDR;
	case SLOT_REMOTE_ADDR:
		return SLOT_LOCAL_ADDR;
	case SLOT_LOCAL_PORT:
		return SLOT_REMOTE_PORT;
	case SLOT_REMOTE_PORT:
		return SLOT_LOCAL_PORT;
	default:
		return asked;
	}
}

enum slot refine_slot(const struct event *ev, enum slot asked)
{
	unsigned flags = event_flags(ev);

	if (flags & LAYOUT_DIRECTION && swap_ends(asked) != asked)
		return is_inbound(ev) ? swap_ends(asked) : asked;
	if (!(flags & LAYOUT_OBJECT))
		return asked;
	if ((asked == SLOT_FILE_PATH && ev->kind == EVENT_file_open) ||
		(asked == SLOT_KEY_NAME && ev->kind == EVENT_reg_open_key) ||
		(asked == SLOT_TARGET_PATH && ev->kind == EVENT_process_access))
		return SLOT_OBJECT_NAME;
	return asked;
}
