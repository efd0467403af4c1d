/* kube_server: which Kubernetes API server is asked, and as whom: by settings, by a kubeconfig, or as a pod in its cluster.
 * Files of tokens and certificates are read again for each request, so that what rotates is followed. No secret is ever
 * written to a log, a diag or statistics. Belongs to one thread once created. */
#ifndef VITRINE_KUBE_SERVER_H
#define VITRINE_KUBE_SERVER_H

#include "policyd/http/http_loop.h"

enum {
	KUBE_MAX_CONFIG_BYTES = 1 << 20,       /* a kubeconfig with the certificates of a hundred clusters */
	KUBE_MAX_TOKEN_BYTES = 16 << 10,
	KUBE_MAX_URL_BYTES = 4096,             /* of a request */
};

/* NULL or "": not given. Borrowed for the call. */
struct kube_server_settings {
	const char *url;                       /* https://host:port; http:// gets no token: for kubectl proxy */
	const char *server_name;               /* in its certificate, where that is not the URL's host */
	const char *ca_file, *token_file;
	const char *kubeconfig, *context;      /* its path; a context of it, else its current one */
	bool insecure;
	/* Of the environment: NULL, or NULL as its answer: not set. */
	const char *(*env)(void *ctx, const char *name);
	void *env_ctx;
};

struct kube_server;

/* Each setting wins over the kubeconfig, and that over the cluster policyd runs in. ST_SYSTEM: a file cannot be read;
 * ST_MALFORMED: nothing names a server, or the kubeconfig is none; ST_UNSUPPORTED: it wants a program to be run for its
 * credentials, or a password; ST_NOMEM. *out NULL unless ST_OK. */
enum status kube_server_create(const struct kube_server_settings *s, struct kube_server **out, struct diag *why);
void kube_server_destroy(struct kube_server *s);           /* NULL is fine */

const char *kube_server_url(const struct kube_server *s);  /* without path; holds no secret */

/* Fills url, bearer, certificates and proxy of a request; they live until the next call. path: "/api/v1/pods?limit=500".
 * ST_SYSTEM: the token file cannot be read; ST_LIMIT. */
enum status kube_server_request(struct kube_server *s, const char *path, struct http_loop_request *out, struct diag *why);

#endif
