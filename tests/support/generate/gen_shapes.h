/* gen_shapes: the events the generator writes, with what their headers say on each Windows build.
 * Payload layouts come from policyd/decode; opcode, task, level and keyword from layouts.yaml. */
#ifndef VITRINE_TEST_GEN_SHAPES_H
#define VITRINE_TEST_GEN_SHAPES_H

#include "policyd/decode/layout.h"

enum gen_shape {
	SHAPE_PROCESS_START, SHAPE_PROCESS_STOP, SHAPE_PROCESS_RUNDOWN,
	SHAPE_SILO_STATE, SHAPE_SILO_CALLBACK_START, SHAPE_SILO_CALLBACK_STOP,
	SHAPE_FILE_NAME, SHAPE_FILE_CREATE, SHAPE_FILE_NEW, SHAPE_FILE_READ, SHAPE_FILE_WRITE, SHAPE_FILE_CLEANUP,
	SHAPE_FILE_CLOSE, SHAPE_FILE_END, SHAPE_FILE_DELETE_PATH, SHAPE_FILE_RENAME_PATH,
	SHAPE_REG_CREATE, SHAPE_REG_OPEN, SHAPE_REG_SET, SHAPE_REG_DELETE_VALUE, SHAPE_REG_QUERY_VALUE, SHAPE_REG_CLOSE,
	SHAPE_TCP_SEND, SHAPE_TCP_RECV, SHAPE_TCP_CONNECT, SHAPE_TCP_DISCONNECT, SHAPE_TCP_ACCEPT, SHAPE_UDP_SEND,
	SHAPE_DNS_QUERY, SHAPE_SCRIPT_BLOCK,
	SHAPE_OLD_PROCESS_START, SHAPE_OLD_PROCESS_END, SHAPE_OLD_PROCESS_RUNDOWN, SHAPE_OLD_PROCESS_TERMINATE,
	SHAPE_OLD_THREAD_START, SHAPE_OLD_THREAD_END, SHAPE_OLD_THREAD_RUNDOWN,
	SHAPE_OLD_IMAGE_LOAD, SHAPE_OLD_IMAGE_RUNDOWN, SHAPE_OLD_FILE_RUNDOWN, SHAPE_OLD_KEY_RUNDOWN,
	SHAPE_COUNT
};

enum gen_items { GEN_START_KEY = 1, GEN_CONTAINER = 2 };    /* extended items its session asks for */

struct gen_event {                     /* one shape on one build */
	const struct provider *provider;
	const struct layout *layout;
	uint16_t task;
	uint8_t opcode, level, items;
	uint64_t keyword;
};

/* False: decode has no layout for one of them. */
bool gen_shapes_resolve(uint32_t os_build, struct gen_event out[SHAPE_COUNT]);

#endif
