/* field_fixture: one world and a reader of its fields, as cmocka's state, for tests that ask what fields say. */
#ifndef VITRINE_TESTS_FIELD_FIXTURE_H
#define VITRINE_TESTS_FIELD_FIXTURE_H

#include "tests/support/field_value.h"

/* NT path of what is on C: in the fixture's world. */
#define FIXTURE_C "\\Device\\HarddiskVolume3\\"

struct field_fixture {
	struct world *w;
	struct field_reader r;
};

/* A world on host NODE1 whose C: is FIXTURE_C. */
int field_fixture_setup(void **state);
/* A world that no HELLO told anything of. */
int field_fixture_setup_bare(void **state);
int field_fixture_teardown(void **state);
/* Fails the test unless the field prints so. */
void field_is(void **state, const char *field, const char *want);

#endif
