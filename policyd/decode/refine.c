#include "policyd/decode/refine.h"

#include "policyd/decode/decode.h"
#include "policyd/decode/named.h"

enum { REFINING = LAYOUT_DISPOSITION | LAYOUT_SILO | LAYOUT_OBJECT | LAYOUT_REG_OPERATION | LAYOUT_DIRECTION |
		   LAYOUT_INITIATED | LAYOUT_REG_TEXT };

unsigned event_flags(const struct event *ev)
{
	return ev->layout ? ev->layout->flags : ev->named ? ev->named->flags : 0;
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

static enum event_kind by_object(const struct event *ev, enum event_kind kind)
{
	if (slot_is(ev, SLOT_OBJECT_TYPE, "File"))
		return EVENT_file_open;
	if (slot_is(ev, SLOT_OBJECT_TYPE, "Key"))
		return EVENT_reg_open_key;
	return slot_is(ev, SLOT_OBJECT_TYPE, "Process") ? EVENT_process_access : kind;
}

/* %%14592 is the message number of "Inbound" (Security 5156). */
static bool is_inbound(const struct event *ev)
{
	return slot_is(ev, SLOT_DIRECTION, "%%14592") || slot_is(ev, SLOT_DIRECTION, "Inbound");
}

static enum event_kind by_text(const struct event *ev, enum event_kind kind)
{
	if (slot_is(ev, SLOT_EVENT_SUBTYPE, "DeleteKey"))
		return EVENT_reg_delete_key;
	return slot_is(ev, SLOT_EVENT_SUBTYPE, "DeleteValue") ? EVENT_reg_delete_value : kind;
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
	if (flags & LAYOUT_OBJECT)
		return by_object(ev, kind);
	if (flags & LAYOUT_REG_TEXT)
		return by_text(ev, kind);
	/* %%1906 is "Existing registry value deleted" (Security 4657). */
	if (flags & LAYOUT_REG_OPERATION)
		return slot_is(ev, SLOT_EVENT_SUBTYPE, "%%1906") ? EVENT_reg_delete_value : kind;
	if (flags & LAYOUT_INITIATED)
		return slot_is(ev, SLOT_DIRECTION, "false") ? EVENT_net_accept : kind;
	return kind == EVENT_net_connect && is_inbound(ev) ? EVENT_net_accept : kind;
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
