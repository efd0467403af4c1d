#include "policyd/kube/kubeconfig.h"

#include <string.h>

#include "policyd/yaml/yaml_doc.h"
#include "proto/base/base64.h"

struct reading {
	struct arena *arena;
	struct kubeconfig *out;
	struct diag *why;
};

/* The entry of that name of a list of { name, KIND: {...} }; NULL: none. */
static const struct yaml_node *find_named(const struct yaml_node *root, const char *list, const char *kind, const char *name)
{
	const struct yaml_node *items = yaml_map_get(root, list);

	for (uint32_t i = 0; yaml_is_sequence(items) && i < items->count; i++) {
		if (yaml_scalar_is(yaml_map_get(items->items[i], "name"), name))
			return yaml_map_get(items->items[i], kind);
	}
	return NULL;
}

static bool copy_text(const struct reading *r, const struct yaml_node *map, const char *key, const char **out)
{
	const struct yaml_node *value = yaml_map_get(map, key);

	if (!yaml_is_scalar(value) || value->is_null || !value->count)
		return true;
	*out = arena_strndup(r->arena, value->text, value->count);
	return *out != NULL;
}

/* kubectl writes base64 on one line; editors may have folded it. */
static enum status copy_bytes(const struct reading *r, const struct yaml_node *map, const char *key, struct view *out)
{
	const struct yaml_node *value = yaml_map_get(map, key);
	char *text;
	uint8_t *bytes;
	size_t n = 0;

	if (!yaml_is_scalar(value) || value->is_null || !value->count)
		return ST_OK;
	text = arena_alloc(r->arena, value->count);
	bytes = arena_alloc(r->arena, BASE64_DECODED_MAX(value->count));
	if (!text || !bytes)
		return ST_NOMEM;
	for (uint32_t i = 0; i < value->count; i++) {
		if (!strchr(" \t\r\n", value->text[i]))
			text[n++] = value->text[i];
	}
	n = base64_decode(text, n, bytes);
	*out = (struct view){ .ptr = bytes, .len = n };
	return n ? ST_OK : diag_set(r->why, ST_MALFORMED, "kubeconfig: %s is no base64", key);
}

static enum status read_cluster(const struct reading *r, const struct yaml_node *cluster)
{
	struct kubeconfig *k = r->out;

	k->insecure = yaml_scalar_is(yaml_map_get(cluster, "insecure-skip-tls-verify"), "true");
	if (!copy_text(r, cluster, "server", &k->server) || !copy_text(r, cluster, "tls-server-name", &k->tls_server_name) ||
		!copy_text(r, cluster, "proxy-url", &k->proxy_url) || !copy_text(r, cluster, "certificate-authority", &k->ca_file))
		return ST_NOMEM;
	if (!k->server)
		return diag_set(r->why, ST_MALFORMED, "kubeconfig: the cluster has no server");
	return copy_bytes(r, cluster, "certificate-authority-data", &k->ca_pem);
}

static enum status read_user(const struct reading *r, const struct yaml_node *user)
{
	static const char *const refused[] = { "exec", "auth-provider", "username", "password" };
	struct kubeconfig *k = r->out;
	enum status st;

	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		if (yaml_map_get(user, refused[i]))
			return diag_set(r->why, ST_UNSUPPORTED, "kubeconfig: the user's `%s` is not supported: policyd runs no other "
				"program for its credentials; give it a token file or a certificate", refused[i]);
	}
	if (!copy_text(r, user, "token", &k->token) || !copy_text(r, user, "tokenFile", &k->token_file) ||
		!copy_text(r, user, "client-certificate", &k->cert_file) || !copy_text(r, user, "client-key", &k->key_file))
		return ST_NOMEM;
	st = copy_bytes(r, user, "client-certificate-data", &k->cert_pem);
	return st == ST_OK ? copy_bytes(r, user, "client-key-data", &k->key_pem) : st;
}

static enum status read_root(const struct reading *r, const struct yaml_node *root, const char *context)
{
	const struct yaml_node *current = yaml_map_get(root, "current-context"), *at, *cluster, *user, *part;
	enum status st;

	if (!context || !context[0])
		context = yaml_is_scalar(current) ? current->text : "";
	at = find_named(root, "contexts", "context", context);
	if (!yaml_is_map(at))
		return diag_set(r->why, ST_MALFORMED, "kubeconfig: no context '%.100s'", context);
	part = yaml_map_get(at, "cluster");
	cluster = find_named(root, "clusters", "cluster", yaml_is_scalar(part) ? part->text : "");
	if (!yaml_is_map(cluster))
		return diag_set(r->why, ST_MALFORMED, "kubeconfig: the cluster of context '%.100s' is not in it", context);
	part = yaml_map_get(at, "user");
	user = find_named(root, "users", "user", yaml_is_scalar(part) ? part->text : "");
	if (yaml_is_scalar(part) && part->count && !yaml_is_map(user))
		return diag_set(r->why, ST_MALFORMED, "kubeconfig: the user of context '%.100s' is not in it", context);
	st = read_cluster(r, cluster);
	return st == ST_OK && user ? read_user(r, user) : st;
}

enum status kubeconfig_read(struct text_view text, const char *context, struct arena *a, struct kubeconfig *out,
	struct diag *why)
{
	const struct reading r = { .arena = a, .out = out, .why = why };
	struct yaml_doc *doc = NULL;
	enum status st;

	*out = (struct kubeconfig){ .server = NULL };
	st = yaml_doc_parse(text.ptr, text.len, NULL, &doc, why);
	if (st == ST_OK && (yaml_doc_count(doc) == 0 || !yaml_is_map(yaml_doc_root(doc, 0))))
		st = diag_set(why, ST_MALFORMED, "kubeconfig: it is no map");
	if (st == ST_OK)
		st = read_root(&r, yaml_doc_root(doc, 0), context);
	if (st == ST_NOMEM)
		diag_set(why, ST_NOMEM, "out of memory");
	yaml_doc_destroy(doc);
	return st;
}
