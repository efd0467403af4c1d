#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/cli/cli.h"
#include "policyd/cli/options.h"
#include "policyd/daemon/log_output.h"
#include "policyd/relay/relay.h"

static const struct option table[] = {
	{ "--listen", NULL, "ADDRESS:PORT", "where agents are served, with TLS (default 0.0.0.0:8443)" },
	{ "--web", NULL, "ADDRESS:PORT", "/healthz, /readyz and /metrics, without TLS (default 127.0.0.1:8080; \"\": none)" },
	{ "--cert", NULL, "FILE", "certificate and what is between it and its CA, PEM; followed when it changes" },
	{ "--key", NULL, "FILE", "its key, PEM" },
	{ "--agent", NULL, "NAMESPACE:NAME", "service account of the agents" },
	{ "--audience", NULL, "TEXT", "what their tokens are made for (default vitrine-relay)" },
	{ "--server", NULL, "URL", "API server (default: that of the cluster it runs in)" },
	{ "--ca-file", NULL, "FILE", "the API server's CA" },
	{ "--token-file", NULL, "FILE", "token for the API server" },
	{ "--kubeconfig", NULL, "FILE", "instead: server, CA and credentials as kubectl has them" },
	{ "--context", NULL, "NAME", "a context of it other than the current one" },
	{ "--log-level", NULL, "LEVEL", "debug, info, warning or error (default info)" },
	{ "--log-json", NULL, NULL, "the log as JSON lines" },
	{ "--make-certificate", NULL, "NAMESPACE/NAME", "put a certificate for --host into this Secret, unless a good one is there, and end" },
	{ "--host", NULL, "NAME", "RELAY.NAMESPACE.svc" },
	{ "--help", "-h", NULL, "this text" },
};

static const char user_agent[] = "vitrine-relay/" VITRINE_VERSION;

static int usage(int status)
{
	puts("usage: policyd relay --cert FILE --key FILE --agent NAMESPACE:NAME [OPTION]...\n"
	     "       policyd relay --make-certificate NAMESPACE/NAME --host NAME [OPTION]...");
	options_print_help(table, sizeof table / sizeof table[0]);
	return status;
}

static int wrong(const char *what)
{
	fprintf(stderr, "policyd relay: %s\n", what);
	return usage(EXIT_USAGE);
}

static const char *environment(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

static struct kube_server_settings server_of(const struct options *o)
{
	return (struct kube_server_settings){ .url = options_last(o, "--server"), .ca_file = options_last(o, "--ca-file"),
		.token_file = options_last(o, "--token-file"), .kubeconfig = options_last(o, "--kubeconfig"),
		.context = options_last(o, "--context"), .env = environment };
}

struct place {
	char address[64];
	int port;
};

/* "0.0.0.0:8443", "[::]:8443" */
static bool read_place(const char *text, struct place *out)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	char *end;
	long port;

	if (len > 1 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (!colon || !colon[1] || !len || len >= sizeof out->address)
		return false;
	memcpy(out->address, text, len);
	out->address[len] = '\0';
	port = strtol(colon + 1, &end, 10);
	out->port = (int)port;
	return !*end && port >= 0 && port <= 65535;
}

static bool read_level(const char *text, struct log_output *out)
{
	static const char *const words[] = { "debug", "info", "warning", "error" };

	for (int i = LOG_LEVEL_DEBUG; i <= LOG_LEVEL_ERROR; i++) {
		if (strcmp(words[i], text) == 0) {
			out->level = i;
			return true;
		}
	}
	return false;
}

static int make_certificate(const struct options *o)
{
	struct relay_secret_options s = { .server = server_of(o), .user_agent = user_agent, .host = options_last(o, "--host") };
	const char *where = options_last(o, "--make-certificate"), *slash = strchr(where, '/');
	char ns[254];

	if (!s.host || !slash || slash == where || !slash[1] || strchr(slash + 1, '/') || (size_t)(slash - where) >= sizeof ns)
		return wrong("--make-certificate NAMESPACE/NAME --host NAME");
	memcpy(ns, where, (size_t)(slash - where));
	ns[slash - where] = '\0';
	s.ns = ns;
	s.name = slash + 1;
	return relay_make_secret(&s);
}

static int run(const struct options *o)
{
	struct relay_options r = { .version = VITRINE_VERSION, .user_agent = user_agent, .server = server_of(o),
		.cert_file = options_last(o, "--cert"), .key_file = options_last(o, "--key"), .audience = options_last(o, "--audience") };
	const char *listen = options_last(o, "--listen"), *web = options_last(o, "--web"), *agent = options_last(o, "--agent");
	struct place at, web_at;
	char user[600];
	int len;

	if (!r.cert_file || !r.key_file || !agent || !strchr(agent, ':'))
		return wrong("--cert, --key and --agent NAMESPACE:NAME are needed");
	if (!read_place(listen ? listen : "0.0.0.0:8443", &at))
		return wrong("--listen ADDRESS:PORT");
	if (!web)
		web = "127.0.0.1:8080";
	if (*web && !read_place(web, &web_at))
		return wrong("--web ADDRESS:PORT");
	len = snprintf(user, sizeof user, "system:serviceaccount:%s", agent);
	if (len < 0 || (size_t)len >= sizeof user)
		return wrong("--agent is too long");
	r.agent = user;
	r.audience = r.audience ? r.audience : "vitrine-relay";
	r.address = at.address;
	r.port = at.port;
	r.web_address = *web ? web_at.address : NULL;
	r.web_port = *web ? web_at.port : 0;
	return relay_run(&r);
}

int cmd_relay(char **argv)
{
	struct log_output log = { .to = stderr, .level = LOG_LEVEL_INFO, .enabled = true };
	struct options o;
	const char *level;

	if (!options_parse(&o, table, sizeof table / sizeof table[0], argv))
		return usage(EXIT_USAGE);
	if (options_has(&o, "--help"))
		return usage(0);
	level = options_last(&o, "--log-level");
	if (o.operand_count || (level && !read_level(level, &log)))
		return wrong(o.operand_count ? "takes no operands" : "--log-level debug|info|warning|error");
	log.json = options_has(&o, "--log-json");
	log_install(log_output_sink, &log);
	return options_has(&o, "--make-certificate") ? make_certificate(&o) : run(&o);
}
