#include "policyd/output/collector_url.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "proto/base/text.h"

struct parts {
	const char *scheme, *host, *port, *path;
	int host_len, port_len;
};

static bool starts_with(const char *text, const char *head)
{
	size_t len = strlen(head);

	return strlen(text) >= len && text_equal_fold(text, len, head, len);
}

static bool is_port(const char *text, size_t len)
{
	unsigned value = 0;

	if (len < 1 || len > 5)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	return value >= 1 && value <= 65535;
}

static bool is_host(const char *host, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)host[i] <= 0x20 || (unsigned char)host[i] >= 0x7f || strchr("@\"<>\\^`{}|?#", host[i]))
			return false;
	return len > 0;
}

/* "host", "host:port", "[v6]", "[v6]:port". */
static bool split_authority(struct parts *p, const char *text, size_t len)
{
	const char *colon = NULL;
	size_t host_len = len;

	if (len && text[0] == '[') {
		const char *close = memchr(text, ']', len);

		if (!close)
			return false;
		host_len = (size_t)(close + 1 - text);
		if (host_len < len && text[host_len] != ':')
			return false;
		colon = host_len < len ? text + host_len : NULL;
	} else {
		colon = memchr(text, ':', len);
		host_len = colon ? (size_t)(colon - text) : len;
	}
	p->host = text;
	p->host_len = (int)host_len;
	if (colon) {
		p->port = colon + 1;
		p->port_len = (int)(len - host_len - 1);
	}
	return is_host(text, host_len) && is_port(p->port, (size_t)p->port_len);
}

static bool is_path(const char *path)
{
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7f || *p == '"' || *p == '#')
			return false;
	return true;
}

enum status collector_url_endpoint(const char *url, const char *port, char out[COLLECTOR_URL_MAX_BYTES], struct diag *why)
{
	struct parts p = { .scheme = "https", .port = port && port[0] ? port : "6443", .path = "/v1/logs" };
	size_t len;
	int written;

	p.port_len = (int)strlen(p.port);
	if (starts_with(url, "http://"))
		p.scheme = "http";
	if (starts_with(url, "http://") || starts_with(url, "https://"))
		url = strchr(url, '/') + 2;
	len = strcspn(url, "/");
	if (url[len] && url[len + 1])
		p.path = url + len;
	/* The text is not repeated: it may hold a password. */
	if (!split_authority(&p, url, len) || !is_path(p.path))
		return diag_set(why, ST_MALFORMED, "the collector's URL or port is neither a host nor a URL of http or https");
	written = snprintf(out, COLLECTOR_URL_MAX_BYTES, "%s://%.*s:%.*s%s", p.scheme, p.host_len, p.host, p.port_len, p.port,
		p.path);
	if (written < 0 || written >= COLLECTOR_URL_MAX_BYTES)
		return diag_set(why, ST_LIMIT, "the collector's URL is too long");
	return ST_OK;
}
