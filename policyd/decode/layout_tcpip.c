/* Microsoft-Windows-TCPIP. Addresses are SOCKADDR bytes. 1034 is a connect that failed: net_connect with its status. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field tcp_endpoint_creation_v0[] = {
	F(U32, Status, STATUS), N(PTR, Endpoint), N(U32, AddressFamily), F(U32, Pid, PID),
};
static const struct layout_field tcp_request_connect_v0[] = {
	N(PTR, Tcb), N(U32, LocalAddressLength), FLEN(BYTES, LocalAddress, LOCAL_SOCKADDR, 1),
	N(U32, RemoteAddressLength), FLEN(BYTES, RemoteAddress, REMOTE_SOCKADDR, 3), N(U32, NewState),
	N(U32, RexmitCount),
};
static const struct layout_field tcp_accept_listener_complete_v0[] = {
	N(U32, LocalAddressLength), FLEN(BYTES, LocalAddress, LOCAL_SOCKADDR, 0), N(U32, RemoteAddressLength),
	FLEN(BYTES, RemoteAddress, REMOTE_SOCKADDR, 2), F(U32, Status, STATUS), F(U32, ProcessId, PID),
	F(U32, Compartment, COMPARTMENT), N(PTR, Tcb),
};
static const struct layout_field tcp_accept_listener_complete_v1[] = {
	N(U32, LocalAddressLength), FLEN(BYTES, LocalAddress, LOCAL_SOCKADDR, 0), N(U32, RemoteAddressLength),
	FLEN(BYTES, RemoteAddress, REMOTE_SOCKADDR, 2), F(U32, Status, STATUS), F(U32, ProcessId, PID),
	F(U32, Compartment, COMPARTMENT), N(PTR, Tcb), N(U64, ProcessStartKey),
};
static const struct layout_field udp_endpoint_send_messages_v0[] = {
	N(PTR, Endpoint), N(U32, NumMessages), F(U32, NumBytes, NET_SIZE), N(U32, LocalSockAddrLength),
	FLEN(BYTES, LocalSockAddr, LOCAL_SOCKADDR, 3), N(U32, RemoteSockAddrLength),
	FLEN(BYTES, RemoteSockAddr, REMOTE_SOCKADDR, 5), F(U32, Pid, PID),
};
static const struct layout_field udp_endpoint_send_messages_v1[] = {
	N(PTR, Endpoint), N(U32, NumMessages), F(U32, NumBytes, NET_SIZE), N(U32, LocalSockAddrLength),
	FLEN(BYTES, LocalSockAddr, LOCAL_SOCKADDR, 3), N(U32, RemoteSockAddrLength),
	FLEN(BYTES, RemoteSockAddr, REMOTE_SOCKADDR, 5), F(U32, Pid, PID), N(U64, ProcessStartKey),
};

static const struct layout tcpip_layouts[] = {
	L(1001, 0, NONE, 0, "TcpEndpointCreation", tcp_endpoint_creation_v0),
	L(1002, 0, NONE, LAYOUT_TCP, "TcpRequestConnect", tcp_request_connect_v0),
	L(1017, 0, net_accept, LAYOUT_TCP, "TcpAcceptListenerComplete", tcp_accept_listener_complete_v0),
	L(1017, 1, net_accept, LAYOUT_TCP, "TcpAcceptListenerComplete", tcp_accept_listener_complete_v1),
	L(1031, 0, NONE, LAYOUT_TCP, "TcpConnectTcbProceeding", tcp_accept_listener_complete_v0),
	L(1031, 1, NONE, LAYOUT_TCP, "TcpConnectTcbProceeding", tcp_accept_listener_complete_v1),
	L(1033, 0, net_connect, LAYOUT_TCP, "TcpConnectTcbComplete", tcp_accept_listener_complete_v0),
	L(1033, 1, net_connect, LAYOUT_TCP, "TcpConnectTcbComplete", tcp_accept_listener_complete_v1),
	L(1034, 0, net_connect, LAYOUT_TCP, "TcpConnectTcbFailure", tcp_accept_listener_complete_v0),
	L(1034, 1, net_connect, LAYOUT_TCP, "TcpConnectTcbFailure", tcp_accept_listener_complete_v1),
	L(1038, 0, net_disconnect, LAYOUT_TCP, "TcpCloseTcbRequest", tcp_accept_listener_complete_v0),
	L(1038, 1, net_disconnect, LAYOUT_TCP, "TcpCloseTcbRequest", tcp_accept_listener_complete_v1),
	L(1044, 0, NONE, LAYOUT_TCP, "TcpShutdownTcb", tcp_accept_listener_complete_v0),
	L(1044, 1, NONE, LAYOUT_TCP, "TcpShutdownTcb", tcp_accept_listener_complete_v1),
	L(1169, 0, net_send, LAYOUT_UDP, "UdpEndpointSendMessages", udp_endpoint_send_messages_v0),
	L(1169, 1, net_send, LAYOUT_UDP, "UdpEndpointSendMessages", udp_endpoint_send_messages_v1),
	L(1170, 0, net_recv, LAYOUT_UDP, "UdpEndpointReceiveMessages", udp_endpoint_send_messages_v0),
	L(1170, 1, net_recv, LAYOUT_UDP, "UdpEndpointReceiveMessages", udp_endpoint_send_messages_v1),
};
/* clang-format on */

const struct provider provider_tcpip = {
	.guid = GUID_INIT(0x2f07e2ee, 0x15db, 0x40f1, 0x90, 0xef, 0x9d, 0x7b, 0xa2, 0x82, 0x18, 0x8a),
	.name = "Microsoft-Windows-TCPIP",
	LAYOUT_TABLE(tcpip_layouts)
};
