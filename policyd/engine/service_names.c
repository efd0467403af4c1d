#include "policyd/engine/service_names.h"

#include <string.h>

struct service {
	const char *name;
	uint16_t port;
};

/* clang-format off */
static const struct service services[] = {
	{ "echo", 7 }, { "discard", 9 }, { "systat", 11 }, { "daytime", 13 }, { "qotd", 17 }, { "chargen", 19 },
	{ "ftp-data", 20 }, { "ftp", 21 }, { "ssh", 22 }, { "telnet", 23 }, { "smtp", 25 }, { "time", 37 },
	{ "whois", 43 }, { "tacacs", 49 }, { "domain", 53 }, { "bootps", 67 }, { "bootpc", 68 }, { "tftp", 69 },
	{ "gopher", 70 }, { "finger", 79 }, { "http", 80 }, { "kerberos", 88 }, { "pop3", 110 }, { "sunrpc", 111 },
	{ "auth", 113 }, { "nntp", 119 }, { "ntp", 123 }, { "epmap", 135 }, { "netbios-ns", 137 },
	{ "netbios-dgm", 138 }, { "netbios-ssn", 139 }, { "imap2", 143 }, { "imap", 143 }, { "snmp", 161 },
	{ "snmp-trap", 162 }, { "snmptrap", 162 }, { "bgp", 179 }, { "irc", 194 }, { "ldap", 389 }, { "https", 443 },
	{ "microsoft-ds", 445 }, { "kpasswd", 464 }, { "submissions", 465 }, { "isakmp", 500 }, { "exec", 512 },
	{ "login", 513 }, { "shell", 514 }, { "syslog", 514 }, { "printer", 515 }, { "route", 520 }, { "rtsp", 554 },
	{ "nntps", 563 }, { "submission", 587 }, { "ipp", 631 }, { "ldaps", 636 }, { "syslog-tls", 6514 },
	{ "rsync", 873 }, { "ftps-data", 989 }, { "ftps", 990 }, { "telnets", 992 }, { "imaps", 993 }, { "pop3s", 995 },
	{ "socks", 1080 }, { "openvpn", 1194 }, { "ms-sql-s", 1433 }, { "ms-sql-m", 1434 }, { "ingreslock", 1524 },
	{ "radius", 1812 }, { "radius-acct", 1813 }, { "mqtt", 1883 }, { "nfs", 2049 }, { "docker", 2375 },
	{ "docker-s", 2376 }, { "etcd-client", 2379 }, { "etcd-server", 2380 }, { "iscsi-target", 3260 },
	{ "msft-gc", 3268 }, { "msft-gc-ssl", 3269 }, { "mysql", 3306 }, { "ms-wbt-server", 3389 }, { "svn", 3690 },
	{ "ipsec-nat-t", 4500 }, { "sip", 5060 }, { "sip-tls", 5061 }, { "xmpp-client", 5222 }, { "xmpp-server", 5269 },
	{ "mdns", 5353 }, { "llmnr", 5355 }, { "postgresql", 5432 }, { "amqps", 5671 }, { "amqp", 5672 },
	{ "rfb", 5900 }, { "wsman", 5985 }, { "wsmans", 5986 }, { "x11", 6000 }, { "redis", 6379 }, { "ircd", 6667 },
	{ "http-alt", 8080 }, { "secure-mqtt", 8883 }, { "git", 9418 }, { "zabbix-agent", 10050 },
	{ "zabbix-trapper", 10051 },
};
/* clang-format on */

bool service_port(const char *name, size_t len, uint16_t *port)
{
	for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
		if (strlen(services[i].name) == len && memcmp(services[i].name, name, len) == 0) {
			*port = services[i].port;
			return true;
		}
	}
	return false;
}
