/* relay_parts: what relay.c, relay_feed.c and relay_pages.c share: the pieces of one relay. */
#ifndef VITRINE_RELAY_PARTS_H
#define VITRINE_RELAY_PARTS_H

#include "policyd/kube/kube_watch.h"
#include "policyd/relay/api_server.h"
#include "policyd/relay/relay.h"
#include "policyd/web/web.h"

enum { RELAY_SIGNALS = 2 };

struct relay_review;

struct relay {
	const struct relay_options *options;
	uv_loop_t loop;
	uv_signal_t signals[RELAY_SIGNALS];
	size_t signal_count;
	uv_timer_t cert_timer;
	bool timer_open, stopping;
	struct http_loop *http;
	struct kube_server *server;
	struct kube_watch *pod_watch, *ns_watch;
	struct pod_index *pods;
	struct ns_table *namespaces;
	bool namespaces_whole;
	struct node_auth *auth;
	struct relay_review *reviews;
	struct tls_side *side;
	struct api_server *api;
	struct web *web;
	struct timespec cert_time;             /* of the file that is used */
	uint64_t refused_objects, cert_failures;
	uint64_t started_ns;                   /* uv_hrtime */
};

/* relay_feed.c: from the API server. */
enum status relay_feed_open(struct relay *r, struct diag *why);
void relay_feed_close(struct relay *r);
void relay_feed_release(struct relay *r);      /* after the loop has ended */
bool relay_ask(void *relay, const char *body, size_t len, struct auth_question *q);
const char *relay_node_of_pod(void *relay, const char *pod_uid);

/* relay_pages.c: a table for web_options. */
extern const struct web_page relay_pages[];

#endif
