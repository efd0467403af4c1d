/* api_server: the part of the Kubernetes API that agents use, over TLS: their own node's pods (list and watch), the
 * namespaces of those, and what kubectl asks before. Each connection is bounded in bytes and time; who does not read is
 * dropped and may come back where it was. Loop thread only. */
#ifndef VITRINE_RELAY_API_SERVER_H
#define VITRINE_RELAY_API_SERVER_H

#include <uv.h>

#include "policyd/relay/node_auth.h"
#include "policyd/relay/ns_table.h"
#include "policyd/relay/pod_index.h"
#include "policyd/relay/tls_link.h"

enum {
	API_MAX_CONNECTIONS = 12288,           /* 5,000 nodes twice over, as when the other replica goes, and some who look */
	API_HANDSHAKE_MS = 20 * 1000,          /* from the first moment to the whole request; 5,000 may come at once */
	API_IDLE_MS = 90 * 1000,               /* between two requests of a connection */
	API_MAX_ANSWER_BYTES = 64 << 20,       /* a list: of 500 pods 1 MiB */
	API_MAX_QUEUED_BYTES = 512 << 10,      /* told but not taken by the system yet, of a watch: then its reader is too slow */
	API_BOOKMARK_MS = 60 * 1000,           /* as the API server */
};

struct api_server_config {
	uv_loop_t *loop;
	const char *address;                   /* IPv4 or IPv6 */
	int port;                              /* 0: any free one */
	struct pod_index *pods;
	struct ns_table *namespaces;
	struct node_auth *auth;
};

struct api_server_stats {
	size_t connections, watches;
	uint64_t accepted, requests;
	uint64_t unauthorized, forbidden;      /* requests: 401; for what is not the node's own, 403 */
	uint64_t gone;                         /* 410: a version that is not remembered */
	uint64_t not_ready;                    /* 503: pods or the token's owner not known yet */
	uint64_t malformed;                    /* what came was no request */
	uint64_t slow;                         /* watches dropped: their reader is too slow */
	uint64_t full, timed_out;              /* connections: too many; too late */
	uint64_t events;                       /* changes told */
};

struct api_server;

/* side: borrowed until it is replaced or the server is closed. ST_SYSTEM: cannot listen there. */
enum status api_server_open(const struct api_server_config *c, const struct tls_side *side, struct api_server **out, struct diag *why);
/* For connections to come. */
void api_server_set_side(struct api_server *s, const struct tls_side *side);
void api_server_close(struct api_server *s);       /* NULL is fine */
void api_server_release(struct api_server *s);     /* after the loop has ended */
int api_server_port(const struct api_server *s);
const struct api_server_stats *api_server_stats(const struct api_server *s);

#endif
