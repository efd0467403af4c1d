#include "proto/host/os_file.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <windows.h>

void os_stdio_binary(void)
{
	_setmode(0, _O_BINARY);
	_setmode(1, _O_BINARY);
	setvbuf(stderr, NULL, _IONBF, 0);    /* as it is elsewhere; not every C library of Windows has it so */
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

bool os_file_replace(const char *from, const char *to)
{
	if (MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
		return true;
	errno = GetLastError() == ERROR_ACCESS_DENIED || GetLastError() == ERROR_SHARING_VIOLATION ? EACCES : EIO;
	return false;
}

uint64_t os_monotonic_ns(void)
{
	LARGE_INTEGER ticks, rate;

	QueryPerformanceCounter(&ticks);
	QueryPerformanceFrequency(&rate);
	return (uint64_t)(ticks.QuadPart / rate.QuadPart) * 1000000000u +
	       (uint64_t)(ticks.QuadPart % rate.QuadPart) * 1000000000u / (uint64_t)rate.QuadPart;
}

int64_t os_wall_ns(void)
{
	/* 100 ns since 1601; 116444736000000000 of them until 1970: [MS-DTYP] FILETIME. */
	FILETIME now;

	GetSystemTimePreciseAsFileTime(&now);
	return ((int64_t)((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) - INT64_C(116444736000000000)) * 100;
}
