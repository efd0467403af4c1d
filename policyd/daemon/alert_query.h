/* alert_query: the store asked by a worker thread, the answer given to the client on the loop. */
#ifndef VITRINE_DAEMON_ALERT_QUERY_H
#define VITRINE_DAEMON_ALERT_QUERY_H

#include "policyd/control/control_server.h"

struct daemon;

enum { ALERT_QUERY_ROWS = 1000, ALERT_QUERY_MAX_ROWS = 10000 };    /* when no limit is given, and at most */

/* Answers now when the request is wrong, else later. */
void alert_query_start(struct daemon *d, struct control_client *c, const struct control_request *r);

#endif
