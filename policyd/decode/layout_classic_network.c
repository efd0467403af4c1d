/* Kernel MOF classes TcpIp and UdpIp. Version 1 ends in connid, seqnum, version 2 in seqnum, connid.
 * Local and remote as in layout_kernel_network.c: the same kernel code writes both. */
#include "policyd/decode/providers.h"

#include "policyd/decode/layout_table.h"

/* clang-format off */
static const struct layout_field tcp_ip_v0_group1[] = {
	F(IPV4, daddr, REMOTE_ADDR), F(IPV4, saddr, LOCAL_ADDR), F(PORT_BE, dport, REMOTE_PORT),
	F(PORT_BE, sport, LOCAL_PORT), F(U32, size, NET_SIZE), F(U32, PID, PID),
};
static const struct layout_field tcp_ip_v1_send[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, REMOTE_ADDR), F(IPV4, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U32, startime), N(U32, endtime),
	N(PTR, connid), N(U32, seqnum),
};
static const struct layout_field tcp_ip_send_ipv4[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, REMOTE_ADDR), F(IPV4, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U32, startime), N(U32, endtime),
	N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field tcp_ip_v1_receive[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, REMOTE_ADDR), F(IPV4, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(PTR, connid), N(U32, seqnum),
};
static const struct layout_field tcp_ip_group1[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, REMOTE_ADDR), F(IPV4, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field tcp_ip_v1_group2[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, REMOTE_ADDR), F(IPV4, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U16, mss), N(U16, sackopt), N(U16, tsopt),
	N(U16, wsopt), N(U32, rcvwin), N(I16, rcvwinscale), N(I16, sndwinscale), N(PTR, connid), N(U32, seqnum),
};
static const struct layout_field tcp_ip_group2[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, REMOTE_ADDR), F(IPV4, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U16, mss), N(U16, sackopt), N(U16, tsopt),
	N(U16, wsopt), N(U32, rcvwin), N(I16, rcvwinscale), N(I16, sndwinscale), N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field tcp_ip_v1_fail[] = {
	N(U32, Proto),
};
static const struct layout_field tcp_ip_fail[] = {
	N(U16, Proto), N(U16, FailureCode),
};
static const struct layout_field tcp_ip_send_ipv6[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV6, daddr, REMOTE_ADDR), F(IPV6, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U32, startime), N(U32, endtime),
	N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field tcp_ip_group3[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV6, daddr, REMOTE_ADDR), F(IPV6, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field tcp_ip_group4[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV6, daddr, REMOTE_ADDR), F(IPV6, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT), N(U16, mss), N(U16, sackopt), N(U16, tsopt),
	N(U16, wsopt), N(U32, rcvwin), N(I16, rcvwinscale), N(I16, sndwinscale), N(U32, seqnum), N(PTR, connid),
};

static const struct layout classic_tcp_ip_layouts[] = {
	L(10, 0, net_send, LAYOUT_TCP, "SendIPV4", tcp_ip_v0_group1),
	L(10, 1, net_send, LAYOUT_TCP | LAYOUT_BREAK, "SendIPV4", tcp_ip_v1_send),
	L(10, 2, net_send, LAYOUT_TCP | LAYOUT_BREAK, "SendIPV4", tcp_ip_send_ipv4),
	L(11, 0, net_recv, LAYOUT_TCP, "RecvIPV4", tcp_ip_v0_group1),
	L(11, 1, net_recv, LAYOUT_TCP | LAYOUT_BREAK, "RecvIPV4", tcp_ip_v1_receive),
	L(11, 2, net_recv, LAYOUT_TCP | LAYOUT_BREAK, "RecvIPV4", tcp_ip_group1),
	L(12, 0, net_connect, LAYOUT_TCP, "ConnectIPV4", tcp_ip_v0_group1),
	L(12, 1, net_connect, LAYOUT_TCP | LAYOUT_BREAK, "ConnectIPV4", tcp_ip_v1_group2),
	L(12, 2, net_connect, LAYOUT_TCP | LAYOUT_BREAK, "ConnectIPV4", tcp_ip_group2),
	L(13, 0, net_disconnect, LAYOUT_TCP, "DisconnectIPV4", tcp_ip_v0_group1),
	L(13, 1, net_disconnect, LAYOUT_TCP | LAYOUT_BREAK, "DisconnectIPV4", tcp_ip_v1_receive),
	L(13, 2, net_disconnect, LAYOUT_TCP | LAYOUT_BREAK, "DisconnectIPV4", tcp_ip_group1),
	L(14, 0, NONE, LAYOUT_TCP, "RetransmitIPV4", tcp_ip_v0_group1),
	L(14, 1, NONE, LAYOUT_TCP | LAYOUT_BREAK, "RetransmitIPV4", tcp_ip_v1_receive),
	L(14, 2, NONE, LAYOUT_TCP | LAYOUT_BREAK, "RetransmitIPV4", tcp_ip_group1),
	L(15, 0, net_accept, LAYOUT_TCP, "AcceptIPV4", tcp_ip_v0_group1),
	L(15, 1, net_accept, LAYOUT_TCP | LAYOUT_BREAK, "AcceptIPV4", tcp_ip_v1_group2),
	L(15, 2, net_accept, LAYOUT_TCP | LAYOUT_BREAK, "AcceptIPV4", tcp_ip_group2),
	L(16, 1, NONE, LAYOUT_TCP, "ReconnectIPV4", tcp_ip_v1_receive),
	L(16, 2, NONE, LAYOUT_TCP | LAYOUT_BREAK, "ReconnectIPV4", tcp_ip_group1),
	L(17, 1, NONE, LAYOUT_TCP, "Fail", tcp_ip_v1_fail),
	L(17, 2, NONE, LAYOUT_TCP | LAYOUT_BREAK, "Fail", tcp_ip_fail),
	L(18, 1, NONE, LAYOUT_TCP, "TcpIp_V1_TypeGroup3", tcp_ip_v1_receive),
	L(18, 2, NONE, LAYOUT_TCP | LAYOUT_BREAK, "TCPCopyIPV4", tcp_ip_group1),
	L(19, 1, NONE, LAYOUT_TCP, "TcpIp_V1_TypeGroup3", tcp_ip_v1_receive),
	L(20, 1, NONE, LAYOUT_TCP, "TcpIp_V1_TypeGroup3", tcp_ip_v1_receive),
	L(21, 1, NONE, LAYOUT_TCP, "TcpIp_V1_TypeGroup3", tcp_ip_v1_receive),
	L(22, 1, NONE, LAYOUT_TCP, "TcpIp_V1_TypeGroup3", tcp_ip_v1_receive),
	L(26, 2, net_send, LAYOUT_TCP, "SendIPV6", tcp_ip_send_ipv6),
	L(27, 2, net_recv, LAYOUT_TCP, "RecvIPV6", tcp_ip_group3),
	L(28, 2, net_connect, LAYOUT_TCP, "ConnectIPV6", tcp_ip_group4),
	L(29, 2, net_disconnect, LAYOUT_TCP, "DisconnectIPV6", tcp_ip_group3),
	L(30, 2, NONE, LAYOUT_TCP, "RetransmitIPV6", tcp_ip_group3),
	L(31, 2, net_accept, LAYOUT_TCP, "AcceptIPV6", tcp_ip_group4),
	L(32, 2, NONE, LAYOUT_TCP, "ReconnectIPV6", tcp_ip_group3),
	L(34, 2, NONE, LAYOUT_TCP, "TCPCopyIPV6", tcp_ip_group3),
};

