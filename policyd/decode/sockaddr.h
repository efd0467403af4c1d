/* sockaddr: Windows SOCKADDR bytes and the text of IP addresses. No allocation; any thread.
 * Source: ws2def.h SOCKADDR_IN, ws2ipdef.h SOCKADDR_IN6: family u16 LE, port u16 BE, then 4 address bytes, or flow
 * information u32, 16 address bytes and scope u32. */
#ifndef VITRINE_DECODE_SOCKADDR_H
#define VITRINE_DECODE_SOCKADDR_H

#include "proto/base/bytes.h"

/* "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255" + NUL; "[...]:65535" + NUL */
enum { ADDRESS_TEXT_BYTES = 46, SOCKADDR_TEXT_BYTES = 54 };

struct sockaddr_parts {
	struct view address;     /* 4 or 16 bytes, network order, within the input */
	uint16_t port;           /* host order */
};

/* False: not IPv4 or IPv6, or too short. */
bool sockaddr_parse(struct view bytes, struct sockaddr_parts *out);

/* 4 or 16 bytes in network order -> "10.0.0.1", "2001:db8::1" (RFC 5952; IPv4-mapped as ::ffff:10.0.0.1).
 * Returns the length, 0 for any other size. */
size_t address_format(struct view address, char out[ADDRESS_TEXT_BYTES]);
/* "10.0.0.1:443", "[::1]:443"; 0 when sockaddr_parse refuses. */
size_t sockaddr_format(struct view bytes, char out[SOCKADDR_TEXT_BYTES]);

#endif
