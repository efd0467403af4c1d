/* test_pipe_name: a pipe's name that no other test has. */
#ifndef VITRINE_TEST_PIPE_NAME_H
#define VITRINE_TEST_PIPE_NAME_H

#include "tests/support/test_folder.h"

struct test_pipe {
	char folder[TEST_FOLDER_BYTES];
	char name[TEST_FOLDER_BYTES + 16];
};

bool test_pipe_name_make(struct test_pipe *out);
void test_pipe_name_release(struct test_pipe *p);

#endif
