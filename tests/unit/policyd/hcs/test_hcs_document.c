#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policyd/hcs/hcs_document.h"
#include "proto/base/buf.h"
#include "proto/base/clock.h"

#define ID "39a1659b6a2b6db298df630237b2b7d959d1b1722edc81ce9b1bc7f06237850c"
#define SILO "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

/* Shaped as HCS answers for a container with process isolation, with the annotations of containerd's CRI plug-in. */
static const char argon[] =
	"{\"Id\":\"" ID "\",\"SystemType\":\"Container\",\"Name\":\"" ID "\",\"Owner\":\"containerd-shim-runhcs-v1.exe\","
	"\"SiloGuid\":\"" SILO "\",\"State\":\"Running\",\"Statistics\":{\"ContainerStartTime\":\"2026-08-25T23:32:10.7938384Z\"},"
	"\"ProcessList\":[{\"ProcessId\":344,\"ImageName\":\"smss.exe\",\"CreateTimestamp\":\"2026-08-25T23:32:11Z\"},"
	"{\"ProcessId\":588},{\"ProcessId\":-1},{\"ProcessId\":\"7\"},3],"
	"\"annotations\":{\"io.kubernetes.cri.container-type\":\"container\",\"io.kubernetes.cri.container-name\":\"web\","
	"\"io.kubernetes.cri.image-name\":\"mcr.example/iis:2022\",\"io.kubernetes.cri.sandbox-id\":\"aa\","
	"\"io.kubernetes.cri.sandbox-name\":\"iis-pod\",\"io.kubernetes.cri.sandbox-namespace\":\"default\","
	"\"io.kubernetes.cri.sandbox-uid\":\"u-1\"}}";

enum { MAX_TOLD = 4 };

struct told {
	size_t count;
	struct {
		enum hcs_kind kind;
		bool sandbox, stopped;
		char id[80], name[80], image[80], pod[80], ns[80], uid[80], sandbox_id[80];
		struct guid silo;
		uint64_t start_100ns, create_100ns;
		size_t processes, cut;
		uint32_t pid;
	} rows[MAX_TOLD];
};

static void keep(char out[80], struct text_view t)
{
	snprintf(out, 80, "%.*s", (int)t.len, t.ptr);
}

static void note(void *ctx, const struct hcs_system *s)
{
	struct told *t = ctx;
	size_t i = t->count++;

	if (i >= MAX_TOLD)
		return;
	t->rows[i].kind = s->kind;
	t->rows[i].sandbox = s->sandbox;
	t->rows[i].stopped = s->stopped;
	keep(t->rows[i].id, s->id);
	keep(t->rows[i].name, s->name);
	keep(t->rows[i].image, s->image);
	keep(t->rows[i].pod, s->pod_name);
	keep(t->rows[i].ns, s->pod_namespace);
	keep(t->rows[i].uid, s->pod_uid);
	keep(t->rows[i].sandbox_id, s->sandbox_id);
	t->rows[i].silo = s->silo;
	t->rows[i].start_100ns = s->start_100ns;
	t->rows[i].processes = s->process_count;
	t->rows[i].cut = s->processes_cut;
	t->rows[i].pid = s->process_count ? s->processes[0].pid : 0;
	t->rows[i].create_100ns = s->process_count ? s->processes[0].create_100ns : 0;
}

static enum status read_bytes(const char *json, size_t len, struct told *out)
{
	memset(out, 0, sizeof *out);
	return hcs_document_each((struct text_view){ json, len }, note, out);
}

static enum status read_text(const char *json, struct told *out)
{
	return read_bytes(json, strlen(json), out);
}

static void system__is_told_with_its_silo_pod_and_processes(void **state)
{
	struct told t;
	struct guid silo;

	(void)state;
	assert_true(guid_parse(SILO, 36, &silo));
	assert_int_equal(read_text(argon, &t), ST_OK);
	assert_int_equal(t.count, 1);
	assert_int_equal(t.rows[0].kind, HCS_PROCESS_ISOLATED);
	assert_string_equal(t.rows[0].id, ID);
	assert_string_equal(t.rows[0].name, "web");
	assert_string_equal(t.rows[0].image, "mcr.example/iis:2022");
	assert_string_equal(t.rows[0].pod, "iis-pod");
	assert_string_equal(t.rows[0].ns, "default");
	assert_string_equal(t.rows[0].uid, "u-1");
	assert_string_equal(t.rows[0].sandbox_id, "aa");
	assert_true(guid_equal(&t.rows[0].silo, &silo));
	assert_false(t.rows[0].sandbox);
	assert_int_equal(t.rows[0].processes, 2);
	assert_int_equal(t.rows[0].pid, 344);
	assert_int_equal(filetime_to_unix_ns(t.rows[0].start_100ns), INT64_C(1787700730793838400));
	assert_int_equal(filetime_to_unix_ns(t.rows[0].create_100ns), INT64_C(1787700731000000000));
}

