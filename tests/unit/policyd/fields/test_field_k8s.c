#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policyd/pods/pod_read.h"
#include "policyd/pods/pods.h"
#include "tests/support/field_value.h"

#define SILO "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define ID "39a1659b6a2b6db298df630237b2b7d959d1b1722edc81ce9b1bc7f06237850c"
#define SANDBOX "49a1659b6a2b6db298df630237b2b7d959d1b1722edc81ce9b1bc7f06237850c"

struct fixture {
	struct world *world;
	struct field_reader reader;
	struct pods *pods;
};

static const char pod_json[] =
	"{\"metadata\":{\"name\":\"web-6c45-x\",\"namespace\":\"shop\",\"uid\":\"u1\",\"labels\":{\"pod-template-hash\":\"6c45\","
	"\"app\":\"web\",\"empty\":\"\"},\"annotations\":{\"a.b/c\":\"note\"},\"ownerReferences\":[{\"kind\":\"ReplicaSet\","
	"\"name\":\"web-6c45\",\"controller\":true}]},\"spec\":{\"nodeName\":\"n7\"},\"status\":{\"podIP\":\"10.1.2.3\","
	"\"containerStatuses\":[{\"name\":\"web\",\"image\":\"reg.example:5000/iis:2022\",\"imageID\":\"x@sha256:0f01\","
	"\"containerID\":\"containerd://" ID "\",\"state\":{\"running\":{\"startedAt\":\"2024-12-30T02:39:40Z\"}}}]}}";

static const struct world_program init = { 100, 4, "\\Device\\X\\CExecSvc.exe", "CExecSvc", NULL, 0 };
static const struct world_program outside = { 200, 4, "\\Device\\X\\svchost.exe", "svchost", NULL, 0 };

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->world = world_create(NULL);
	f->pods = pods_create(1);
	assert_non_null(f->world);
	assert_non_null(f->pods);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	field_reader_release(&f->reader);
	pods_destroy(f->pods);
	world_destroy(f->world);
	free(f);
	return 0;
}

/* An event of a process in the silo that hcs describes. */
static void start_in_container(struct fixture *f, const char *hcs)
{
	struct stream_container row = { .hcs_json = { hcs, strlen(hcs) } };
	struct stream_snapshot snapshot = { .containers = &row, .container_count = 1 };

	assert_true(guid_parse(SILO, 36, &row.silo));
	assert_true(guid_parse(SILO, 36, &f->world->container));
	world_start(f->world, &init);
	memset(&f->world->container, 0, sizeof f->world->container);
	state_apply_snapshot(f->world->state, &snapshot);
	assert_true(field_reader_init(&f->reader, f->world));
	f->reader.ctx.pods = f->pods;
}

static void put_pod(struct fixture *f)
{
	struct pod *pod;

	assert_int_equal(pod_read(pod_json, sizeof pod_json - 1, &pod), ST_OK);
	pods_put(f->pods, pod);
}

static void is(struct fixture *f, const char *field, const char *want)
{
	assert_string_equal(field_text(&f->reader, field), want);
}

#define ARGON "{\"Id\":\"" ID "\",\"SystemType\":\"Container\"}"

static void pod__is_found_by_the_container(void **state)
{
	struct fixture *f = *state;

	put_pod(f);
	start_in_container(f, ARGON);
	is(f, "k8s.pod.name", "web-6c45-x");
	is(f, "k8s.pod.uid", "u1");
	is(f, "k8s.pod.ip", "10.1.2.3");
	is(f, "k8s.ns.name", "shop");
	is(f, "k8s.node.name", "n7");
	is(f, "k8s.deployment.name", "web");
	is(f, "k8s.rs.name", "web-6c45");
	is(f, "k8s.daemonset.name", "<NA>");
	is(f, "k8s.pod.label[app]", "web");
	is(f, "k8s.pod.label[empty]", "");
	is(f, "k8s.pod.label[none]", "<NA>");
	is(f, "k8s.pod.labels", "app:web, empty:, pod-template-hash:6c45");
	is(f, "k8s.pod.annotation[a.b/c]", "note");
	is(f, "k8smeta.pod.name", "web-6c45-x");
	is(f, "k8smeta.pod.label[app]", "web");
}

static void container__is_told_by_the_pod_where_the_runtime_is_silent(void **state)
{
	struct fixture *f = *state;

	put_pod(f);
	start_in_container(f, ARGON);
	is(f, "container.id", "39a1659b6a2b");
	is(f, "container.name", "web");
	is(f, "container.image", "reg.example:5000/iis:2022");
	is(f, "container.image.repository", "reg.example:5000/iis");
	is(f, "container.image.tag", "2022");
	is(f, "container.image.digest", "sha256:0f01");
	is(f, "container.ip", "10.1.2.3");
	is(f, "container.start_ts", "1735526380000000000");
	is(f, "container.type", "windows");
}

