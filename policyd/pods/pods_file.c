#include "policyd/pods/pods_file.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/pods/json_items.h"
#include "policyd/pods/pod_read.h"

struct pods_file {
	struct pods *pods;
	struct json_items list, whole;         /* the items of a list; the document itself, if it is one pod */
	size_t count;
};

static enum status take(struct pods_file *f, const char *json, size_t len)
{
	struct pod_namespace *ns;
	struct pod *pod;
	enum status st = pod_read(json, len, &pod);

	if (st == ST_OK) {
		pods_put(f->pods, pod);
		f->count++;
		return ST_OK;
	}
	st = pod_namespace_read(json, len, &ns);
	if (st == ST_OK) {
		pods_put_namespace(f->pods, ns);
		f->count++;
	}
	return st == ST_NOMEM ? st : ST_OK;
}

static enum status on_item(void *ctx, const char *key, const char *json, size_t len)
{
	return strcmp(key, "items") == 0 ? take(ctx, json, len) : ST_OK;
}

static enum status on_document(void *ctx, const char *key, const char *json, size_t len)
{
	(void)key;
	return take(ctx, json, len);
}

struct pods_file *pods_file_open(struct pods *p)
{
	struct pods_file *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->pods = p;
	json_items_init(&f->list, JSON_ITEMS_LIST, POD_MAX_OBJECT_BYTES);
	json_items_init(&f->whole, JSON_ITEMS_SEQUENCE, POD_MAX_OBJECT_BYTES);
	f->list.visit = on_item;
	f->whole.visit = on_document;
	f->list.ctx = f->whole.ctx = f;
	return f;
}

enum status pods_file_feed(struct pods_file *f, const char *ptr, size_t len)
{
	enum status st = json_items_feed(&f->list, ptr, len);

	return st == ST_OK ? json_items_feed(&f->whole, ptr, len) : st;
}

enum status pods_file_close(struct pods_file *f, size_t *count)
{
	enum status st = json_items_finish(&f->list);

	if (st == ST_OK)
		st = json_items_finish(&f->whole);
	*count = f->count;
	pods_set_source(f->pods, PODS_FIXED);
	json_items_release(&f->list);
	json_items_release(&f->whole);
	free(f);
	return st;
}
