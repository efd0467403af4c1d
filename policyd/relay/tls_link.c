#include "policyd/relay/tls_link.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/buffer.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEPT_BYTES = 2048 };                    /* of the way out, between two words */

struct tls_side {
	SSL_CTX *ctx;
	bool server;
	char host[256];                        /* client: whose certificate it must be */
};

struct tls_link {
	SSL *ssl;
	BIO *in, *out;                         /* the SSL's */
};

static enum status fail(enum status st, const char *what, struct diag *why)
{
	unsigned long code = ERR_get_error();
	char text[160];

	ERR_error_string_n(code, text, sizeof text);
	ERR_clear_error();
	return diag_set(why, st, "%s%s%s", what, code ? ": " : "", code ? text : "");
}

static struct tls_side *make_side(const SSL_METHOD *method, bool server)
{
	struct tls_side *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->server = server;
	s->ctx = SSL_CTX_new(method);
	if (!s->ctx || SSL_CTX_set_min_proto_version(s->ctx, TLS1_2_VERSION) != 1) {
		tls_side_destroy(s);
		return NULL;
	}
	/* Thousands of connections that say little: buffers are given back between two words. */
	SSL_CTX_set_mode(s->ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_options(s->ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	return s;
}

enum status tls_side_server(const char *cert_file, const char *key_file, struct tls_side **out, struct diag *why)
{
	struct tls_side *s = make_side(TLS_server_method(), true);
	enum status st = ST_OK;

	*out = NULL;
	if (!s)
		return fail(ST_NOMEM, "TLS cannot be set up", why);
	SSL_CTX_set_session_cache_mode(s->ctx, SSL_SESS_CACHE_OFF);
	if (SSL_CTX_use_certificate_chain_file(s->ctx, cert_file) != 1)
		st = fail(ST_MALFORMED, "the certificate cannot be used", why);
	else if (SSL_CTX_use_PrivateKey_file(s->ctx, key_file, SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(s->ctx) != 1)
		st = fail(ST_MALFORMED, "the certificate's key cannot be used", why);
	if (st == ST_OK)
		*out = s;
	else
		tls_side_destroy(s);
	return st;
}

enum status tls_side_client(const char *ca_file, const char *host, struct tls_side **out, struct diag *why)
{
	struct tls_side *s = make_side(TLS_client_method(), false);
	size_t len = strlen(host);

	*out = NULL;
	if (!s)
		return fail(ST_NOMEM, "TLS cannot be set up", why);
	SSL_CTX_set_verify(s->ctx, SSL_VERIFY_PEER, NULL);
	if (len >= sizeof s->host || SSL_CTX_load_verify_file(s->ctx, ca_file) != 1) {
		tls_side_destroy(s);
		return fail(ST_MALFORMED, "the CA file cannot be used", why);
	}
	memcpy(s->host, host, len + 1);
	*out = s;
	return ST_OK;
}

void tls_side_destroy(struct tls_side *s)
{
	if (!s)
		return;
	SSL_CTX_free(s->ctx);
	free(s);
}

int64_t tls_side_expires(const struct tls_side *s)
{
	const X509 *own = SSL_CTX_get0_certificate(s->ctx);
	int days, seconds;

	if (!own || ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(own)) != 1)
		return 0;
	return (int64_t)time(NULL) + (int64_t)days * 86400 + seconds;
}

struct tls_link *tls_link_create(const struct tls_side *s)
{
	struct tls_link *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->ssl = SSL_new(s->ctx);
	l->in = BIO_new(BIO_s_mem());
	l->out = BIO_new(BIO_s_mem());
	if (!l->ssl || !l->in || !l->out || (s->host[0] && SSL_set1_host(l->ssl, s->host) != 1)) {
		BIO_free(l->in);
		BIO_free(l->out);
		SSL_free(l->ssl);
		free(l);
		return NULL;
	}
	BIO_set_mem_eof_return(l->in, -1);     /* empty means: later */
	SSL_set_bio(l->ssl, l->in, l->out);
	if (s->server) {
		SSL_set_accept_state(l->ssl);
	} else {
		SSL_set_connect_state(l->ssl);
		SSL_do_handshake(l->ssl);
		ERR_clear_error();
	}
	return l;
}

void tls_link_destroy(struct tls_link *l)
{
	if (!l)
		return;
	SSL_free(l->ssl);                      /* and the BIOs */
	free(l);
}

bool tls_link_feed(struct tls_link *l, const void *ptr, size_t len)
{
	return len <= INT_MAX && BIO_write(l->in, ptr, (int)len) == (int)len;
}

int tls_link_read(struct tls_link *l, void *out, size_t bytes)
{
	int n, why;

	ERR_clear_error();
	n = SSL_read(l->ssl, out, bytes > INT_MAX ? INT_MAX : (int)bytes);
	if (n > 0)
		return n;
	why = SSL_get_error(l->ssl, n);
	ERR_clear_error();
	return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

bool tls_link_write(struct tls_link *l, const void *ptr, size_t len)
{
	bool written;

	if (!SSL_is_init_finished(l->ssl) || len > INT_MAX)
		return false;
	if (!len)
		return true;
	ERR_clear_error();
	written = SSL_write(l->ssl, ptr, (int)len) == (int)len;    /* memory takes all of it */
	ERR_clear_error();
	return written;
}

void tls_link_goodbye(struct tls_link *l)
{
	if (SSL_is_init_finished(l->ssl))
		SSL_shutdown(l->ssl);
	ERR_clear_error();
}

size_t tls_link_pending(const struct tls_link *l)
{
	return BIO_ctrl_pending(l->out);
}

/* Memory that a long answer has grown is given back: thousands of connections ask for one list each, and then listen. */
static void shrink(struct tls_link *l)
{
	BUF_MEM *memory;
	BIO *fresh;

	if (BIO_ctrl_pending(l->out) > 0 || BIO_get_mem_ptr(l->out, &memory) != 1 || memory->max <= KEPT_BYTES)
		return;
	fresh = BIO_new(BIO_s_mem());
	if (!fresh)
		return;
	SSL_set0_wbio(l->ssl, fresh);              /* frees the one before */
	l->out = fresh;
}

size_t tls_link_take(struct tls_link *l, void *out, size_t bytes)
{
	int n = BIO_read(l->out, out, bytes > INT_MAX ? INT_MAX : (int)bytes);

	shrink(l);
	return n > 0 ? (size_t)n : 0;
}

bool tls_digest(const void *ptr, size_t len, uint8_t out[TLS_DIGEST_BYTES])
{
	unsigned bytes = 0;

	return EVP_Digest(ptr, len, out, &bytes, EVP_sha256(), NULL) == 1 && bytes == TLS_DIGEST_BYTES;
}
