#include "proto/host/background.h"

#include <windows.h>

void background_enter(void)
{
	SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_LOWEST);
}
