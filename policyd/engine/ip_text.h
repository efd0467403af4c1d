/* ip_text: addresses and networks as text, without the system resolver. Any thread, no allocation. */
#ifndef VITRINE_ENGINE_IP_TEXT_H
#define VITRINE_ENGINE_IP_TEXT_H

#include "policyd/engine/value.h"

enum { IP_TEXT_BYTES = 64 };   /* longest form is 45 characters, "/128" and the NUL */

/* Dotted IPv4 (four decimal parts, no leading zeros), or IPv6 (RFC 4291 text, an embedded IPv4 tail allowed).
 * False: not an address; out is untouched. */
bool ip_parse(const char *text, size_t len, struct ip *out);
/* The same with "/prefix" behind; host bits are cleared. */
bool ip_parse_net(const char *text, size_t len, struct ip *out);
/* RFC 5952 form; networks get "/prefix" when as_net. Returns the length. */
size_t ip_format(const struct ip *ip, bool as_net, char out[IP_TEXT_BYTES]);

#endif
