#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/pods/pod_read.h"
#include "proto/base/buf.h"

#define ID "39a1659b6a2b6db298df630237b2b7d959d1b1722edc81ce9b1bc7f06237850c"
#define OLD "19a1659b6a2b6db298df630237b2b7d959d1b1722edc81ce9b1bc7f06237850c"

/* Shaped as an API server of 1.33 writes a pod of a Deployment; names and digests as in the recorded `kubectl describe`. */
static const char iis[] =
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web-6c45f8d6f6-abcde\",\"namespace\":\"shop\","
	"\"uid\":\"0b9d8c1e-1c1a-4a46-9b4b-0f6f1a2b3c4d\",\"resourceVersion\":\"4711\",\"creationTimestamp\":\"2023-05-05T13:34:41Z\","
	"\"labels\":{\"pod-template-hash\":\"6c45f8d6f6\",\"app\":\"web\"},\"annotations\":{\"team\":\"blue\"},"
	"\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Thing\",\"name\":\"other\"},"
	"{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"web-6c45f8d6f6\",\"controller\":true}],"
	"\"managedFields\":[{\"manager\":\"kubelet\",\"fieldsV1\":{\"f:status\":{}}}]},"
	"\"spec\":{\"nodeName\":\"akswin000001\",\"containers\":[{\"name\":\"web\",\"image\":\"iis:asked\"}]},"
	"\"status\":{\"podIP\":\"10.225.5.248\",\"containerStatuses\":[{\"name\":\"web\",\"image\":\"sha256:aa\","
	"\"imageID\":\"mcr.example/iis@sha256:0f0114\",\"containerID\":\"containerd://" ID "\","
	"\"state\":{\"running\":{\"startedAt\":\"2023-05-05T13:34:55Z\"}},"
	"\"lastState\":{\"terminated\":{\"containerID\":\"containerd://" OLD "\",\"startedAt\":\"2023-05-05T13:34:42Z\"}}}]}}";

static struct pod *read_pod(const char *json)
{
	struct pod *p;

	assert_int_equal(pod_read(json, strlen(json), &p), ST_OK);
	return p;
}

static void pod__is_read_whole(void **state)
{
	struct pod *p = read_pod(iis);

	(void)state;
	assert_string_equal(p->name, "web-6c45f8d6f6-abcde");
	assert_string_equal(p->ns, "shop");
	assert_string_equal(p->uid, "0b9d8c1e-1c1a-4a46-9b4b-0f6f1a2b3c4d");
	assert_string_equal(p->ip, "10.225.5.248");
	assert_string_equal(p->node, "akswin000001");
	assert_string_equal(p->owners[POD_OWNER_replica_set], "web-6c45f8d6f6");
	assert_string_equal(p->owners[POD_OWNER_deployment], "web");
	assert_string_equal(p->owners[POD_OWNER_job], "");
	assert_int_equal(p->labels.count, 2);
	assert_string_equal(p->labels.pairs[0].key, "app");
	assert_string_equal(pod_pairs_find(&p->labels, "app", 3), "web");
	assert_null(pod_pairs_find(&p->labels, "ap", 2));
	assert_null(pod_pairs_find(&p->labels, "apps", 4));
	assert_string_equal(pod_pairs_find(&p->annotations, "team", 4), "blue");
	assert_int_equal(p->created_ns, INT64_C(1683293681000000000));
	assert_int_equal(p->left_out, 0);
	pod_destroy(p);
}

static void pod__has_its_containers_and_the_ones_before(void **state)
{
	struct pod *p = read_pod(iis);

	(void)state;
	assert_int_equal(p->container_count, 2);
	assert_string_equal(p->containers[0].id, ID);
	assert_string_equal(p->containers[0].name, "web");
	assert_string_equal(p->containers[0].image, "iis:asked");
	assert_string_equal(p->containers[0].digest, "sha256:0f0114");
	assert_int_equal(p->containers[0].start_ns, INT64_C(1683293695000000000));
	assert_string_equal(p->containers[1].id, OLD);
	pod_destroy(p);
}

static void pod__without_the_rest_is_a_pod(void **state)
{
	struct pod *p = read_pod("{\"metadata\":{\"name\":\"a\",\"namespace\":\"b\",\"uid\":\"c\"}}");

	(void)state;
	assert_string_equal(p->ip, "");
	assert_int_equal(p->container_count, 0);
	assert_int_equal(p->labels.count, 0);
	pod_destroy(p);
}

static void pod__with_a_nul_in_a_value_is_a_pod(void **state)
{
	struct pod *p = read_pod("{\"metadata\":{\"name\":\"a\",\"namespace\":\"b\",\"uid\":\"c\",\"annotations\":{\"x\":\"1\\u00002\"}}}");

	(void)state;
	assert_string_equal(p->name, "a");
	pod_destroy(p);
}

static void host_process__is_read_of_pod_or_container(void **state)
{
	struct pod *p = read_pod("{\"metadata\":{\"name\":\"a\",\"namespace\":\"b\",\"uid\":\"c\"},\"spec\":{\"containers\":[{},"
				 "{\"securityContext\":{\"windowsOptions\":{\"hostProcess\":true}}}]}}");

	(void)state;
	assert_true(p->host_process);
	pod_destroy(p);
	p = read_pod(iis);
	assert_false(p->host_process);
	pod_destroy(p);
}

