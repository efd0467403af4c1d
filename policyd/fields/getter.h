/* getter: what the getters of all families share. Inner header of the fields layer.
 *
 * A family's table is a list of rows, X for plain fields and Y for those that look at either of two others:
 *     X(name, type, argument, flags, getter, user, doc)
 *     Y(name, type, flags, one, other, doc)
 * fields.c makes the vocabulary of them. `user` is what one getter needs to serve several fields. */
#ifndef VITRINE_FIELDS_GETTER_H
#define VITRINE_FIELDS_GETTER_H

#include "policyd/decode/decode.h"
#include "policyd/fields/fields.h"
#include "policyd/state/container.h"
#include "policyd/state/proc.h"

typedef enum field_result field_getter(
	const struct field *f, const struct field_arg *arg, const struct event_view *view, struct value *out);

/* Names and paths of Windows: letter case does not count. */
#define WINDOWS_PATH FIELD_WINDOWS_NAME
#define FIELD_ANY_ANCESTOR (FIELD_ANCESTOR | FIELD_NO_RHS | FIELD_NO_TRANSFORMER)

static inline const struct fields_ctx *getter_ctx(const struct event_view *view)
{
	return view->ctx;
}

static inline const struct event *getter_event(const struct event_view *view)
{
	return getter_ctx(view)->ev;
}

/* Values by slot, of the event or of the twin it was joined with. */
static inline bool getter_text(const struct event_view *view, enum slot slot, struct text_view *out)
{
	const struct event *ev = getter_event(view);

	return event_get_text(ev, slot, view->scratch, out) ||
	       (ev->twin && event_get_text(ev->twin, slot, view->scratch, out));
}

static inline bool getter_u64(const struct event_view *view, enum slot slot, uint64_t *out)
{
	const struct event *ev = getter_event(view);

	return event_get_u64(ev, slot, out) || (ev->twin && event_get_u64(ev->twin, slot, out));
}

/* An empty text is none: Windows events write it where they have nothing to say. */
static inline enum field_result give_text(struct value *out, struct text_view text)
{
	if (!text.len)
		return FIELD_MISSING;
	out->str.ptr = text.ptr;
	out->str.len = text.len;
	return FIELD_OK;
}

static inline enum field_result give_str(struct value *out, const char *text)
{
	out->str.ptr = text;
	out->str.len = strlen(text);
	return FIELD_OK;
}

static inline enum field_result give_u64(struct value *out, uint64_t number)
{
	out->u = number;
	return FIELD_OK;
}

static inline enum field_result give_i64(struct value *out, int64_t number)
{
	out->i = number;
	return FIELD_OK;
}

static inline enum field_result give_bool(struct value *out, bool truth)
{
	out->u = truth;
	return FIELD_OK;
}

/* user: enum slot. */
field_getter get_slot_text, get_slot_number, get_slot_hex;
/* user: enum slot; true for non-zero, "true", "yes", %%1842 (the Security log's yes). */
field_getter get_slot_bool;
/* Known names for which no source is attached yet. */
field_getter get_nothing;

enum hash_name { HASH_MD5, HASH_SHA1, HASH_SHA256, HASH_IMPHASH };
/* The event's hashes are one text, "SHA1=..,MD5=..": the one of that name. */
enum field_result give_hash(const struct event_view *view, enum hash_name name, struct value *out);

/* One text of view->scratch; MISSING when it is full. */
enum field_result give_copy(const struct event_view *view, struct value *out, const char *text, size_t len);
enum field_result give_hex(const struct event_view *view, struct value *out, uint64_t number);

struct text_view text_last_part(struct text_view path);      /* after the last backslash or slash */
struct text_view text_directory(struct text_view path);      /* before it */

#endif
