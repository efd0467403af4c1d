#include "proto/host/interrupt.h"

#include <signal.h>
#include <stddef.h>

const int interrupt_signals[INTERRUPT_SIGNALS] = { SIGINT, SIGTERM, SIGHUP };
const int interrupt_reload_signal = SIGHUP;

static volatile sig_atomic_t seen;    /* a signal handler has nothing else to write to */

static void on_signal(int signal_number)
{
	(void)signal_number;
	seen = 1;
}

void interrupt_install(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGPIPE, &ignore, NULL);    /* a closed pipe shows as a write error */
}

bool interrupt_seen(void)
{
	return seen != 0;
}
