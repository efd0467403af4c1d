#include "proto/host/interrupt.h"

#include <signal.h>

#include <uv.h>
#include <windows.h>

const int interrupt_signals[INTERRUPT_SIGNALS] = { SIGINT, SIGBREAK, SIGHUP };    /* SIGHUP: libuv's for a closing console */
const int interrupt_reload_signal = 0;

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
