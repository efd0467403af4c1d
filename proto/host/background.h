/* background: work that may take long must not take the processor from work that waits for events. */
#ifndef VITRINE_HOST_BACKGROUND_H
#define VITRINE_HOST_BACKGROUND_H

/* The calling thread gives way to all others from now on, for good. No error: without it all is slower only. */
void background_enter(void);

#endif
