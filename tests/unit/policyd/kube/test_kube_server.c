#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/kube/kube_server.h"

struct pair {
	const char *name, *value;
};

static const char *env(void *ctx, const char *name)
{
	for (const struct pair *p = ctx; p && p->name; p++) {
		if (strcmp(p->name, name) == 0)
			return p->value;
	}
	return NULL;
}

static struct kube_server *create(const struct kube_server_settings *set)
{
	struct kube_server *s;

	assert_int_equal(kube_server_create(set, &s, NULL), ST_OK);
	return s;
}

static void server__of_the_settings_is_asked(void **state)
{
	struct kube_server *s = create(&(struct kube_server_settings){ .url = "https://api.example:6443/", .ca_file = "ca.pem" });
	struct http_loop_request r = { .url = NULL };

	(void)state;
	assert_int_equal(kube_server_request(s, "/api/v1/pods?x=1", &r, NULL), ST_OK);
	assert_string_equal(r.url, "https://api.example:6443/api/v1/pods?x=1");
	assert_string_equal(r.ca_file, "ca.pem");
	assert_null(r.bearer);
	kube_server_destroy(s);
}

static void server__may_have_another_name_than_its_address(void **state)
{
	struct kube_server *s = create(&(struct kube_server_settings){ .url = "https://10.0.0.1:8443", .server_name = "relay.vt.svc" });
	struct http_loop_request r = { .url = NULL };

	(void)state;
	assert_int_equal(kube_server_request(s, "/x", &r, NULL), ST_OK);
	assert_string_equal(r.url, "https://relay.vt.svc:8443/x");
	assert_string_equal(r.connect_to, "10.0.0.1");
	kube_server_destroy(s);
}

static void server__of_a_pod_is_in_the_environment(void **state)
{
	struct pair vars[] = { { "KUBERNETES_SERVICE_HOST", "fd00::1" }, { "KUBERNETES_SERVICE_PORT", "6443" }, { NULL, NULL } };
	struct kube_server *s = create(&(struct kube_server_settings){ .env = env, .env_ctx = vars });
	struct http_loop_request r = { .url = NULL };
	struct diag why = DIAG_INIT;

	(void)state;
	assert_string_equal(kube_server_url(s), "https://[fd00::1]:6443");
	assert_int_equal(kube_server_request(s, "/", &r, &why), ST_SYSTEM);    /* there is no token here */
	assert_non_null(strstr(why.text, "serviceaccount/token"));
	kube_server_destroy(s);
}

static void wrong_places__are_refused(void **state)
{
	static const char *const urls[] = { "api.example", "ftp://x", "https://", "https://user:pw@host", "https://host/?q", "https://a b" };
	struct kube_server *s;
	struct diag why = DIAG_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		assert_int_equal(kube_server_create(&(struct kube_server_settings){ .url = urls[i] }, &s, &why), ST_MALFORMED);
		assert_null(strstr(why.text, "pw"));
		assert_null(s);
	}
	assert_int_equal(kube_server_create(&(struct kube_server_settings){ .env = env }, &s, &why), ST_MALFORMED);
	assert_int_equal(kube_server_create(&(struct kube_server_settings){ .kubeconfig = "no/such/file" }, &s, &why), ST_SYSTEM);
}

static char *write_token(const char *text)
{
	static const char name[] = "/tmp/vitrine-token-XXXXXX";
	char *path = malloc(sizeof name);
	FILE *f;
	int fd;

	memcpy(path, name, sizeof name);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	f = fdopen(fd, "wb");
	fputs(text, f);
	fclose(f);
	return path;
}

static void token__is_read_for_each_request(void **state)
{
	char *path = write_token("one\n");
	struct kube_server *s = create(&(struct kube_server_settings){ .url = "https://h", .token_file = path });
	struct http_loop_request r = { .url = NULL };
	FILE *f;

	(void)state;
	assert_int_equal(kube_server_request(s, "/", &r, NULL), ST_OK);
	assert_string_equal(r.bearer, "one");
	f = fopen(path, "wb");
	fputs("second", f);
	fclose(f);
	assert_int_equal(kube_server_request(s, "/", &r, NULL), ST_OK);
	assert_string_equal(r.bearer, "second");
	remove(path);
	assert_int_equal(kube_server_request(s, "/", &r, NULL), ST_SYSTEM);
	kube_server_destroy(s);
	free(path);
}

static void token__is_not_sent_in_the_clear(void **state)
{
	char *path = write_token("one");
	struct kube_server *s = create(&(struct kube_server_settings){ .url = "http://h:8001", .token_file = path });
	struct http_loop_request r = { .url = NULL };

	(void)state;
	assert_int_equal(kube_server_request(s, "/", &r, NULL), ST_OK);
	assert_null(r.bearer);
	remove(path);
	kube_server_destroy(s);
	free(path);
}

static void request__has_a_bound(void **state)
{
	struct kube_server *s = create(&(struct kube_server_settings){ .url = "https://h" });
	struct http_loop_request r = { .url = NULL };
	char path[KUBE_MAX_URL_BYTES + 1];

	(void)state;
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	assert_int_equal(kube_server_request(s, path, &r, NULL), ST_LIMIT);
	kube_server_destroy(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(server__of_the_settings_is_asked),
		cmocka_unit_test(server__may_have_another_name_than_its_address),
		cmocka_unit_test(server__of_a_pod_is_in_the_environment),
		cmocka_unit_test(wrong_places__are_refused),
		cmocka_unit_test(token__is_read_for_each_request),
		cmocka_unit_test(token__is_not_sent_in_the_clear),
		cmocka_unit_test(request__has_a_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
