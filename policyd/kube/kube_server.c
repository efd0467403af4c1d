#include "policyd/kube/kube_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/kube/kubeconfig.h"
#include "proto/base/buf.h"

enum { ARENA_BYTES = 8 << 20 };            /* texts and certificates of one kubeconfig */

struct kube_server {
	struct arena *arena;                   /* holds all texts below */
	const char *url;
	const char *dial;                      /* host dialled where the certificate has another name; NULL: the URL's */
	struct kubeconfig as;
	char request[KUBE_MAX_URL_BYTES];
	char token[KUBE_MAX_TOKEN_BYTES + 1];
};

/* ---- files and texts ---- */

static const char *environment(const struct kube_server_settings *s, const char *name)
{
	const char *value = s->env ? s->env(s->env_ctx, name) : NULL;

	return value ? value : "";
}

static bool given(const char *text)
{
	return text && text[0];
}

static enum status read_file(const char *path, size_t max_bytes, struct buf *out, struct diag *why)
{
	FILE *f = fopen(path, "rb");
	char room[4096];
	size_t n;
	bool good;

	buf_init(out, max_bytes + 1);
	if (!f)
		return diag_set(why, ST_SYSTEM, "%.500s cannot be read", path);
	while ((n = fread(room, 1, sizeof room, f)) > 0 && buf_append(out, room, n))
		continue;
	good = !ferror(f);
	fclose(f);
	if (out->failed || out->len > max_bytes)
		return diag_set(why, ST_LIMIT, "%.500s is longer than %zu bytes", path, max_bytes);
	return good ? ST_OK : diag_set(why, ST_SYSTEM, "%.500s cannot be read", path);
}

static bool is_absolute(const char *path)
{
	return path[0] == '/' || path[0] == '\\' || (path[0] && path[1] == ':');
}

/* A file's name as a kubeconfig has it: relative to the kubeconfig's folder. */
static bool resolve(struct kube_server *s, const char *config, const char **path)
{
	const char *slash = strrchr(config, '/'), *back = strrchr(config, '\\');
	size_t folder, len;
	char *full;

	if (back && (!slash || back > slash))
		slash = back;
	if (!*path || is_absolute(*path) || !slash)
		return true;
	folder = (size_t)(slash - config) + 1;
	len = strlen(*path);
	full = arena_alloc(s->arena, folder + len + 1);
	if (!full)
		return false;
	memcpy(full, config, folder);
	memcpy(full + folder, *path, len + 1);
	*path = full;
	return true;
}

/* ---- where ---- */

static enum status take_kubeconfig(struct kube_server *s, const struct kube_server_settings *set, struct diag *why)
{
	struct buf text;
	enum status st = read_file(set->kubeconfig, KUBE_MAX_CONFIG_BYTES, &text, why);

	if (st == ST_OK)
		st = kubeconfig_read((struct text_view){ buf_cstr(&text), text.len }, set->context, s->arena, &s->as, why);
	buf_release(&text);
	if (st != ST_OK)
		return st;
	s->url = s->as.server;
	if (!resolve(s, set->kubeconfig, &s->as.ca_file) || !resolve(s, set->kubeconfig, &s->as.cert_file) ||
		!resolve(s, set->kubeconfig, &s->as.key_file) || !resolve(s, set->kubeconfig, &s->as.token_file))
		return diag_set(why, ST_NOMEM, "out of memory");
	return ST_OK;
}

static bool exists(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (f)
		fclose(f);
	return f != NULL;
}

/* A HostProcess container sees its volumes under a folder of its own (containerd before 1.7), else where they are mounted.
 * Source: kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod. */
static const char *account_file(struct kube_server *s, const struct kube_server_settings *set, const char *name)
{
	static const char folder[] = "/var/run/secrets/kubernetes.io/serviceaccount/";
	char path[1024];

	snprintf(path, sizeof path, "%.600s%s%s", environment(set, "CONTAINER_SANDBOX_MOUNT_POINT"), folder, name);
	if (!exists(path))
		snprintf(path, sizeof path, "%s%s", folder, name);
	return arena_strdup(s->arena, path);
}

/* As every pod finds its API server. Source: kubernetes.io/docs/tasks/run-application/access-api-from-pod. */
static enum status take_cluster(struct kube_server *s, const struct kube_server_settings *set, struct diag *why)
{
	const char *host = environment(set, "KUBERNETES_SERVICE_HOST"), *port = environment(set, "KUBERNETES_SERVICE_PORT");
	bool v6 = strchr(host, ':') != NULL;
	char url[512];

	if (!host[0])
		return diag_set(why, ST_MALFORMED, "nothing names a Kubernetes API server: neither kubernetes.server, nor "
			"kubernetes.kubeconfig, nor KUBERNETES_SERVICE_HOST of the environment, which every pod has");
	snprintf(url, sizeof url, "https://%s%.253s%s:%.5s", v6 ? "[" : "", host, v6 ? "]" : "", port[0] ? port : "443");
	s->url = arena_strdup(s->arena, url);
	s->as.token_file = account_file(s, set, "token");
	s->as.ca_file = account_file(s, set, "ca.crt");
	return s->url && s->as.token_file && s->as.ca_file ? ST_OK : diag_set(why, ST_NOMEM, "out of memory");
}

/* What is set by itself, on top. */
static enum status take_settings(struct kube_server *s, const struct kube_server_settings *set, struct diag *why)
{
	bool good = true;

