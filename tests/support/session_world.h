/* session_world: a session set on a fake ETW with a clock that only tests move. */
#ifndef VITRINE_TESTS_SESSION_WORLD_H
#define VITRINE_TESTS_SESSION_WORLD_H

#include "collector/session/session_set.h"
#include "proto/base/buf.h"
#include "tests/support/fake_etw.h"

#define KERNEL_PROCESS GUID_INIT(0x22fb2cd6, 0x0e7b, 0x422b, 0xa0, 0xc7, 0x2f, 0xad, 0x1f, 0xd0, 0xe7, 0x16)
#define KERNEL_FILE GUID_INIT(0xedd08927, 0x9cc4, 0x4e65, 0xb9, 0x70, 0xc2, 0x56, 0x0f, 0xb5, 0xc2, 0x89)
#define CLASSIC_PROCESS GUID_INIT(0x3d6fa8d0, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c)

struct session_world {
	struct fake_etw *etw;
	const struct etw_api *api;
	struct session_set_options options;
	struct session_set *set;
	struct plan plan;              /* at first the floor; not applied */
	struct buf stream;
	uint64_t notices_read;
};

/* For cmocka. */
int session_world_set_up(void **state);
int session_world_tear_down(void **state);

void session_world_make_set(struct session_world *w);
void session_world_drop_set(struct session_world *w);
/* A check each second. */
void session_world_pass_s(struct session_world *w, unsigned seconds);
/* Notices of that id since the last call, one of whose values is the text. */
unsigned session_world_notices(struct session_world *w, enum notice_id id, const char *text);
struct etw_session_state session_world_state(struct session_world *w, const char *name);
/* What can happen from now on. */
void session_world_load(struct session_world *w, const struct record *records, size_t count);

#endif
