#include "proto/host/background.h"

#include <sys/resource.h>

enum { BACKGROUND_NICE = 15 };

void background_enter(void)
{
	/* On Linux this sets the calling thread alone: setpriority(2), "C library/kernel differences". */
	(void)setpriority(PRIO_PROCESS, 0, BACKGROUND_NICE);
}
