#include "tests/support/field_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

int field_fixture_setup_bare(void **state)
{
	struct field_fixture *f = calloc(1, sizeof *f);

	*state = f;
	return f && (f->w = world_create(NULL)) && field_reader_init(&f->r, f->w) ? 0 : -1;
}

int field_fixture_setup(void **state)
{
	static const struct stream_device_path c = { { "\\Device\\HarddiskVolume3", 23 }, { "C:", 2 } };
	const struct stream_hello hello = { .host_name = { "NODE1", 5 }, .device_paths = &c, .device_path_count = 1 };
	struct field_fixture *f;

	if (field_fixture_setup_bare(state) != 0)
		return -1;
	f = *state;
	state_apply_hello(f->w->state, &hello);
	return 0;
}

int field_fixture_teardown(void **state)
{
	struct field_fixture *f = *state;

	field_reader_release(&f->r);
	world_destroy(f->w);
	free(f);
	return 0;
}

void field_is(void **state, const char *field, const char *want)
{
	struct field_fixture *f = *state;

	assert_string_equal(field_text(&f->r, field), want);
}