static void deployment__is_told_by_the_template_hash(void **state)
{
	(void)state;
	assert_int_equal(pod_owner_deployment("web-6c45", "6c45"), 3);
	assert_int_equal(pod_owner_deployment("my-web-6c45", "6c45"), 6);
	assert_int_equal(pod_owner_deployment("web-6c45", ""), 0);
	assert_int_equal(pod_owner_deployment("web-6c45", "c45"), 0);
	assert_int_equal(pod_owner_deployment("-6c45", "6c45"), 0);
	assert_int_equal(pod_owner_deployment("6c45", "6c45"), 0);
	assert_int_equal(pod_owner_deployment("", "6c45"), 0);
}

static void cron_job__is_told_by_the_time_in_the_name(void **state)
{
	const int64_t created_ns = INT64_C(1683293681000000000);    /* minute 28054894 */

	(void)state;
	assert_int_equal(pod_owner_cron_job("report-28054894", created_ns), 6);
	assert_int_equal(pod_owner_cron_job("report-28054890", created_ns), 6);
	assert_int_equal(pod_owner_cron_job("report-1683293640", created_ns), 6);
	assert_int_equal(pod_owner_cron_job("report-28054994", created_ns), 0);    /* after the pod */
	assert_int_equal(pod_owner_cron_job("report-28000000", created_ns), 0);    /* a month before it */
	assert_int_equal(pod_owner_cron_job("report-1", created_ns), 0);
	assert_int_equal(pod_owner_cron_job("report", created_ns), 0);
	assert_int_equal(pod_owner_cron_job("-28054894", created_ns), 0);
	assert_int_equal(pod_owner_cron_job("report-2805489x", created_ns), 0);
	assert_int_equal(pod_owner_cron_job("", 0), 0);
}

static void bounds__leave_out_and_count(void **state)
{
	struct buf b;
	struct pod *p;

	(void)state;
	buf_init(&b, POD_MAX_OBJECT_BYTES);
	buf_append_str(&b, "{\"metadata\":{\"name\":\"a\",\"namespace\":\"b\",\"uid\":\"c\",\"labels\":{");
	for (int i = 0; i < POD_MAX_LABELS + 2; i++)
		buf_printf(&b, "\"l%d\":\"v\",", i);
	buf_append_str(&b, "\"n\":3},\"annotations\":{\"long\":\"");
	for (int i = 0; i <= POD_MAX_VALUE_BYTES; i++)
		buf_append_char(&b, 'x');
	buf_append_str(&b, "\"}},\"status\":{\"containerStatuses\":[{}");
	for (int i = 0; i < POD_MAX_CONTAINERS + 1; i++)
		buf_printf(&b, ",{\"containerID\":\"containerd://%d\"}", i);
	buf_append_str(&b, "]}}");
	p = read_pod(buf_cstr(&b));
	assert_int_equal(p->labels.count, POD_MAX_LABELS);
	assert_int_equal(p->annotations.count, 0);
	assert_int_equal(p->container_count, POD_MAX_CONTAINERS);
	assert_int_equal(p->left_out, 3 + 1 + 1);
	pod_destroy(p);
	buf_release(&b);
}

static void what_is_no_pod__is_refused(void **state)
{
	static const char *const wrong[] = { "", "[]", "{}", "{\"metadata\":3}", "{\"metadata\":{\"name\":\"a\",\"uid\":\"b\"}}",
		"{\"kind\":\"Service\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\",\"uid\":\"c\"}}" };
	struct pod *p = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_int_equal(pod_read(wrong[i], strlen(wrong[i]), &p), ST_MALFORMED);
		assert_null(p);
	}
	assert_int_equal(pod_read(iis, POD_MAX_OBJECT_BYTES + 1, &p), ST_LIMIT);
}

static void every_prefix__is_refused(void **state)
{
	struct pod *p;

	(void)state;
	for (size_t n = 0; n < sizeof iis - 1; n++) {
		char *exact = malloc(n ? n : 1);

		memcpy(exact, iis, n);
		assert_int_equal(pod_read(exact, n, &p), ST_MALFORMED);
		free(exact);
	}
}

static void namespace__has_its_labels(void **state)
{
	static const char json[] = "{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"shop\",\"uid\":\"n1\",\"labels\":{\"tier\":\"gold\"}}}";
	struct pod_namespace *n;

	(void)state;
	assert_int_equal(pod_namespace_read(json, sizeof json - 1, &n), ST_OK);
	assert_string_equal(n->name, "shop");
	assert_string_equal(n->uid, "n1");
	assert_string_equal(pod_pairs_find(&n->labels, "tier", 4), "gold");
	pod_namespace_destroy(n);
	assert_int_equal(pod_namespace_read(iis, sizeof iis - 1, &n), ST_MALFORMED);
	assert_null(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pod__is_read_whole),
		cmocka_unit_test(pod__has_its_containers_and_the_ones_before),
		cmocka_unit_test(pod__with_a_nul_in_a_value_is_a_pod),
		cmocka_unit_test(pod__without_the_rest_is_a_pod),
		cmocka_unit_test(host_process__is_read_of_pod_or_container),
		cmocka_unit_test(deployment__is_told_by_the_template_hash),
		cmocka_unit_test(cron_job__is_told_by_the_time_in_the_name),
		cmocka_unit_test(bounds__leave_out_and_count),
		cmocka_unit_test(what_is_no_pod__is_refused),
		cmocka_unit_test(every_prefix__is_refused),
		cmocka_unit_test(namespace__has_its_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
