/* test_folder: an empty folder of a test's own, on every system. */
#ifndef VITRINE_TEST_FOLDER_H
#define VITRINE_TEST_FOLDER_H

#include <stdbool.h>

enum { TEST_FOLDER_BYTES = 512 };

/* Made below the system's folder for temporary files; the test removes it. */
bool test_folder_make(char out[TEST_FOLDER_BYTES]);

#endif
