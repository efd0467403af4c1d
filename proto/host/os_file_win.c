#include "proto/host/os_file.h"

#include <fcntl.h>
#include <io.h>
#include <windows.h>

void os_stdio_binary(void)
{
	_setmode(0, _O_BINARY);
	_setmode(1, _O_BINARY);
}

bool os_is_terminal(FILE *f)
{
	return _isatty(_fileno(f)) != 0;
}

bool os_file_size(FILE *f, uint64_t *out_bytes)
{
	LARGE_INTEGER size;
	HANDLE h = (HANDLE)_get_osfhandle(_fileno(f));

	if (h == INVALID_HANDLE_VALUE || GetFileType(h) != FILE_TYPE_DISK || !GetFileSizeEx(h, &size))
		return false;
	*out_bytes = (uint64_t)size.QuadPart;
	return true;
}

uint64_t os_monotonic_ns(void)
{
	LARGE_INTEGER ticks, rate;

	QueryPerformanceCounter(&ticks);
	QueryPerformanceFrequency(&rate);
	return (uint64_t)(ticks.QuadPart / rate.QuadPart) * 1000000000u +
	       (uint64_t)(ticks.QuadPart % rate.QuadPart) * 1000000000u / (uint64_t)rate.QuadPart;
}
