/* interrupt: Ctrl-C or a request to end, as a flag that long work polls. Process-wide by nature. */
#ifndef VITRINE_HOST_INTERRUPT_H
#define VITRINE_HOST_INTERRUPT_H

#include <stdbool.h>

void interrupt_install(void);      /* once, from main; a second Ctrl-C ends the process at once */
bool interrupt_seen(void);         /* any thread */

/* Signals for a loop that waits for them itself. Windows: Ctrl-C, Ctrl-Break, the console closes; nothing asks to reload. */
enum { INTERRUPT_SIGNALS = 3 };
extern const int interrupt_signals[INTERRUPT_SIGNALS];
extern const int interrupt_reload_signal;    /* one of them; 0: none */

#endif
