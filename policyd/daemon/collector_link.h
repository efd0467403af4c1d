/* collector_link: the request pipes of the collectors that are inputs: which events the rules need, how much of a stream has
 * arrived, and that new names of containers are wanted. Loop thread only. */
#ifndef VITRINE_DAEMON_COLLECTOR_LINK_H
#define VITRINE_DAEMON_COLLECTOR_LINK_H

#include "policyd/config/config.h"
#include "policyd/daemon/stream_set.h"

struct collector_links;

struct collector_links_options {
	const struct config *config;       /* must outlive the links */
	const struct stream_set *streams;
	const struct judge *judge;
};

/* For every input with `requests`. NULL: out of memory. */
struct collector_links *collector_links_open(const struct collector_links_options *o);
/* Several times a second: connects, tells what has arrived, asks. */
void collector_links_tick(struct collector_links *l);
/* Other rules run now. */
void collector_links_rules_changed(struct collector_links *l);
void collector_links_close(struct collector_links *l);      /* NULL is fine */
void collector_links_release(struct collector_links *l);    /* after the loop has ended */

#endif
