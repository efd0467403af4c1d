#include "policyd/output/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct tls_stream {
	SSL_CTX *ctx;                          /* NULL: plain */
	BIO *bio;
	struct tls_peer peer;
};

bool tls_trust_file(void *ssl_ctx, const char *path)
{
	return X509_STORE_load_file(SSL_CTX_get_cert_store(ssl_ctx), path) == 1;
}

static enum status fail(enum status st, const char *what, struct diag *why)
{
	unsigned long code = ERR_get_error();
	char text[160];

	ERR_error_string_n(code, text, sizeof text);
	ERR_clear_error();
	return diag_set(why, st, "%s%s%s", what, code ? ": " : "", code ? text : "");
}

static enum status make_context(const struct output_tls *tls, SSL_CTX **out, struct diag *why)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	*out = ctx;                                /* the caller frees it in any case */
	if (!ctx || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1)
		return fail(ST_NOMEM, "TLS cannot be set up", why);
	SSL_CTX_set_verify(ctx, tls->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_mode(ctx, SSL_MODE_AUTO_RETRY | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_default_verify_paths(ctx);
	if (tls->ca_file && !tls_trust_file(ctx, tls->ca_file))
		return fail(ST_MALFORMED, "the CA file cannot be used", why);
	if (tls->cert_file && SSL_CTX_use_certificate_chain_file(ctx, tls->cert_file) != 1)
		return fail(ST_MALFORMED, "the client's certificate cannot be used", why);
	if (tls->key_file && SSL_CTX_use_PrivateKey_file(ctx, tls->key_file, SSL_FILETYPE_PEM) != 1)
		return fail(ST_MALFORMED, "the client's key cannot be used", why);
	return ST_OK;
}

static bool expect_name(SSL *ssl, const struct tls_peer *p)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);

	if (p->tls->insecure)
		return true;
	return X509_VERIFY_PARAM_set1_ip_asc(param, p->host) == 1 || SSL_set1_host(ssl, p->host) == 1;
}

static enum status make_stream(struct tls_stream *s, struct diag *why)
{
	enum status st;
	SSL *ssl = NULL;
	char port[8];

	if (s->peer.tls) {
		st = make_context(s->peer.tls, &s->ctx, why);
		if (st != ST_OK)
			return st;
	}
	s->bio = s->ctx ? BIO_new_ssl_connect(s->ctx) : BIO_new(BIO_s_connect());
	if (!s->bio)
		return fail(ST_NOMEM, "out of memory", why);
	snprintf(port, sizeof port, "%u", s->peer.port);
	BIO_set_conn_hostname(s->bio, s->peer.host);
	BIO_set_conn_port(s->bio, port);
	BIO_set_nbio(s->bio, 1);
	if (!s->ctx)
		return ST_OK;
	BIO_get_ssl(s->bio, &ssl);
	if (!ssl || !expect_name(ssl, &s->peer) || SSL_set_tlsext_host_name(ssl, s->peer.host) != 1)
		return fail(ST_MALFORMED, "the host's name cannot be used", why);
	return ST_OK;
}

static bool is_over(const struct tls_stream *s, time_t end)
{
	return time(NULL) > end || s->peer.env->stopping(s->peer.env->ctx);
}

static time_t end_of(const struct tls_stream *s)
{
	uint32_t ms = s->peer.timeout_ms ? s->peer.timeout_ms : TLS_TIMEOUT_MS;

	return time(NULL) + (time_t)((ms + 999) / 1000);
}

/* Until the socket is ready, or a second has passed, so that the end of the program is seen. */
static void wait_ready(BIO *bio)
{
	BIO_wait(bio, time(NULL) + 1, 50);
}

static enum status shake_hands(struct tls_stream *s, struct diag *why)
{
	time_t end = end_of(s);
	char what[200];
	SSL *ssl = NULL;
	long verdict;

	while (BIO_do_connect(s->bio) != 1) {
		if (BIO_should_retry(s->bio) && !is_over(s, end)) {
			wait_ready(s->bio);
			continue;
		}
		if (s->ctx && BIO_get_ssl(s->bio, &ssl) > 0 && (verdict = SSL_get_verify_result(ssl)) != X509_V_OK) {
			snprintf(what, sizeof what, "the certificate of %s is not accepted: %s", s->peer.host,
				X509_verify_cert_error_string(verdict));
			ERR_clear_error();
			return diag_set(why, ST_SYSTEM, "%s", what);
		}
		snprintf(what, sizeof what, "%s port %u cannot be reached", s->peer.host, s->peer.port);
		return fail(ST_SYSTEM, what, why);
	}
	return ST_OK;
}

enum status tls_connect(const struct tls_peer *peer, struct tls_stream **out, struct diag *why)
{
	struct tls_stream *s = calloc(1, sizeof *s);
	enum status st;

	*out = NULL;
	if (!s)
		return diag_set(why, ST_NOMEM, "out of memory");
	s->peer = *peer;
	ERR_clear_error();
	st = make_stream(s, why);
	if (st == ST_OK)
		st = shake_hands(s, why);
	if (st == ST_OK)
		*out = s;
	else
		tls_close(s);
	return st;
}

bool tls_write(struct tls_stream *s, const void *ptr, size_t len)
{
	const uint8_t *at = ptr;
	time_t end = end_of(s);

	while (len > 0) {
		int n = BIO_write(s->bio, at, len < 65536 ? (int)len : 65536);

		if (n > 0) {
			at += n;
			len -= (size_t)n;
			continue;
		}
		if (!BIO_should_retry(s->bio) || is_over(s, end)) {
			ERR_clear_error();
			return false;
		}
		wait_ready(s->bio);
	}
	return BIO_flush(s->bio) >= 0;
}

bool tls_is_closed(struct tls_stream *s)
{
	char thrown_away[4096];
	int n = BIO_read(s->bio, thrown_away, sizeof thrown_away);
	bool closed = n <= 0 && !BIO_should_retry(s->bio);

	ERR_clear_error();
	return closed;
}

void tls_close(struct tls_stream *s)
{
	if (!s)
		return;
	if (s->ctx && s->bio)
		BIO_ssl_shutdown(s->bio);          /* close_notify: receivers complain without */
	BIO_free_all(s->bio);
	SSL_CTX_free(s->ctx);
	ERR_clear_error();
	free(s);
}
