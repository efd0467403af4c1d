#include "policyd/output/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/http/backoff.h"
#include "policyd/output/secret.h"
#include "policyd/output/tls.h"

enum { POLL_MS = 200, MAX_HEADER_BYTES = 8192 };

/* One request on the way. */
struct lane {
	CURL *easy;
	struct http_answer *answer;            /* NULL: free */
	char said[CURL_ERROR_SIZE];
};

struct http_client {
	struct http_client_config config;
	CURLM *multi;
	struct curl_slist *headers;            /* with the token, which may change; made for each round */
	struct secret token, proxy_password;
	struct lane lanes[HTTP_PARALLEL];
	bool held;                             /* no new requests in this round */
};

enum http_outcome http_outcome(int status)
{
	if (status >= 200 && status < 300)
		return HTTP_ACCEPTED;
	if (status == 0 || status == 429 || status == 502 || status == 503 || status == 504)
		return HTTP_TRY_AGAIN;
	/* A proxy's answer: the receiver has not been asked. Passwords are changed, and the alerts are kept until then. */
	if (status == 407)
		return HTTP_TRY_AGAIN;
	return HTTP_REFUSED;
}

void http_mark(struct sink_result *r, size_t i, const struct http_answer *a)
{
	static const enum sink_mark marks[] = { [HTTP_ACCEPTED] = SINK_DELIVERED, [HTTP_TRY_AGAIN] = SINK_OPEN,
		[HTTP_REFUSED] = SINK_REJECTED };
	enum http_outcome outcome = http_outcome(a->status);

	r->marks[i] = (uint8_t)marks[outcome];
	if (a->retry_after_ms > r->retry_after_ms)
		r->retry_after_ms = a->retry_after_ms;
	if (outcome == HTTP_ACCEPTED || r->error[0])
		return;
	if (a->status)
		snprintf(r->error, sizeof r->error, "the receiver answers %d", a->status);
	else
		snprintf(r->error, sizeof r->error, "%s", a->error);
}

/* ---- set up ---- */

static size_t on_body(char *ptr, size_t size, size_t count, void *ctx)
{
	struct http_answer *a = ctx;

	if (a->body.max_bytes - a->body.len >= size * count)
		buf_append(&a->body, ptr, size * count);
	return size * count;
}

static CURLcode on_tls(CURL *easy, void *ssl_ctx, void *ctx)
{
	const struct http_client *c = ctx;

	(void)easy;
	return tls_trust_file(ssl_ctx, c->config.output->tls.ca_file) ? CURLE_OK : CURLE_SSL_CACERT_BADFILE;
}

static void set_tls(const struct http_client *c, CURL *e)
{
	const struct output_tls *tls = &c->config.output->tls;

	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(e, CURLOPT_SSL_OPTIONS, (long)CURLSSLOPT_NATIVE_CA);
	curl_easy_setopt(e, CURLOPT_PROXY_SSL_OPTIONS, (long)CURLSSLOPT_NATIVE_CA);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, tls->insecure ? 0L : 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, tls->insecure ? 0L : 2L);
	curl_easy_setopt(e, CURLOPT_SSLCERT, tls->cert_file);
	curl_easy_setopt(e, CURLOPT_SSLKEY, tls->key_file);
	if (!tls->ca_file)
		return;
	curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, on_tls);
	curl_easy_setopt(e, CURLOPT_SSL_CTX_DATA, (void *)(uintptr_t)c);
}

static bool set_up(const struct http_client *c, struct lane *lane)
{
	const struct output_http_config *h = &c->config.output->http;
	long timeout_ms = h->timeout_ms ? (long)h->timeout_ms : HTTP_TIMEOUT_MS;
	CURL *e = curl_easy_init();

	lane->easy = e;
	if (!e)
		return false;
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_USERAGENT, h->user_agent ? h->user_agent : c->config.user_agent);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, timeout_ms);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms < HTTP_CONNECT_TIMEOUT_MS ? timeout_ms : HTTP_CONNECT_TIMEOUT_MS);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, lane->said);
	curl_easy_setopt(e, CURLOPT_PRIVATE, lane);
	if (h->proxy)
		curl_easy_setopt(e, CURLOPT_PROXY, h->proxy);
	if (h->no_proxy)
		curl_easy_setopt(e, CURLOPT_NOPROXY, h->no_proxy);
	if (h->proxy_user)
		curl_easy_setopt(e, CURLOPT_PROXYUSERNAME, h->proxy_user);
	set_tls(c, e);
	return curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(e, CURLOPT_URL, h->url) == CURLE_OK;
}

