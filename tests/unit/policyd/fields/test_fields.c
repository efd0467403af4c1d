#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "tests/support/field_value.h"

static void names__are_unique(void **state)
{
	const struct vocabulary *v = fields_vocabulary();

	(void)state;
	for (size_t i = 0; i < v->field_count; i++)
		assert_ptr_equal(field_by_name(v->fields[i].name, strlen(v->fields[i].name)), &v->fields[i]);
}

static void rows__are_complete(void **state)
{
	const struct vocabulary *v = fields_vocabulary();

	(void)state;
	assert_true(v->field_count > 200);
	for (size_t i = 0; i < v->field_count; i++) {
		const struct field *f = &v->fields[i];

		assert_non_null(f->get);
		assert_true(strlen(f->doc) > 0 && strchr(".,)", f->doc[strlen(f->doc) - 1]) != NULL);
		assert_true(f->type < VALUE_TYPE_COUNT);
	}
}

static void either_fields__name_fields_of_their_type(void **state)
{
	const struct vocabulary *v = fields_vocabulary();
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < v->field_count; i++) {
		const struct field *f = &v->fields[i];

		for (int end = 0; f->either[0] && end < 2; end++) {
			const struct field *other = field_by_name(f->either[end], strlen(f->either[end]));

			assert_non_null(other);
			assert_int_equal(other->type, f->type);
			found++;
		}
	}
	assert_int_equal(found, 8);
}

static void windows_names__ignore_case_where_design_says_so(void **state)
{
	static const char *const fold[] = { "proc.name", "proc.exepath", "proc.pname", "proc.aname", "module.path",
		"module.name", "fs.path.name", "fd.name", "registry.path", "registry.key", "user.name" };
	static const char *const exact[] = { "proc.cmdline", "proc.pcmdline", "script.text", "evt.type", "container.id" };

	(void)state;
	for (size_t i = 0; i < sizeof fold / sizeof fold[0]; i++)
		assert_true(field_by_name(fold[i], strlen(fold[i]))->flags & FIELD_WINDOWS_NAME);
	for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++)
		assert_false(field_by_name(exact[i], strlen(exact[i]))->flags & FIELD_WINDOWS_NAME);
}

static void ancestors__are_flagged_as_falco_flags_them(void **state)
{
	static const char *const names[] = { "proc.aname", "proc.aexe", "proc.aexepath", "proc.acmdline", "proc.apid" };
	const uint32_t flags = FIELD_ANCESTOR | FIELD_NO_RHS | FIELD_NO_TRANSFORMER;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		assert_int_equal(field_by_name(names[i], strlen(names[i]))->flags & flags, flags);
}

static void event_types__are_all_kinds_in_their_order(void **state)
{
	const struct vocabulary *v = fields_vocabulary();

	(void)state;
	assert_int_equal(v->event_type_count, EVENT_KIND_COUNT - 1);
	for (size_t i = 0; i < v->event_type_count; i++) {
		assert_string_equal(v->event_types[i], event_kind_name((enum event_kind)(i + 1)));
		assert_true(strlen(event_kind_category((enum event_kind)(i + 1))) > 0);
	}
}

/* No getter may fall over an event that has nothing. */
static void getters__survive_an_empty_event(void **state)
{
	const struct vocabulary *v = fields_vocabulary();
	const struct record empty = { .kind = RECORD_NAMED, .pid = UINT32_MAX, .tid = UINT32_MAX };
	struct event ev = { .rec = &empty };
	struct fields_ctx ctx = { .ev = &ev };
	struct event_view view = { .ctx = &ctx, .scratch = arena_create(1 << 20) };
	size_t there = 0;

	(void)state;
	assert_non_null(view.scratch);
	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		ev.kind = (enum event_kind)kind;
		for (size_t i = 0; i < v->field_count; i++) {
			struct field_arg arg = { .present = v->fields[i].arg != FIELD_ARG_NONE, .key = "1", .key_len = 1,
				.index = 1, .is_index = v->fields[i].arg >= FIELD_ARG_INDEX_REQUIRED };
			struct value out;

			there += v->fields[i].get(&v->fields[i], &arg, &view, &out) == FIELD_OK;
		}
		arena_reset(view.scratch);
	}
	assert_true(there > 0);
	arena_destroy(view.scratch);
}

static void page__is_current(void **state)
{
	FILE *file = fopen("docs/fields.md", "rb");
	char *old = malloc(1 << 20);
	struct buf page;
	size_t n;

	(void)state;
	assert_non_null(file);
	assert_non_null(old);
	n = fread(old, 1, 1 << 20, file);
	fclose(file);
	buf_init(&page, 1 << 20);
	assert_true(fields_write_markdown(&page));
	if (page.len != n || memcmp(page.data, old, n) != 0)
		fail_msg("docs/fields.md is old: build/dev/bin/write_fields_doc > docs/fields.md");
	buf_release(&page);
	free(old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names__are_unique),
		cmocka_unit_test(rows__are_complete),
		cmocka_unit_test(either_fields__name_fields_of_their_type),
		cmocka_unit_test(windows_names__ignore_case_where_design_says_so),
		cmocka_unit_test(ancestors__are_flagged_as_falco_flags_them),
		cmocka_unit_test(event_types__are_all_kinds_in_their_order),
		cmocka_unit_test(getters__survive_an_empty_event),
		cmocka_unit_test(page__is_current),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
