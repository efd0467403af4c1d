/* relay: `policyd relay`: watches all pods and namespaces of a cluster once, and tells each node's agent its own. One loop, one
 * thread, nothing on disk: a replica that starts anew lists anew. */
#ifndef VITRINE_RELAY_RELAY_H
#define VITRINE_RELAY_RELAY_H

#include "policyd/kube/kube_server.h"

enum { RELAY_CERT_LOOK_MS = 5 * 1000 };       /* how often the certificate's file is looked at: a Secret that changes is followed */

struct relay_options {
	const char *version;                   /* of the program */
	const char *user_agent;
	struct kube_server_settings server;    /* which API server, and as whom */
	const char *address, *web_address;     /* to listen on: agents, with TLS; probes and metrics, without. NULL web: none */
	int port, web_port;
	const char *cert_file, *key_file;
	const char *audience;                  /* of the agents' tokens */
	const char *agent;                     /* their user: system:serviceaccount:NAMESPACE:NAME */
};

/* Until it is told to end (SIGTERM, Ctrl-C). The exit status: 0; 1 when it cannot start, as the log says. */
int relay_run(const struct relay_options *o);

/* `policyd relay --make-certificate`: a Secret with tls.crt, tls.key and ca.crt for `host`, unless a good one is there. */
struct relay_secret_options {
	struct kube_server_settings server;
	const char *user_agent;
	const char *ns, *name, *host;
};
int relay_make_secret(const struct relay_secret_options *o);

#endif
