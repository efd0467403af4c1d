#include "tests/support/test_folder.h"

#include <stdio.h>

#include <uv.h>

bool test_folder_make(char out[TEST_FOLDER_BYTES])
{
	char pattern[TEST_FOLDER_BYTES];
	size_t len = sizeof pattern - sizeof "/vitrine-test-XXXXXX";
	uv_fs_t request;
	bool made;

	if (uv_os_tmpdir(pattern, &len) != 0)
		return false;
	snprintf(pattern + len, sizeof pattern - len, "/vitrine-test-XXXXXX");
	made = uv_fs_mkdtemp(NULL, &request, pattern, NULL) == 0;
	if (made)
		snprintf(out, TEST_FOLDER_BYTES, "%s", request.path);
	uv_fs_req_cleanup(&request);
	return made;
}
