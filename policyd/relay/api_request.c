#include "policyd/relay/api_request.h"

#include <string.h>

#include "policyd/web/web.h"
#include "proto/base/text.h"

/* The blank line that ends the head: bytes with it; 0: not there. */
static size_t head_bytes(const char *bytes, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++) {
		if (bytes[i] != '\n')
			continue;
		if (bytes[i + 1] == '\n')
			return i + 2;
		if (i + 2 < len && bytes[i + 1] == '\r' && bytes[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = text_fold(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent signs and, in a query, plus signs undone. False: does not fit, or not well formed. */
static bool decode(const char *from, size_t len, char *out, size_t out_bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		char c = from[i] == '+' ? ' ' : from[i];

		if (c == '%') {
			int high = i + 2 < len ? hex_of(from[i + 1]) : -1, low = high >= 0 ? hex_of(from[i + 2]) : -1;

			if (low < 0)
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (!c || n + 1 == out_bytes)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return true;
}

static bool is_true(const char *text)
{
	return strcmp(text, "true") == 0 || strcmp(text, "1") == 0 || text[0] == '\0';
}

static uint32_t seconds_of(const char *text)
{
	uint32_t s = 0;

	for (; *text >= '0' && *text <= '9' && s <= API_MAX_WATCH_S; text++)
		s = s * 10 + (uint32_t)(*text - '0');
	return s == 0 ? API_DEFAULT_WATCH_S : s > API_MAX_WATCH_S ? API_MAX_WATCH_S : s;
}

static bool take_text(char *out, size_t bytes, const char *value)
{
	size_t len = strlen(value);

	if (len >= bytes)
		return false;
	memcpy(out, value, len + 1);
	return true;
}

/* Parameters that are not known are passed over, as the API server does. */
static bool take_parameter(struct api_request *r, const char *key, const char *value)
{
	if (strcmp(key, "watch") == 0)
		r->watch = is_true(value);
	else if (strcmp(key, "allowWatchBookmarks") == 0)
		r->bookmarks = is_true(value);
	else if (strcmp(key, "timeoutSeconds") == 0)
		r->timeout_s = seconds_of(value);
	else if (strcmp(key, "fieldSelector") == 0)
		return take_text(r->field_selector, sizeof r->field_selector, value);
	else if (strcmp(key, "resourceVersion") == 0)
		return take_text(r->version, sizeof r->version, value);
	else if (strcmp(key, "continue") == 0)
		return take_text(r->more, sizeof r->more, value);
	return true;
}

static bool take_query(struct api_request *r, const char *query, size_t len)
{
	char key[64], value[API_MAX_VALUE_BYTES];

	for (size_t at = 0; at < len;) {
		const char *end = memchr(query + at, '&', len - at), *equals;
		size_t pair = end ? (size_t)(end - query) - at : len - at, key_len;

		equals = memchr(query + at, '=', pair);
		key_len = equals ? (size_t)(equals - query) - at : pair;
		if (!decode(query + at, key_len, key, sizeof key) ||
			!decode(equals ? equals + 1 : "", equals ? pair - key_len - 1 : 0, value, sizeof value) ||
			!take_parameter(r, key, value))
			return false;
		at += pair + 1;
	}
	return true;
}

static bool is_name(const char *line, size_t len, const char *name)
{
	size_t n = strlen(name);

	return len > n && line[n] == ':' && text_equal_fold(line, n, name, n);
}

/* The value of a header line, without blanks around it. */
static const char *value_of(const char *line, size_t len, size_t name_len, size_t *value_len)
{
	const char *at = line + name_len + 1, *end = line + len;

	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	while (end > at && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
		end--;
	*value_len = (size_t)(end - at);
	return at;
}

static enum status take_token(struct api_request *r, const char *value, size_t len)
{
	if (len < 8 || !text_equal_fold(value, 7, "bearer ", 7))
		return ST_OK;                      /* another scheme is no token */
	r->token = value + 7;
	r->token_len = len - 7;
	if (r->token_len > API_MAX_TOKEN_BYTES)
		return ST_LIMIT;
	for (size_t i = 0; i < r->token_len; i++) {
		if ((unsigned char)r->token[i] <= ' ' || (unsigned char)r->token[i] >= 0x7f || r->token[i] == '"' || r->token[i] == '\\')
			return ST_MALFORMED;
	}
	return ST_OK;
}

static enum status take_header(struct api_request *r, const char *line, size_t len)
{
	size_t n;
	const char *value;

	if (is_name(line, len, "authorization")) {
		value = value_of(line, len, 13, &n);
		return take_token(r, value, n);
	}
	if (is_name(line, len, "connection")) {
		value = value_of(line, len, 10, &n);
		r->keep_alive = text_equal_fold(value, n, "close", 5) ? false : text_equal_fold(value, n, "keep-alive", 10) || r->keep_alive;
	} else if (is_name(line, len, "content-length")) {
		value = value_of(line, len, 14, &n);
		return n == 1 && value[0] == '0' ? ST_OK : ST_MALFORMED;
	} else if (is_name(line, len, "transfer-encoding")) {
		return ST_MALFORMED;
	}
	return ST_OK;
}

static enum status take_headers(struct api_request *r, const char *at, const char *end)
{
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		enum status st = take_header(r, at, (size_t)((stop ? stop : end) - at));

		if (st != ST_OK)
			return st;
		at = stop ? stop + 1 : end;
	}
	return ST_OK;
}

enum status api_request_read(const char *bytes, size_t len, struct api_request *out)
{
	size_t n = head_bytes(bytes, len < API_MAX_HEAD_BYTES ? len : API_MAX_HEAD_BYTES);
	const char *line_end;
	struct web_request line;

	*out = (struct api_request){ .timeout_s = API_DEFAULT_WATCH_S };
	if (!n)
		return len < API_MAX_HEAD_BYTES ? ST_TRUNCATED : ST_LIMIT;
	line_end = memchr(bytes, '\n', n);
	if (!line_end || !web_parse_request(bytes, (size_t)(line_end - bytes), &line))
		return ST_MALFORMED;
	out->head_bytes = n;
	out->head = line.head;
	out->other_method = line.other_method;
	out->keep_alive = line_end - bytes > 9 && memcmp(line_end - 9, "HTTP/1.1\r", 9) == 0;
	if (!decode(line.path, line.path_len, out->path, sizeof out->path) || !take_query(out, line.query, line.query_len))
		return ST_LIMIT;
	return take_headers(out, line_end + 1, bytes + n);
}

const char *api_request_node(const struct api_request *r)
{
	static const char field[] = "spec.nodeName=";
	const char *node = r->field_selector + sizeof field - 1;

	if (strncmp(r->field_selector, field, sizeof field - 1) != 0)
		return NULL;
	node += *node == '=';                      /* "==" means the same */
	return *node && !strpbrk(node, ",=!") ? node : NULL;
}
