#include "policyd/engine/ip_text.h"

#include <stdio.h>
#include <string.h>

static bool parse_v4(const char *text, size_t len, uint8_t out[4])
{
	size_t i = 0;

	for (int part = 0; part < 4; part++) {
		unsigned v = 0;
		size_t start = i;

		if (part > 0 && (i >= len || text[i++] != '.'))
			return false;
		start = i;
		while (i < len && text[i] >= '0' && text[i] <= '9' && i - start < 4)
			v = v * 10 + (unsigned)(text[i++] - '0');
		if (i == start || v > 255 || (i - start > 1 && text[start] == '0'))
			return false;
		out[part] = (uint8_t)v;
	}
	return i == len;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct v6 {
	const char *text;
	size_t len, at;
	uint8_t out[16];
	size_t filled;       /* bytes of out */
	size_t gap;          /* where "::" stood; 17: nowhere */
};

/* One group of hex digits, or an IPv4 tail. False: neither. */
static bool v6_group(struct v6 *p)
{
	size_t start = p->at;
	unsigned v = 0;

	while (p->at < p->len && hex_digit(p->text[p->at]) >= 0 && p->at - start < 4)
		v = v << 4 | (unsigned)hex_digit(p->text[p->at++]);
	if (p->at < p->len && p->text[p->at] == '.') {
		if (p->filled > 12 || !parse_v4(p->text + start, p->len - start, p->out + p->filled))
			return false;
		p->filled += 4;
		p->at = p->len;
		return true;
	}
	if (p->at == start || p->filled > 14)
		return false;
	p->out[p->filled++] = (uint8_t)(v >> 8);
	p->out[p->filled++] = (uint8_t)v;
	return true;
}

static bool v6_separator(struct v6 *p)
{
	if (p->at >= p->len || p->text[p->at] != ':')
		return false;
	p->at++;
	if (p->at < p->len && p->text[p->at] == ':') {
		if (p->gap != 17)
			return false;
		p->gap = p->filled;
		p->at++;
		return true;
	}
	return p->at < p->len;
}

static bool parse_v6(const char *text, size_t len, uint8_t out[16])
{
	struct v6 p = { .text = text, .len = len, .gap = 17 };

	if (len >= 2 && text[0] == ':' && text[1] == ':') {
		p.gap = 0;
		p.at = 2;
	}
	while (p.at < p.len) {
		if (!v6_group(&p))
			return false;
		if (p.at < p.len && !v6_separator(&p))
			return false;
	}
	if (p.gap == 17 ? p.filled != 16 : p.filled > 14)
		return false;
	memset(out, 0, 16);
	if (p.gap == 17) {
		memcpy(out, p.out, 16);
	} else {
		memcpy(out, p.out, p.gap);
		memcpy(out + 16 - (p.filled - p.gap), p.out + p.gap, p.filled - p.gap);
	}
	return true;
}

bool ip_parse(const char *text, size_t len, struct ip *out)
{
	struct ip ip = { .family = 4, .prefix = 32 };

	if (len && !memchr(text, ':', len)) {
		if (!parse_v4(text, len, ip.addr))
			return false;
	} else {
		ip.family = 6;
		ip.prefix = 128;
		if (len == 0 || !parse_v6(text, len, ip.addr))
			return false;
	}
	*out = ip;
	return true;
}

static void clear_host_bits(struct ip *ip)
{
	for (unsigned bit = ip->prefix; bit < 128; bit++)
		ip->addr[bit / 8] = (uint8_t)(ip->addr[bit / 8] & ~(0x80u >> bit % 8));
}

bool ip_parse_net(const char *text, size_t len, struct ip *out)
{
	const char *slash = len ? memchr(text, '/', len) : NULL;
	size_t left = slash ? len - (size_t)(slash - text) - 1 : 0;
	unsigned prefix = 0;
	struct ip ip;

	if (!slash || left < 1 || left > 3 || !ip_parse(text, (size_t)(slash - text), &ip))
		return false;
	for (size_t i = 0; i < left; i++) {
		if (slash[1 + i] < '0' || slash[1 + i] > '9')
			return false;
		prefix = prefix * 10 + (unsigned)(slash[1 + i] - '0');
	}
	if (prefix > ip.prefix)
		return false;
	ip.prefix = (uint8_t)prefix;
	clear_host_bits(&ip);
	*out = ip;
	return true;
}

/* RFC 5952: the longest run of two or more zero groups becomes "::", the first of equals. */
static int longest_zero_run(const uint8_t addr[16], int *start)
{
	int best = 0, run = 0;

	*start = -1;
	for (int g = 0; g < 8; g++) {
		run = addr[2 * g] == 0 && addr[2 * g + 1] == 0 ? run + 1 : 0;
		if (run > best && run > 1) {
			best = run;
			*start = g - run + 1;
		}
	}
	return best;
}

static size_t format_v6(const uint8_t addr[16], char out[IP_TEXT_BYTES])
{
	int start, run = longest_zero_run(addr, &start);
	size_t n = 0;

	for (int g = 0; g < 8; g++) {
		if (g == start) {
			out[n++] = ':';
			out[n++] = ':';
			g += run - 1;
			continue;
		}
		if (g > 0 && out[n - 1] != ':')
			out[n++] = ':';
		n += (size_t)snprintf(out + n, IP_TEXT_BYTES - n, "%x", (unsigned)addr[2 * g] << 8 | addr[2 * g + 1]);
	}
	out[n] = '\0';
	return n;
}

static bool is_v4_mapped(const uint8_t addr[16])
{
	static const uint8_t prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

	return memcmp(addr, prefix, sizeof prefix) == 0;
}

size_t ip_format(const struct ip *ip, bool as_net, char out[IP_TEXT_BYTES])
{
	const uint8_t *a = ip->family == 4 ? ip->addr : ip->addr + 12;
	size_t n;

	if (ip->family == 4)
		n = (size_t)snprintf(out, IP_TEXT_BYTES, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
	else if (is_v4_mapped(ip->addr))
		n = (size_t)snprintf(out, IP_TEXT_BYTES, "::ffff:%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
	else
		n = format_v6(ip->addr, out);
	if (as_net)
		n += (size_t)snprintf(out + n, IP_TEXT_BYTES - n, "/%u", ip->prefix);
	return n;
}
