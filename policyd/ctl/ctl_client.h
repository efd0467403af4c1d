/* ctl_client: one connection of policyctl to policyd, blocking. One thread. */
#ifndef VITRINE_CTL_CLIENT_H
#define VITRINE_CTL_CLIENT_H

#include "proto/base/buf.h"
#include "proto/wire/control_codec.h"

enum {
	CTL_BODY_BYTES = 64 << 20,         /* one whole answer */
	CTL_CONNECT_MS = 5000,
	CTL_ANSWER_MS = 120000,            /* a reload of many rules on a busy machine takes seconds */
};

struct ctl_client;

/* Connects and says HELLO. ST_SYSTEM: nobody answers there, or not to us. */
enum status ctl_client_open(const char *path, struct ctl_client **out, struct diag *why);
void ctl_client_close(struct ctl_client *c);    /* NULL is fine */

/* One request and its whole answer. ST_MALFORMED: policyd refused or failed, why has its message. */
enum status ctl_client_ask(struct ctl_client *c, const struct control_request *request, struct buf *body, struct diag *why);

/* Answers until show returns false, the connection ends (ST_TRUNCATED), or Ctrl-C (ST_OK). */
typedef bool ctl_show(void *ctx, struct view body, const char *message);
enum status ctl_client_follow(struct ctl_client *c, const struct control_request *request, ctl_show *show, void *ctx,
	struct diag *why);

#endif
