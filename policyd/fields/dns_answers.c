/* dns.answers: one text of the record, "type:  5 www.example.org;::ffff:192.0.2.1;", to a list. */
#include "policyd/fields/field_net.h"

#include "proto/base/text.h"

enum { MAX_ANSWERS = 64 };       /* a DNS message of 512 bytes holds 30 addresses */

static struct text_view trim(struct text_view t)
{
	while (t.len && t.ptr[0] == ' ') {
		t.ptr++;
		t.len--;
	}
	while (t.len && t.ptr[t.len - 1] == ' ')
		t.len--;
	return t;
}

static struct text_view skip_prefix(struct text_view t, const char *prefix)
{
	size_t n = strlen(prefix);

	if (t.len >= n && text_equal_fold(t.ptr, n, prefix, n)) {
		t.ptr += n;
		t.len -= n;
	}
	return t;
}

/* "type: 5 name" is a name; "::ffff:a.b.c.d" is how an IPv4 address is written here. */
static struct text_view answer_of(struct text_view part)
{
	struct text_view rest = skip_prefix(part = trim(part), "type:");

	if (rest.len == part.len)
		return memchr(part.ptr, '.', part.len) ? skip_prefix(part, "::ffff:") : part;
	rest = trim(rest);
	while (rest.len && rest.ptr[0] >= '0' && rest.ptr[0] <= '9') {
		rest.ptr++;
		rest.len--;
	}
	return trim(rest);
}

enum field_result get_dns_answers(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view all, answer;
	struct value *items;
	size_t count = 0;

	(void)f;
	(void)arg;
	if (!getter_text(view, SLOT_DNS_RESULTS, &all) || !all.len)
		return FIELD_MISSING;
	items = arena_alloc(view->scratch, MAX_ANSWERS * sizeof *items);
	if (!items)
		return FIELD_MISSING;
	while (all.len && count < MAX_ANSWERS) {
		const char *end = memchr(all.ptr, ';', all.len);
		size_t n = end ? (size_t)(end - all.ptr) : all.len;

		answer = answer_of((struct text_view){ .ptr = all.ptr, .len = n });
		if (answer.len)
			give_text(&items[count++], answer);
		all.ptr += n + (end != NULL);
		all.len -= n + (end != NULL);
	}
	out->list.items = items;
	out->list.count = count;
	return count ? FIELD_OK : FIELD_MISSING;
}
