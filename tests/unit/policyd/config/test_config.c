#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/config/config.h"
#include "proto/host/places.h"

struct loaded {
	char path[64];
	struct config *config;
	struct config_report report;
	enum status st;
};

static const char *fixed_environment(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "PORT") == 0 ? "9000" : strcmp(name, "WORD") == 0 ? "warning" : NULL;
}

static struct loaded load(const char *text, const char *const *overrides, size_t override_count)
{
	struct loaded l = { .path = "config_XXXXXX" };
	int fd = mkstemp(l.path);
	FILE *f = fdopen(fd, "wb");
	struct config_options o = { .path = l.path, .overrides = overrides, .override_count = override_count,
		.env = fixed_environment };

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	config_report_init(&l.report);
	l.st = config_load(&o, &l.config, &l.report);
	remove(l.path);
	return l;
}

static void unload(struct loaded *l)
{
	config_destroy(l->config);
	config_report_release(&l->report);
}

static void assert_told(struct loaded *l, const char *text)
{
	if (!strstr(buf_cstr(&l->report.text), text))
		fail_msg("not told: %s\ntold: %s", text, buf_cstr(&l->report.text));
}

static void config__empty_file_gives_all_presets(void **state)
{
	struct loaded l = load("", NULL, 0);
	char room[PLACE_BYTES];

	(void)state;
	assert_int_equal(l.st, ST_OK);
	assert_int_equal(l.report.warnings, 0);
	assert_int_equal(l.config->webserver.listen_port, 8765);
	assert_int_equal(l.config->rules_files.count, 1);
	assert_string_equal(l.config->rules_files.texts[0], place_expand(PLACE_RULES, room));
	assert_int_equal(l.config->rule_matching, CONFIG_MATCH_ALL);
	assert_int_equal(l.config->priority, PRIORITY_DEBUG);
	assert_int_equal(l.config->output_grace_ms, 5000);
	assert_int_equal(l.config->inputs.count, 1);
	assert_string_equal(HOST_IS_WINDOWS ? l.config->inputs.items[0].connect : l.config->inputs.items[0].listen,
		HOST_IS_WINDOWS ? PIPE_EVENTS : "/run/vitrine/events.sock");
	unload(&l);
}

static void config__reads_every_kind_of_value(void **state)
{
	struct loaded l = load("priority: Warning\nrules_files: one.yaml\njson_output: true\noutput_grace: 1m30s\n"
		"webserver:\n  listen_port: 99\nlog_level: error\nstatic_fields: {site: a, rack: b}\n"
		"rules:\n  - disable: {rule: '*'}\n  - enable: {tag: host}\n"
		"append_output:\n  - match: {tags: [x, y]}\n    extra_output: more\n    extra_fields: [proc.name, {k: 'v %evt.num'}]\n",
		NULL, 0);

	(void)state;
	assert_string_equal(buf_cstr(&l.report.text), "");
	assert_int_equal(l.config->priority, PRIORITY_WARNING);
	assert_string_equal(l.config->rules_files.texts[0], "one.yaml");
	assert_true(l.config->json_output);
	assert_int_equal(l.config->output_grace_ms, 90000);
	assert_int_equal(l.config->webserver.listen_port, 99);
	assert_int_equal(l.config->log_level, 3);
	assert_string_equal(l.config->static_fields.pairs[1].value, "b");
	assert_string_equal(l.config->rules.items[0].disable.rule, "*");
	assert_null(l.config->rules.items[0].enable.rule);
	assert_string_equal(l.config->rules.items[1].enable.tag, "host");
	assert_int_equal(l.config->append_output.items[0].match.tags.count, 2);
	assert_null(l.config->append_output.items[0].extra_fields.pairs[0].value);
	assert_string_equal(l.config->append_output.items[0].extra_fields.pairs[1].value, "v %evt.num");
	unload(&l);
}

static void config__environment_fills_values_in(void **state)
{
	struct loaded l = load("webserver: {listen_port: \"${PORT}\", listen_address: 'a$${PORT}b${NO}c'}\npriority: ${WORD}\n", NULL, 0);

	(void)state;
	assert_int_equal(l.st, ST_OK);
	assert_int_equal(l.config->webserver.listen_port, 9000);
	assert_string_equal(l.config->webserver.listen_address, "a${PORT}bc");
	assert_int_equal(l.config->priority, PRIORITY_WARNING);
	assert_told(&l, "warning: environment variable NO is not set");
	unload(&l);
}

static void config__unknown_key_is_a_warning_with_a_guess(void **state)
{
	struct loaded l = load("json_outputs: true\nwebserver: {listen_prot: 1}\n", NULL, 0);

	(void)state;
	assert_int_equal(l.st, ST_OK);
	assert_int_equal(l.report.warnings, 2);
	assert_told(&l, ":1:1: warning: unknown key 'json_outputs'; did you mean 'json_output'?\n  json_outputs: true\n  ^\n");
	assert_told(&l, ":2:13: warning: unknown key 'webserver.listen_prot'; did you mean 'webserver.listen_port'?");
	unload(&l);
}

