/* Microsoft-Windows-Kernel-Network. connid is pointer-wide in real records, though the manifest says UInt32.
 *
 * Which end is local: saddr and sport are the acting host's own end in TCP events of either direction and in UDP
 * sends; in UDP receives they are the packet's sender. Evidence: in a recording of one host (Tx KernelNetwork.etl),
 * all 8,705 TCP events (10, 11, 26, 27, 29) and all 8 UDP sends (42) carry the host's address as saddr;
 * of 210 UDP receives (43, 59) 202 carry another machine's address as saddr and a multicast or broadcast group as
 * daddr. The other 8 are IPsec key exchange (port 500 on both ends) with the host's address as saddr. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field tcp_send_v4_v0[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, REMOTE_ADDR), F(IPV4, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U32, startime), N(U32, endtime),
	N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field tcp_recv_v4_v0[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, REMOTE_ADDR), F(IPV4, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field tcp_connect_v4_v0[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, REMOTE_ADDR), F(IPV4, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U16, mss), N(U16, sackopt), N(U16, tsopt),
	N(U16, wsopt), N(U32, rcvwin), N(U16, rcvwinscale), N(U16, sndwinscale), N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field tcp_fail_v0[] = {
	N(U16, Proto), N(U16, FailureCode),
};
static const struct layout_field tcp_send_v6_v0[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV6, daddr, REMOTE_ADDR), F(IPV6, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U32, startime), N(U32, endtime),
	N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field tcp_recv_v6_v0[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV6, daddr, REMOTE_ADDR), F(IPV6, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field tcp_connect_v6_v0[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV6, daddr, REMOTE_ADDR), F(IPV6, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U16, mss), N(U16, sackopt), N(U16, tsopt),
	N(U16, wsopt), N(U32, rcvwin), N(U16, rcvwinscale), N(U16, sndwinscale), N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field udp_recv_v4_v0[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, LOCAL_ADDR), F(IPV4, saddr, REMOTE_ADDR),
	F(PORT_BE, dport, LOCAL_PORT), F(PORT_BE, sport, REMOTE_PORT), N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field udp_recv_v6_v0[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV6, daddr, LOCAL_ADDR), F(IPV6, saddr, REMOTE_ADDR),
	F(PORT_BE, dport, LOCAL_PORT), F(PORT_BE, sport, REMOTE_PORT), N(U32, seqnum), N(PTR, connid),
};

static const struct layout kernel_network_layouts[] = {
	L(10, 0, net_send, LAYOUT_TCP, "TcpSendV4", tcp_send_v4_v0),
	L(11, 0, net_recv, LAYOUT_TCP, "TcpRecvV4", tcp_recv_v4_v0),
	L(12, 0, net_connect, LAYOUT_TCP, "TcpConnectV4", tcp_connect_v4_v0),
	L(13, 0, net_disconnect, LAYOUT_TCP, "TcpDisconnectV4", tcp_recv_v4_v0),
	L(14, 0, NONE, LAYOUT_TCP, "TcpRetransmitV4", tcp_recv_v4_v0),
	L(15, 0, net_accept, LAYOUT_TCP, "TcpAcceptV4", tcp_connect_v4_v0),
	L(16, 0, NONE, LAYOUT_TCP, "TcpReconnectV4", tcp_recv_v4_v0),
	L(17, 0, NONE, LAYOUT_TCP, "TcpFail", tcp_fail_v0),
	L(18, 0, NONE, LAYOUT_TCP, "TcpCopyV4", tcp_recv_v4_v0),
	L(26, 0, net_send, LAYOUT_TCP, "TcpSendV6", tcp_send_v6_v0),
	L(27, 0, net_recv, LAYOUT_TCP, "TcpRecvV6", tcp_recv_v6_v0),
	L(28, 0, net_connect, LAYOUT_TCP, "TcpConnectV6", tcp_connect_v6_v0),
	L(29, 0, net_disconnect, LAYOUT_TCP, "TcpDisconnectV6", tcp_recv_v6_v0),
	L(30, 0, NONE, LAYOUT_TCP, "TcpRetransmitV6", tcp_recv_v6_v0),
	L(31, 0, net_accept, LAYOUT_TCP, "TcpAcceptV6", tcp_connect_v6_v0),
	L(32, 0, NONE, LAYOUT_TCP, "TcpReconnectV6", tcp_recv_v6_v0),
	L(34, 0, NONE, LAYOUT_TCP, "TcpCopyV6", tcp_recv_v6_v0),
	L(42, 0, net_send, LAYOUT_UDP, "UdpSendV4", tcp_recv_v4_v0),
	L(43, 0, net_recv, LAYOUT_UDP, "UdpRecvV4", udp_recv_v4_v0),
	L(49, 0, NONE, LAYOUT_UDP, "UdpFail", tcp_fail_v0),
	L(58, 0, net_send, LAYOUT_UDP, "UdpSendV6", tcp_recv_v6_v0),
	L(59, 0, net_recv, LAYOUT_UDP, "UdpRecvV6", udp_recv_v6_v0),
};
/* clang-format on */

const struct provider provider_kernel_network = {
	.guid = GUID_INIT(0x7dd42a49, 0x5329, 0x4832, 0x8d, 0xfd, 0x43, 0xd9, 0x79, 0x15, 0x3a, 0x88),
	.name = "Microsoft-Windows-Kernel-Network",
	LAYOUT_TABLE(kernel_network_layouts)
};
