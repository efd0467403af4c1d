#include "tests/support/generate/gen_shapes.h"

#define BOTH (GEN_START_KEY | GEN_CONTAINER)

/* Keywords of kernel providers carry their channel in the top bit, as seen on real records. */
#define KW(x) (UINT64_C(0x8000000000000000) | (x))

struct row {
	enum gen_shape shape;
	uint32_t from_build;     /* the last row that a build reaches is taken */
	const struct guid guid;
	uint16_t id;             /* classic: opcode */
	uint8_t version, opcode;
	uint16_t task;
	uint8_t level, items;
	uint64_t keyword;
};

/* clang-format off */
#define G_PROCESS GUID_INIT(0x22fb2cd6, 0x0e7b, 0x422b, 0xa0, 0xc7, 0x2f, 0xad, 0x1f, 0xd0, 0xe7, 0x16)
#define G_FILE    GUID_INIT(0xedd08927, 0x9cc4, 0x4e65, 0xb9, 0x70, 0xc2, 0x56, 0x0f, 0xb5, 0xc2, 0x89)
#define G_REG     GUID_INIT(0x70eb4f03, 0xc1de, 0x4f73, 0xa0, 0x51, 0x33, 0xd1, 0x3d, 0x54, 0x13, 0xbd)
#define G_NET     GUID_INIT(0x7dd42a49, 0x5329, 0x4832, 0x8d, 0xfd, 0x43, 0xd9, 0x79, 0x15, 0x3a, 0x88)
#define G_DNS     GUID_INIT(0x1c95126e, 0x7eea, 0x49a9, 0xa3, 0xfe, 0xa3, 0x78, 0xb0, 0x3d, 0xdb, 0x4d)
#define G_SHELL   GUID_INIT(0xa0c1853b, 0x5c40, 0x4b15, 0x87, 0x66, 0x3c, 0xf1, 0xc5, 0x8f, 0x98, 0x5a)
#define G_OLD_PROCESS GUID_INIT(0x3d6fa8d0, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c)
#define G_OLD_THREAD  GUID_INIT(0x3d6fa8d1, 0xfe05, 0x11d0, 0x9d, 0xda, 0x00, 0xc0, 0x4f, 0xd7, 0xba, 0x7c)
#define G_OLD_IMAGE   GUID_INIT(0x2cb15d1d, 0x5fc1, 0x11d2, 0xab, 0xe1, 0x00, 0xa0, 0xc9, 0x11, 0xf5, 0x18)
#define G_OLD_FILE    GUID_INIT(0x90cbdc39, 0x4a3e, 0x11d1, 0x84, 0xf4, 0x00, 0x00, 0xf8, 0x04, 0x64, 0xe3)
#define G_OLD_REG     GUID_INIT(0xae53722e, 0xc863, 0x11d2, 0x86, 0x59, 0x00, 0xc0, 0x4f, 0xa3, 0x21, 0xa1)

