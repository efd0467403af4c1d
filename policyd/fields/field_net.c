#include "policyd/fields/field_net.h"

#include <stdio.h>

#include "policyd/engine/ip_text.h"
#include "policyd/engine/service_names.h"
#include "policyd/fields/field_file.h"
#include "proto/base/text.h"

static bool is_net_event(const struct event *ev)
{
	return ev->kind >= EVENT_net_connect && ev->kind <= EVENT_net_recv;
}

/* ::ffff:a.b.c.d is an IPv4 connection on a dual-stack socket. */
static void unmap_v4(struct ip *ip)
{
	static const uint8_t prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

	if (ip->family != 6 || memcmp(ip->addr, prefix, sizeof prefix) != 0)
		return;
	memmove(ip->addr, ip->addr + 12, 4);
	memset(ip->addr + 4, 0, 12);
	ip->family = 4;
	ip->prefix = 32;
}

static bool address(const struct event_view *view, enum slot slot, struct ip *out)
{
	const struct event *ev = getter_event(view);
	struct text_view text;
	struct view bytes;

	memset(out, 0, sizeof *out);
	if (ev->rec->kind == RECORD_NAMED) {
		if (!event_get_text(ev, slot, view->scratch, &text) || !ip_parse(text.ptr, text.len, out))
			return false;
		unmap_v4(out);
		return true;
	}
	if (!event_get_bytes(ev, slot, &bytes) || (bytes.len != 4 && bytes.len != 16))
		return false;
	out->family = bytes.len == 4 ? 4 : 6;
	out->prefix = bytes.len == 4 ? 32 : 128;
	memcpy(out->addr, bytes.ptr, bytes.len);
	unmap_v4(out);
	return true;
}

/* False: the event does not say. */
static bool is_server(const struct event_view *view, bool *server)
{
	enum event_kind kind = getter_event(view)->kind;

	*server = kind == EVENT_net_accept;
	return kind == EVENT_net_accept || kind == EVENT_net_connect;
}

static bool remote_end(const struct event_view *view, enum net_end end, bool *remote)
{
	bool server;

	if (end == END_LOCAL || end == END_REMOTE) {
		*remote = end == END_REMOTE;
		return true;
	}
	if (!is_server(view, &server))
		return false;
	*remote = (end == END_CLIENT) == server;
	return true;
}

enum field_result get_net_ip(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	bool remote;

	(void)arg;
	if (!remote_end(view, (enum net_end)f->user, &remote))
		return FIELD_MISSING;
	return address(view, remote ? SLOT_REMOTE_ADDR : SLOT_LOCAL_ADDR, &out->ip) ? FIELD_OK : FIELD_MISSING;
}

/* Process Monitor writes names of services. */
static bool port_in(const struct event_view *view, enum slot slot, uint64_t *port)
{
	struct text_view name;
	uint16_t number;

	if (getter_u64(view, slot, port))
		return *port <= UINT16_MAX;
	if (!getter_text(view, slot, &name) || !service_port(name.ptr, name.len, &number))
		return false;
	*port = number;
	return true;
}

static bool port_of(const struct event_view *view, enum net_end end, uint64_t *port)
{
	bool remote;

	return remote_end(view, end, &remote) && port_in(view, remote ? SLOT_REMOTE_PORT : SLOT_LOCAL_PORT, port);
}

enum field_result get_net_port(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	uint64_t port;

	(void)arg;
	return port_of(view, (enum net_end)f->user, &port) ? give_u64(out, port) : FIELD_MISSING;
}

enum field_result get_net_service(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	static const struct {
		uint16_t port;
		const char *name;
	} services[] = { { 20, "ftp-data" }, { 21, "ftp" }, { 22, "ssh" }, { 23, "telnet" }, { 25, "smtp" },
		{ 53, "domain" }, { 67, "bootps" }, { 80, "http" }, { 88, "kerberos" }, { 110, "pop3" }, { 123, "ntp" },
		{ 135, "epmap" }, { 137, "netbios-ns" }, { 138, "netbios-dgm" }, { 139, "netbios-ssn" }, { 143, "imap" },
		{ 161, "snmp" }, { 389, "ldap" }, { 443, "https" }, { 445, "microsoft-ds" }, { 514, "syslog" },
		{ 587, "submission" }, { 636, "ldaps" }, { 993, "imaps" }, { 1433, "ms-sql-s" }, { 3306, "mysql" },
		{ 3389, "ms-wbt-server" }, { 5985, "wsman" }, { 5986, "wsmans" }, { 8080, "http-alt" } };
	uint64_t port;
	char text[8];

	(void)arg;
	if (!port_of(view, (enum net_end)f->user, &port))
		return FIELD_MISSING;
	for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
		if (services[i].port == port)
			return give_str(out, services[i].name);
	}
	return give_copy(view, out, text, (size_t)snprintf(text, sizeof text, "%u", (unsigned)port));
}

enum field_result get_net_host(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	struct text_view name;
	bool remote;

	(void)arg;
	if (!is_net_event(getter_event(view)) || !remote_end(view, (enum net_end)f->user, &remote) || !remote)
		return FIELD_MISSING;
	return getter_text(view, SLOT_REMOTE_HOST, &name) ? give_text(out, name) : FIELD_MISSING;
}

enum field_result get_net_is_server(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	bool server;

	(void)f;
	(void)arg;
	return is_server(view, &server) ? give_bool(out, server) : FIELD_MISSING;
}

