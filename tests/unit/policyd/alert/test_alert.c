#include "policyd/alert/alert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/rules_world.h"

struct fixture {
	struct ruleset_builder *builder;
	struct ruleset *rs;
	struct arena *scratch;
	struct rules_event event;
	struct event_view view;
	struct buf out;
	struct alert alert;
};

static void set_up(struct fixture *f, const char *output, const struct append_output *append)
{
	struct ruleset_options options = rules_world_options();
	struct buf text;

	memset(f, 0, sizeof *f);
	options.append = append;
	options.append_count = append ? 1 : 0;
	buf_init(&text, 4096);
	buf_printf(&text, "- rule: R \"q\"\n  desc: d\n  condition: proc.pid = 1\n  output: '%s'\n  priority: info\n"
			  "  source: windows\n  tags: [b, a]\n", output);
	f->builder = ruleset_builder_create(&options);
	assert_int_equal(ruleset_builder_add_text(f->builder, "r", buf_cstr(&text), text.len), ST_OK);
	assert_int_equal(ruleset_builder_finish(f->builder, &f->rs), ST_OK);
	buf_release(&text);
	f->scratch = arena_create(1 << 20);
	assert_true(rules_event_set(&f->event, "proc.name", "C:\\a \"b\".exe"));
	assert_true(rules_event_set(&f->event, "proc.cmdline", "x\ny\x01\xff"));
	rules_event_bind(&f->event, f->scratch, &f->view);
	buf_init(&f->out, 1 << 20);
	f->alert = (struct alert){ .rule = ruleset_rule(f->rs, 0), .event = &f->view,
		.time_ns = INT64_C(1700000000123456789), .hostname = "h\\1" };
}

static void tear_down(struct fixture *f)
{
	buf_release(&f->out);
	arena_destroy(f->scratch);
	ruleset_unref(f->rs);
	ruleset_builder_destroy(f->builder);
}

static void write_alert(struct fixture *f, const struct alert_settings *settings)
{
	struct alert_writer *w = alert_writer_create(settings);

	assert_non_null(w);
	assert_true(alert_write(w, &f->alert, &f->out));
	alert_writer_destroy(w);
}

static void alert_text__escapes_the_whole_line(void **state)
{
	struct alert_settings s = ALERT_SETTINGS_DEFAULT;
	struct fixture f;

	(void)state;
	set_up(&f, "n=%proc.name c=%proc.cmdline u=%user.name", NULL);
	write_alert(&f, &s);
	assert_string_equal(buf_cstr(&f.out),
		"22:13:20.123456789: Informational n=C:\\\\a \\\"b\\\".exe c=x\\ny\\u0001\xEF\xBF\xBD u=<NA>");
	tear_down(&f);
}

static void alert_text__follows_the_offset_of_local_time(void **state)
{
	struct alert_settings s = ALERT_SETTINGS_DEFAULT;
	struct fixture f;

	(void)state;
	set_up(&f, "x", NULL);
	s.utc_offset_s = 2 * 3600;
	write_alert(&f, &s);
	assert_string_equal(buf_cstr(&f.out), "00:13:20.123456789: Informational x");
	tear_down(&f);
}

static void alert_json__sorts_its_keys_and_keeps_types(void **state)
{
	static const struct append_field extra[] = { { .name = "proc.pid" }, { .name = "note", .format = "%proc.name!" },
		{ .name = "a.missing", .format = "%user.name" } };
	static const struct append_output append = { .fields = extra, .field_count = 3, .extra_output = "z",
		.suggested_output = true };
	struct alert_settings s = ALERT_SETTINGS_DEFAULT;
	struct fixture f;

	(void)state;
	set_up(&f, "%proc.name %proc.name %toupper(proc.pname)", &append);
	assert_true(rules_event_set(&f.event, "proc.pid", "four"));
	s.json_output = s.json_include_message_property = true;
	f.alert.lost_before = 12;
	write_alert(&f, &s);
	assert_string_equal(buf_cstr(&f.out),
		"{\"hostname\":\"h\\\\1\","
		"\"message\":\"C:\\\\a \\\"b\\\".exe C:\\\\a \\\"b\\\".exe <NA> z container_id=<NA>\","
		"\"output\":\"22:13:20.123456789: Informational C:\\\\a \\\"b\\\".exe C:\\\\a \\\"b\\\".exe <NA> z "
		"container_id=<NA>\","
		"\"output_fields\":{\"a.missing\":\"<NA>\",\"container.id\":null,\"evt.gap\":12,"
		"\"evt.time\":1700000000123456789,\"note\":\"C:\\\\a \\\"b\\\".exe!\",\"proc.name\":\"C:\\\\a \\\"b\\\".exe\","
		"\"proc.pid\":4,\"proc.pname\":null},\"priority\":\"Informational\",\"rule\":\"R \\\"q\\\"\","
		"\"source\":\"windows\",\"tags\":[\"a\",\"b\"],\"time\":\"2023-11-14T22:13:20.123456789Z\"}");
	tear_down(&f);
}