static const struct row rows[] = {
	{ SHAPE_PROCESS_START,         0, G_PROCESS,  1, 2,  1,  1, 4, BOTH, KW(0x10) },
	{ SHAPE_PROCESS_START,     18362, G_PROCESS,  1, 3,  1,  1, 4, BOTH, KW(0x10) },
	{ SHAPE_PROCESS_START,     26100, G_PROCESS,  1, 4,  1,  1, 4, BOTH, KW(0x10) },
	{ SHAPE_PROCESS_STOP,          0, G_PROCESS,  2, 1,  2,  2, 4, BOTH, KW(0x10) },
	{ SHAPE_PROCESS_STOP,      18362, G_PROCESS,  2, 2,  2,  2, 4, BOTH, KW(0x10) },
	{ SHAPE_PROCESS_RUNDOWN,       0, G_PROCESS, 15, 0,  0, 15, 4, GEN_START_KEY, KW(0x10) },
	{ SHAPE_PROCESS_RUNDOWN,   18362, G_PROCESS, 15, 1,  0, 15, 4, GEN_START_KEY, KW(0x10) },
	{ SHAPE_PROCESS_RUNDOWN,   26100, G_PROCESS, 15, 2,  0, 15, 4, GEN_START_KEY, KW(0x10) },
	{ SHAPE_SILO_STATE,            0, G_PROCESS, 22, 0,  0, 22, 4, GEN_START_KEY, KW(0x4000) },
	{ SHAPE_SILO_CALLBACK_START,   0, G_PROCESS, 23, 0,  1, 23, 4, GEN_START_KEY, KW(0x4000) },
	{ SHAPE_SILO_CALLBACK_STOP,    0, G_PROCESS, 24, 0,  2, 23, 4, GEN_START_KEY, KW(0x4000) },
	{ SHAPE_FILE_NAME,             0, G_FILE, 10, 0, 0, 10, 4, 0, KW(0x10) },
	{ SHAPE_FILE_CREATE,           0, G_FILE, 12, 1, 0, 12, 4, 0, KW(0xa0) },
	{ SHAPE_FILE_NEW,              0, G_FILE, 30, 1, 0, 30, 4, 0, KW(0x1000) },
	{ SHAPE_FILE_READ,             0, G_FILE, 15, 1, 0, 15, 4, 0, KW(0x120) },
	{ SHAPE_FILE_WRITE,            0, G_FILE, 16, 1, 0, 16, 4, 0, KW(0x220) },
	{ SHAPE_FILE_CLEANUP,          0, G_FILE, 13, 1, 0, 13, 4, 0, KW(0x20) },
	{ SHAPE_FILE_CLOSE,            0, G_FILE, 14, 1, 0, 14, 4, 0, KW(0x20) },
	{ SHAPE_FILE_END,              0, G_FILE, 24, 0, 0, 24, 4, 0, KW(0x60) },
	{ SHAPE_FILE_DELETE_PATH,      0, G_FILE, 26, 1, 0, 26, 4, 0, KW(0x400) },
	{ SHAPE_FILE_RENAME_PATH,      0, G_FILE, 27, 1, 0, 27, 4, 0, KW(0x800) },
	{ SHAPE_REG_CREATE,            0, G_REG,  1, 0, 32, 0, 4, 0, KW(0x1000) },
	{ SHAPE_REG_OPEN,              0, G_REG,  2, 0, 33, 0, 4, 0, KW(0x2000) },
	{ SHAPE_REG_SET,               0, G_REG,  5, 0, 36, 0, 4, 0, KW(0x100) },
	{ SHAPE_REG_DELETE_VALUE,      0, G_REG,  6, 0, 37, 0, 4, 0, KW(0x200) },
	{ SHAPE_REG_QUERY_VALUE,       0, G_REG,  7, 0, 38, 0, 4, 0, KW(0x400) },
	{ SHAPE_REG_CLOSE,             0, G_REG, 13, 0, 44, 0, 4, 0, KW(0x1) },
	{ SHAPE_TCP_SEND,              0, G_NET, 10, 0, 10, 10, 4, GEN_CONTAINER, KW(0x10) },
	{ SHAPE_TCP_RECV,              0, G_NET, 11, 0, 11, 10, 4, GEN_CONTAINER, KW(0x10) },
	{ SHAPE_TCP_CONNECT,           0, G_NET, 12, 0, 12, 10, 4, GEN_CONTAINER, KW(0x10) },
	{ SHAPE_TCP_DISCONNECT,        0, G_NET, 13, 0, 13, 10, 4, GEN_CONTAINER, KW(0x10) },
	{ SHAPE_TCP_ACCEPT,            0, G_NET, 15, 0, 15, 10, 4, GEN_CONTAINER, KW(0x10) },
	{ SHAPE_UDP_SEND,              0, G_NET, 42, 0, 42, 11, 4, GEN_CONTAINER, KW(0x10) },
	{ SHAPE_DNS_QUERY,             0, G_DNS, 3008, 0, 0, 0, 4, GEN_START_KEY, KW(0) },
	{ SHAPE_SCRIPT_BLOCK,          0, G_SHELL, 4104, 1, 15, 2, 5, BOTH, UINT64_C(0x1) },
	{ SHAPE_OLD_PROCESS_START,     0, G_OLD_PROCESS,  1, 4, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_PROCESS_END,       0, G_OLD_PROCESS,  2, 4, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_PROCESS_RUNDOWN,   0, G_OLD_PROCESS,  3, 4, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_PROCESS_TERMINATE, 0, G_OLD_PROCESS, 11, 2, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_THREAD_START,      0, G_OLD_THREAD,   1, 3, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_THREAD_START,  22631, G_OLD_THREAD,   1, 4, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_THREAD_END,        0, G_OLD_THREAD,   2, 3, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_THREAD_END,    22631, G_OLD_THREAD,   2, 4, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_THREAD_RUNDOWN,    0, G_OLD_THREAD,   3, 3, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_THREAD_RUNDOWN, 22631, G_OLD_THREAD,  3, 4, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_IMAGE_LOAD,        0, G_OLD_PROCESS, 10, 3, 0, 0, 0, 0, 0 },    /* group Process: seen on real files */
	{ SHAPE_OLD_IMAGE_RUNDOWN,     0, G_OLD_IMAGE,    3, 3, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_FILE_RUNDOWN,      0, G_OLD_FILE,    36, 2, 0, 0, 0, 0, 0 },
	{ SHAPE_OLD_KEY_RUNDOWN,       0, G_OLD_REG,     24, 2, 0, 0, 0, 0, 0 },
};
/* clang-format on */

static const struct layout *find_layout(const struct provider *p, const struct row *r, uint32_t os_build)
{
	for (size_t i = 0; i < p->layout_count; i++) {
		const struct layout *l = &p->layouts[i];
		bool fits = os_build >= l->first_build && (l->last_build == 0 || os_build <= l->last_build);

		if (l->id == r->id && l->version == r->version && fits)
			return l;
	}
	return NULL;
}

static const struct provider *find_provider(const struct guid *guid)
{
	for (size_t i = 0; i < provider_count; i++) {
		if (guid_equal(&providers[i]->guid, guid))
			return providers[i];
	}
	return NULL;
}

bool gen_shapes_resolve(uint32_t os_build, struct gen_event out[SHAPE_COUNT])
{
	size_t found = 0;

	memset(out, 0, SHAPE_COUNT * sizeof *out);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *r = &rows[i];
		const struct provider *p = find_provider(&r->guid);
		const struct layout *l = p ? find_layout(p, r, os_build) : NULL;

		if (r->from_build > os_build)
			continue;
		if (!l)
			return false;
		found += !out[r->shape].layout;
		out[r->shape] = (struct gen_event){ p, l, r->task, p->classic ? (uint8_t)r->id : r->opcode, r->level, r->items,
			r->keyword };
	}
	return found == SHAPE_COUNT;
}
