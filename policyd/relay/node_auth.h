/* node_auth: which node a token speaks for. Answers are remembered by the token's hash, for a bounded time; questions for the
 * same token are asked once. Loop thread only. */
#ifndef VITRINE_RELAY_NODE_AUTH_H
#define VITRINE_RELAY_NODE_AUTH_H

#include "policyd/relay/token_review.h"

enum {
	AUTH_MAX_TOKENS = 16384,               /* 5,000 nodes, whose tokens change about once an hour, and some strangers */
	AUTH_MAX_ASKED = 16,                   /* questions at the API server at once */
	AUTH_KEEP_MS = 120 * 1000,             /* a token taken back is good for so long at most */
	AUTH_KEEP_REFUSED_MS = 10 * 1000,
	AUTH_KEEP_FAILED_MS = 1000,            /* the API server did not answer */
};

enum auth_verdict { AUTH_GOOD, AUTH_REFUSED, AUTH_NO_ANSWER };

struct node_auth;

/* One who waits. The storage is its own; zeroed before the first use. */
struct auth_wait {
	void (*done)(struct auth_wait *w, enum auth_verdict verdict, const char *node);
	/* Inside. */
	struct auth_token *token;
	struct auth_wait *next, **at;
};

/* A question that is at the API server. */
struct auth_question;

struct node_auth_config {
	struct review_expect expect;           /* borrowed */
	uint64_t hash_seed;
	/* Asks; node_auth_answer must follow, not from within. False: cannot be asked now. */
	bool (*ask)(void *ctx, const char *body, size_t len, struct auth_question *q);
	/* The node of a pod, for API servers that do not tell the node (before 1.30). NULL: not known. */
	const char *(*node_of_pod)(void *ctx, const char *pod_uid);
	void *ctx;
};

struct node_auth *node_auth_create(const struct node_auth_config *c);      /* NULL: out of memory */
void node_auth_destroy(struct node_auth *a);               /* nobody waits any more; questions are forgotten; NULL is fine */

/* w->done is called, perhaps at once. now_ms: the same clock in all calls. */
void node_auth_check(struct node_auth *a, const char *token, size_t len, uint64_t now_ms, struct auth_wait *w);
void node_auth_cancel(struct node_auth *a, struct auth_wait *w);           /* also one that waits for nothing */

struct auth_answer {
	int status;                            /* of HTTP; 0: none came */
	const char *body;
	size_t len;
};
void node_auth_answer(struct node_auth *a, struct auth_question *q, const struct auth_answer *answer, uint64_t now_ms);
/* Forgets what is too old; every few seconds. */
void node_auth_expire(struct node_auth *a, uint64_t now_ms);

struct node_auth_stats {
	size_t tokens, asked;                  /* remembered; questions open */
	uint64_t good, refused, failed;        /* answers of the API server */
	uint64_t full;                         /* turned away: too many tokens */
};
void node_auth_get_stats(const struct node_auth *a, struct node_auth_stats *out);

#endif
