#include "proto/host/places.h"

#include <string.h>

#include "proto/base/text.h"

bool path_is_separator(char c)
{
	return c == '/' || (HOST_IS_WINDOWS && c == '\\');
}

size_t path_folder_bytes(const char *path)
{
	size_t n = strlen(path);

	while (n > 0 && !path_is_separator(path[n - 1]))
		n--;
	return n;
}

bool path_names_equal(const char *a, const char *b)
{
	return HOST_IS_WINDOWS ? text_equal_fold(a, strlen(a), b, strlen(b)) : strcmp(a, b) == 0;
}
