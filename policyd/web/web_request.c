#include "policyd/web/web.h"

#include <string.h>

static bool starts_with(const char *text, size_t len, const char *head)
{
	size_t n = strlen(head);

	return len >= n && memcmp(text, head, n) == 0;
}

static bool is_token(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
}

/* RFC 9112 §3: method SP request-target SP HTTP-version. The query is not part of the path. */
bool web_parse_request(const char *line, size_t len, struct web_request *out)
{
	size_t method = 0, at, end;

	*out = (struct web_request){ .head = false };
	while (method < len && is_token(line[method]))
		method++;
	if (method == 0 || method == len || line[method] != ' ')
		return false;
	at = method + 1;
	for (end = at; end < len && line[end] != ' '; end++) {
		if ((unsigned char)line[end] <= ' ' || (unsigned char)line[end] >= 0x7f)
			return false;
	}
	if (end == len || line[at] != '/' || !starts_with(line + end, len - end, " HTTP/1."))
		return false;
	out->head = starts_with(line, len, "HEAD ");
	out->other_method = !out->head && !starts_with(line, len, "GET ");
	out->path = line + at;
	for (out->path_len = 0; at + out->path_len < end && out->path[out->path_len] != '?'; out->path_len++)
		;
	out->query = out->path + out->path_len + (at + out->path_len < end);
	out->query_len = (size_t)(line + end - out->query);
	return true;
}