	if (given(set->url))
		good = (s->url = arena_strdup(s->arena, set->url)) != NULL;
	if (given(set->server_name))
		good = good && (s->as.tls_server_name = arena_strdup(s->arena, set->server_name)) != NULL;
	if (given(set->ca_file)) {
		s->as.ca_pem = (struct view){ .ptr = NULL, .len = 0 };
		good = good && (s->as.ca_file = arena_strdup(s->arena, set->ca_file)) != NULL;
	}
	if (given(set->token_file)) {
		s->as.token = NULL;
		good = good && (s->as.token_file = arena_strdup(s->arena, set->token_file)) != NULL;
	}
	s->as.insecure = s->as.insecure || set->insecure;
	return good ? ST_OK : diag_set(why, ST_NOMEM, "out of memory");
}

/* A certificate with another name than the host dialled: the URL gets that name. */
static enum status take_server_name(struct kube_server *s, struct diag *why)
{
	const char *start = strstr(s->url, "://"), *end, *name = s->as.tls_server_name;
	size_t before, host;
	char *url, *dial;

	if (!name || !start)
		return ST_OK;
	start += 3;
	end = start[0] == '[' ? strchr(start, ']') : NULL;
	end = end ? end + 1 : start + strcspn(start, ":/");
	before = (size_t)(start - s->url);
	host = (size_t)(end - start);
	url = arena_alloc(s->arena, before + strlen(name) + strlen(end) + 1);
	dial = arena_strndup(s->arena, start, host);
	if (!url || !dial)
		return diag_set(why, ST_NOMEM, "out of memory");
	memcpy(url, s->url, before);
	memcpy(url + before, name, strlen(name));
	memcpy(url + before + strlen(name), end, strlen(end) + 1);
	s->url = url;
	s->dial = dial;
	return ST_OK;
}

static enum status check_url(const struct kube_server *s, struct diag *why)
{
	const char *host = strstr(s->url, "://");

	if (!host || (strncmp(s->url, "https://", 8) != 0 && strncmp(s->url, "http://", 7) != 0) || !host[3] ||
		strpbrk(s->url, "@ \t\r\n?#"))
		return diag_set(why, ST_MALFORMED, "the Kubernetes API server is no https://host:port");
	return ST_OK;
}

static enum status fill(struct kube_server *s, const struct kube_server_settings *set, struct diag *why)
{
	enum status st = ST_OK;

	if (given(set->kubeconfig))
		st = take_kubeconfig(s, set, why);
	else if (!given(set->url))
		st = take_cluster(s, set, why);
	if (st == ST_OK)
		st = take_settings(s, set, why);
	if (st == ST_OK)
		st = check_url(s, why);
	return st == ST_OK ? take_server_name(s, why) : st;
}

enum status kube_server_create(const struct kube_server_settings *set, struct kube_server **out, struct diag *why)
{
	struct kube_server *s = calloc(1, sizeof *s);
	enum status st = ST_NOMEM;

	*out = NULL;
	if (s)
		s->arena = arena_create(ARENA_BYTES);
	if (s && s->arena)
		st = fill(s, set, why);
	else
		diag_set(why, ST_NOMEM, "out of memory");
	if (st == ST_OK)
		*out = s;
	else
		kube_server_destroy(s);
	return st;
}

void kube_server_destroy(struct kube_server *s)
{
	volatile char *secret;

	if (!s)
		return;
	secret = s->token;
	for (size_t i = 0; i < sizeof s->token; i++)
		secret[i] = '\0';
	arena_destroy(s->arena);
	free(s);
}

const char *kube_server_url(const struct kube_server *s)
{
	return s->url;
}

/* ---- requests ---- */

static enum status read_token(struct kube_server *s, const char **out, struct diag *why)
{
	struct buf text;
	enum status st;

	*out = s->as.token;
	if (!s->as.token_file)
		return ST_OK;
	st = read_file(s->as.token_file, KUBE_MAX_TOKEN_BYTES, &text, why);
	while (st == ST_OK && text.len && strchr(" \t\r\n", text.data[text.len - 1]))
		text.len--;
	if (st == ST_OK && !text.len)
		st = diag_set(why, ST_SYSTEM, "%.500s is empty", s->as.token_file);
	if (st == ST_OK) {
		memcpy(s->token, text.data, text.len);
		s->token[text.len] = '\0';
		*out = s->token;
	}
	buf_release(&text);
	return st;
}

enum status kube_server_request(struct kube_server *s, const char *path, struct http_loop_request *out, struct diag *why)
{
	size_t base = strlen(s->url), len = strlen(path);

	while (base && s->url[base - 1] == '/')
		base--;
	if (base + len >= sizeof s->request)
		return diag_set(why, ST_LIMIT, "the request is longer than %d bytes", KUBE_MAX_URL_BYTES);
	memcpy(s->request, s->url, base);
	memcpy(s->request + base, path, len + 1);
	out->url = s->request;
	out->accept = "application/json";
	out->connect_to = s->dial;
	out->insecure = s->as.insecure;
	out->ca_file = s->as.ca_pem.len ? NULL : s->as.ca_file;
	out->ca_pem = s->as.ca_pem;
	out->cert_file = s->as.cert_pem.len ? NULL : s->as.cert_file;
	out->cert_pem = s->as.cert_pem;
	out->key_file = s->as.key_pem.len ? NULL : s->as.key_file;
	out->key_pem = s->as.key_pem;
	out->proxy = s->as.proxy_url;
	/* Over plain HTTP (kubectl proxy) whoever listens would have it. */
	if (strncmp(s->url, "https://", 8) != 0)
		return ST_OK;
	return read_token(s, &out->bearer, why);
}
