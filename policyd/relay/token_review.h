/* token_review: the question whether a token is good, and the API server's answer. Any thread.
 * Source: Kubernetes API reference, authentication.k8s.io/v1 TokenReview; KEP-4193 for the node in `extra`. */
#ifndef VITRINE_RELAY_TOKEN_REVIEW_H
#define VITRINE_RELAY_TOKEN_REVIEW_H

#include "proto/base/buf.h"

enum {
	REVIEW_MAX_ANSWER_BYTES = 64 << 10,    /* it repeats the token and adds a dozen lines */
	REVIEW_MAX_NAME_BYTES = 253,
};

/* Whose tokens are taken. */
struct review_expect {
	const char *audience;                  /* what the token must be made for */
	const char *user;                      /* system:serviceaccount:NAMESPACE:NAME */
};

/* The body of the question. token: nothing in it needs an escape in JSON (api_request.h sees to that). */
void token_review_write(struct buf *out, const char *token, size_t len, const char *audience);

/* Where the token's owner runs. "": not told. */
struct review_place {
	char node[REVIEW_MAX_NAME_BYTES + 1];
	char pod_uid[REVIEW_MAX_NAME_BYTES + 1];
};
/* ST_OK: it is good and its owner is the one expected; ST_NOT_FOUND: it is not, or another's; ST_MALFORMED: no answer. */
enum status token_review_read(const char *json, size_t len, const struct review_expect *expect, struct review_place *out);

#endif
