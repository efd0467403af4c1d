#include "policyd/decode/decode.h"

#include "policyd/decode/named.h"
#include "policyd/decode/sockaddr.h"
#include "policyd/decode/raw_value.h"

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

static bool named_value_of(const struct event *ev, enum slot slot, struct text_view *out)
{
	const struct named_layout *l = ev->named;

	if (!l)
		return false;
	for (size_t i = 0; i < l->row_count; i++) {
		const struct text_view *v;

		if (l->rows[i].slot != slot || ev->offset[i] == NAMED_ABSENT)
			continue;
		v = &ev->rec->values[ev->offset[i]].value;
		if (v->len == 0 || (l->rows[i].conv == NC_DASH_EMPTY && v->len == 1 && v->ptr[0] == '-'))
			continue;
		*out = *v;
		return true;
	}
	return false;
}

bool event_has(const struct event *ev, enum slot slot)
{
	struct sockaddr_parts parts;
	struct text_view text;
	struct value v;

	if (slot == SLOT_NONE)
		return false;
	if (ev->named)
		return named_value_of(ev, slot, &text);
	return raw_value(ev, slot, &v) || sockaddr_value(ev, slot, &parts);
}

bool event_get_u64(const struct event *ev, enum slot slot, uint64_t *out)
{
	struct sockaddr_parts parts;
	struct text_view text;
	struct value v;

	if (slot == SLOT_NONE)
		return false;
	if (ev->named)
		return named_value_of(ev, slot, &text) && value_parse_number(text.ptr, text.len, out);
	if (raw_value(ev, slot, &v))
		return value_get_u64(&v, out);
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
	return value_get_text(&v, 8, scratch, out);
}

bool event_get_text(const struct event *ev, enum slot slot, struct arena *scratch, struct text_view *out)
{
	struct sockaddr_parts parts;
	struct value v;

	if (slot == SLOT_NONE)
		return false;
	if (ev->named)
		return named_value_of(ev, slot, out);
	if (raw_value(ev, slot, &v))
		return value_get_text(&v, ev->rec->pointer_bytes, scratch, out);
	return sockaddr_value(ev, slot, &parts) && text_of_parts(&parts, slot, scratch, out);
}

bool event_get_bytes(const struct event *ev, enum slot slot, struct view *out)
{
	struct sockaddr_parts parts;
	struct text_view text;
	struct value v;

	if (slot == SLOT_NONE)
		return false;
	if (ev->named) {
		if (!named_value_of(ev, slot, &text))
			return false;
		*out = (struct view){ .ptr = (const uint8_t *)text.ptr, .len = text.len };
		return true;
	}
	if (raw_value(ev, slot, &v)) {
		*out = value_content(&v, ev->rec->pointer_bytes);
		return out->len > 0;
	}
	if (is_port(slot) || !sockaddr_value(ev, slot, &parts))
		return false;
	*out = parts.address;
	return true;
}
