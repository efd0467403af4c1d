#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/field_value.h"

struct fixture {
	struct world *world;
	struct field_reader reader;
	struct named_value values[10];     /* the record borrows them */
};

static struct text_view view_of(const char *text)
{
	return (struct text_view){ .ptr = text, .len = strlen(text) };
}

static int setup(void **state)
{
	const struct named_value values[] = {
		{ view_of("evt.type"), view_of("process_start") }, { view_of("proc.name"), view_of("cmd.exe") },
		{ view_of("proc.pname"), view_of("w3wp.exe") }, { view_of("proc.aname[3]"), view_of("services.exe") },
		{ view_of("proc.pid"), view_of("12") }, { view_of("proc.cmdline"), view_of("cmd /c whoami") },
		{ view_of("container.id"), view_of("4f2a") }, { view_of("fd.rip"), view_of("10.1.2.3") },
		{ view_of("module.signed"), view_of("false") }, { view_of("fd.rport"), view_of("not a port") },
	};
	struct fixture *f = calloc(1, sizeof *f);

	f->world = world_create(NULL);
	assert_non_null(f->world);
	memcpy(f->values, values, sizeof values);
	world_apply_named(f->world, "Vitrine-FieldMap", 0, f->values, sizeof values / sizeof values[0]);
	assert_true(field_reader_init(&f->reader, f->world));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	field_reader_release(&f->reader);
	world_destroy(f->world);
	free(f);
	return 0;
}

static void assert_field(struct fixture *f, const char *name, const char *want)
{
	assert_string_equal(field_text(&f->reader, name), want);
}

static void a_given_field__is_its_value_in_its_type(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(f->world->ev.kind, EVENT_process_start);
	assert_field(f, "evt.type", "process_start");
	assert_field(f, "proc.name", "cmd.exe");
	assert_field(f, "proc.pid", "12");
	assert_field(f, "container.id", "4f2a");
	assert_field(f, "fd.rip", "10.1.2.3");
	assert_field(f, "module.signed", "false");
}

static void ancestors__are_given_by_index_or_by_the_parents_name(void **state)
{
	struct fixture *f = *state;

	assert_field(f, "proc.aname[0]", "cmd.exe");
	assert_field(f, "proc.aname[1]", "w3wp.exe");
	assert_field(f, "proc.aname[2]", "<NA>");
	assert_field(f, "proc.aname[3]", "services.exe");
	assert_field(f, "proc.aname[9]", "<END>");
}

static void what_is_not_given__comes_from_the_event_or_is_missing(void **state)
{
	struct fixture *f = *state;

	assert_field(f, "proc.args", "/c whoami");
	assert_field(f, "fd.rport", "<NA>");
	assert_field(f, "dns.query", "<NA>");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_given_field__is_its_value_in_its_type),
		TEST(ancestors__are_given_by_index_or_by_the_parents_name),
		TEST(what_is_not_given__comes_from_the_event_or_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
