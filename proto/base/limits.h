/* limits: every maximum that both programs share, with its reason. A layer's own bounds stand in its header. */
#ifndef VITRINE_BASE_LIMITS_H
#define VITRINE_BASE_LIMITS_H

enum {
	LIMIT_FRAME_BODY_BYTES = 1 << 20,      /* design §2: one frame; bounds what a peer can make us hold */
	LIMIT_PAYLOAD_BYTES = 64 * 1024,       /* ETW itself refuses larger events */
	LIMIT_RECORDS_PER_FRAME = 16384,       /* more would only repeat the frame bound with smaller records */
	LIMIT_PROVIDERS = 4096,                /* distinct providers of one stream; real recordings stay under 200 */
	LIMIT_STREAM_NAMES = 16384,            /* rows of the name table (hosts, channels); a full table starts anew */
	LIMIT_STREAM_TABLE_BYTES = 8 << 20,    /* text of both tables; 4096 provider names of the longest kind are 4 MiB */
	LIMIT_VALUE_BYTES = 128 * 1024,        /* one named value: a whole 64 KiB event of UTF-16 is 96 KiB of UTF-8 */
	LIMIT_SNAPSHOT_ROWS = 16384,           /* processes or containers of one SNAPSHOT frame */
	LIMIT_NAMED_VALUES = 1024,             /* values of one named record; CAPI2 writes whole certificate chains, 300 and more */
	LIMIT_NAME_BYTES = 1024,               /* provider, channel, host and value names */
	LIMIT_DEVICE_PATHS = 256,              /* volumes of one host */
	LIMIT_SID_BYTES = 68,                  /* 8 + 4 * 15 sub-authorities, [MS-DTYP] SID */
};

#endif
