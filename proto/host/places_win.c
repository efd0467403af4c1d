#include "proto/host/places.h"

#include <stdio.h>
#include <string.h>

#include <windows.h>

#include <shlobj.h>

static const char variable[] = "%ProgramData%";

const char *place_expand(const char *text, char room[PLACE_BYTES])
{
	PWSTR folder = NULL;
	int n;

	if (strncmp(text, variable, sizeof variable - 1) != 0)
		return text;
	if (SHGetKnownFolderPath(&FOLDERID_ProgramData, KF_FLAG_DEFAULT, NULL, &folder) != S_OK)
		return text;
	n = WideCharToMultiByte(CP_UTF8, 0, folder, -1, room, PLACE_BYTES, NULL, NULL);
	CoTaskMemFree(folder);
	if (n <= 0 || (size_t)n + strlen(text) >= PLACE_BYTES)
		return text;
	snprintf(room + n - 1, (size_t)(PLACE_BYTES - n + 1), "%s", text + sizeof variable - 1);
	return room;
}
