/* limits: every maximum that both programs share, with its reason. A layer's own bounds stand in its header. */
#ifndef VITRINE_BASE_LIMITS_H
#define VITRINE_BASE_LIMITS_H

enum {
	LIMIT_FRAME_BODY_BYTES = 1 << 20,      /* design §2: one frame; bounds what a peer can make us hold */
	LIMIT_PAYLOAD_BYTES = 64 * 1024,       /* ETW itself refuses larger events */
	LIMIT_RECORDS_PER_FRAME = 16384,       /* more would only repeat the frame bound with smaller records */
	LIMIT_PROVIDERS = 4096,                /* distinct providers of one stream; real recordings stay under 200 */
	LIMIT_NAMED_VALUES = 256,              /* values of one named record; the largest real one has 60 */
	LIMIT_NAME_BYTES = 1024,               /* provider, channel, host and value names */
	LIMIT_DEVICE_PATHS = 256,              /* volumes of one host */
	LIMIT_SID_BYTES = 68,                  /* 8 + 4 * 15 sub-authorities, [MS-DTYP] SID */
};

#endif
