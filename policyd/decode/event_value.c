#include "policyd/decode/decode.h"

#include "policyd/decode/named.h"
#include "policyd/decode/sockaddr.h"
#include "policyd/decode/raw_value.h"
#include "policyd/decode/refine.h"
#include "proto/base/text.h"

static bool raw_value(const struct event *ev, enum slot slot, struct value *out)
{
	const struct layout *l = ev->layout;

	if (!l)
		return false;
	for (size_t i = 0; i < l->field_count; i++) {
		if (l->fields[i].slot != slot)
			continue;
		*out = (struct value){
			.type = (enum layout_type)l->fields[i].type,
			.slot = slot,
			.bytes = { .ptr = ev->rec->payload.ptr + ev->offset[i], .len = ev->offset[i + 1] - ev->offset[i] },
		};
		return out->bytes.len > 0;
	}
	return false;
}

/* An address or port that stands inside a SOCKADDR field. */
static bool sockaddr_value(const struct event *ev, enum slot slot, struct sockaddr_parts *out)
{
	struct value v;
	enum slot whole;

	if (slot == SLOT_LOCAL_ADDR || slot == SLOT_LOCAL_PORT)
		whole = SLOT_LOCAL_SOCKADDR;
	else if (slot == SLOT_REMOTE_ADDR || slot == SLOT_REMOTE_PORT)
		whole = SLOT_REMOTE_SOCKADDR;
	else
		return false;
	return raw_value(ev, whole, &v) && sockaddr_parse(v.bytes, out);
}

static bool is_port(enum slot slot)
{
	return slot == SLOT_LOCAL_PORT || slot == SLOT_REMOTE_PORT;
}

/* TCP or UDP by the event itself, where no field says so. */
static const char *implied_protocol(const struct event *ev, enum slot slot)
{
	unsigned flags = slot == SLOT_PROTOCOL ? event_flags(ev) : 0;

	return flags & LAYOUT_TCP ? "tcp" : flags & LAYOUT_UDP ? "udp" : NULL;
}

static bool is_dash(const struct event *ev, const struct value *v)
{
	struct view text;

	if (v->type != LT_WSTRZ || !(event_flags(ev) & LAYOUT_DASH))
		return false;
	text = raw_value_content(v, ev->rec->pointer_bytes);
	return text.len == 2 && text.ptr[0] == '-' && text.ptr[1] == 0;
}

/* The value of the slot, whatever field it stands in. */
static bool find_raw(const struct event *ev, enum slot slot, struct value *out)
{
	return slot != SLOT_NONE && raw_value(ev, slot, out) && !is_dash(ev, out);
}

bool event_is_of_logger(const struct event *ev)
{
	static const char *const loggers[] = { "Microsoft-Windows-Sysmon", "Microsoft-Windows-Security-Auditing" };
	struct text_view name = ev->rec->provider_name;

	for (size_t i = 0; i < sizeof loggers / sizeof loggers[0] && ev->rec->kind == RECORD_NAMED; i++) {
		size_t len = strlen(loggers[i]);

		if (name.len >= len && text_equal_fold(name.ptr, len, loggers[i], len))
			return true;
	}
	return false;
}

bool event_has(const struct event *ev, enum slot slot)
{
	struct sockaddr_parts parts;
	struct text_view text;
	struct value v;

	slot = refine_slot(ev, slot);
	if (ev->named && named_slot_text(ev, slot, &text))
		return true;
	return find_raw(ev, slot, &v) || sockaddr_value(ev, slot, &parts) || implied_protocol(ev, slot);
}

bool event_get_u64(const struct event *ev, enum slot slot, uint64_t *out)
{
	struct sockaddr_parts parts;
	struct text_view text;
	struct value v;

	slot = refine_slot(ev, slot);
	if (ev->named && named_slot_text(ev, slot, &text))
		return named_slot_u64(ev, slot, out);
	if (find_raw(ev, slot, &v))
		return raw_value_get_u64(&v, out);
	if (implied_protocol(ev, slot)) {
		*out = event_flags(ev) & LAYOUT_TCP ? 6 : 17;
		return true;
	}
	if (!is_port(slot) || !sockaddr_value(ev, slot, &parts))
		return false;
	*out = parts.port;
	return true;
}

static bool text_of_parts(const struct sockaddr_parts *parts, enum slot slot, struct arena *scratch,
	struct text_view *out)
{
	struct value v = { .type = LT_PORT_BE, .slot = slot, .bytes = parts->address };
	uint8_t port[2] = { (uint8_t)(parts->port >> 8), (uint8_t)parts->port };

	if (is_port(slot))
		v.bytes = (struct view){ .ptr = port, .len = sizeof port };
	else
		v.type = parts->address.len == 4 ? LT_IPV4 : LT_IPV6;
	return raw_value_get_text(&v, 8, scratch, out);
}

bool event_get_text(const struct event *ev, enum slot slot, struct arena *scratch, struct text_view *out)
{
	struct sockaddr_parts parts;
	const char *protocol;
	struct value v;

	slot = refine_slot(ev, slot);
	if (ev->named && named_slot_clean(ev, slot, scratch, out))
		return true;
	if (find_raw(ev, slot, &v))
		return raw_value_get_text(&v, ev->rec->pointer_bytes, scratch, out);
	protocol = implied_protocol(ev, slot);
	if (protocol) {
		*out = (struct text_view){ .ptr = protocol, .len = strlen(protocol) };
		return true;
	}
	return sockaddr_value(ev, slot, &parts) && text_of_parts(&parts, slot, scratch, out);
}

bool event_get_bytes(const struct event *ev, enum slot slot, struct view *out)
{
	struct sockaddr_parts parts;
	struct text_view text;
	struct value v;

	slot = refine_slot(ev, slot);
	if (ev->named) {
		if (!named_slot_text(ev, slot, &text))
			return false;
		*out = (struct view){ .ptr = (const uint8_t *)text.ptr, .len = text.len };
		return true;
	}
	if (find_raw(ev, slot, &v)) {
		*out = raw_value_content(&v, ev->rec->pointer_bytes);
		return out->len > 0;
	}
	if (is_port(slot) || !sockaddr_value(ev, slot, &parts))
		return false;
	*out = parts.address;
	return true;
}
