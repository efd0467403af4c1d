/* providers: every provider that has layouts. One line here, one in providers.c, one layout_<provider>.c. */
#ifndef VITRINE_DECODE_PROVIDERS_H
#define VITRINE_DECODE_PROVIDERS_H

#include "policyd/decode/layout.h"

extern const struct provider provider_amsi;
extern const struct provider provider_audit_api_calls;
extern const struct provider provider_bits_client;
extern const struct provider provider_classic_disk_io;
extern const struct provider provider_classic_event_trace;
extern const struct provider provider_classic_file_io;
extern const struct provider provider_classic_image;
extern const struct provider provider_classic_job;
extern const struct provider provider_classic_lost_event;
extern const struct provider provider_classic_ob_trace;
extern const struct provider provider_classic_page_fault;
extern const struct provider provider_classic_perf_info;
extern const struct provider provider_classic_process;
extern const struct provider provider_classic_registry;
extern const struct provider provider_classic_stack_walk;
extern const struct provider provider_classic_tcp_ip;
extern const struct provider provider_classic_thread;
extern const struct provider provider_classic_udp_ip;
extern const struct provider provider_code_integrity;
extern const struct provider provider_defender;
extern const struct provider provider_dns_client;
extern const struct provider provider_dotnet_runtime;
extern const struct provider provider_event_log;
extern const struct provider provider_event_tracing;
extern const struct provider provider_kernel_file;
extern const struct provider provider_kernel_network;
extern const struct provider provider_kernel_pnp;
extern const struct provider provider_kernel_process;
extern const struct provider provider_kernel_registry;
extern const struct provider provider_ldap_client;
extern const struct provider provider_powershell;
extern const struct provider provider_rpc;
extern const struct provider provider_security_auditing;
extern const struct provider provider_service_control_manager;
extern const struct provider provider_services;
extern const struct provider provider_smb_server;
extern const struct provider provider_task_scheduler;
extern const struct provider provider_tcpip;
extern const struct provider provider_terminal_services;
extern const struct provider provider_threat_intelligence;
extern const struct provider provider_win32k;
extern const struct provider provider_wininet;
extern const struct provider provider_wmi_activity;

#endif
