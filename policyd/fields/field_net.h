/* field_net: fd.*: connections, and the names that files, pipes and connections share; dns.*. Rows as in getter.h.
 *
 * Local and remote are as the acting process sees them. Client and server need to know who opened the connection: a
 * connect says so, an accept says so, a log's direction says so; else they are missing, not guessed. */
#ifndef VITRINE_FIELDS_FIELD_NET_H
#define VITRINE_FIELDS_FIELD_NET_H

#include "policyd/fields/getter.h"

enum net_end { END_LOCAL, END_REMOTE, END_CLIENT, END_SERVER };

field_getter get_fd_name, get_fd_type, get_fd_typechar, get_net_ip, get_net_port, get_net_service, get_net_protocol,
	get_net_family, get_net_is_server, get_net_host, get_dns_type, get_dns_answers;

/* clang-format off */
#define FIELD_NET_TABLE(X) \
	X("fd.name", VT_PATH, NONE, WINDOWS_PATH | FIELD_MAY_BE_MISSING, get_fd_name, 0, "Path of the file, name of the pipe, or client:port->server:port of the connection (local->remote where it is not known who opened it).") \
	X("fd.type", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_fd_type, 0, "file, pipe, ipv4 or ipv6.") \
	X("fd.typechar", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_fd_typechar, 0, "f, p, 4 or 6.") \
	X("fd.lip", VT_IPADDR, NONE, FIELD_MAY_BE_MISSING, get_net_ip, END_LOCAL, "Local address.") \
	X("fd.rip", VT_IPADDR, NONE, FIELD_MAY_BE_MISSING, get_net_ip, END_REMOTE, "Remote address; of a logon, where it came from.") \
	X("fd.cip", VT_IPADDR, NONE, FIELD_MAY_BE_MISSING, get_net_ip, END_CLIENT, "Address of the end that opened the connection.") \
	X("fd.sip", VT_IPADDR, NONE, FIELD_MAY_BE_MISSING, get_net_ip, END_SERVER, "Address of the end that was connected to.") \
	X("fd.lport", VT_PORT, NONE, FIELD_MAY_BE_MISSING, get_net_port, END_LOCAL, "Local port.") \
	X("fd.rport", VT_PORT, NONE, FIELD_MAY_BE_MISSING, get_net_port, END_REMOTE, "Remote port.") \
	X("fd.cport", VT_PORT, NONE, FIELD_MAY_BE_MISSING, get_net_port, END_CLIENT, "Port of the end that opened the connection.") \
	X("fd.sport", VT_PORT, NONE, FIELD_MAY_BE_MISSING, get_net_port, END_SERVER, "Port of the end that was connected to.") \
	X("fd.lnet", VT_IPNET, NONE, FIELD_MAY_BE_MISSING | FIELD_FILTER_ONLY | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, get_net_ip, END_LOCAL, "Network the local address is in.") \
	X("fd.rnet", VT_IPNET, NONE, FIELD_MAY_BE_MISSING | FIELD_FILTER_ONLY | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, get_net_ip, END_REMOTE, "Network the remote address is in.") \
	X("fd.cnet", VT_IPNET, NONE, FIELD_MAY_BE_MISSING | FIELD_FILTER_ONLY | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, get_net_ip, END_CLIENT, "Network the client's address is in.") \
	X("fd.snet", VT_IPNET, NONE, FIELD_MAY_BE_MISSING | FIELD_FILTER_ONLY | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, get_net_ip, END_SERVER, "Network the server's address is in.") \
	X("fd.lproto", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_net_service, END_LOCAL, "Service name of the local port, its number where it has none.") \
	X("fd.rproto", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_net_service, END_REMOTE, "Service name of the remote port.") \
	X("fd.cproto", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_net_service, END_CLIENT, "Service name of the client's port.") \
	X("fd.sproto", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_net_service, END_SERVER, "Service name of the server's port.") \
	X("fd.lip.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, get_net_host, END_LOCAL, "Host name of the local address: always missing, nothing is looked up.") \
	X("fd.rip.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, get_net_host, END_REMOTE, "Host name of the remote address, where the record has it.") \
	X("fd.cip.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, get_net_host, END_CLIENT, "Host name of the client, where the record has it.") \
	X("fd.sip.name", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, get_net_host, END_SERVER, "Host name of the server, where the record has it.") \
	X("fd.l4proto", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_net_protocol, 0, "tcp, udp, icmp, icmpv6, or the protocol's number.") \
	X("fd.sockfamily", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_net_family, 0, "ip for connections.") \
	X("fd.is_server", VT_BOOL, NONE, FIELD_MAY_BE_MISSING, get_net_is_server, 0, "The acting process has the server's end.") \
	X("dns.query", VT_STRING, NONE, FIELD_MAY_BE_MISSING | FIELD_WINDOWS_NAME, get_slot_text, SLOT_DNS_NAME, "Name asked for.") \
	X("dns.type", VT_STRING, NONE, FIELD_MAY_BE_MISSING, get_dns_type, 0, "Record type: A, AAAA, TXT, ...; its number where it has no common name.") \
	X("dns.status", VT_UINT32, NONE, FIELD_MAY_BE_MISSING, get_slot_number, SLOT_DNS_STATUS, "Result: 0, or a Win32 error such as 9003 (no such name).") \
	X("dns.answers", VT_STRING, NONE, FIELD_LIST | FIELD_MAY_BE_MISSING, get_dns_answers, 0, "Answers: addresses and names.")

#define FIELD_NET_EITHER_TABLE(Y) \
	Y("fd.ip", VT_IPADDR, FIELD_FILTER_ONLY | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, "fd.lip", "fd.rip", "Address of either end.") \
	Y("fd.port", VT_PORT, FIELD_FILTER_ONLY | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, "fd.lport", "fd.rport", "Port of either end.") \
	Y("fd.proto", VT_PORT, FIELD_FILTER_ONLY | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, "fd.lport", "fd.rport", "Port of either end, by number or service name.") \
	Y("fd.net", VT_IPNET, FIELD_FILTER_ONLY | FIELD_NO_RHS | FIELD_NO_TRANSFORMER, "fd.lnet", "fd.rnet", "Network of either end.")
/* clang-format on */

#endif
