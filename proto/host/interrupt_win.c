#include "proto/host/interrupt.h"

#include <windows.h>

static volatile LONG seen;

static BOOL WINAPI on_control(DWORD kind)
{
	(void)kind;
	return InterlockedExchange(&seen, 1) == 0;    /* a second one takes the default way */
}

void interrupt_install(void)
{
	SetConsoleCtrlHandler(on_control, TRUE);
}

bool interrupt_seen(void)
{
	return seen != 0;
}