static void config__every_error_is_told_with_its_place(void **state)
{
	struct loaded l = load("priority: loud\njson_output: maybe\nwebserver: {listen_port: 70000}\nrules: 5\n"
		"inputs: [{listen: a, connect: b}, {}]\nlog_level: x\nlog_level: info\nmetrics: 1\nstatic_fields: x\n", NULL, 0);

	(void)state;
	assert_int_equal(l.st, ST_MALFORMED);
	assert_null(l.config);
	assert_told(&l, ":1:11: error: 'loud' is no priority");
	assert_told(&l, ":2:14: error: 'maybe' is neither true nor false");
	assert_told(&l, ":3:26: error: webserver.listen_port must be from 0 to 65535");
	assert_told(&l, ":4:8: error: rules wants a list");
	assert_told(&l, ":5:10: error: exactly one of listen|connect|stdin is wanted here");
	assert_told(&l, ":6:12: error: 'x' is none of debug|info|warning|error");
	assert_told(&l, ":7:1: error: key 'log_level' is given twice");
	assert_told(&l, ":8:10: error: metrics wants a map");
	assert_told(&l, ":9:16: error: static_fields wants a map");
	assert_int_equal(l.report.errors, 10);
	unload(&l);
}

static void config__text_that_is_no_yaml_is_told_with_its_place(void **state)
{
	struct loaded l = load("a: b\n  c: [\n", NULL, 0);

	(void)state;
	assert_int_equal(l.st, ST_MALFORMED);
	assert_told(&l, ":2:");
	unload(&l);
}

static void overrides__win_over_the_file_and_replace_lists(void **state)
{
	static const char *const overrides[] = { "priority=error", "rules_files=[x.yaml, y.yaml]", "webserver.enabled=true" };
	struct loaded l = load("priority: debug\nrules_files: [a]\n", overrides, 3);

	(void)state;
	assert_int_equal(l.st, ST_OK);
	assert_int_equal(l.config->priority, PRIORITY_ERROR);
	assert_int_equal(l.config->rules_files.count, 2);
	assert_string_equal(l.config->rules_files.texts[0], "x.yaml");
	assert_true(l.config->webserver.enabled);
	unload(&l);
}

static void overrides__unknown_key_is_an_error(void **state)
{
	static const char *const overrides[] = { "prio=error", "priority" };
	struct loaded l = load("", overrides, 2);

	(void)state;
	assert_int_equal(l.st, ST_MALFORMED);
	assert_told(&l, "prio: error: -o names no key of the configuration");
	assert_told(&l, "priority: error: key=value is wanted after -o");
	unload(&l);
}

static void config__missing_file_cannot_be_read(void **state)
{
	struct config_options o = { .path = "no/such/file.yaml" };
	struct config_report report;
	struct config *c;

	(void)state;
	config_report_init(&report);
	assert_int_equal(config_load(&o, &c, &report), ST_SYSTEM);
	assert_null(c);
	assert_int_equal(report.errors, 1);
	config_report_release(&report);
}

static void restart__is_needed_for_keys_that_are_not_live(void **state)
{
	struct loaded a = load("priority: debug\n", NULL, 0);
	struct loaded b = load("priority: error\nwebserver: {listen_port: 1}\ninputs: [{stdin: true}]\n", NULL, 0);
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	config_restart_needed(a.config, b.config, &out);
	assert_string_equal(buf_cstr(&out), "inputs, webserver.listen_port");
	buf_release(&out);
	unload(&a);
	unload(&b);
}

static void assert_page(bool (*write)(struct buf *), const char *path, const char *command)
{
	FILE *file = fopen(path, "rb");
	char *old = malloc(1 << 20);
	struct buf page;
	size_t n;

	assert_non_null(file);
	assert_non_null(old);
	n = fread(old, 1, 1 << 20, file);
	fclose(file);
	buf_init(&page, 1 << 20);
	assert_true(write(&page));
	if (page.len != n || memcmp(page.data, old, n) != 0)
		fail_msg("%s is old: %s > %s", path, command, path);
	buf_release(&page);
	free(old);
}

static void pages__are_current(void **state)
{
	(void)state;
	assert_page(config_write_markdown, "docs/configuration.md", "build/dev/bin/write_config_docs");
	assert_page(config_write_schema, "docs/schema/policyd.schema.json", "build/dev/bin/write_config_docs --schema");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config__empty_file_gives_all_presets),
		cmocka_unit_test(config__reads_every_kind_of_value),
		cmocka_unit_test(config__environment_fills_values_in),
		cmocka_unit_test(config__unknown_key_is_a_warning_with_a_guess),
		cmocka_unit_test(config__every_error_is_told_with_its_place),
		cmocka_unit_test(config__text_that_is_no_yaml_is_told_with_its_place),
		cmocka_unit_test(overrides__win_over_the_file_and_replace_lists),
		cmocka_unit_test(overrides__unknown_key_is_an_error),
		cmocka_unit_test(config__missing_file_cannot_be_read),
		cmocka_unit_test(restart__is_needed_for_keys_that_are_not_live),
		cmocka_unit_test(pages__are_current),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
