#include "policyd/relay/token_review.h"

#include <jansson.h>
#include <string.h>

#include "proto/base/json_out.h"

void token_review_write(struct buf *out, const char *token, size_t len, const char *audience)
{
	struct json_out j = json_out_to(out);

	json_open(&j, NULL, '{');
	json_text(&j, "apiVersion", "authentication.k8s.io/v1");
	json_text(&j, "kind", "TokenReview");
	json_open(&j, "spec", '{');
	json_key(&j, "token");
	buf_append_char(out, '"');
	buf_append(out, token, len);
	buf_append_char(out, '"');
	json_open(&j, "audiences", '[');
	json_text(&j, NULL, audience);
	json_close(&j, ']');
	json_close(&j, '}');
	json_close(&j, '}');
}

static const char *text_of(const json_t *value)
{
	const char *text = json_string_value(value);

	return text ? text : "";
}

static bool has_text(const json_t *list, const char *wanted)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (strcmp(text_of(json_array_get(list, i)), wanted) == 0)
			return true;
	}
	return false;
}

static void copy_extra(const json_t *extra, const char *key, char *out)
{
	const char *text = text_of(json_array_get(json_object_get(extra, key), 0));
	size_t len = strlen(text);

	if (len > REVIEW_MAX_NAME_BYTES)
		len = 0;
	memcpy(out, text, len);
	out[len] = '\0';
}

enum status token_review_read(const char *json, size_t len, const struct review_expect *expect, struct review_place *out)
{
	json_t *answer = json_loadb(json, len, 0, NULL);
	const json_t *status = json_object_get(answer, "status"), *user = json_object_get(status, "user");
	enum status st = ST_NOT_FOUND;

	*out = (struct review_place){ .node = "" };
	if (!json_is_object(status))
		st = ST_MALFORMED;
	else if (json_is_true(json_object_get(status, "authenticated")) && has_text(json_object_get(status, "audiences"), expect->audience) &&
		 strcmp(text_of(json_object_get(user, "username")), expect->user) == 0)
		st = ST_OK;
	if (st == ST_OK) {
		copy_extra(json_object_get(user, "extra"), "authentication.kubernetes.io/node-name", out->node);
		copy_extra(json_object_get(user, "extra"), "authentication.kubernetes.io/pod-uid", out->pod_uid);
	}
	json_decref(answer);
	return st;
}
