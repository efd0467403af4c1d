/* Microsoft-Windows-DNS-Client. 3008 ends every query, also those answered from the cache, so it alone is dns_query. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field dns_server_for_interface_v0[] = {
	N(WSTRZ, Interface), N(U32, TotalServerCount), N(U32, Index), N(U8, DynamicAddress), N(U32, AddressLength),
	FLEN(BYTES, Address, NONE, 4),
};
static const struct layout_field dns_server_timeout_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), N(U32, AddressLength), FLEN(BYTES, Address, NONE, 1),
};
static const struct layout_field dns_server_timeout_v1[] = {
	F(WSTRZ, QueryName, DNS_NAME), N(U32, AddressLength), FLEN(BYTES, Address, NONE, 1),
	F(U32, ClientPID, CLIENT_PID),
};
static const struct layout_field dns_name_error_v2[] = {
	F(WSTRZ, QueryName, DNS_NAME), N(U32, AddressLength), FLEN(BYTES, Address, NONE, 1),
	F(U32, ClientPID, CLIENT_PID), N(PTR, SendBlob), N(PTR, SendBlobContext),
};
static const struct layout_field query_started_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U64, QueryOptions), N(WSTRZ, ServerList),
	N(U32, IsNetworkQuery), N(U32, NetworkQueryIndex), N(U32, InterfaceIndex), N(U32, IsAsyncQuery),
};
static const struct layout_field query_completed_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U64, QueryOptions),
	F(U32, QueryStatus, DNS_STATUS), F(WSTRZ, QueryResults, DNS_RESULTS),
};
static const struct layout_field network_query_started_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), N(U32, IsParallelNetworkQuery), N(U32, NetworkIndex), N(U32, InterfaceCount),
	N(WSTRZ, AdapterName), N(WSTRZ, LocalAddress), N(WSTRZ, DNSServerAddress),
};
static const struct layout_field network_query_started_v1[] = {
	F(WSTRZ, QueryName, DNS_NAME), N(U32, IsParallelNetworkQuery), N(U32, NetworkIndex), N(U32, InterfaceCount),
	N(WSTRZ, AdapterName), N(WSTRZ, LocalAddress), N(WSTRZ, DNSServerAddress), F(U32, ClientPID, CLIENT_PID),
};
static const struct layout_field network_query_started_v2[] = {
	F(WSTRZ, QueryName, DNS_NAME), N(U32, IsParallelNetworkQuery), N(U32, NetworkIndex), N(U32, InterfaceCount),
	N(WSTRZ, AdapterName), N(WSTRZ, LocalAddress), N(WSTRZ, DNSServerAddress), F(U32, ClientPID, CLIENT_PID),
	N(PTR, QueryBlob), N(PTR, ParentBlob),
};
static const struct layout_field query_sent_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(WSTRZ, DnsServerIpAddress),
};
static const struct layout_field query_sent_v1[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(WSTRZ, DnsServerIpAddress),
	F(U32, ClientPID, CLIENT_PID),
};
static const struct layout_field response_received_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(WSTRZ, DnsServerIpAddress),
	F(U32, ResponseStatus, DNS_STATUS),
};
static const struct layout_field response_received_v1[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(WSTRZ, DnsServerIpAddress),
	F(U32, ResponseStatus, DNS_STATUS), F(U32, ClientPID, CLIENT_PID),
};
static const struct layout_field response_received_v2[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(WSTRZ, DnsServerIpAddress),
	F(U32, ResponseStatus, DNS_STATUS), F(U32, ClientPID, CLIENT_PID), N(PTR, SendBlob), N(PTR, SendBlobContext),
};
static const struct layout_field netbios_query_started_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), N(U32, NetworkIndex), N(U32, InterfaceCount), N(WSTRZ, AdapterName),
	N(WSTRZ, LocalAddress),
};
static const struct layout_field netbios_query_started_v1[] = {
	F(WSTRZ, QueryName, DNS_NAME), N(U32, NetworkIndex), N(U32, InterfaceCount), N(WSTRZ, AdapterName),
	N(WSTRZ, LocalAddress), F(U32, ClientPID, CLIENT_PID),
};
static const struct layout_field netbios_query_started_v2[] = {
	F(WSTRZ, QueryName, DNS_NAME), N(U32, NetworkIndex), N(U32, InterfaceCount), N(WSTRZ, AdapterName),
	N(WSTRZ, LocalAddress), F(U32, ClientPID, CLIENT_PID), N(PTR, QueryBlob),
};
static const struct layout_field netbios_query_completed_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, Status, DNS_STATUS), F(WSTRZ, QueryResults, DNS_RESULTS),
};
static const struct layout_field netbios_query_completed_v1[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, Status, DNS_STATUS), F(WSTRZ, QueryResults, DNS_RESULTS),
	F(U32, ClientPID, CLIENT_PID),
};
static const struct layout_field netbios_query_completed_v2[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, Status, DNS_STATUS), F(WSTRZ, QueryResults, DNS_RESULTS),
	F(U32, ClientPID, CLIENT_PID), N(PTR, QueryBlob),
};
static const struct layout_field netbios_query_pending_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME),
};
static const struct layout_field netbios_query_pending_v1[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, ClientPID, CLIENT_PID),
};
static const struct layout_field netbios_query_pending_v2[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, ClientPID, CLIENT_PID), N(PTR, QueryBlob),
};
static const struct layout_field cache_lookup_started_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U64, QueryOptions), N(U32, InterfaceIndex),
};
static const struct layout_field cache_lookup_started_v1[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U64, QueryOptions), N(U32, InterfaceIndex),
	F(U32, ClientPID, CLIENT_PID),
};
static const struct layout_field cache_lookup_started_v2[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U64, QueryOptions), N(U32, InterfaceIndex),
	F(U32, ClientPID, CLIENT_PID), N(PTR, QueryBlob),
};
static const struct layout_field cache_lookup_completed_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U64, QueryOptions), F(U32, Status, DNS_STATUS),
	F(WSTRZ, QueryResults, DNS_RESULTS),
};
static const struct layout_field cache_lookup_completed_v1[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U64, QueryOptions), F(U32, Status, DNS_STATUS),
	F(WSTRZ, QueryResults, DNS_RESULTS), F(U32, ClientPID, CLIENT_PID),
};
static const struct layout_field cache_lookup_completed_v2[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U64, QueryOptions), F(U32, Status, DNS_STATUS),
	F(WSTRZ, QueryResults, DNS_RESULTS), F(U32, ClientPID, CLIENT_PID), N(PTR, QueryBlob),
};
static const struct layout_field wire_query_started_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U32, InterfaceIndex), N(U32, NetworkIndex),
};
static const struct layout_field wire_query_started_v1[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U32, InterfaceIndex), N(U32, NetworkIndex),
	F(U32, ClientPID, CLIENT_PID),
};
static const struct layout_field wire_query_started_v2[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U32, InterfaceIndex), N(U32, NetworkIndex),
	F(U32, ClientPID, CLIENT_PID), N(PTR, QueryBlob),
};
static const struct layout_field wire_query_completed_v0[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U32, NetworkIndex), N(U32, InterfaceIndex),
	F(U32, Status, DNS_STATUS), F(WSTRZ, QueryResults, DNS_RESULTS),
};
static const struct layout_field wire_query_completed_v1[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U32, NetworkIndex), N(U32, InterfaceIndex),
	F(U32, Status, DNS_STATUS), F(WSTRZ, QueryResults, DNS_RESULTS), F(U32, ClientPID, CLIENT_PID),
};
static const struct layout_field wire_query_completed_v2[] = {
	F(WSTRZ, QueryName, DNS_NAME), F(U32, QueryType, DNS_TYPE), N(U32, NetworkIndex), N(U32, InterfaceIndex),
	F(U32, Status, DNS_STATUS), F(WSTRZ, QueryResults, DNS_RESULTS), F(U32, ClientPID, CLIENT_PID),
	N(PTR, QueryBlob),
};

static const struct layout dns_client_layouts[] = {
	L(1001, 0, log, 0, "DnsServerForInterface", dns_server_for_interface_v0),
	L(1015, 0, log, 0, "DnsServerTimeout", dns_server_timeout_v0),
	L(1015, 1, log, 0, "DnsServerTimeout", dns_server_timeout_v1),
	L(1016, 0, log, 0, "DnsNameError", dns_server_timeout_v0),
	L(1016, 1, log, 0, "DnsNameError", dns_server_timeout_v1),
	L(1016, 2, log, 0, "DnsNameError", dns_name_error_v2),
	L(3006, 0, log, 0, "QueryStarted", query_started_v0),
	L(3008, 0, dns_query, 0, "QueryCompleted", query_completed_v0),
	L(3009, 0, log, 0, "NetworkQueryStarted", network_query_started_v0),
	L(3009, 1, log, 0, "NetworkQueryStarted", network_query_started_v1),
	L(3009, 2, log, 0, "NetworkQueryStarted", network_query_started_v2),
	L(3010, 0, log, 0, "QuerySent", query_sent_v0),
	L(3010, 1, log, 0, "QuerySent", query_sent_v1),
	L(3011, 0, log, 0, "ResponseReceived", response_received_v0),
	L(3011, 1, log, 0, "ResponseReceived", response_received_v1),
	L(3011, 2, log, 0, "ResponseReceived", response_received_v2),
	L(3012, 0, log, 0, "NetbiosQueryStarted", netbios_query_started_v0),
	L(3012, 1, log, 0, "NetbiosQueryStarted", netbios_query_started_v1),
	L(3012, 2, log, 0, "NetbiosQueryStarted", netbios_query_started_v2),
	L(3013, 0, log, 0, "NetbiosQueryCompleted", netbios_query_completed_v0),
	L(3013, 1, log, 0, "NetbiosQueryCompleted", netbios_query_completed_v1),
	L(3013, 2, log, 0, "NetbiosQueryCompleted", netbios_query_completed_v2),
	L(3014, 0, log, 0, "NetbiosQueryPending", netbios_query_pending_v0),
	L(3014, 1, log, 0, "NetbiosQueryPending", netbios_query_pending_v1),
	L(3014, 2, log, 0, "NetbiosQueryPending", netbios_query_pending_v2),
	L(3016, 0, log, 0, "CacheLookupStarted", cache_lookup_started_v0),
	L(3016, 1, log, 0, "CacheLookupStarted", cache_lookup_started_v1),
	L(3016, 2, log, 0, "CacheLookupStarted", cache_lookup_started_v2),
	L(3018, 0, log, 0, "CacheLookupCompleted", cache_lookup_completed_v0),
	L(3018, 1, log, 0, "CacheLookupCompleted", cache_lookup_completed_v1),
	L(3018, 2, log, 0, "CacheLookupCompleted", cache_lookup_completed_v2),
	L(3019, 0, log, 0, "WireQueryStarted", wire_query_started_v0),
	L(3019, 1, log, 0, "WireQueryStarted", wire_query_started_v1),
	L(3019, 2, log, 0, "WireQueryStarted", wire_query_started_v2),
	L(3020, 0, log, 0, "WireQueryCompleted", wire_query_completed_v0),
	L(3020, 1, log, 0, "WireQueryCompleted", wire_query_completed_v1),
	L(3020, 2, log, 0, "WireQueryCompleted", wire_query_completed_v2),
};
/* clang-format on */

const struct provider provider_dns_client = {
	.guid = GUID_INIT(0x1c95126e, 0x7eea, 0x49a9, 0xa3, 0xfe, 0xa3, 0x78, 0xb0, 0x3d, 0xdb, 0x4d),
	.name = "Microsoft-Windows-DNS-Client",
	LAYOUT_TABLE(dns_client_layouts)
};
