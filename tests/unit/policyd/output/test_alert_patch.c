#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/output/alert_patch.h"

struct fixture {
	struct alert_patch *patch;
	struct buf text, json;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->patch = alert_patch_create("01ARZ3NDEKTSV4RRFFQ69G5FAV", 7);
	buf_init(&f->text, 4096);
	buf_init(&f->json, 4096);
	*state = f;
	return f->patch ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	alert_patch_destroy(f->patch);
	buf_release(&f->text);
	buf_release(&f->json);
	free(f);
	return 0;
}

static bool apply(struct fixture *f, const char *text, const char *json)
{
	const struct alert_record r = { .text = text, .text_len = strlen(text), .json = json, .json_len = strlen(json) };

	buf_clear(&f->text);
	buf_clear(&f->json);
	return alert_patch_apply(f->patch, &r, &f->text, &f->json);
}

static void field(struct fixture *f, const char *name, const char *value, bool always)
{
	assert_true(alert_patch_field(f->patch, name, value, strlen(value), always));
}

static void null_members__are_set_and_others_left(void **state)
{
	struct fixture *f = *state;

	field(f, "k8s.pod.name", "web\"1", false);
	field(f, "proc.name", "never", false);
	field(f, "k8s.ns.name", "absent", false);
	assert_true(apply(f, "x", "{\"output_fields\":{\"evt.time\":1,\"k8s.pod.name\":null,\"proc.name\":\"cmd\"},\"rule\":\"a,}\\\"\"}"));
	assert_string_equal(buf_cstr(&f->json),
		"{\"output_fields\":{\"evt.time\":1,\"k8s.pod.name\":\"web\\\"1\",\"proc.name\":\"cmd\"},\"rule\":\"a,}\\\"\"}");
}

static void missing_members__are_added_in_order(void **state)
{
	struct fixture *f = *state;

	field(f, "k8s.pod.name", "p", true);
	field(f, "a", "1", true);
	field(f, "z", "2", true);
	field(f, "proc.name", "not", true);
	assert_true(apply(f, "", "{\"output_fields\":{\"evt.time\":[1,{\"x\":2}],\"k8s.pod\":true,\"proc.name\":\"cmd\"}}"));
	assert_string_equal(buf_cstr(&f->json), "{\"output_fields\":{\"a\":\"1\",\"evt.time\":[1,{\"x\":2}],\"k8s.pod\":true,"
		"\"k8s.pod.name\":\"p\",\"proc.name\":\"cmd\",\"z\":\"2\"}}");
	assert_true(apply(f, "", "{\"output_fields\":{}}"));
	assert_string_equal(buf_cstr(&f->json),
		"{\"output_fields\":{\"a\":\"1\",\"k8s.pod.name\":\"p\",\"proc.name\":\"not\",\"z\":\"2\"}}");
}

static void mark_of_incompleteness__goes(void **state)
{
	struct fixture *f = *state;

	assert_true(apply(f, "", "{\"output_fields\":{\"evt.incomplete\":true,\"evt.time\":1},\"time\":\"t\"}"));
	assert_string_equal(buf_cstr(&f->json), "{\"output_fields\":{\"evt.time\":1},\"time\":\"t\"}");
	assert_true(apply(f, "", "{\"output_fields\":{\"evt.incomplete\":true}}"));
	assert_string_equal(buf_cstr(&f->json), "{\"output_fields\":{}}");
}

static void marks_of_the_text__are_filled_by_number(void **state)
{
	struct fixture *f = *state;

	assert_true(alert_patch_mark(f->patch, 1, "a\"b", 3));
	assert_true(alert_patch_mark(f->patch, 3, "none", 4));
	assert_true(apply(f, "x <NA> <<NA>> y <NA", "{\"message\":\"<NA> <NA>\",\"output\":\"t: \\\"<NA>\\\\ <NA>\",\"rule\":\"<NA> <NA>\"}"));
	assert_string_equal(buf_cstr(&f->text), "x <NA> <a\\\"b> y <NA");
	assert_string_equal(buf_cstr(&f->json),
		"{\"message\":\"<NA> a\\\"b\",\"output\":\"t: \\\"<NA>\\\\ a\\\"b\",\"rule\":\"<NA> <NA>\"}");
}

static void what_is_no_document_of_ours__is_refused(void **state)
{
	static const char *const wrong[] = { "", "[]", "{", "{}x", "{\"a\"}", "{\"a\":", "{\"a\":1", "{\"output\":3}", "{\"output_fields\":[]}",
		"{\"output_fields\":{\"a\":}}", "{\"a\":}}", "{a:1}" };
	struct fixture *f = *state;

	field(f, "k", "v", true);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(apply(f, "", wrong[i]));
}

static void every_prefix__is_refused(void **state)
{
	static const char json[] = "{\"hostname\":\"h\",\"output\":\"a <NA>\",\"output_fields\":{\"k8s.pod.name\":null,\"x\":[1]},\"tags\":[\"t\"]}";
	struct fixture *f = *state;

	field(f, "k8s.pod.name", "p", true);
	for (size_t n = 0; n < sizeof json - 1; n++) {
		char *exact = malloc(n ? n : 1);
		struct alert_record r = { .text = "", .json = exact, .json_len = n };

		memcpy(exact, json, n);
		buf_clear(&f->json);
		assert_false(alert_patch_apply(f->patch, &r, &f->text, &f->json));
		free(exact);
	}
}

static void bounds__refuse(void **state)
{
	static char big[ALERT_PATCH_BYTES];
	struct fixture *f = *state;

	for (uint32_t i = 0; i < ALERT_PATCH_MAX_MARKS; i++)
		assert_true(alert_patch_mark(f->patch, i, "v", 1));
	assert_false(alert_patch_mark(f->patch, 99, "v", 1));
	assert_false(alert_patch_field(f->patch, "n", big, sizeof big, false));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(null_members__are_set_and_others_left),
		TEST(missing_members__are_added_in_order),
		TEST(mark_of_incompleteness__goes),
		TEST(marks_of_the_text__are_filled_by_number),
		TEST(what_is_no_document_of_ours__is_refused),
		TEST(every_prefix__is_refused),
		TEST(bounds__refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
