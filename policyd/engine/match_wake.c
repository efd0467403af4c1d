#include "policyd/engine/match_state.h"

void match_wake(struct matcher *m, const struct part *part)
{
	for (uint32_t i = 0; i < part->always_count; i++)
		match_wake_variant(m, part->always[i]);
}