static void annotations__name_the_pod_without_the_api(void **state)
{
	struct fixture *f = *state;

	start_in_container(f, "{\"Id\":\"" ID "\",\"SystemType\":\"Container\",\"annotations\":{"
		"\"io.kubernetes.cri.sandbox-name\":\"p\",\"io.kubernetes.cri.sandbox-namespace\":\"n\","
		"\"io.kubernetes.cri.sandbox-uid\":\"u9\",\"io.kubernetes.cri.sandbox-id\":\"" SANDBOX "\"}}");
	is(f, "k8s.pod.name", "p");
	is(f, "k8s.ns.name", "n");
	is(f, "k8s.pod.uid", "u9");
	is(f, "k8s.pod.ip", "<NA>");
	is(f, "k8s.pod.id", "49a1659b6a2b");
	is(f, "k8s.pod.full_sandbox_id", SANDBOX);
}

static void sandbox__which_no_pod_lists_is_found_by_uid(void **state)
{
	struct fixture *f = *state;

	put_pod(f);
	start_in_container(f, "{\"Id\":\"" SANDBOX "\",\"SystemType\":\"Container\",\"annotations\":{"
		"\"io.kubernetes.cri.container-type\":\"sandbox\",\"io.kubernetes.cri.sandbox-uid\":\"u1\"}}");
	is(f, "k8s.pod.name", "web-6c45-x");
	is(f, "k8s.deployment.name", "web");
	is(f, "k8s.pod.sandbox_id", "49a1659b6a2b");
	is(f, "container.image", "<NA>");
}

static void namespace__gives_labels_and_uid(void **state)
{
	static const char json[] = "{\"metadata\":{\"name\":\"shop\",\"uid\":\"n1\",\"labels\":{\"tier\":\"gold\"}}}";
	struct fixture *f = *state;
	struct pod_namespace *ns;

	put_pod(f);
	start_in_container(f, ARGON);
	is(f, "k8s.ns.label[tier]", "<NA>");
	assert_int_equal(pod_namespace_read(json, sizeof json - 1, &ns), ST_OK);
	pods_put_namespace(f->pods, ns);
	is(f, "k8s.ns.label[tier]", "gold");
	is(f, "k8s.ns.labels", "tier:gold");
	is(f, "k8smeta.ns.uid", "n1");
}

static void place__is_of_every_event(void **state)
{
	struct fixture *f = *state;

	assert_true(pods_set_place(f->pods, "c1", "n1"));
	world_start(f->world, &outside);
	assert_true(field_reader_init(&f->reader, f->world));
	is(f, "k8s.cluster.name", "<NA>");
	f->reader.ctx.pods = f->pods;
	is(f, "k8s.cluster.name", "c1");
	is(f, "k8s.node.name", "n1");
	is(f, "k8s.pod.name", "<NA>");
	is(f, "evt.incomplete", "false");
}

static void incomplete__is_what_may_still_come(void **state)
{
	struct fixture *f = *state;

	start_in_container(f, ARGON);
	is(f, "evt.incomplete", "true");               /* no list yet */
	pods_set_source(f->pods, PODS_CURRENT);
	is(f, "evt.incomplete", "true");               /* the container is new */
	pods_set_source(f->pods, PODS_FIXED);
	is(f, "evt.incomplete", "false");
	pods_set_source(f->pods, PODS_CURRENT);
	put_pod(f);
	is(f, "evt.incomplete", "false");
}

static void incomplete__ends_when_no_pod_can_be_expected(void **state)
{
	static const struct world_program late = { 300, 100, "\\Device\\X\\cmd.exe", "cmd", NULL, 0 };
	struct fixture *f = *state;

	pods_set_source(f->pods, PODS_CURRENT);
	start_in_container(f, ARGON);
	field_reader_release(&f->reader);
	world_wait_ms(f->world, 61000);
	world_start(f->world, &late);
	assert_non_null(f->world->ev.container);
	assert_true(field_reader_init(&f->reader, f->world));
	f->reader.ctx.pods = f->pods;
	is(f, "evt.incomplete", "false");
	pods_set_source(f->pods, PODS_STALE);
	is(f, "evt.incomplete", "true");
}

static void place_of_an_alert__has_what_is_known(void **state)
{
	struct fixture *f = *state;
	struct field_text texts[FIELDS_PLACE_MAX];

	put_pod(f);
	start_in_container(f, ARGON);
	assert_int_equal(fields_place(&f->reader.view, texts), 7);
	assert_string_equal(texts[0].name, "k8s.node.name");
	assert_string_equal(texts[4].name, "k8s.deployment.name");
	assert_memory_equal(texts[4].text.ptr, "web", 3);
	f->reader.ctx.pods = NULL;
	assert_int_equal(fields_place(&f->reader.view, texts), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(pod__is_found_by_the_container),
		TEST(container__is_told_by_the_pod_where_the_runtime_is_silent),
		TEST(annotations__name_the_pod_without_the_api),
		TEST(sandbox__which_no_pod_lists_is_found_by_uid),
		TEST(namespace__gives_labels_and_uid),
		TEST(place__is_of_every_event),
		TEST(incomplete__is_what_may_still_come),
		TEST(incomplete__ends_when_no_pod_can_be_expected),
		TEST(place_of_an_alert__has_what_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
