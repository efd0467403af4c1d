#include "policyd/decode/providers.h"

const struct provider *const providers[] = {
	&provider_classic_image,
	&provider_classic_process,
	&provider_classic_thread,
	&provider_kernel_process,
};

const size_t provider_count = sizeof providers / sizeof providers[0];
