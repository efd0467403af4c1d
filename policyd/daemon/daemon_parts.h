/* daemon_parts: what one running daemon is made of. Private to this layer. */
#ifndef VITRINE_DAEMON_PARTS_H
#define VITRINE_DAEMON_PARTS_H

#include "policyd/daemon/alert_stage.h"
#include "policyd/daemon/asked.h"
#include "policyd/daemon/busiest.h"
#include "policyd/daemon/cluster.h"
#include "policyd/daemon/collector_link.h"
#include "policyd/daemon/daemon.h"
#include "policyd/daemon/inputs.h"
#include "policyd/daemon/log_output.h"
#include "policyd/daemon/output_plan.h"
#include "policyd/daemon/requests.h"
#include "policyd/daemon/shed.h"
#include "policyd/daemon/watch.h"
#include "policyd/daemon/web_pages.h"

struct daemon {
	const struct daemon_options *options;
	uv_loop_t loop;
	struct log_output log;
	struct config *first, *config;     /* of the start: parts that cannot change live point into it; and what holds now */
	struct judge *judge;
	struct outputs *outputs;
	struct alert_stage alerts;
	struct stream_set streams;
	struct cluster cluster;
	struct completion *completion;     /* NULL: Kubernetes is not asked */
	struct inputs *inputs;
	struct collector_links *collectors;
	struct background *loader, *queries;    /* reloads; questions to the store */
	struct reload *reload;
	struct watch *watch;
	struct control_server *control;    /* NULL: none */
	struct web *web;                   /* NULL: none */
	struct web_page pages[WEB_PAGES + 1];
	char *hello;                       /* what it greets with */
	struct requests requests;
	struct busiest busiest;
	uint64_t top_asked_ms;             /* loop time: policyctl top looked last */
	struct shed shed;
	uv_timer_t tick;                   /* once a second: shedding, figures nobody looks at any more */
	bool has_tick;
	struct asked asked;
	int64_t started_ns;
	bool stopping;
};

/* Closes every handle, so that the loop ends. Again is fine. */
void daemon_stop(struct daemon *d);

#endif
