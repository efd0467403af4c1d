#include "proto/stream.h"

const char *loss_reason_name(enum loss_reason reason)
{
	static const char *const names[LOSS_REASON_COUNT] = {
		[LOSS_UNKNOWN] = "unknown",
		[LOSS_ETW_EVENTS] = "etw_events",
		[LOSS_ETW_BUFFERS] = "etw_buffers",
		[LOSS_REALTIME_BUFFERS] = "realtime_buffers",
		[LOSS_COLLECTOR_QUEUE] = "collector_queue",
		[LOSS_NOT_CONNECTED] = "not_connected",
		[LOSS_SEQUENCE_GAP] = "sequence_gap",
		[LOSS_DAMAGE] = "damage",
		[LOSS_SHED] = "shed",
	};

	return (unsigned)reason < LOSS_REASON_COUNT ? names[reason] : names[LOSS_UNKNOWN];
}
