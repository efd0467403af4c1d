#include "policyd/output/output_config.h"

#include <string.h>

/* Every member, so that none is forgotten by one of the two. */
/* clang-format off */
#define TEXTS(X) \
	X(name) X(tls.ca_file) X(tls.cert_file) X(tls.key_file) X(http.url) X(http.user_agent) X(http.token.file) \
	X(http.token.env) X(http.proxy) X(http.no_proxy) X(http.proxy_user) X(http.proxy_password.file) \
	X(http.proxy_password.env) X(syslog.host) X(syslog.sd_id) X(file.path)
#define NUMBERS(X) \
	X(kind) X(filter.min_priority) X(filter.tag_count) X(filter.rule_count) X(json) X(tls.insecure) X(http.header_count) \
	X(http.compress) X(http.timeout_ms) X(syslog.port) X(syslog.tls) X(syslog.format) X(syslog.facility) \
	X(syslog.timeout_ms) X(file.max_bytes) X(file.keep) X(max_pending_bytes) X(max_pending_age_s)
/* clang-format on */

static bool copy_text(struct arena *a, const char **text)
{
	if (*text)
		*text = arena_strdup(a, *text);
	return *text != NULL;
}

static const char *const *copy_list(struct arena *a, const char *const *texts, size_t count)
{
	const char **out = arena_alloc(a, (count + 1) * sizeof *out);

	for (size_t i = 0; out && i < count; i++) {
		out[i] = texts[i];
		if (!copy_text(a, &out[i]))
			return NULL;
	}
	return out;
}

const struct output_pair *output_pairs_copy(struct arena *a, const struct output_pair *pairs, size_t count)
{
	struct output_pair *out = arena_alloc(a, (count + 1) * sizeof *out);

	for (size_t i = 0; out && i < count; i++) {
		out[i] = pairs[i];
		if (!copy_text(a, &out[i].name) || !copy_text(a, &out[i].value))
			return NULL;
	}
	return out;
}

bool output_config_copy(struct arena *a, const struct output_config *c, struct output_config *out)
{
	bool good = true;

	*out = *c;
#define X(member) good = (!c->member || copy_text(a, &out->member)) && good;
	TEXTS(X)
#undef X
	out->filter.tags = copy_list(a, c->filter.tags, c->filter.tag_count);
	out->filter.rules = copy_list(a, c->filter.rules, c->filter.rule_count);
	out->http.headers = output_pairs_copy(a, c->http.headers, c->http.header_count);
	return good && out->filter.tags && out->filter.rules && out->http.headers;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_list(const char *const *a, const char *const *b, size_t count)
{
	size_t same = 0;

	while (same < count && same_text(a[same], b[same]))
		same++;
	return same == count;
}

bool output_pairs_are_same(const struct output_pair *a, const struct output_pair *b, size_t count)
{
	size_t same = 0;

	while (same < count && same_text(a[same].name, b[same].name) && same_text(a[same].value, b[same].value))
		same++;
	return same == count;
}

bool output_config_is_same(const struct output_config *a, const struct output_config *b)
{
	bool same = true;

#define X(member) same = same && same_text(a->member, b->member);
	TEXTS(X)
#undef X
#define X(member) same = same && a->member == b->member;
	NUMBERS(X)
#undef X
	return same && same_list(a->filter.tags, b->filter.tags, a->filter.tag_count) &&
	       same_list(a->filter.rules, b->filter.rules, a->filter.rule_count) &&
	       output_pairs_are_same(a->http.headers, b->http.headers, a->http.header_count);
}
