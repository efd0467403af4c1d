/* kubeconfig: the file that kubectl is configured by, as far as it says where a server is and who asks. Any thread.
 * Source: k8s.io/client-go/tools/clientcmd/api/v1. */
#ifndef VITRINE_KUBE_KUBECONFIG_H
#define VITRINE_KUBE_KUBECONFIG_H

#include "proto/base/arena.h"
#include "proto/base/status.h"
#include "proto/record.h"

/* NULL, or empty: not given. Texts and bytes live in the arena. File names are as the file has them. */
struct kubeconfig {
	const char *server, *tls_server_name, *proxy_url;
	bool insecure;
	const char *ca_file, *cert_file, *key_file, *token_file;
	const char *token;
	struct view ca_pem, cert_pem, key_pem;
};

/* context NULL or "": current-context. ST_MALFORMED: no such file, context, cluster or user; ST_UNSUPPORTED: `exec`,
 * `auth-provider`, or a password; ST_LIMIT; ST_NOMEM. */
enum status kubeconfig_read(struct text_view text, const char *context, struct arena *a, struct kubeconfig *out,
	struct diag *why);

#endif
