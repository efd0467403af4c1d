#include "tests/support/generate/gen_actions.h"

#include <stdio.h>

enum { ATTRIBUTE_NORMAL = 0x80, SHARE_ALL = 7, OPTIONS_SYNC = 0x20, TYPE_A = 1 };
enum { CLASS_DISPOSITION = 13, CLASS_RENAME = 10 };    /* FILE_INFORMATION_CLASS */

static struct payload file_payload(struct gen_world *w, const struct gen_proc *p, const struct gen_file *f)
{
	struct payload v = { .count = 0 };

	payload_number(&v, SLOT_IRP, gen_world_address(w));
	payload_number(&v, SLOT_FILE_OBJECT, f->object);
	payload_number(&v, SLOT_FILE_KEY, f->key);
	payload_number(&v, SLOT_TID, p->tid);
	return v;
}

static void file_end(struct gen_world *w, struct gen_proc *p, const struct payload *started, uint32_t extra)
{
	struct payload v = { .count = 0 };

	payload_number(&v, SLOT_IRP, started->values[0].number);
	payload_number(&v, SLOT_EXTRA_INFO, extra);
	gen_world_emit(w, SHAPE_FILE_END, p, &v);
}

/* The high byte of CreateOptions is the disposition asked for; event 30 comes when the file is new. */
struct gen_file gen_file_open(struct gen_world *w, struct gen_proc *p, const char *path, enum gen_disposition how)
{
	struct gen_file f = { .object = gen_world_address(w), .key = gen_world_address(w) };
	struct payload v = file_payload(w, p, &f);

	payload_number(&v, SLOT_CREATE_OPTIONS, (uint32_t)how << 24 | OPTIONS_SYNC);
	payload_number(&v, SLOT_CREATE_ATTRIBUTES, ATTRIBUTE_NORMAL);
	payload_number(&v, SLOT_SHARE_ACCESS, SHARE_ALL);
	payload_text(&v, SLOT_FILE_PATH, path);
	gen_world_emit(w, SHAPE_FILE_CREATE, p, &v);
	if (how == GEN_CREATE)
		gen_world_emit(w, SHAPE_FILE_NEW, p, &v);
	file_end(w, p, &v, how == GEN_CREATE ? 2 : 1);
	return f;
}

static void file_transfer(struct gen_world *w, enum gen_shape shape, struct gen_proc *p, const struct gen_file *f,
	uint32_t bytes)
{
	struct payload v = file_payload(w, p, f);

	payload_number(&v, SLOT_IO_SIZE, bytes);
	gen_world_emit(w, shape, p, &v);
}

void gen_file_read(struct gen_world *w, struct gen_proc *p, const struct gen_file *f, uint32_t bytes)
{
	file_transfer(w, SHAPE_FILE_READ, p, f, bytes);
}

void gen_file_write(struct gen_world *w, struct gen_proc *p, const struct gen_file *f, uint32_t bytes)
{
	file_transfer(w, SHAPE_FILE_WRITE, p, f, bytes);
}

void gen_file_close(struct gen_world *w, struct gen_proc *p, const struct gen_file *f)
{
	struct payload v = file_payload(w, p, f);

	gen_world_emit(w, SHAPE_FILE_CLEANUP, p, &v);
	gen_world_emit(w, SHAPE_FILE_CLOSE, p, &v);
}

void gen_file_delete(struct gen_world *w, struct gen_proc *p, const struct gen_file *f, const char *path)
{
	struct payload v = file_payload(w, p, f);

	payload_number(&v, SLOT_INFO_CLASS, CLASS_DISPOSITION);
	payload_text(&v, SLOT_FILE_PATH, path);
	gen_world_emit(w, SHAPE_FILE_DELETE_PATH, p, &v);
}

void gen_file_rename(struct gen_world *w, struct gen_proc *p, const struct gen_file *f, const char *new_path)
{
	struct payload v = file_payload(w, p, f);

	payload_number(&v, SLOT_INFO_CLASS, CLASS_RENAME);
	payload_text(&v, SLOT_FILE_PATH, new_path);
	payload_text(&v, SLOT_FILE_TARGET, new_path);
	gen_world_emit(w, SHAPE_FILE_RENAME_PATH, p, &v);
}

