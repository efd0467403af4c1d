#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/relay/slim.h"

/* A pod as an API server writes it, shortened; names made up. */
static const char pod[] =
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web-6c45f8d6f6-abcde\",\"generateName\":\"web-\",\"namespace\":\"shop\","
	"\"uid\":\"u-1\",\"resourceVersion\":\"12746\",\"creationTimestamp\":\"2026-01-02T03:04:05Z\",\"labels\":{\"app\":\"web\","
	"\"pod-template-hash\":\"6c45f8d6f6\"},\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"{}\",\"note\":\"n\"},"
	"\"ownerReferences\":[{\"kind\":\"Other\",\"name\":\"o\"},{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"web-6c45f8d6f6\","
	"\"uid\":\"r-1\",\"controller\":true,\"blockOwnerDeletion\":true}],\"managedFields\":[{\"manager\":\"m\"}]},"
	"\"spec\":{\"nodeName\":\"win-1\",\"volumes\":[{\"name\":\"v\"}],\"containers\":[{\"name\":\"iis\",\"image\":\"reg/iis:1\","
	"\"env\":[{\"name\":\"SECRET\",\"value\":\"s3cret\"}],\"securityContext\":{\"windowsOptions\":{\"hostProcess\":true}}}]},"
	"\"status\":{\"phase\":\"Running\",\"podIP\":\"10.1.2.3\",\"conditions\":[{\"type\":\"Ready\"}],\"containerStatuses\":[{\"name\":\"iis\","
	"\"image\":\"reg/iis:1\",\"imageID\":\"reg/iis@sha256:00\",\"containerID\":\"containerd://39a1\",\"ready\":true,\"restartCount\":1,"
	"\"state\":{\"running\":{\"startedAt\":\"2026-01-02T03:04:06Z\"}},\"lastState\":{\"terminated\":{\"exitCode\":1,"
	"\"containerID\":\"containerd://28b0\",\"startedAt\":\"2026-01-02T03:04:05Z\"}}}]}}";

static const char kept[] =
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web-6c45f8d6f6-abcde\",\"namespace\":\"shop\",\"uid\":\"u-1\","
	"\"resourceVersion\":\"12746\",\"creationTimestamp\":\"2026-01-02T03:04:05Z\",\"labels\":{\"app\":\"web\",\"pod-template-hash\":\"6c45f8d6f6\"},"
	"\"annotations\":{\"note\":\"n\"},\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"web-6c45f8d6f6\","
	"\"uid\":\"r-1\",\"controller\":true}]},\"spec\":{\"nodeName\":\"win-1\",\"containers\":[{\"name\":\"iis\",\"image\":\"reg/iis:1\","
	"\"securityContext\":{\"windowsOptions\":{\"hostProcess\":true}}}]},\"status\":{\"phase\":\"Running\",\"podIP\":\"10.1.2.3\","
	"\"containerStatuses\":[{\"name\":\"iis\",\"image\":\"reg/iis:1\",\"imageID\":\"reg/iis@sha256:00\",\"containerID\":\"containerd://39a1\","
	"\"state\":{\"running\":{\"startedAt\":\"2026-01-02T03:04:06Z\"}},\"lastState\":{\"terminated\":{\"containerID\":\"containerd://28b0\","
	"\"startedAt\":\"2026-01-02T03:04:05Z\"}}}]}}";

static void slim__keeps_what_agents_ask_and_nothing_else(void **state)
{
	struct slim *s;

	(void)state;
	assert_int_equal(slim_pod(pod, sizeof pod - 1, &s), ST_OK);
	assert_string_equal(s->json, kept);
	assert_int_equal(s->json_len, sizeof kept - 1);
	assert_string_equal(s->uid, "u-1");
	assert_string_equal(s->name, "web-6c45f8d6f6-abcde");
	assert_string_equal(s->ns, "shop");
	assert_string_equal(s->node, "win-1");
	assert_string_equal(s->version, "12746");
	slim_unref(s);
}

static void slim__cutting_twice_changes_nothing(void **state)
{
	struct slim *s;

	(void)state;
	assert_int_equal(slim_pod(kept, sizeof kept - 1, &s), ST_OK);
	assert_string_equal(s->json, kept);
	slim_unref(s);
}

static void slim__namespace_keeps_its_labels(void **state)
{
	static const char ns[] = "{\"metadata\":{\"name\":\"shop\",\"uid\":\"n-1\",\"resourceVersion\":\"7\",\"labels\":{\"team\":\"blue\"}},"
		"\"spec\":{\"finalizers\":[\"kubernetes\"]}}";
	struct slim *s;

	(void)state;
	assert_int_equal(slim_namespace(ns, sizeof ns - 1, &s), ST_OK);
	assert_string_equal(s->json, "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"shop\",\"uid\":\"n-1\","
		"\"resourceVersion\":\"7\",\"labels\":{\"team\":\"blue\"}}}");
	slim_unref(s);
}

static void slim__every_prefix_is_refused(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof pod - 1; n++) {
		char *exact = malloc(n ? n : 1);
		struct slim *s = NULL;

		assert_non_null(exact);
		memcpy(exact, pod, n);
		assert_int_equal(slim_pod(exact, n, &s), ST_MALFORMED);
		assert_null(s);
		free(exact);
	}
}

static void slim__another_kind_or_no_name_is_refused(void **state)
{
	static const char *const wrong[] = { "[]", "{}", "\"x\"", "{\"kind\":\"Node\",\"metadata\":{\"name\":\"a\",\"uid\":\"b\",\"resourceVersion\":\"1\"}}",
		"{\"metadata\":{\"name\":\"a\",\"uid\":\"b\"}}", "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"1\"}}",
		"{\"metadata\":{\"uid\":\"b\",\"resourceVersion\":\"1\"}}", "{\"metadata\":7}" };
	struct slim *s;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(slim_pod(wrong[i], strlen(wrong[i]), &s), ST_MALFORMED);
}

static void slim__an_object_of_great_size_is_cut_or_refused(void **state)
{
	struct slim *s = NULL;
	size_t bytes = 300 * SLIM_MAX_PAIRS + 400, n;
	char *json = malloc(bytes);

	(void)state;
	assert_non_null(json);
	n = (size_t)snprintf(json, bytes, "{\"metadata\":{\"name\":\"a\",\"uid\":\"b\",\"resourceVersion\":\"1\",\"labels\":{");
	for (int i = 0; i < 2 * SLIM_MAX_PAIRS; i++)
		n += (size_t)snprintf(json + n, bytes - n, "%s\"label-%04d\":\"%0100d\"", i ? "," : "", i, i);
	n += (size_t)snprintf(json + n, bytes - n, "}}}");
	assert_true(n < bytes);
	assert_int_equal(slim_pod(json, n, &s), ST_OK);
	assert_non_null(strstr(s->json, "label-0127"));
	assert_null(strstr(s->json, "label-0128"));
	slim_unref(s);
	assert_int_equal(slim_pod(json, (size_t)SLIM_MAX_OBJECT_BYTES + 1, &s), ST_LIMIT);
	free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slim__keeps_what_agents_ask_and_nothing_else),
		cmocka_unit_test(slim__cutting_twice_changes_nothing),
		cmocka_unit_test(slim__namespace_keeps_its_labels),
		cmocka_unit_test(slim__every_prefix_is_refused),
		cmocka_unit_test(slim__another_kind_or_no_name_is_refused),
		cmocka_unit_test(slim__an_object_of_great_size_is_cut_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
