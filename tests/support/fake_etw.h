/* fake_etw: ETW for tests: sessions that are started, queried, changed and stopped as Windows has them, in memory. Recorded
 * records are replayed to those sessions that enabled them: by provider, level, keywords and ids, classic ones by kernel
 * flags. process blocks until close, or until somebody stops the session. Errors are injected by call. Any thread. */
#ifndef VITRINE_TESTS_FAKE_ETW_H
#define VITRINE_TESTS_FAKE_ETW_H

#include "collector/etw/etw_api.h"
#include "proto/base/bytes.h"
#include "proto/base/status.h"

enum fake_call {
	FAKE_START, FAKE_QUERY, FAKE_STOP, FAKE_FLUSH, FAKE_SET_FLAGS, FAKE_GET_FLAGS, FAKE_ENABLE, FAKE_GET_ENABLED, FAKE_OPEN,
	FAKE_PROCESS, FAKE_CANARY, FAKE_CALL_COUNT
};

struct fake_etw;

struct fake_etw *fake_etw_create(void);
void fake_etw_destroy(struct fake_etw *f);        /* every process call has returned */
const struct etw_api *fake_etw_api(struct fake_etw *f);

/* The raw ETW records of a stream, to be replayed; the bytes must stay. */
enum status fake_etw_load(struct fake_etw *f, struct view stream, struct diag *why);
size_t fake_etw_loaded(const struct fake_etw *f);
/* That many more happen, in order, from the first again after the last. They reach sessions from their own threads. */
void fake_etw_happen(struct fake_etw *f, uint64_t count);
/* Waits until every attached session has seen all that happened. */
void fake_etw_settle(struct fake_etw *f);
uint64_t fake_etw_delivered(struct fake_etw *f);  /* records handed to callbacks, canaries apart */

/* From now on they carry the time at which they are handed out, as if they happened now. */
void fake_etw_stamp_now(struct fake_etw *f);

/* The next `times` calls of that kind return the error. */
void fake_etw_fail(struct fake_etw *f, enum fake_call call, uint32_t error, unsigned times);
unsigned fake_etw_calls(struct fake_etw *f, enum fake_call call);
/* What this system knows; a call that asks for more is an invalid parameter. */
void fake_etw_set_known(struct fake_etw *f, uint32_t properties, bool id_filters, bool system_flags);
void fake_etw_lose(struct fake_etw *f, const char *session, uint32_t events, uint32_t buffers);
void fake_etw_mute_canary(struct fake_etw *f, bool mute);

/* As ETW has it; false: no such session, or not enabled there. */
bool fake_etw_enabled(struct fake_etw *f, const char *session, const struct guid *provider, struct etw_enable *out);
bool fake_etw_flags(struct fake_etw *f, const char *session, uint32_t *out);
bool fake_etw_exists(struct fake_etw *f, const char *session);

#endif
