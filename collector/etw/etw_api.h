/* etw_api: what the collector asks of ETW, as one small table of functions: the collector binds system32
 * (collector/sys/etw_api_win.c), tests bind a fake. No decision is made behind it; it moves bytes.
 * Every function returns a Win32 error number, ETW_OK when there is none. All but process return soon. Any thread, but one
 * at a time for each session. */
#ifndef VITRINE_COLLECTOR_ETW_API_H
#define VITRINE_COLLECTOR_ETW_API_H

#include <stdbool.h>

#include "collector/etw/etw_event.h"

/* Win32 error numbers (winerror.h) that the collector acts on differently. */
enum etw_error {
	ETW_OK = 0,
	ETW_ACCESS_DENIED = 5,
	ETW_NOT_SUPPORTED = 50,
	ETW_INVALID_PARAMETER = 87,
	ETW_ALREADY_EXISTS = 183,
	ETW_NO_RESOURCES = 1450,           /* no slot for another session of this kind */
	ETW_PROVIDER_NOT_FOUND = 4200,     /* nobody registers this provider now */
	ETW_SESSION_NOT_FOUND = 4201,
};

/* EVENT_ENABLE_PROPERTY_* (etw.md §2.2), and the event filters. */
enum etw_property {
	ETW_PROPERTY_SID = 0x1,
	ETW_PROPERTY_START_KEY = 0x80,
	ETW_PROPERTY_EVENT_KEY = 0x100,
	ETW_PROPERTY_ENABLE_SILOS = 0x400,         /* user-mode providers inside containers log to us too */
	ETW_PROPERTY_CONTAINER_TRACKING = 0x800,   /* means nothing without the one before */
};

enum {
	ETW_NAME_CHARS = 64,               /* of our sessions' names, ASCII */
	ETW_MAX_FILTER_IDS = 64,           /* MAX_EVENT_FILTER_EVENT_ID_COUNT */
	ETW_MODE_REAL_TIME = 0x100, ETW_MODE_SYSTEM_LOGGER = 0x02000000, ETW_MODE_INDEPENDENT = 0x08000000,
};

struct etw_session_settings {
	const char *name;
	struct guid guid;
	uint32_t mode;                     /* ETW_MODE_* */
	uint32_t buffer_kb, min_buffers, max_buffers;
	uint32_t kernel_flags;             /* EVENT_TRACE_FLAG_*, system loggers only */
};

struct etw_session_state {
	uint64_t handle;
	struct guid guid;
	uint32_t mode, buffer_kb, buffers, free_buffers;
	uint32_t events_lost, log_buffers_lost, realtime_buffers_lost;    /* since the session began; they wrap */
};

struct etw_enable {
	struct guid provider;
	enum { ETW_DISABLE, ETW_ENABLE, ETW_CAPTURE_STATE } control;
	uint8_t level;
	uint64_t keywords;
	uint32_t properties;               /* enum etw_property */
	const uint16_t *ids;               /* only these; NULL: no such filter */
	uint16_t id_count;
	uint32_t system_flags;             /* EVENT_FILTER_TYPE_SYSTEM_FLAGS; 0: no such filter */
};

struct etw_enabled {                       /* a provider as ETW has it for one session */
	bool enabled;
	uint8_t level;
	uint64_t keywords;
	uint32_t properties;
};

struct etw_api {
	void *self;                        /* first argument of all */
	uint32_t (*start)(void *self, const struct etw_session_settings *s, uint64_t *handle);
	uint32_t (*query)(void *self, const char *name, struct etw_session_state *out);
	uint32_t (*stop)(void *self, const char *name, struct etw_session_state *out);
	uint32_t (*flush)(void *self, const char *name);
	uint32_t (*set_kernel_flags)(void *self, uint64_t handle, uint32_t flags);
	uint32_t (*get_kernel_flags)(void *self, uint64_t handle, uint32_t *out);
	uint32_t (*enable)(void *self, uint64_t handle, const struct etw_enable *e);
	uint32_t (*get_enabled)(void *self, uint64_t handle, const struct guid *provider, struct etw_enabled *out);
	/* Attaches to a session in real time. What it hands to the callback has time as FILETIME. */
	uint32_t (*open)(void *self, const char *name, etw_callback *callback, void *ctx, uint64_t *trace);
	/* Calls the callback in this thread until the session ends or close is called from another. */
	uint32_t (*process)(void *self, uint64_t trace);
	uint32_t (*close)(void *self, uint64_t trace);
	/* Writes one event of notice_provider. */
	uint32_t (*write_canary)(void *self);
};

#endif