/* Providers whose layouts have no protocol field, because they are about one only. */
static const char *protocol_of_provider(const struct event *ev)
{
	static const struct guid kernel_network = GUID_INIT(
		0x7dd42a49, 0x5329, 0x4832, 0x8d, 0xfd, 0x43, 0xd9, 0x79, 0x15, 0x3a, 0x88);
	static const struct guid tcp_ip = GUID_INIT(
		0x9a280ac0, 0xc8e0, 0x11d1, 0x84, 0xe2, 0x00, 0xc0, 0x4f, 0xb9, 0x98, 0xa2);
	static const struct guid udp_ip = GUID_INIT(
		0xbf3a50c5, 0xa9c9, 0x4988, 0xa0, 0x05, 0x2d, 0xf0, 0xb7, 0xc8, 0x0f, 0x80);
	enum { FIRST_UDP_ID = 42 };

	if (!ev->layout)
		return NULL;
	if (guid_equal(&ev->rec->provider, &kernel_network))
		return ev->rec->id >= FIRST_UDP_ID ? "udp" : "tcp";
	if (guid_equal(&ev->rec->provider, &udp_ip))
		return "udp";
	return guid_equal(&ev->rec->provider, &tcp_ip) ? "tcp" : NULL;
}

enum field_result get_net_protocol(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	static const struct {
		uint8_t number;
		const char *name;
	} names[] = { { 1, "icmp" }, { 6, "tcp" }, { 17, "udp" }, { 58, "icmpv6" } };
	const struct event *ev = getter_event(view);
	struct text_view text;
	uint64_t number;
	const char *name;

	(void)f;
	(void)arg;
	if (!is_net_event(ev))
		return FIELD_MISSING;
	name = protocol_of_provider(ev);
	if (name)
		return give_str(out, name);
	for (size_t i = 0; getter_u64(view, SLOT_PROTOCOL, &number) && i < sizeof names / sizeof names[0]; i++) {
		if (names[i].number == number)
			return give_str(out, names[i].name);
	}
	if (getter_text(view, SLOT_PROTOCOL, &text))
		return give_text(out, text);
	/* TCPIP 1017, 1033: connections, so TCP. */
	return ev->layout && (ev->kind == EVENT_net_connect || ev->kind == EVENT_net_accept) ? give_str(out, "tcp") :
											       FIELD_MISSING;
}

static unsigned family(const struct event_view *view)
{
	struct ip ip;

	if (!is_net_event(getter_event(view)))
		return 0;
	return address(view, SLOT_REMOTE_ADDR, &ip) || address(view, SLOT_LOCAL_ADDR, &ip) ? ip.family : 0;
}

enum field_result get_net_family(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)f;
	(void)arg;
	return family(view) ? give_str(out, "ip") : FIELD_MISSING;
}

enum field_result get_fd_type(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	const struct event *ev = getter_event(view);
	unsigned v = family(view);

	(void)f;
	(void)arg;
	if (v)
		return give_str(out, v == 4 ? "ipv4" : "ipv6");
	if (is_file_event(ev))
		return give_str(out, "file");
	return is_pipe_event(ev) ? give_str(out, "pipe") : FIELD_MISSING;
}

enum field_result get_fd_typechar(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	enum field_result got = get_fd_type(f, arg, view, out);

	if (got != FIELD_OK)
		return got;
	if (out->str.ptr[0] == 'i')
		return give_str(out, out->str.ptr[3] == '4' ? "4" : "6");
	return give_str(out, out->str.ptr[0] == 'f' ? "f" : "p");
}

/* "a.b.c.d:port"; IPv6 as it is, for Falco puts no brackets. Returns the length. */
static size_t format_end(const struct event_view *view, bool remote, char *out, size_t out_bytes)
{
	char text[IP_TEXT_BYTES] = "";
	struct ip ip;
	uint64_t port = 0;
	int n;

	if (address(view, remote ? SLOT_REMOTE_ADDR : SLOT_LOCAL_ADDR, &ip))
		ip_format(&ip, false, text);
	port_in(view, remote ? SLOT_REMOTE_PORT : SLOT_LOCAL_PORT, &port);
	n = snprintf(out, out_bytes, "%s:%u", text, (unsigned)port);
	return n > 0 && (size_t)n < out_bytes ? (size_t)n : 0;
}

static enum field_result connection_name(const struct event_view *view, struct value *out)
{
	char text[2 * (IP_TEXT_BYTES + 16)];
	bool server;
	size_t n;

	if (!family(view))
		return FIELD_MISSING;
	is_server(view, &server);
	n = format_end(view, server, text, sizeof text / 2);
	text[n++] = '-';
	text[n++] = '>';
	n += format_end(view, !server, text + n, sizeof text / 2);
	return give_copy(view, out, text, n);
}

enum field_result get_fd_name(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	(void)f;
	(void)arg;
	if (is_net_event(getter_event(view)))
		return connection_name(view, out);
	return give_text(out, file_object_name(view));
}

/* Source: IANA DNS resource record types. */
enum field_result get_dns_type(const struct field *f, const struct field_arg *arg, const struct event_view *view,
	struct value *out)
{
	static const struct {
		uint16_t number;
		const char *name;
	} types[] = { { 1, "A" }, { 2, "NS" }, { 5, "CNAME" }, { 6, "SOA" }, { 12, "PTR" }, { 15, "MX" }, { 16, "TXT" },
		{ 28, "AAAA" }, { 33, "SRV" }, { 35, "NAPTR" }, { 43, "DS" }, { 46, "RRSIG" }, { 48, "DNSKEY" },
		{ 64, "SVCB" }, { 65, "HTTPS" }, { 255, "ANY" } };
	uint64_t number;
	char text[24];

	(void)f;
	(void)arg;
	if (!getter_u64(view, SLOT_DNS_TYPE, &number))
		return FIELD_MISSING;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (types[i].number == number)
			return give_str(out, types[i].name);
	}
	return give_copy(view, out, text, (size_t)snprintf(text, sizeof text, "%u", (unsigned)(number & UINT32_MAX)));
}
