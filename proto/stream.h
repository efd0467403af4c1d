/* stream: neutral views of the frames beside RECORDS (design §2), as a reader hands them out and a writer takes them.
 * All views are borrowed and die when the call returns. */
#ifndef VITRINE_STREAM_H
#define VITRINE_STREAM_H

#include "proto/record.h"

enum { STREAM_SCHEMA_VERSION = 1 };

enum stream_source { SOURCE_UNKNOWN, SOURCE_ETW_LIVE, SOURCE_ETL_FILE, SOURCE_EVTX, SOURCE_JSONL, SOURCE_CSV, SOURCE_GENERATED };
enum stream_clock { CLOCK_UNKNOWN, CLOCK_QPC, CLOCK_SYSTEM_TIME, CLOCK_CPU_CYCLES };

struct stream_provider {            /* the record codec maps index -> provider */
	struct guid guid;
	struct text_view name;      /* "" when not known */
};

struct stream_device_path {         /* "\Device\HarddiskVolume3" -> "C:" */
	struct text_view device, drive;
};

struct stream_hello {
	uint32_t schema_version;
	struct text_view host_name, machine_id, os_name;
	uint32_t os_build;
	uint64_t boot_time_100ns;
	enum stream_clock clock;
	enum stream_source source;
	uint8_t pointer_bytes;
	const struct stream_device_path *device_paths;
	size_t device_path_count;
	const struct stream_provider *providers;    /* known at the start; a RECORDS frame may bring more */
	size_t provider_count;
	/* A live stream that outlives its connections; stream_id 0: none, and the others mean nothing. */
	uint64_t stream_id;                         /* which run of the collector */
	uint64_t connection;                        /* of that run, from 1 */
	uint64_t first_seq, received_seq;           /* of the next record; last one that a reader before told it had received */
};

/* Why records are missing; printed in the ledger and as evt.type = events_lost. */
enum loss_reason {
	LOSS_UNKNOWN,
	LOSS_ETW_EVENTS,         /* no free buffer when the event was written */
	LOSS_ETW_BUFFERS,        /* whole buffers, event count unknown */
	LOSS_REALTIME_BUFFERS,   /* consumer too slow */
	LOSS_COLLECTOR_QUEUE,    /* collector's ring full */
	LOSS_NOT_CONNECTED,      /* nobody read the pipe */
	LOSS_SEQUENCE_GAP,       /* policyd saw a hole in the sequence numbers */
	LOSS_DAMAGE,             /* unreadable part of a recording */
	LOSS_SHED,               /* policyd gave up the least useful under load */
	LOSS_REASON_COUNT
};

const char *loss_reason_name(enum loss_reason reason);   /* "etw_events", ... */

struct stream_loss {
	struct text_view session;        /* session or queue name */
	enum loss_reason reason;
	uint64_t events_lost;            /* since the last LOSS frame of this session and reason */
	uint64_t buffers_lost;
	uint64_t since_100ns, until_100ns;   /* 0: unknown */
	uint64_t events_total, buffers_total;    /* since the stream_id began; 0: not kept */
};

struct stream_process {              /* one row of a process list */
	uint32_t pid, ppid, session_id;
	uint64_t create_time_100ns;
	uint64_t start_key;
	struct text_view image_path, cmdline;
	struct view user_sid;
	struct guid container;           /* zero: host or unknown */
};

struct stream_container {            /* bridges silo GUID and the runtime's names */
	struct guid silo;
	struct text_view id;             /* runtime's full id */
	struct text_view name, image, type;   /* "" when not known */
	struct text_view hcs_json;       /* as HCS returned it; parsed by policyd */
};

struct stream_snapshot {
	uint64_t time_100ns;
	const struct stream_process *processes;
	size_t process_count;
	const struct stream_container *containers;
	size_t container_count;
	bool complete;                   /* the last frame of one snapshot */
};

struct stream_heartbeat {
	uint64_t last_seq, time_100ns;
	uint64_t records_sent, events_lost;
};

struct stream_end {
	uint64_t records_total, events_lost_total, buffers_lost_total;
};

#endif