static enum status check_url(const struct output_config *c, struct diag *why)
{
	CURLU *url = curl_url();
	bool good = url && c->http.url && curl_url_set(url, CURLUPART_URL, c->http.url, 0) == CURLUE_OK;

	curl_url_cleanup(url);
	/* Without the URL in the text: it may hold a password. */
	if (!good)
		return diag_set(why, ST_MALFORMED, "output %s: not a URL of http or https", c->name);
	if (c->http.header_count > OUTPUT_MAX_HEADERS)
		return diag_set(why, ST_LIMIT, "output %s: more than %d headers", c->name, OUTPUT_MAX_HEADERS);
	return ST_OK;
}

enum status http_client_create(const struct http_client_config *config, struct http_client **out, struct diag *why)
{
	enum status st = check_url(config->output, why);
	struct http_client *c;
	bool good;

	*out = NULL;
	if (st != ST_OK)
		return st;
	c = calloc(1, sizeof *c);
	if (!c || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(c);
		return diag_set(why, ST_NOMEM, "out of memory");
	}
	c->config = *config;
	c->multi = curl_multi_init();
	good = c->multi && secret_init(&c->token, &config->output->http.token) == ST_OK &&
	       secret_init(&c->proxy_password, &config->output->http.proxy_password) == ST_OK;
	for (size_t i = 0; good && i < HTTP_PARALLEL; i++)
		good = set_up(c, &c->lanes[i]);
	if (!good) {
		http_client_destroy(c);
		return diag_set(why, ST_NOMEM, "output %s: the HTTP client cannot be set up", config->output->name);
	}
	*out = c;
	return ST_OK;
}

void http_client_destroy(struct http_client *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < HTTP_PARALLEL; i++)
		curl_easy_cleanup(c->lanes[i].easy);
	curl_multi_cleanup(c->multi);
	curl_slist_free_all(c->headers);
	secret_release(&c->token);
	secret_release(&c->proxy_password);
	free(c);
	curl_global_cleanup();
}

/* ---- a round of requests ---- */

static bool add_header(struct http_client *c, const char *name, const char *value)
{
	char line[MAX_HEADER_BYTES + OUTPUT_MAX_SECRET_BYTES];
	struct curl_slist *grown;
	int len = snprintf(line, sizeof line, "%s: %s", name, value);

	if (len < 0 || (size_t)len >= sizeof line || strpbrk(line, "\r\n"))
		return false;
	grown = curl_slist_append(c->headers, line);
	if (grown)
		c->headers = grown;
	return grown != NULL;
}

static bool make_headers(struct http_client *c, char *error, size_t error_bytes)
{
	const struct output_http_config *h = &c->config.output->http;
	const char *token = secret_text(&c->token, error, error_bytes);
	char bearer[OUTPUT_MAX_SECRET_BYTES + 16];
	bool good;

	if (!token)
		return false;
	curl_slist_free_all(c->headers);
	c->headers = NULL;
	snprintf(bearer, sizeof bearer, "Bearer %s", token);
	good = add_header(c, "Content-Type", c->config.content_type);
	good = good && (!c->config.gzip || add_header(c, "Content-Encoding", "gzip"));
	good = good && (!token[0] || add_header(c, "Authorization", bearer));
	for (size_t i = 0; good && i < h->header_count; i++)
		good = add_header(c, h->headers[i].name, h->headers[i].value);
	if (!good)
		snprintf(error, error_bytes, "a header cannot be sent");
	return good;
}

