/* host_names: what the programs are called on a machine. One place, since each knows the other by these. */
#ifndef VITRINE_HOST_NAMES_H
#define VITRINE_HOST_NAMES_H

#ifdef _WIN32
enum { HOST_IS_WINDOWS = 1 };
#else
enum { HOST_IS_WINDOWS = 0 };
#endif

/* Windows services (design §8). */
#define SERVICE_COLLECTOR "VitrineCollector"
#define SERVICE_POLICYD "VitrinePolicyd"
#define SERVICE_POLICYD_ACCOUNT "NT SERVICE\\" SERVICE_POLICYD

/* Settings of the collector, below HKEY_LOCAL_MACHINE. */
#define REGISTRY_COLLECTOR "SOFTWARE\\Vitrine\\Collector"

/* Named pipes. */
#define PIPE_EVENTS "\\\\.\\pipe\\vitrine-events"
#define PIPE_REQUESTS "\\\\.\\pipe\\vitrine-requests"
#define PIPE_CONTROL "\\\\.\\pipe\\vitrine-control"

#endif
