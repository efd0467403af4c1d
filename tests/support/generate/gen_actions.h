/* gen_actions: what a process does with files, registry keys, the network and scripts, each as the records that the
 * kernel's providers write for it: an open, the operation, its end, the close. */
#ifndef VITRINE_TEST_GEN_ACTIONS_H
#define VITRINE_TEST_GEN_ACTIONS_H

#include "tests/support/generate/gen_world.h"

struct gen_file {
	uint64_t object, key;
};

struct gen_conn {
	uint8_t local[4], remote[4];
	uint16_t local_port, remote_port;
};

enum gen_disposition { GEN_OPEN = 1, GEN_CREATE = 2, GEN_OVERWRITE = 5 };    /* FILE_OPEN, FILE_CREATE, FILE_OVERWRITE_IF */

struct gen_file gen_file_open(struct gen_world *w, struct gen_proc *p, const char *path, enum gen_disposition how);
void gen_file_read(struct gen_world *w, struct gen_proc *p, const struct gen_file *f, uint32_t bytes);
void gen_file_write(struct gen_world *w, struct gen_proc *p, const struct gen_file *f, uint32_t bytes);
void gen_file_close(struct gen_world *w, struct gen_proc *p, const struct gen_file *f);
void gen_file_delete(struct gen_world *w, struct gen_proc *p, const struct gen_file *f, const char *path);
void gen_file_rename(struct gen_world *w, struct gen_proc *p, const struct gen_file *f, const char *new_path);

/* Object of the opened or created key. */
uint64_t gen_key_open(struct gen_world *w, struct gen_proc *p, const char *path, bool create);
void gen_key_query(struct gen_world *w, struct gen_proc *p, uint64_t key, const char *value);
struct gen_value {
	const char *name;
	uint32_t type;           /* REG_* */
	const void *data;        /* captured with the event */
	size_t len;
};
void gen_key_set(struct gen_world *w, struct gen_proc *p, uint64_t key, const struct gen_value *value);
void gen_key_delete_value(struct gen_world *w, struct gen_proc *p, uint64_t key, const char *value);
void gen_key_close(struct gen_world *w, struct gen_proc *p, uint64_t key);

/* shape: SHAPE_TCP_CONNECT, _ACCEPT, _SEND, _RECV, _DISCONNECT or SHAPE_UDP_SEND. */
void gen_network(struct gen_world *w, enum gen_shape shape, struct gen_proc *p, const struct gen_conn *c, uint32_t bytes);
void gen_dns(struct gen_world *w, struct gen_proc *p, const char *name, const char *results);
void gen_script(struct gen_world *w, struct gen_proc *p, const char *text);

#endif