static bool prepare_round(struct http_client *c, char *error, size_t error_bytes)
{
	const char *password = secret_text(&c->proxy_password, error, error_bytes);

	if (!password || !make_headers(c, error, error_bytes))
		return false;
	c->held = false;
	for (size_t i = 0; i < HTTP_PARALLEL; i++) {
		curl_easy_setopt(c->lanes[i].easy, CURLOPT_HTTPHEADER, c->headers);
		if (password[0])
			curl_easy_setopt(c->lanes[i].easy, CURLOPT_PROXYPASSWORD, password);
	}
	return true;
}

static bool begin(struct http_client *c, struct lane *lane, const struct http_request *request, struct http_answer *a)
{
	lane->answer = a;
	lane->said[0] = '\0';
	curl_easy_setopt(lane->easy, CURLOPT_POSTFIELDS, request->body);
	curl_easy_setopt(lane->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->len);
	curl_easy_setopt(lane->easy, CURLOPT_WRITEDATA, a);
	if (curl_multi_add_handle(c->multi, lane->easy) == CURLM_OK)
		return true;
	lane->answer = NULL;
	snprintf(a->error, sizeof a->error, "out of memory");
	return false;
}

static void finish(struct http_client *c, CURL *easy, CURLcode result)
{
	struct lane *lane = NULL;
	struct http_answer *a;
	curl_off_t wait_s = 0;
	const char *type = NULL;
	long status = 0;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&lane);
	a = lane->answer;
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &wait_s);
	curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
	/* A refusal that broke off is one all the same; an acceptance that broke off is none. */
	if (result == CURLE_OK || http_outcome((int)status) == HTTP_REFUSED)
		a->status = (int)status;
	else
		snprintf(a->error, sizeof a->error, "%s", lane->said[0] ? lane->said : curl_easy_strerror(result));
	if (wait_s > 0)
		a->retry_after_ms = wait_s < BACKOFF_MAX_ASKED_S ? (uint32_t)wait_s * 1000 : BACKOFF_MAX_ASKED_S * 1000;
	a->protobuf = type && strncmp(type, "application/x-protobuf", 22) == 0;
	c->held = c->held || http_outcome(a->status) == HTTP_TRY_AGAIN;
	curl_multi_remove_handle(c->multi, easy);
	lane->answer = NULL;
}

static void give_up(struct http_client *c)
{
	for (size_t i = 0; i < HTTP_PARALLEL; i++) {
		struct lane *lane = &c->lanes[i];

		if (!lane->answer)
			continue;
		curl_multi_remove_handle(c->multi, lane->easy);
		snprintf(lane->answer->error, sizeof lane->answer->error, "given up at the end of the program");
		lane->answer = NULL;
	}
}

static void read_results(struct http_client *c)
{
	CURLMsg *message;
	int left = 0;

	while ((message = curl_multi_info_read(c->multi, &left)))
		if (message->msg == CURLMSG_DONE)
			finish(c, message->easy_handle, message->data.result);
}

/* Fills free lanes; true while something is on the way. */
static bool fill_lanes(struct http_client *c, const struct http_request *requests, struct http_answer *answers,
	size_t *next, size_t count)
{
	bool busy = false;

	for (size_t i = 0; i < HTTP_PARALLEL; i++) {
		struct lane *lane = &c->lanes[i];

		if (!lane->answer && *next < count && !c->held) {
			c->held = !begin(c, lane, &requests[*next], &answers[*next]);
			(*next)++;
		}
		busy = busy || lane->answer;
	}
	return busy;
}

void http_post_all(struct http_client *c, const struct http_request *requests, struct http_answer *answers, size_t count)
{
	size_t next = 0;
	int running = 0;

	if (!count || !prepare_round(c, answers[0].error, sizeof answers[0].error))
		return;
	while (fill_lanes(c, requests, answers, &next, count)) {
		if (c->config.env->stopping(c->config.env->ctx)) {
			give_up(c);
			return;
		}
		curl_multi_perform(c->multi, &running);
		read_results(c);
		if (running)
			curl_multi_poll(c->multi, NULL, 0, POLL_MS, NULL);
	}
}
