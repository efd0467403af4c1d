/* providers: every provider that has layouts. One line here, one in providers.c, one layout_<provider>.c. */
#ifndef VITRINE_DECODE_PROVIDERS_H
#define VITRINE_DECODE_PROVIDERS_H

#include "policyd/decode/layout.h"

extern const struct provider provider_classic_image;
extern const struct provider provider_classic_process;
extern const struct provider provider_classic_thread;
extern const struct provider provider_kernel_process;

#endif
