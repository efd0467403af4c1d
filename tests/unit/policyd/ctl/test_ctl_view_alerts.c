#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "policyd/ctl/ctl_view.h"

static struct view view_of(const char *text)
{
	return (struct view){ (const uint8_t *)text, strlen(text) };
}

static void ctl_view_alerts__makes_a_table(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_true(ctl_view_alerts(view_of("{\"alerts\":[{\"uid\":\"x\",\"alert\":{\"time\":\"2026-01-02T03:04:05.678901234Z\","
		"\"priority\":\"Critical\",\"hostname\":\"node-1\",\"rule\":\"A shell\",\"output\":\"03:04:05.678901234: Critical Shell"
		" (x)\",\"output_fields\":{\"k8s.pod.name\":\"web-1\"}}}],\"cut\":true}"), &out));
	assert_string_equal(buf_cstr(&out),
		"TIME                     PRIORITY      POD OR HOST              RULE    MESSAGE\n"
		"2026-01-02T03:04:05.678Z Critical      web-1                    A shell Shell (x)\n"
		"... there are more; ask for fewer with --since, --rule, --priority or --limit\n");
	buf_release(&out);
}

static void ctl_view_alert__lets_no_control_character_through(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_true(ctl_view_alert(view_of("{\"time\":\"t\",\"priority\":\"Error\",\"hostname\":\"h\\u001b]0;x\\u0007\","
		"\"rule\":\"r\",\"output\":\"a\\u001b[2Jb\\u009b31mc\\nd\\u007fe \\u00e9\"}"), &out));
	assert_non_null(strstr(buf_cstr(&out), "h?]0;x? "));
	assert_non_null(strstr(buf_cstr(&out), "a?[2Jb?31mc?d?e \xc3\xa9\n"));
	buf_release(&out);
}

static void ctl_view_alerts__refuses_what_is_no_answer(void **state)
{
	static const char *const texts[] = { "", "[]", "{}", "{\"alerts\":1}", "nonsense" };
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_false(ctl_view_alerts(view_of(texts[i]), &out));
	assert_false(ctl_view_alert(view_of("[1]"), &out));
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ctl_view_alerts__makes_a_table),
		cmocka_unit_test(ctl_view_alert__lets_no_control_character_through),
		cmocka_unit_test(ctl_view_alerts__refuses_what_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
