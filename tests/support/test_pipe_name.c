#include "tests/support/test_pipe_name.h"

#include <stdio.h>
#include <string.h>

#include <uv.h>

bool test_pipe_name_make(struct test_pipe *out)
{
	const char *unique;

	if (!test_folder_make(out->folder))
		return false;
#ifdef _WIN32
	unique = strrchr(out->folder, '-');
	snprintf(out->name, sizeof out->name, "\\\\.\\pipe\\vitrine-test%s", unique ? unique : "");
#else
	unique = "pipe";
	snprintf(out->name, sizeof out->name, "%s/%s", out->folder, unique);
#endif
	return true;
}

void test_pipe_name_release(struct test_pipe *p)
{
	uv_fs_t request;

	uv_fs_rmdir(NULL, &request, p->folder, NULL);
	uv_fs_req_cleanup(&request);
}
