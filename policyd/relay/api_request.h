/* api_request: what an agent asks, out of the bytes of an HTTP/1.1 request. Any thread; no allocation. */
#ifndef VITRINE_RELAY_API_REQUEST_H
#define VITRINE_RELAY_API_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/base/status.h"

enum {
	API_MAX_HEAD_BYTES = 32 << 10,         /* request line and headers; a token has 1 to 2 KiB, kubectl's headers less than one */
	API_MAX_TOKEN_BYTES = 16 << 10,
	API_MAX_PATH_BYTES = 512,              /* /api/v1/namespaces/ and a name of 253 bytes */
	API_MAX_VALUE_BYTES = 512,             /* of a query's value */
	API_DEFAULT_WATCH_S = 1800,            /* as the API server: half an hour to an hour when not asked */
	API_MAX_WATCH_S = 3600,                /* then the token is looked at again */
};

struct api_request {
	char path[API_MAX_PATH_BYTES];
	char field_selector[API_MAX_VALUE_BYTES];
	char version[64];                      /* resourceVersion */
	char more[API_MAX_VALUE_BYTES];        /* continue */
	bool watch, bookmarks, keep_alive, head, other_method;
	uint32_t timeout_s;                    /* of a watch, within the bounds above */
	const char *token;                     /* of Authorization: Bearer, within the head; NULL: none */
	size_t token_len;
	size_t head_bytes;                     /* to the blank line, with it */
};

/* ST_OK, with head_bytes; ST_TRUNCATED: the blank line is not there yet; ST_MALFORMED: no such request, or one with a body;
 * ST_LIMIT: a bound above. */
enum status api_request_read(const char *bytes, size_t len, struct api_request *out);

/* The node that a field selector names as "spec.nodeName=NODE"; NULL: it is another selector. */
const char *api_request_node(const struct api_request *r);

#endif
