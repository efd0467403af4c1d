#include "policyd/decode/sockaddr.h"

#include <stdio.h>

enum { FAMILY_INET = 2, FAMILY_INET6 = 23, GROUPS = 8 };

bool sockaddr_parse(struct view bytes, struct sockaddr_parts *out)
{
	struct bytes in = bytes_of(bytes.ptr, bytes.len);
	uint16_t family = bytes_u16le(&in);
	uint16_t port = bytes_u16be(&in);
	struct view address;

	if (family == FAMILY_INET6)
		bytes_skip(&in, 4);
	else if (family != FAMILY_INET)
		return false;
	address = bytes_view(&in, family == FAMILY_INET ? 4 : 16);
	if (in.failed)
		return false;
	*out = (struct sockaddr_parts){ .address = address, .port = port };
	return true;
}

static int format_v4(const uint8_t *p, char *out, size_t out_bytes)
{
	return snprintf(out, out_bytes, "%u.%u.%u.%u", p[0], p[1], p[2], p[3]);
}

/* First of the longest run of at least two zero groups; GROUPS when there is none. */
static int find_zero_run(const uint8_t *p, int *run_out)
{
	int best = GROUPS, best_run = 1, start = 0, run = 0;

	for (int i = 0; i < GROUPS; i++) {
		if (load_u16be(p + i * 2) != 0) {
			run = 0;
			continue;
		}
		if (run == 0)
			start = i;
		run++;
		if (run > best_run) {
			best = start;
			best_run = run;
		}
	}
	*run_out = best_run;
	return best;
}

static size_t format_v6(const uint8_t *p, char *out)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	int run, zeros = find_zero_run(p, &run), n = 0;

	if (memcmp(p, mapped, sizeof mapped) == 0) {
		n = snprintf(out, ADDRESS_TEXT_BYTES, "::ffff:");
		return (size_t)(n + format_v4(p + 12, out + n, ADDRESS_TEXT_BYTES - (size_t)n));
	}
	for (int i = 0; i < GROUPS; i++) {
		if (i == zeros) {
			n += snprintf(out + n, ADDRESS_TEXT_BYTES - (size_t)n, "::");
			i += run - 1;
			continue;
		}
		n += snprintf(out + n, ADDRESS_TEXT_BYTES - (size_t)n, "%s%x", n && out[n - 1] != ':' ? ":" : "",
			load_u16be(p + i * 2));
	}
	return (size_t)n;
}

size_t address_format(struct view address, char out[ADDRESS_TEXT_BYTES])
{
	out[0] = '\0';
	if (address.len == 4)
		return (size_t)format_v4(address.ptr, out, ADDRESS_TEXT_BYTES);
	return address.len == 16 ? format_v6(address.ptr, out) : 0;
}

size_t sockaddr_format(struct view bytes, char out[SOCKADDR_TEXT_BYTES])
{
	char address[ADDRESS_TEXT_BYTES];
	struct sockaddr_parts parts;

	out[0] = '\0';
	if (!sockaddr_parse(bytes, &parts))
		return 0;
	address_format(parts.address, address);
	return (size_t)snprintf(out, SOCKADDR_TEXT_BYTES, parts.address.len == 4 ? "%s:%u" : "[%s]:%u", address, parts.port);
}
