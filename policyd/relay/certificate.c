#include "policyd/relay/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

enum { MAX_HOST_BYTES = 253, SERIAL_BITS = 127, CLOCK_SKEW_S = 3600 };

static bool put_pem(struct buf *out, BIO *bio)
{
	char *text;
	long len = BIO_get_mem_data(bio, &text);

	buf_init(out, CERTIFICATE_MAX_BYTES);
	return len > 0 && buf_append(out, text, (size_t)len);
}

static bool cert_to_pem(X509 *cert, struct buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool good = bio && PEM_write_bio_X509(bio, cert) == 1 && put_pem(out, bio);

	BIO_free(bio);
	return good;
}

static bool key_to_pem(EVP_PKEY *key, struct buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool good = bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1 && put_pem(out, bio);

	BIO_free(bio);
	return good;
}

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *extension;
	bool good;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	good = extension && X509_add_ext(cert, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return good;
}

static bool set_serial(X509 *cert)
{
	BIGNUM *number = BN_new();
	bool good = number && BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
		    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));

	BN_free(number);
	return good;
}

/* A certificate without extensions and signature. */
static X509 *draft(EVP_PKEY *key, const char *name, int days)
{
	X509 *cert = X509_new();
	X509_NAME *subject = cert ? X509_get_subject_name(cert) : NULL;
	/* A common name has 64 characters at most; clients look at the other names. */
	char common[65];

	snprintf(common, sizeof common, "%.64s", name);
	if (subject && X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cert) &&
		X509_gmtime_adj(X509_getm_notBefore(cert), -CLOCK_SKEW_S) && X509_time_adj_ex(X509_getm_notAfter(cert), days, 0, NULL) &&
		X509_set_pubkey(cert, key) == 1 &&
		X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)common, -1, -1, 0) == 1)
		return cert;
	X509_free(cert);
	return NULL;
}

static X509 *make_ca(EVP_PKEY *key, int days)
{
	X509 *ca = draft(key, "vitrine relay CA", days);

	if (ca && X509_set_issuer_name(ca, X509_get_subject_name(ca)) == 1 &&
		add_extension(ca, ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
		add_extension(ca, ca, NID_key_usage, "critical,keyCertSign") && add_extension(ca, ca, NID_subject_key_identifier, "hash") &&
		X509_sign(ca, key, EVP_sha256()))
		return ca;
	X509_free(ca);
	return NULL;
}

static X509 *make_leaf(EVP_PKEY *key, X509 *ca, EVP_PKEY *ca_key, const char *host, int days)
{
	char names[2 * MAX_HOST_BYTES + 64];
	X509 *leaf = draft(key, host, days);

	snprintf(names, sizeof names, "DNS:%s,DNS:%s.cluster.local", host, host);
	if (leaf && X509_set_issuer_name(leaf, X509_get_subject_name(ca)) == 1 &&
		add_extension(leaf, ca, NID_basic_constraints, "critical,CA:FALSE") &&
		add_extension(leaf, ca, NID_key_usage, "critical,digitalSignature") && add_extension(leaf, ca, NID_ext_key_usage, "serverAuth") &&
		add_extension(leaf, ca, NID_subject_alt_name, names) && add_extension(leaf, ca, NID_authority_key_identifier, "keyid") &&
		X509_sign(leaf, ca_key, EVP_sha256()))
		return leaf;
	X509_free(leaf);
	return NULL;
}

/* Into extension text: nothing but what a DNS name has. */
static bool is_host(const char *host)
{
	size_t len = strlen(host);

	return len > 0 && len <= MAX_HOST_BYTES && strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-.") == len;
}

enum status certificate_make(const char *host, int days, struct certificate *out)
{
	EVP_PKEY *ca_key = NULL, *key = NULL;
	X509 *ca = NULL, *leaf = NULL;
	enum status st = ST_NOMEM;

	*out = (struct certificate){ .ca = { 0 } };
	if (!is_host(host))
		return ST_LIMIT;
	ca_key = EVP_EC_gen("P-256");
	key = EVP_EC_gen("P-256");
	if (!ca_key || !key)
		goto done;
	ca = make_ca(ca_key, days);
	leaf = ca ? make_leaf(key, ca, ca_key, host, days) : NULL;
	if (leaf && cert_to_pem(ca, &out->ca) && cert_to_pem(leaf, &out->cert) && key_to_pem(key, &out->key))
		st = ST_OK;
done:
	X509_free(leaf);
	X509_free(ca);
	EVP_PKEY_free(key);
	EVP_PKEY_free(ca_key);
	if (st != ST_OK)
		certificate_release(out);
	ERR_clear_error();
	return st;
}

void certificate_release(struct certificate *c)
{
	if (c->key.data)
		memset(c->key.data, 0, c->key.cap);
	buf_release(&c->ca);
	buf_release(&c->cert);
	buf_release(&c->key);
}

bool certificate_serves(const char *base64, size_t len, const char *host, int days)
{
	unsigned char pem[CERTIFICATE_MAX_BYTES];
	int bytes = len <= sizeof pem ? EVP_DecodeBlock(pem, (const unsigned char *)base64, (int)len) : -1;
	BIO *bio = bytes > 0 ? BIO_new_mem_buf(pem, bytes) : NULL;
	X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	int left = 0, seconds = 0;
	bool good = cert && X509_check_host(cert, host, 0, 0, NULL) == 1 &&
		    ASN1_TIME_diff(&left, &seconds, NULL, X509_get0_notAfter(cert)) == 1 && left >= days;

	X509_free(cert);
	BIO_free(bio);
	ERR_clear_error();
	return good;
}