static const struct layout_field udp_ip_v0_group1[] = {
	N(PTR, context), F(IPV4, saddr, LOCAL_ADDR), F(PORT_BE, sport, LOCAL_PORT), F(U16, size, NET_SIZE),
	F(IPV4, daddr, REMOTE_ADDR), F(PORT_BE, dport, REMOTE_PORT), N(U16, dsize),
};
static const struct layout_field udp_ip_v1_group1[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, REMOTE_ADDR), F(IPV4, saddr, LOCAL_ADDR),
	F(PORT_BE, dport, REMOTE_PORT), F(PORT_BE, sport, LOCAL_PORT),
};
static const struct layout_field udp_ip_v0_group1_id11[] = {
	N(PTR, context), F(IPV4, saddr, REMOTE_ADDR), F(PORT_BE, sport, REMOTE_PORT), F(U16, size, NET_SIZE),
	F(IPV4, daddr, LOCAL_ADDR), F(PORT_BE, dport, LOCAL_PORT), N(U16, dsize),
};
static const struct layout_field udp_ip_v1_group1_id11[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, LOCAL_ADDR), F(IPV4, saddr, REMOTE_ADDR),
	F(PORT_BE, dport, LOCAL_PORT), F(PORT_BE, sport, REMOTE_PORT),
};
static const struct layout_field udp_ip_group1[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV4, daddr, LOCAL_ADDR), F(IPV4, saddr, REMOTE_ADDR),
	F(PORT_BE, dport, LOCAL_PORT), F(PORT_BE, sport, REMOTE_PORT), N(U32, seqnum), N(PTR, connid),
};
static const struct layout_field udp_ip_group2[] = {
	F(U32, PID, PID), F(U32, size, NET_SIZE), F(IPV6, daddr, LOCAL_ADDR), F(IPV6, saddr, REMOTE_ADDR),
	F(PORT_BE, dport, LOCAL_PORT), F(PORT_BE, sport, REMOTE_PORT), N(U32, seqnum), N(PTR, connid),
};

static const struct layout classic_udp_ip_layouts[] = {
	L(10, 0, net_send, LAYOUT_UDP, "SendIPV4", udp_ip_v0_group1),
	L(10, 1, net_send, LAYOUT_UDP | LAYOUT_BREAK, "SendIPV4", udp_ip_v1_group1),
	L(10, 2, net_send, LAYOUT_UDP, "SendIPV4", tcp_ip_group1),
	L(11, 0, net_recv, LAYOUT_UDP, "RecvIPV4", udp_ip_v0_group1_id11),
	L(11, 1, net_recv, LAYOUT_UDP | LAYOUT_BREAK, "RecvIPV4", udp_ip_v1_group1_id11),
	L(11, 2, net_recv, LAYOUT_UDP, "RecvIPV4", udp_ip_group1),
	L(17, 2, NONE, LAYOUT_UDP, "Fail", tcp_ip_fail),
	L(26, 2, net_send, LAYOUT_UDP, "SendIPV6", tcp_ip_group3),
	L(27, 2, net_recv, LAYOUT_UDP, "RecvIPV6", udp_ip_group2),
};
/* clang-format on */

const struct provider provider_classic_tcp_ip = {
	.guid = GUID_INIT(0x9a280ac0, 0xc8e0, 0x11d1, 0x84, 0xe2, 0x00, 0xc0, 0x4f, 0xb9, 0x98, 0xa2),
	.name = "MSNT_SystemTrace/TcpIp",
	.classic = true,
	LAYOUT_TABLE(classic_tcp_ip_layouts)
};

const struct provider provider_classic_udp_ip = {
	.guid = GUID_INIT(0xbf3a50c5, 0xa9c9, 0x4988, 0xa0, 0x05, 0x2d, 0xf0, 0xb7, 0xc8, 0x0f, 0x80),
	.name = "MSNT_SystemTrace/UdpIp",
	.classic = true,
	LAYOUT_TABLE(classic_udp_ip_layouts)
};