uint64_t gen_key_open(struct gen_world *w, struct gen_proc *p, const char *path, bool create)
{
	struct payload v = { .count = 0 };
	uint64_t key = gen_world_address(w);

	payload_number(&v, SLOT_KEY_OBJECT, key);
	payload_number(&v, SLOT_DISPOSITION, create ? 1 : 2);
	payload_text(&v, SLOT_KEY_NAME, path);
	gen_world_emit(w, create ? SHAPE_REG_CREATE : SHAPE_REG_OPEN, p, &v);
	return key;
}

/* Names of keys arrive empty after the open: the object tells. */
static struct payload key_payload(uint64_t key)
{
	struct payload v = { .count = 0 };

	payload_number(&v, SLOT_KEY_OBJECT, key);
	return v;
}

void gen_key_query(struct gen_world *w, struct gen_proc *p, uint64_t key, const char *value)
{
	struct payload v = key_payload(key);

	payload_text(&v, SLOT_VALUE_NAME, value);
	gen_world_emit(w, SHAPE_REG_QUERY_VALUE, p, &v);
}

void gen_key_set(struct gen_world *w, struct gen_proc *p, uint64_t key, const struct gen_value *value)
{
	struct payload v = key_payload(key);

	payload_number(&v, SLOT_DATA_TYPE, value->type);
	payload_number(&v, SLOT_DATA_SIZE, value->len);
	payload_text(&v, SLOT_VALUE_NAME, value->name);
	payload_bytes(&v, SLOT_DATA, value->data, value->len);
	gen_world_emit(w, SHAPE_REG_SET, p, &v);
}

void gen_key_delete_value(struct gen_world *w, struct gen_proc *p, uint64_t key, const char *value)
{
	struct payload v = key_payload(key);

	payload_text(&v, SLOT_VALUE_NAME, value);
	gen_world_emit(w, SHAPE_REG_DELETE_VALUE, p, &v);
}

void gen_key_close(struct gen_world *w, struct gen_proc *p, uint64_t key)
{
	struct payload v = key_payload(key);

	gen_world_emit(w, SHAPE_REG_CLOSE, p, &v);
}

void gen_network(struct gen_world *w, enum gen_shape shape, struct gen_proc *p, const struct gen_conn *c, uint32_t bytes)
{
	struct payload v = { .count = 0, .filler = 0 };

	payload_number(&v, SLOT_PID, p->pid);
	payload_number(&v, SLOT_NET_SIZE, bytes);
	payload_bytes(&v, SLOT_REMOTE_ADDR, c->remote, sizeof c->remote);
	payload_bytes(&v, SLOT_LOCAL_ADDR, c->local, sizeof c->local);
	payload_number(&v, SLOT_REMOTE_PORT, c->remote_port);
	payload_number(&v, SLOT_LOCAL_PORT, c->local_port);
	gen_world_emit(w, shape, p, &v);
}

void gen_dns(struct gen_world *w, struct gen_proc *p, const char *name, const char *results)
{
	struct payload v = { .count = 0 };

	payload_text(&v, SLOT_DNS_NAME, name);
	payload_number(&v, SLOT_DNS_TYPE, TYPE_A);
	payload_text(&v, SLOT_DNS_RESULTS, results);
	gen_world_emit(w, SHAPE_DNS_QUERY, p, &v);
}

void gen_script(struct gen_world *w, struct gen_proc *p, const char *text)
{
	struct payload v = { .count = 0 };
	char id[48];

	snprintf(id, sizeof id, "%08x-7d21-4c0e-9a55-%012llx", p->pid * 2654435761u, (unsigned long long)p->seq * 7919);
	payload_number(&v, SLOT_PART, 1);
	payload_number(&v, SLOT_PART_COUNT, 1);
	payload_text(&v, SLOT_SCRIPT_TEXT, text);
	payload_text(&v, SLOT_SCRIPT_ID, id);
	gen_world_emit(w, SHAPE_SCRIPT_BLOCK, p, &v);
}
