/* links: policyd_relay */
#include <stdint.h>
#include <stdlib.h>

#include "policyd/relay/api_request.h"
#include "policyd/relay/slim.h"
#include "policyd/relay/token_review.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_slim(const char *text, size_t len)
{
	struct slim *first = NULL, *second = NULL;

	if (slim_pod(text, len, &first) == ST_OK) {
		/* What was cut is an object again, and cutting it changes nothing. */
		if (slim_pod(first->json, first->json_len, &second) != ST_OK || second->json_len != first->json_len)
			abort();
	}
	slim_unref(first);
	slim_unref(second);
	if (slim_namespace(text, len, &first) == ST_OK)
		slim_unref(first);
}

/* The first byte says who reads the rest. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct review_expect expect = { "vitrine-relay", "system:serviceaccount:vt:agent" };
	const char *text = (const char *)data + 1;
	struct review_place place;
	struct api_request r;

	if (!size)
		return 0;
	switch (data[0]) {
	case 'r':
		if (api_request_read(text, size - 1, &r) == ST_OK && (r.head_bytes > size - 1 || r.token_len > size))
			abort();
		break;
	case 't':
		token_review_read(text, size - 1, &expect, &place);
		break;
	default:
		fuzz_slim(text, size - 1);
	}
	return 0;
}
