#include "policyd/fields/getter.h"

#include <inttypes.h>
#include <stdio.h>

#include "proto/base/text.h"

enum field_result give_copy(const struct event_view *view, struct value *out, const char *text, size_t len)
{
	char *copy = arena_strndup(view->scratch, text, len);

	if (!copy)
		return FIELD_MISSING;
	out->str.ptr = copy;
	out->str.len = len;
	return FIELD_OK;
}

enum field_result give_hex(const struct event_view *view, struct value *out, uint64_t number)
{
	char text[24];
	int n = snprintf(text, sizeof text, "0x%" PRIx64, number);

	return give_copy(view, out, text, (size_t)n);
}

enum field_result get_slot_text(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view text;

	(void)arg;
	return getter_text(view, (enum slot)f->user, &text) ? give_text(out, text) : FIELD_MISSING;
}

enum field_result get_slot_number(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	uint64_t number;

	(void)arg;
	return getter_u64(view, (enum slot)f->user, &number) ? give_u64(out, number) : FIELD_MISSING;
}

enum field_result get_slot_hex(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view text;
	uint64_t number;

	(void)arg;
	if (getter_u64(view, (enum slot)f->user, &number))
		return give_hex(view, out, number);
	return getter_text(view, (enum slot)f->user, &text) ? give_text(out, text) : FIELD_MISSING;
}

enum field_result get_slot_bool(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	static const char *const yes[] = { "true", "yes", "%%1842" };
	struct text_view text;
	uint64_t number;

	(void)arg;
	if (getter_u64(view, (enum slot)f->user, &number))
		return give_bool(out, number != 0);
	if (!getter_text(view, (enum slot)f->user, &text) || !text.len)
		return FIELD_MISSING;
	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
		if (text_equal_fold(text.ptr, text.len, yes[i], strlen(yes[i])))
			return give_bool(out, true);
	}
	return give_bool(out, false);
}

enum field_result get_nothing(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)f;
	(void)arg;
	(void)view;
	(void)out;
	return FIELD_MISSING;
}

enum field_result give_hash(const struct event_view *view, enum hash_name which, struct value *out)
{
	static const char *const names[] = { [HASH_MD5] = "MD5", [HASH_SHA1] = "SHA1", [HASH_SHA256] = "SHA256",
		[HASH_IMPHASH] = "IMPHASH" };
	const char *name = names[which];
	struct text_view all, part;
	size_t name_len = strlen(name);

	if (!getter_text(view, SLOT_HASHES, &all))
		return FIELD_MISSING;
	while (all.len) {
		const char *comma = memchr(all.ptr, ',', all.len);

		part = (struct text_view){ .ptr = all.ptr, .len = comma ? (size_t)(comma - all.ptr) : all.len };
		if (part.len > name_len && part.ptr[name_len] == '=' && text_equal_fold(part.ptr, name_len, name, name_len))
			return give_text(out, (struct text_view){ part.ptr + name_len + 1, part.len - name_len - 1 });
		all.ptr += part.len + (comma != NULL);
		all.len -= part.len + (comma != NULL);
	}
	return FIELD_MISSING;
}

struct text_view text_last_part(struct text_view path)
{
	size_t i = path.len;

	while (i && path.ptr[i - 1] != '\\' && path.ptr[i - 1] != '/')
		i--;
	return (struct text_view){ .ptr = path.ptr + i, .len = path.len - i };
}

struct text_view text_directory(struct text_view path)
{
	size_t i = path.len;

	while (i && path.ptr[i - 1] != '\\' && path.ptr[i - 1] != '/')
		i--;
	if (i)
		i--;
	return (struct text_view){ .ptr = path.ptr, .len = i };
}
