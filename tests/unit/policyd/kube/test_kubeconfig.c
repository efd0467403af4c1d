#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/kube/kubeconfig.h"

/* As `kubectl config view --raw` prints it. */
static const char whole[] =
	"apiVersion: v1\nkind: Config\ncurrent-context: dev\n"
	"clusters:\n"
	"- name: c-dev\n  cluster:\n    server: https://dev.example:6443\n    certificate-authority-data: Y2EgcGVt\n"
	"- name: c-prod\n  cluster:\n    server: https://prod.example\n    certificate-authority: ca.crt\n"
	"    tls-server-name: api.prod\n    proxy-url: http://proxy.example:3128\n    insecure-skip-tls-verify: true\n"
	"contexts:\n- name: dev\n  context: {cluster: c-dev, user: u-dev, namespace: x}\n"
	"- name: prod\n  context: {cluster: c-prod, user: u-prod}\n"
	"- name: cloud\n  context: {cluster: c-dev, user: u-cloud}\n"
	"- name: lost\n  context: {cluster: gone, user: u-dev}\n"
	"- name: nobody\n  context: {cluster: c-dev, user: gone}\n"
	"- name: alone\n  context: {cluster: c-dev}\n"
	"users:\n- name: u-dev\n  user:\n    client-certificate-data: Y2VydA==\n    client-key-data: a2V5\n"
	"- name: u-prod\n  user: {tokenFile: token, client-certificate: c.pem, client-key: k.pem}\n"
	"- name: u-cloud\n  user:\n    exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}\n"
	"preferences: {}\n";

static int setup(void **state)
{
	*state = arena_create(1 << 20);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	arena_destroy(*state);
	return 0;
}

static enum status read_text(struct arena *a, const char *text, const char *context, struct kubeconfig *out)
{
	return kubeconfig_read((struct text_view){ text, strlen(text) }, context, a, out, NULL);
}

static void current_context__is_taken(void **state)
{
	struct kubeconfig k;

	assert_int_equal(read_text(*state, whole, NULL, &k), ST_OK);
	assert_string_equal(k.server, "https://dev.example:6443");
	assert_int_equal(k.ca_pem.len, 6);
	assert_memory_equal(k.ca_pem.ptr, "ca pem", 6);
	assert_memory_equal(k.cert_pem.ptr, "cert", 4);
	assert_memory_equal(k.key_pem.ptr, "key", 3);
	assert_null(k.token);
	assert_false(k.insecure);
}

static void named_context__is_taken(void **state)
{
	struct kubeconfig k;

	assert_int_equal(read_text(*state, whole, "prod", &k), ST_OK);
	assert_string_equal(k.server, "https://prod.example");
	assert_string_equal(k.ca_file, "ca.crt");
	assert_string_equal(k.tls_server_name, "api.prod");
	assert_string_equal(k.proxy_url, "http://proxy.example:3128");
	assert_string_equal(k.token_file, "token");
	assert_string_equal(k.cert_file, "c.pem");
	assert_string_equal(k.key_file, "k.pem");
	assert_true(k.insecure);
	assert_int_equal(read_text(*state, whole, "alone", &k), ST_OK);
	assert_null(k.token_file);
}

static void programs_and_passwords__are_unsupported(void **state)
{
	static const char basic[] = "{current-context: a, clusters: [{name: c, cluster: {server: x}}], contexts: [{name: a, "
		"context: {cluster: c, user: u}}], users: [{name: u, user: {username: anna, password: p}}]}";
	struct kubeconfig k;
	struct diag why = DIAG_INIT;

	assert_int_equal(kubeconfig_read((struct text_view){ whole, sizeof whole - 1 }, "cloud", *state, &k, &why), ST_UNSUPPORTED);
	assert_non_null(strstr(why.text, "`exec`"));
	assert_int_equal(kubeconfig_read((struct text_view){ basic, sizeof basic - 1 }, "", *state, &k, &why), ST_UNSUPPORTED);
	assert_null(strstr(why.text, "anna"));
}

static void what_is_not_there__is_said(void **state)
{
	static const char *const contexts[] = { "none", "lost", "nobody" };
	static const char *const texts[] = { "", "[]", "a: [", "kind: Config", "{current-context: a, contexts: [{name: a, context: 3}]}",
		"{current-context: a, contexts: [{name: a, context: {cluster: c}}], clusters: [{name: c, cluster: {}}]}",
		("{current-context: a, contexts: [{name: a, context: {cluster: c}}], clusters: [{name: c, cluster: {server: x, "
		 "certificate-authority-data: '*'}}]}") };
	struct kubeconfig k;

	for (size_t i = 0; i < sizeof contexts / sizeof contexts[0]; i++)
		assert_int_equal(read_text(*state, whole, contexts[i], &k), ST_MALFORMED);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_int_equal(read_text(*state, texts[i], NULL, &k), ST_MALFORMED);
}

static void every_prefix__ends(void **state)
{
	struct kubeconfig k;

	for (size_t n = 0; n < sizeof whole - 1; n++) {
		char *exact = malloc(n ? n : 1);
		enum status st;

		memcpy(exact, whole, n);
		st = kubeconfig_read((struct text_view){ exact, n }, "dev", *state, &k, NULL);
		assert_true(st == ST_OK || st == ST_MALFORMED);
		free(exact);
		arena_reset(*state);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(current_context__is_taken),
		TEST(named_context__is_taken),
		TEST(programs_and_passwords__are_unsupported),
		TEST(what_is_not_there__is_said),
		TEST(every_prefix__ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