static void alert_json__tells_where_in_a_cluster_it_was(void **state)
{
	static const struct alert_text place[] = { { "k8s.pod.name", "web\"1", 5 }, { "proc.name", "not this", 8 } };
	struct alert_settings s = ALERT_SETTINGS_DEFAULT;
	struct fixture f;

	(void)state;
	set_up(&f, "%proc.name", NULL);
	s.json_output = true;
	f.alert.place = place;
	f.alert.place_count = 2;
	f.alert.incomplete = true;
	write_alert(&f, &s);
	assert_non_null(strstr(buf_cstr(&f.out), "\"output_fields\":{\"evt.incomplete\":true,\"evt.time\":1700000000123456789,"
		"\"k8s.pod.name\":\"web\\\"1\",\"proc.name\":\"C:\\\\a \\\"b\\\".exe\"}"));
	tear_down(&f);
}

static void gaps__are_the_fields_without_a_value(void **state)
{
	struct alert_settings s = ALERT_SETTINGS_DEFAULT;
	struct alert_writer *w = alert_writer_create(&s);
	struct alert_gaps gaps;
	struct fixture f;

	(void)state;
	set_up(&f, "<NA> %user.name %proc.name %20container.id %toupper(user.name) %container.id", NULL);
	alert_writer_note_gaps(w, &gaps);
	assert_true(alert_write_json(w, &f.alert, &f.out));
	assert_int_equal(gaps.count, 2);
	assert_string_equal(gaps.gaps[0].field->name, "user.name");
	assert_int_equal(gaps.gaps[0].mark, 1);
	assert_string_equal(gaps.gaps[1].field->name, "container.id");
	assert_int_equal(gaps.gaps[1].mark, 4);
	assert_int_equal(gaps.left_out, 0);
	alert_writer_destroy(w);
	tear_down(&f);
}

static void alert_json__leaves_out_what_settings_say(void **state)
{
	struct alert_settings s = { .json_output = true };
	struct fixture f;

	(void)state;
	set_up(&f, "x", NULL);
	write_alert(&f, &s);
	assert_string_equal(buf_cstr(&f.out), "{\"hostname\":\"h\\\\1\",\"priority\":\"Informational\","
		"\"rule\":\"R \\\"q\\\"\",\"source\":\"windows\",\"time\":\"2023-11-14T22:13:20.123456789Z\"}");
	tear_down(&f);
}

static void alert__tells_when_there_is_no_room(void **state)
{
	struct alert_settings s = ALERT_SETTINGS_DEFAULT;
	struct alert_writer *w;
	struct buf small;
	struct fixture f;

	(void)state;
	set_up(&f, "%proc.name", NULL);
	s.json_output = true;
	w = alert_writer_create(&s);
	buf_init(&small, 100);
	assert_false(alert_write(w, &f.alert, &small));
	buf_release(&small);
	alert_writer_destroy(w);
	tear_down(&f);
}

static void internal_alert__has_falcos_two_forms(void **state)
{
	static const struct internal_field fields[] = { { "n", "1" }, { "why", "a \"b\"" } };
	const struct internal_alert a = { .rule = "Vitrine internal: events lost", .message = "Events lost.",
		.hostname = "h", .priority = PRIORITY_DEBUG, .time_ns = INT64_C(1700000000000000000), .fields = fields,
		.field_count = 2 };
	struct alert_settings s = ALERT_SETTINGS_DEFAULT;
	struct alert_writer *w = alert_writer_create(&s);
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_true(alert_write_internal(w, &a, &out));
	assert_string_equal(buf_cstr(&out), "22:13:20.000000000: Debug Events lost. (n=\"1\" why=\"a \\\"b\\\"\")");
	alert_writer_destroy(w);
	s.json_output = true;
	w = alert_writer_create(&s);
	buf_clear(&out);
	assert_true(alert_write_internal(w, &a, &out));
	assert_string_equal(buf_cstr(&out), "{\"hostname\":\"h\",\"output\":\"22:13:20.000000000: Debug Events lost.\","
		"\"output_fields\":{\"n\":\"1\",\"why\":\"a \\\"b\\\"\"},\"priority\":\"Debug\","
		"\"rule\":\"Vitrine internal: events lost\",\"source\":\"internal\",\"time\":\"2023-11-14T22:13:20.000000000Z\"}");
	alert_writer_destroy(w);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alert_text__escapes_the_whole_line),
		cmocka_unit_test(alert_text__follows_the_offset_of_local_time),
		cmocka_unit_test(alert_json__sorts_its_keys_and_keeps_types),
		cmocka_unit_test(alert_json__tells_where_in_a_cluster_it_was),
		cmocka_unit_test(gaps__are_the_fields_without_a_value),
		cmocka_unit_test(alert_json__leaves_out_what_settings_say),
		cmocka_unit_test(alert__tells_when_there_is_no_room),
		cmocka_unit_test(internal_alert__has_falcos_two_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
