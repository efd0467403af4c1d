#include "policyd/decode/named.h"

const struct named_provider *const named_providers[] = { NULL };

const size_t named_provider_count = 0;
