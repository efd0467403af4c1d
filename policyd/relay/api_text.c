#include "policyd/relay/api_text.h"

#include <string.h>

#include "proto/base/json_out.h"

void api_text_status(struct buf *out, int code, const char *reason, const char *message)
{
	struct json_out j = json_out_to(out);

	json_open(&j, NULL, '{');
	json_text(&j, "kind", "Status");
	json_text(&j, "apiVersion", "v1");
	json_open(&j, "metadata", '{');
	json_close(&j, '}');
	json_text(&j, "status", "Failure");
	json_text(&j, "message", message);
	json_text(&j, "reason", reason);
	json_number(&j, "code", code);
	json_close(&j, '}');
}

/* Source: Kubernetes API reference, APIVersions, APIGroupList, APIResourceList. The version is that of the API spoken here. */
const char *api_text_discovery(const char *path)
{
	static const struct {
		const char *path, *text;
	} pages[] = {
		{ "/version", "{\"major\":\"1\",\"minor\":\"30\",\"gitVersion\":\"v1.30.0-vitrine-relay\"}" },
		{ "/api", "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],\"serverAddressByClientCIDRs\":[]}" },
		{ "/apis", "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}" },
		{ "/api/v1", "{\"kind\":\"APIResourceList\",\"groupVersion\":\"v1\",\"resources\":["
			     "{\"name\":\"namespaces\",\"singularName\":\"namespace\",\"namespaced\":false,\"kind\":\"Namespace\",\"verbs\":[\"get\"],"
			     "\"shortNames\":[\"ns\"]},"
			     "{\"name\":\"pods\",\"singularName\":\"pod\",\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":[\"list\",\"watch\"],"
			     "\"shortNames\":[\"po\"]}]}" },
	};

	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
		if (strcmp(pages[i].path, path) == 0)
			return pages[i].text;
	}
	return NULL;
}

const char *api_text_of(int code)
{
	switch (code) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 410:
		return "Gone";
	default:
		return "Service Unavailable";
	}
}
