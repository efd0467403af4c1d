/* fake_etw_parts: what the fake is made of. For its two sources only. */
#ifndef VITRINE_TESTS_FAKE_ETW_PARTS_H
#define VITRINE_TESTS_FAKE_ETW_PARTS_H

#include <uv.h>

#include "proto/record.h"
#include "tests/support/fake_etw.h"

enum { MAX_SESSIONS = 8, MAX_PROVIDERS = 64, CANARY_ID = 100 };

struct fake_provider {
	struct etw_enable e;
	uint16_t ids[ETW_MAX_FILTER_IDS];
};

struct fake_session {
	bool exists, attached, closing;
	bool returned;             /* from process */
	char name[ETW_NAME_CHARS];
	struct etw_session_state state;
	uint32_t flags;
	struct fake_provider providers[MAX_PROVIDERS];
	size_t provider_count;
	etw_callback *callback;
	void *ctx;
	uint64_t seen, stopped_at; /* of what happened */
	uint64_t canaries;         /* to be delivered */
	unsigned processing;       /* threads in process */
	unsigned delivering;       /* of these: in the callback */
};

struct fake_etw {
	struct etw_api api;
	uv_mutex_t lock;
	uv_cond_t changed;
	struct fake_session sessions[MAX_SESSIONS];
	struct record *records;
	size_t record_count, record_room;
	uint64_t happened, delivered, next_handle;
	uint32_t errors[FAKE_CALL_COUNT];
	unsigned error_times[FAKE_CALL_COUNT], calls[FAKE_CALL_COUNT];
	uint32_t known_properties;
	bool no_ids, no_system_flags, mute, stamp;
};

struct fake_session *fake_by_name(struct fake_etw *f, const char *name);
struct fake_provider *fake_find_provider(struct fake_session *s, const struct guid *provider);
void fake_bind(struct fake_etw *f);    /* fills the table of functions */

#endif
