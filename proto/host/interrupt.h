/* interrupt: Ctrl-C or a request to end, as a flag that long work polls. Process-wide by nature. */
#ifndef VITRINE_HOST_INTERRUPT_H
#define VITRINE_HOST_INTERRUPT_H

#include <stdbool.h>

void interrupt_install(void);      /* once, from main; a second Ctrl-C ends the process at once */
bool interrupt_seen(void);         /* any thread */

#endif
