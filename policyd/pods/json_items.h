/* json_items: the objects inside a JSON document that is too long to hold, one by one as its bytes come: the items of a
 * list, or the documents of a watch, which follow each other. A scanner of brackets and strings: what it hands out must
 * be parsed by who takes it. One thread. */
#ifndef VITRINE_PODS_JSON_ITEMS_H
#define VITRINE_PODS_JSON_ITEMS_H

#include "proto/base/buf.h"

enum {
	JSON_ITEMS_KEY_BYTES = 32,             /* of the keys looked for */
	JSON_ITEMS_MAX_DEPTH = 256,            /* of a document; pods have some twenty */
};

enum json_items_shape {
	JSON_ITEMS_LIST,       /* one object; each element of its "items", and its "metadata" */
	JSON_ITEMS_SEQUENCE,   /* objects, with anything blank between them */
};

/* key: "items" or "metadata"; "" in a sequence. json dies on return. Anything but ST_OK ends the scan with it. */
typedef enum status json_items_visit(void *ctx, const char *key, const char *json, size_t len);

struct json_items {
	enum json_items_shape shape;
	json_items_visit *visit;
	void *ctx;
	struct buf item;                       /* what is being taken */
	uint64_t too_long;                     /* items left out: longer than the bound, or memory was out */
	/* Inside. */
	enum status status;
	int depth, take_depth;                 /* take_depth: that of the item being taken; 0: none */
	bool in_string, escaped, done;
	char string[JSON_ITEMS_KEY_BYTES];     /* the last string at depth 1 */
	size_t string_len;
	char key[JSON_ITEMS_KEY_BYTES];        /* of the value at depth 1 */
};

void json_items_init(struct json_items *j, enum json_items_shape shape, size_t max_item_bytes);
void json_items_release(struct json_items *j);

/* Any split of the bytes. ST_MALFORMED: brackets that do not fit, or bytes between documents; ST_LIMIT: too deep; ST_NOMEM;
 * or what the visitor answered. Sticks. */
enum status json_items_feed(struct json_items *j, const char *ptr, size_t len);
/* ST_TRUNCATED: the document is not whole. */
enum status json_items_finish(const struct json_items *j);

#endif