static void kind__is_by_what_the_system_runs_in(void **state)
{
	static const struct {
		const char *json;
		enum hcs_kind kind;
	} cases[] = {
		{ "{\"Id\":\"m91\",\"SystemType\":\"Container\",\"RuntimeImagePath\":\"C:\\\\UtilityVM\"}", HCS_HYPERV },
		{ "{\"Name\":\"a\",\"SystemType\":\"Container\",\"HvPartition\":true}", HCS_HYPERV },
		{ "{\"Name\":\"a\",\"SystemType\":\"Container\",\"HvPartition\":false}", HCS_PROCESS_ISOLATED },
		{ "{\"Id\":\"a\",\"SystemType\":\"Container\",\"HostingSystemId\":\"a@vm\"}", HCS_HYPERV },
		{ "{\"Id\":\"a\",\"SystemType\":\"VirtualMachine\"}", HCS_VM },
		{ "{\"Id\":\"a\"}", HCS_OTHER },
	};
	struct told t;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(read_text(cases[i].json, &t), ST_OK);
		assert_int_equal(t.rows[0].kind, cases[i].kind);
	}
	assert_string_equal(hcs_kind_name(HCS_PROCESS_ISOLATED), "windows");
}

static void name__is_hcs_own_where_it_is_not_the_id(void **state)
{
	struct told t;

	(void)state;
	assert_int_equal(read_text("{\"Id\":\"a\",\"Name\":\"site\",\"State\":\"Stopped\"}", &t), ST_OK);
	assert_string_equal(t.rows[0].name, "site");
	assert_true(t.rows[0].stopped);
	assert_int_equal(read_text("{\"Name\":\"site\"}", &t), ST_OK);
	assert_string_equal(t.rows[0].id, "site");
	assert_string_equal(t.rows[0].name, "");
}

static void list__is_told_one_by_one_up_to_the_bound(void **state)
{
	struct told t;
	struct buf b;

	(void)state;
	buf_init(&b, HCS_MAX_DOCUMENT_BYTES);
	buf_append_str(&b, "[{\"Id\":\"0\"}");
	for (int i = 1; i <= HCS_MAX_SYSTEMS; i++)
		buf_printf(&b, ",{\"Id\":\"%d\"}", i);
	buf_append_char(&b, ']');
	assert_int_equal(read_bytes((const char *)b.data, b.len, &t), ST_LIMIT);
	assert_int_equal(t.count, HCS_MAX_SYSTEMS);
	assert_string_equal(t.rows[3].id, "3");
	buf_release(&b);
}

static void processes__beyond_the_bound_are_counted(void **state)
{
	struct told t;
	struct buf b;

	(void)state;
	buf_init(&b, HCS_MAX_DOCUMENT_BYTES);
	buf_append_str(&b, "{\"Id\":\"0\",\"ProcessList\":[{\"ProcessId\":1}");
	for (int i = 0; i < HCS_MAX_PROCESSES + 2; i++)
		buf_append_str(&b, ",{\"ProcessId\":9}");
	buf_append_str(&b, "]}");
	assert_int_equal(read_bytes((const char *)b.data, b.len, &t), ST_OK);
	assert_int_equal(t.rows[0].processes, HCS_MAX_PROCESSES);
	assert_int_equal(t.rows[0].cut, 3);
	buf_release(&b);
}

static void texts__too_long_are_left_out(void **state)
{
	struct told t;
	struct buf b;

	(void)state;
	buf_init(&b, HCS_MAX_DOCUMENT_BYTES);
	buf_append_str(&b, "{\"Id\":\"");
	for (int i = 0; i <= HCS_MAX_TEXT_BYTES; i++)
		buf_append_char(&b, 'a');
	buf_append_str(&b, "\",\"Name\":\"n\"}");
	assert_int_equal(read_bytes((const char *)b.data, b.len, &t), ST_OK);
	assert_string_equal(t.rows[0].id, "n");
	buf_release(&b);
}

static void what_is_no_object__is_refused(void **state)
{
	static const char *const wrong[] = { "", "3", "\"x\"", "[1]", "{", "null", "{\"Id\":\"a\"}x" };
	struct told t;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(read_text(wrong[i], &t), ST_MALFORMED);
	assert_int_equal(read_bytes(argon, HCS_MAX_DOCUMENT_BYTES + 1, &t), ST_LIMIT);
}

static void every_prefix__is_refused(void **state)
{
	struct told t;

	(void)state;
	for (size_t n = 0; n < sizeof argon - 1; n++) {
		char *exact = malloc(n ? n : 1);

		memcpy(exact, argon, n);
		assert_int_equal(read_bytes(exact, n, &t), ST_MALFORMED);
		assert_int_equal(t.count, 0);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(system__is_told_with_its_silo_pod_and_processes),
		cmocka_unit_test(kind__is_by_what_the_system_runs_in),
		cmocka_unit_test(name__is_hcs_own_where_it_is_not_the_id),
		cmocka_unit_test(list__is_told_one_by_one_up_to_the_bound),
		cmocka_unit_test(processes__beyond_the_bound_are_counted),
		cmocka_unit_test(texts__too_long_are_left_out),
		cmocka_unit_test(what_is_no_object__is_refused),
		cmocka_unit_test(every_prefix__is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
